"""The queries about people's API tokens; those that let one in are in `presence_sql`."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write


class TokenRow(msgspec.Struct, frozen=True):
    """An API token as its owner sees it."""

    id: UUID
    name: str
    scopes: list[str]
    hint: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


_TOKENS = """
SELECT id, name, scopes, hint, created_at, last_used_at, expires_at
FROM api_tokens WHERE user_id = $1 AND revoked_at IS NULL ORDER BY id DESC
"""
_COUNT = "SELECT count(*) FROM api_tokens WHERE user_id = $1 AND revoked_at IS NULL"
_INSERT = """
INSERT INTO api_tokens (id, user_id, token_sha256, name, scopes, hint, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(days => $7::integer))
RETURNING id, name, scopes, hint, created_at, last_used_at, expires_at
"""
_REVOKE = """
UPDATE api_tokens SET revoked_at = now(), changed_at = now()
WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL
RETURNING name
"""
_TOUCH = """
UPDATE api_tokens SET changed_at = now() WHERE user_id = $1 AND revoked_at IS NULL RETURNING id
"""
_PRUNE = """
DELETE FROM api_tokens
WHERE revoked_at < now() - interval '1 day' OR expires_at < now() - interval '90 days'
"""


async def tokens(read: Read, user_id: UUID) -> list[TokenRow]:
    """Someone's tokens, newest first; there are at most 50."""
    return await read.fetch(_TOKENS, TokenRow, user_id)


async def count(read: Read, user_id: UUID) -> int:
    """How many tokens someone has."""
    return int(await read.fetch_value(_COUNT, user_id))


async def insert(
    tx: Write,
    token_id: UUID,
    user_id: UUID,
    digest: bytes,
    *,
    name: str,
    scopes: Sequence[str],
    hint: str,
    expires_in_days: int | None,
) -> TokenRow:
    """Add a token."""
    fields = (token_id, user_id, digest, name, scopes, hint, expires_in_days)
    row = await tx.fetch_one(_INSERT, TokenRow, *fields)
    assert row is not None  # noqa: S101  # an INSERT without a condition returns its row
    return row


async def revoke(tx: Write, user_id: UUID, token_id: UUID) -> str | None:
    """End one of someone's tokens; its name, or None where there is no such."""
    return await tx.fetch_value(_REVOKE, token_id, user_id)


async def touch(tx: Write, user_id: UUID) -> Sequence[UUID]:
    """Have every process read someone's tokens again."""
    return await tx.fetch_values(_TOUCH, user_id)


async def prune(tx: Write) -> int:
    """Remove tokens that nobody can use any more."""
    return await tx.execute(_PRUNE)
