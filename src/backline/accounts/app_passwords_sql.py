"""The queries about people's app passwords; the one that lets them in is in `presence_sql`."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write


class AppPasswordRow(msgspec.Struct, frozen=True):
    """An app password as its owner sees it."""

    id: UUID
    name: str
    scopes: list[str]
    hint: str
    created_at: datetime
    last_used_at: datetime | None


class SealedRow(msgspec.Struct, frozen=True):
    """An app password as it is kept."""

    id: UUID
    sealed: bytes


_PASSWORDS = """
SELECT id, name, scopes, hint, created_at, last_used_at
FROM app_passwords WHERE user_id = $1 AND revoked_at IS NULL ORDER BY id DESC
"""
_COUNT = "SELECT count(*) FROM app_passwords WHERE user_id = $1 AND revoked_at IS NULL"
_INSERT = """
INSERT INTO app_passwords (id, user_id, sealed, digest, name, scopes, hint)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id, name, scopes, hint, created_at, last_used_at
"""
_REVOKE = """
UPDATE app_passwords SET revoked_at = now(), changed_at = now()
WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL
RETURNING name
"""
_TOUCH = """
UPDATE app_passwords SET changed_at = now() WHERE user_id = $1 AND revoked_at IS NULL RETURNING id
"""
_PRUNE = "DELETE FROM app_passwords WHERE revoked_at < now() - interval '1 day'"
# Those of an account that has been closed are no use to anybody, and nobody tells.
_OF_ADDRESS = """
SELECT p.id, p.sealed FROM users u JOIN app_passwords p ON p.user_id = u.id
WHERE u.email_key = ANY($1::text[]) AND u.deleted_at IS NULL AND u.disabled_at IS NULL
  AND p.revoked_at IS NULL
ORDER BY p.id DESC LIMIT 100
"""
_BY_DIGEST = "SELECT id FROM app_passwords WHERE digest = $1 AND revoked_at IS NULL"


async def passwords(read: Read, user_id: UUID) -> list[AppPasswordRow]:
    """Someone's app passwords, newest first; there are at most 50."""
    return await read.fetch(_PASSWORDS, AppPasswordRow, user_id)


async def count(read: Read, user_id: UUID) -> int:
    """How many app passwords someone has."""
    return int(await read.fetch_value(_COUNT, user_id))


async def insert(
    tx: Write,
    password_id: UUID,
    user_id: UUID,
    *,
    sealed: bytes,
    digest: bytes,
    name: str,
    scopes: Sequence[str],
    hint: str,
) -> AppPasswordRow:
    """Add an app password."""
    fields = (password_id, user_id, sealed, digest, name, scopes, hint)
    row = await tx.fetch_one(_INSERT, AppPasswordRow, *fields)
    assert row is not None  # noqa: S101  # an INSERT without a condition returns its row
    return row


async def revoke(tx: Write, user_id: UUID, password_id: UUID) -> str | None:
    """End one of someone's app passwords; its name, or None where there is no such."""
    return await tx.fetch_value(_REVOKE, password_id, user_id)


async def touch(tx: Write, user_id: UUID) -> Sequence[UUID]:
    """Have every process read someone's app passwords again."""
    return await tx.fetch_values(_TOUCH, user_id)


async def prune(tx: Write) -> int:
    """Remove app passwords that nobody can use any more."""
    return await tx.execute(_PRUNE)


async def of_address(read: Read, email_keys: Sequence[str]) -> list[SealedRow]:
    """The app passwords of the open accounts whose address has one of these keys."""
    return await read.fetch(_OF_ADDRESS, SealedRow, email_keys)


async def by_digest(read: Read, digest: bytes) -> UUID | None:
    """The app password with this SHA-256."""
    return await read.fetch_value(_BY_DIGEST, digest)
