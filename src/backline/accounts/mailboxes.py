"""Whose account an address means, also among those made before addresses had a normal form.

Then keys were folded alone: one mailbox could have several accounts, and two a single key. Most
were given their new key (`rekeying`); where two share a mailbox, each is still found by the
spelling that it was made with.
"""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from backline.platform.mail.addresses import address_key


class HasEmail(Protocol):
    """A row of an account."""

    @property
    def email(self) -> str:
        """The address as it was typed when the account was made."""
        ...


RowT = TypeVar("RowT", bound=HasEmail)


def keys_of(email: str) -> tuple[str, ...]:
    """The keys under which the account of an address may stand."""
    return tuple({address_key(email), _old_key(email)})


def pick(rows: Iterable[RowT], email: str | None) -> RowT | None:
    """Which of the accounts with one of these keys an address means, if any.

    One with the old key of another mailbox isn't meant; of two with one mailbox, it is the one
    that is spelled so, else the one that has the key. Without an address, it is the first.
    """
    meant = list(rows)
    if email is not None:
        key = address_key(email)
        meant = [row for row in meant if address_key(row.email) == key]
        spelled = [row for row in meant if _old_key(row.email) == _old_key(email)]
        plain = [row for row in meant if _old_key(row.email) == key]
        meant = [*spelled, *plain, *meant]
    return meant[0] if meant else None


def _old_key(email: str) -> str:
    return email.strip().casefold()
