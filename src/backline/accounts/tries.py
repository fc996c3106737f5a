"""Tries at a secret: 5 failures in a quarter of an hour for an account from an address, and so on.

A password takes its time, so any number of them is verified at once; but each is judged by itself
before anybody is told: while an account is locked, by what failed meanwhile as well. Whoever
comes too late learns nothing of what they tried, and every check of a password or code, at the
sign-in or behind it, is judged here. What nobody can guess, links and tokens of 128 bits and
more, isn't counted.
"""

from datetime import datetime

import msgspec

from backline.accounts import sql, tries_sql
from backline.accounts.passwords import Checked, Passwords
from backline.platform.actor import Actor
from backline.platform.database import Database, Read, Write
from backline.platform.errors import FieldFault, Invalid, NotFound, TooMany
from backline.platform.limits.networks import network_of
from backline.platform.mail.addresses import address_key


class Try(msgspec.Struct, frozen=True):
    """One try: at which account, from where, and since when (by the database's clock)."""

    email_key: str
    origin: str
    began_at: datetime


async def begin(read: Read, email: str, address: str) -> Try:
    """Ask whether a secret may be tried at all, before that costs anything.

    Raises:
        TooMany: 5 failures in 15 minutes for the account from this address, 50 for the account,
            or 100 from the address.
    """
    key, origin = address_key(email), network_of(address)
    standing = await tries_sql.standing(read, key, origin)
    _refuse(standing.wait_s)
    return Try(key, origin, standing.now)


async def settle(tx: Write, tried: Try) -> None:
    """Have `tx` judge the try: the next waits until it ends, and those before it count now.

    Raises:
        TooMany: as `begin`; what was tried stays unsaid.
    """
    await tries_sql.lock(tx, tried.email_key, tried.origin)
    standing = await tries_sql.standing(tx, tried.email_key, tried.origin, tried.began_at)
    _refuse(standing.wait_s)


async def note(tx: Write, tried: Try, *, is_right: bool) -> Try:
    """Count the try, and begin its next part, where a code follows the password.

    A right one counts too, beside failures and for those under way with it: else a guesser whose
    fifth is right would be given five more.
    """
    if not is_right:
        await tries_sql.failed(tx, tried.email_key, tried.origin)
        return tried
    now = await tries_sql.passed(tx, tried.email_key, tried.origin)
    return msgspec.structs.replace(tried, began_at=now)


async def forgive(tx: Write, tried: Try) -> None:
    """Have what failed before this try began count no more: they are who they say."""
    await tries_sql.forgive(tx, tried.email_key, tried.origin, tried.began_at)


async def forgive_all(tx: Write, email: str, address: str) -> None:
    """Have everything that failed count no more: a link out of a mail has shown who they are."""
    await tries_sql.forgive(tx, address_key(email), network_of(address))


async def own_password(
    database: Database,
    passwords: Passwords,
    actor: Actor,
    password: str,
    *,
    address: str,
    field: str = "password",
) -> Try:
    """See that a password is the actor's own, in transactions of its own.

    Returns the try of the code that may have come with it.

    Raises:
        TooMany: too many failed, here or at the sign-in.
        Invalid: it isn't; `field` names it in the form.
    """
    async with database.read() as read:
        known = await sql.credentials_by_id(read, actor.user_id)
        if known is None:
            raise NotFound("There is no such account.")
        tried = await begin(read, known.email, address)
    checked = await passwords.verify(known.password_hash, password)
    async with database.write() as tx:
        await settle(tx, tried)
        following = await note(tx, tried, is_right=checked.is_right)
        await renew(tx, known, checked)
    if not checked.is_right:
        fault = FieldFault(field, "isn't your present password")
        raise Invalid("That isn't your present password.", fault)
    return following


async def renew(tx: Write, known: sql.Credentials, checked: Checked) -> None:
    """Keep the hash of a password's normal form, where it had another."""
    if checked.new_hash is not None:
        await sql.renew_hash(tx, known.id, known.password_hash, checked.new_hash)


def _refuse(wait_s: float) -> None:
    if wait_s > 0:
        minutes = int(wait_s // 60) + 1
        raise TooMany(
            f"Too many passwords or codes were wrong. Try again in {minutes} min.",
            retry_after_s=int(wait_s) + 1,
        )
