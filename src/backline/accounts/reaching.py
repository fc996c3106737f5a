"""How a person is reached: whether they are there, and the address that they are written to."""

from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec

from backline.accounts.mailboxes import keys_of, pick
from backline.platform.database import Read, Write


class Mailbox(msgspec.Struct, frozen=True):
    """Where somebody is written to. Only to a confirmed address is what others wrote sent."""

    email: str
    name: str
    is_confirmed: bool


class Known(msgspec.Struct, frozen=True):
    """An account by its address."""

    id: UUID
    email: str


_BY_KEYS = """
SELECT id, email FROM users
WHERE email_key = ANY($1::text[]) AND deleted_at IS NULL AND disabled_at IS NULL
"""
_FIRST_ADMINISTRATOR = """
SELECT id, email FROM users
WHERE role = 'admin' AND deleted_at IS NULL AND disabled_at IS NULL ORDER BY id LIMIT 1
"""
_LIVING = """
SELECT id FROM users WHERE id = ANY($1::uuid[]) AND deleted_at IS NULL ORDER BY id FOR KEY SHARE
"""
_ACTIVE = """
SELECT id FROM users WHERE id = ANY($1::uuid[]) AND disabled_at IS NULL AND deleted_at IS NULL
"""
_MAILBOX = """
SELECT email, name, email_verified_at IS NOT NULL AS is_confirmed
FROM users WHERE id = $1 AND deleted_at IS NULL AND disabled_at IS NULL
"""


async def living(tx: Write, user_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the people who have an account; none of these is deleted before `tx` ends."""
    return set(await tx.fetch_values(_LIVING, list(user_ids)))


async def active(read: Read, user_ids: Collection[UUID]) -> set[UUID]:
    """Those of the people whose accounts are in force: there, and not disabled."""
    return set(await read.fetch_values(_ACTIVE, list(user_ids)))


async def known_by(read: Read, email: str | None) -> Known | None:
    """The account of an address; without one, the first administrator's. Only one in force."""
    if email is None:
        return await read.fetch_one(_FIRST_ADMINISTRATOR, Known)
    return pick(await read.fetch(_BY_KEYS, Known, list(keys_of(email))), email)


async def mailbox(read: Read, user_id: UUID) -> Mailbox | None:
    """Somebody's address; None where their account is closed or gone."""
    return await read.fetch_one(_MAILBOX, Mailbox, user_id)
