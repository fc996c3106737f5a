"""The queries by which a process finds out who may come in, by session, token or app password."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from backline.platform.actor import Role
from backline.platform.database import Read, Write


class Admitted(msgspec.Struct, frozen=True):
    """A session or token that counts: whose it is. `scopes` are None for a session.

    `expires_s` is a token's end in seconds since 1970, or None.
    """

    id: UUID
    user_id: UUID
    role: Role
    scopes: list[str] | None
    expires_s: float | None


_BY_ID = """
SELECT s.id, s.user_id, u.role, NULL::text[] AS scopes, NULL::float8 AS expires_s
FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.id = $1 AND s.ended_at IS NULL AND s.expires_at > now()
  AND u.disabled_at IS NULL AND u.deleted_at IS NULL
"""
_BY_DIGEST = """
SELECT t.id, t.user_id, u.role, t.scopes, extract(epoch FROM t.expires_at)::float8 AS expires_s
FROM api_tokens t JOIN users u ON u.id = t.user_id
WHERE t.token_sha256 = $1 AND t.revoked_at IS NULL AND (t.expires_at > now()) IS NOT FALSE
  AND u.disabled_at IS NULL AND u.deleted_at IS NULL
"""
_BY_APP = """
SELECT p.id, p.user_id, u.role, p.scopes, NULL::float8 AS expires_s
FROM app_passwords p JOIN users u ON u.id = p.user_id
WHERE p.id = $1 AND p.revoked_at IS NULL AND u.disabled_at IS NULL AND u.deleted_at IS NULL
"""
_LIVES = """
SELECT EXISTS (
  SELECT FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id = $1 AND s.ended_at IS NULL AND s.expires_at > now()
    AND u.disabled_at IS NULL AND u.deleted_at IS NULL
) OR EXISTS (
  SELECT FROM api_tokens t JOIN users u ON u.id = t.user_id
  WHERE t.id = $1 AND t.revoked_at IS NULL AND (t.expires_at > now()) IS NOT FALSE
    AND u.disabled_at IS NULL AND u.deleted_at IS NULL
) OR EXISTS (
  SELECT FROM app_passwords p JOIN users u ON u.id = p.user_id
  WHERE p.id = $1 AND p.revoked_at IS NULL AND u.disabled_at IS NULL AND u.deleted_at IS NULL
)
"""


async def session(read: Read, session_id: UUID) -> Admitted | None:
    """A session that is still good, or None."""
    return await read.fetch_one(_BY_ID, Admitted, session_id)


async def token(read: Read, digest: bytes) -> Admitted | None:
    """An API token that is still good, by its SHA-256, or None."""
    return await read.fetch_one(_BY_DIGEST, Admitted, digest)


async def app_password(read: Read, password_id: UUID) -> Admitted | None:
    """An app password that is still good, or None."""
    return await read.fetch_one(_BY_APP, Admitted, password_id)


async def lives(read: Read, key_id: UUID) -> bool:
    """Whether the session or token with this id is still good."""
    return bool(await read.fetch_value(_LIVES, key_id))


_CHANGED = """
SELECT id FROM sessions WHERE changed_at > now() - interval '30 seconds'
UNION ALL
SELECT id FROM api_tokens WHERE changed_at > now() - interval '30 seconds'
UNION ALL
SELECT id FROM app_passwords WHERE changed_at > now() - interval '30 seconds'
UNION ALL
SELECT id FROM sessions WHERE expires_at > now() - interval '30 seconds' AND expires_at <= now()
UNION ALL
SELECT id FROM api_tokens WHERE expires_at > now() - interval '30 seconds' AND expires_at <= now()
"""


async def changed(read: Read) -> Sequence[UUID]:
    """Sessions, tokens and app passwords that ended or changed in the last 30 s."""
    return await read.fetch_values(_CHANGED)


# Another process may have written the same a moment ago, and a row that somebody holds can wait.
_USED = """
WITH apps AS (
  UPDATE app_passwords SET last_used_at = now()
  WHERE id = ANY(ARRAY(
    SELECT id FROM app_passwords
    WHERE id = ANY($1::uuid[]) AND (last_used_at > now() - interval '1 minute') IS NOT TRUE
    ORDER BY id FOR UPDATE SKIP LOCKED
  ))
)
UPDATE api_tokens SET last_used_at = now()
WHERE id = ANY(ARRAY(
  SELECT id FROM api_tokens
  WHERE id = ANY($1::uuid[]) AND (last_used_at > now() - interval '1 minute') IS NOT TRUE
  ORDER BY id FOR UPDATE SKIP LOCKED
))
"""


async def used(tx: Write, token_ids: Sequence[UUID]) -> None:
    """Note that tokens and app passwords are in use, each at most once a minute."""
    await tx.execute(_USED, token_ids)
