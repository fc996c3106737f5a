"""The queries of accounts, each a typed function."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from backline.accounts.models import (
    Credentials,
    NamedUser,
    OpenSessionRow,
    RefreshRow,
    UserRow,
)
from backline.platform.actor import Role
from backline.platform.database import Read, Write

_USER = """
SELECT id, email, name, role, disabled_at, quota_bytes, used_bytes, created_at, version,
  email_verified_at IS NOT NULL AS email_verified,
  EXISTS (SELECT FROM totp WHERE user_id = users.id AND confirmed_at IS NOT NULL) AS totp
FROM users WHERE id = $1 AND deleted_at IS NULL
"""


async def user(read: Read, user_id: UUID) -> UserRow | None:
    """One account."""
    return await read.fetch_one(_USER, UserRow, user_id)


_LOCK_VERSION = "SELECT version FROM users WHERE id = $1 AND deleted_at IS NULL FOR UPDATE"


async def lock_version(tx: Write, user_id: UUID) -> int | None:
    """The version of an account that nobody else changes until `tx` ends."""
    return await tx.fetch_value(_LOCK_VERSION, user_id)


_USERS = """
SELECT id, email, name, role, disabled_at, quota_bytes, used_bytes, created_at, version,
  email_verified_at IS NOT NULL AS email_verified,
  EXISTS (SELECT FROM totp WHERE user_id = users.id AND confirmed_at IS NOT NULL) AS totp
FROM users
WHERE deleted_at IS NULL
  AND ($1::timestamptz IS NULL OR (created_at, id) < ($1, $2::uuid))
  AND ($3 = '' OR strpos(email_key, $3) > 0 OR strpos(lower(email), $3) > 0
    OR strpos(lower(name), $3) > 0)
ORDER BY created_at DESC, id DESC
LIMIT $4
"""


async def users(
    read: Read, *, before: tuple[datetime, UUID] | None, search: str, limit: int
) -> list[UserRow]:
    """Accounts, newest first; `search` is lower case."""
    at, user_id = before or (None, None)
    return await read.fetch(_USERS, UserRow, at, user_id, search, limit)


_NAMES = "SELECT id, name FROM users WHERE id = ANY($1::uuid[])"


async def names(read: Read, user_ids: Sequence[UUID]) -> list[NamedUser]:
    """What people are called; empty for deleted accounts."""
    return await read.fetch(_NAMES, NamedUser, user_ids)


_INSERT_USER = """
INSERT INTO users (id, email, email_key, name, password_hash, role, must_verify)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (email_key) DO NOTHING
"""


async def insert_user(
    tx: Write,
    user_id: UUID,
    email: str,
    email_key: str,
    name: str,
    password_hash: str,
    role: Role,
    *,
    must_verify: bool = False,
) -> bool:
    """Add an account; False where the address has one already."""
    fields = (user_id, email, email_key, name, password_hash, role, must_verify)
    return await tx.execute(_INSERT_USER, *fields) > 0


_CREDENTIALS = """
SELECT id, email, password_hash, disabled_at,
  must_verify AND email_verified_at IS NULL AS is_unverified,
  EXISTS (SELECT FROM totp WHERE user_id = users.id AND confirmed_at IS NOT NULL) AS has_totp
FROM users WHERE email_key = ANY($1::text[]) AND deleted_at IS NULL
"""
_CREDENTIALS_BY_ID = """
SELECT id, email, password_hash, disabled_at,
  must_verify AND email_verified_at IS NULL AS is_unverified,
  EXISTS (SELECT FROM totp WHERE user_id = users.id AND confirmed_at IS NOT NULL) AS has_totp
FROM users WHERE id = $1 AND deleted_at IS NULL
"""


async def credentials(read: Read, email_keys: Sequence[str]) -> list[Credentials]:
    """What a login with an address of one of these keys is checked against."""
    return await read.fetch(_CREDENTIALS, Credentials, email_keys)


async def credentials_by_id(read: Read, user_id: UUID) -> Credentials | None:
    """What a change of the password is checked against."""
    return await read.fetch_one(_CREDENTIALS_BY_ID, Credentials, user_id)


_STILL = """
SELECT 1 FROM users
WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL AND deleted_at IS NULL
FOR KEY SHARE
"""


async def is_still(tx: Write, user_id: UUID, password_hash: str) -> bool:
    """Whether the password that was checked is the present one; it stays so until `tx` ends."""
    return await tx.fetch_value(_STILL, user_id, password_hash) is not None


_SET_NAME = """
UPDATE users SET name = $2, version = version + 1, updated_at = now() WHERE id = $1
"""
_SET_HASH = """
UPDATE users SET password_hash = $2, version = version + 1, updated_at = now() WHERE id = $1
"""
_RENEW_HASH = "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2"
_SET_ROLE = "UPDATE users SET role = $2, version = version + 1, updated_at = now() WHERE id = $1"
_SET_DISABLED = """
UPDATE users SET disabled_at = CASE WHEN $2 THEN now() END, version = version + 1,
  updated_at = now()
WHERE id = $1
"""
_SET_QUOTA = """
UPDATE users SET quota_bytes = $2, version = version + 1, updated_at = now() WHERE id = $1
"""


async def set_name(tx: Write, user_id: UUID, name: str) -> None:
    """Rename a person."""
    await tx.execute(_SET_NAME, user_id, name)


async def set_password(tx: Write, user_id: UUID, password_hash: str) -> None:
    """Replace a password's hash."""
    await tx.execute(_SET_HASH, user_id, password_hash)


async def renew_hash(tx: Write, user_id: UUID, old_hash: str, new_hash: str) -> None:
    """Keep another hash of the same password, unless it was changed meanwhile."""
    await tx.execute(_RENEW_HASH, user_id, old_hash, new_hash)


async def set_role(tx: Write, user_id: UUID, role: Role) -> None:
    """Make someone an administrator, or no longer."""
    await tx.execute(_SET_ROLE, user_id, role)


async def set_disabled(tx: Write, user_id: UUID, *, disabled: bool) -> None:
    """Close an account to its owner, or open it again."""
    await tx.execute(_SET_DISABLED, user_id, disabled)


async def set_quota(tx: Write, user_id: UUID, quota_bytes: int | None) -> None:
    """Give someone a quota of their own, or the installation's (None)."""
    await tx.execute(_SET_QUOTA, user_id, quota_bytes)


_LOCK_ADMINS = "SELECT pg_advisory_xact_lock(hashtext('backline.admins'))"
_COUNT_ADMINS = """
SELECT count(*) FROM users WHERE role = 'admin' AND disabled_at IS NULL AND deleted_at IS NULL
"""


async def lock_admins(tx: Write) -> None:
    """Have the number of administrators change one transaction at a time."""
    await tx.execute(_LOCK_ADMINS)


async def count_admins(read: Read) -> int:
    """How many administrators can sign in."""
    return int(await read.fetch_value(_COUNT_ADMINS))


_MARK_DELETED = """
UPDATE users SET deleted_at = now(), email = '', email_key = 'deleted:' || id, name = '',
  password_hash = '', version = version + 1
WHERE id = $1 AND deleted_at IS NULL
"""
_PRUNE_USERS = "DELETE FROM users WHERE deleted_at < now() - interval '1 day'"


async def mark_deleted(tx: Write, user_id: UUID) -> bool:
    """Blank an account at once; its address is free again."""
    return await tx.execute(_MARK_DELETED, user_id) > 0


async def prune_users(tx: Write) -> int:
    """Remove accounts that were marked a day ago: every process knows by then."""
    return await tx.execute(_PRUNE_USERS)


_CHARGE = """
UPDATE users SET used_bytes = used_bytes + $2
WHERE id = $1 AND deleted_at IS NULL AND used_bytes + $2 <= coalesce(quota_bytes, $3)
"""
_COUNT_MADE = "UPDATE users SET used_bytes = used_bytes + $2 WHERE id = $1"
_LEFT = """
SELECT greatest(coalesce(quota_bytes, $2) - used_bytes, 0) FROM users
WHERE id = $1 AND deleted_at IS NULL
"""
_RELEASE = "UPDATE users SET used_bytes = greatest(used_bytes - $2, 0) WHERE id = $1"


async def charge(tx: Write, user_id: UUID, size_bytes: int, default_quota_bytes: int) -> bool:
    """Add to what someone uses; False where that passes their quota."""
    return await tx.execute(_CHARGE, user_id, size_bytes, default_quota_bytes) > 0


async def count_made(tx: Write, user_id: UUID, size_bytes: int) -> None:
    """Add to what someone uses, whatever their quota is."""
    await tx.execute(_COUNT_MADE, user_id, size_bytes)


async def left_bytes(read: Read, user_id: UUID, default_quota_bytes: int) -> int:
    """What is left of someone's quota; nothing where they are gone."""
    return int(await read.fetch_value(_LEFT, user_id, default_quota_bytes) or 0)


async def release(tx: Write, user_id: UUID, size_bytes: int) -> None:
    """Take from what someone uses."""
    await tx.execute(_RELEASE, user_id, size_bytes)


# What it counts is from before it: the new one is none of them.
_INSERT_SESSION = """
WITH begun AS (
  INSERT INTO sessions (id, user_id, expires_at, user_agent, address)
  VALUES ($1, $2, now() + make_interval(secs => $3), $4, $5))
UPDATE sessions SET ended_at = now(), changed_at = now(), end_reason = 'too many'
WHERE id IN (
  SELECT id FROM sessions WHERE user_id = $2 AND ended_at IS NULL AND expires_at > now()
  ORDER BY last_seen_at DESC, id DESC OFFSET $6)
RETURNING id
"""


async def insert_session(
    tx: Write,
    session_id: UUID,
    user_id: UUID,
    ttl_s: int,
    user_agent: str,
    address: str,
    *,
    beside: int,
) -> Sequence[UUID]:
    """Begin a session; end all but `beside` others, those seen the longest ago, and give these."""
    args = (session_id, user_id, ttl_s, user_agent, address, beside)
    return await tx.fetch_values(_INSERT_SESSION, *args)


_REFRESHABLE = """
SELECT s.user_id, s.generation, extract(epoch FROM now() - s.rotated_at)::float8 AS age_s
FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.id = $1 AND s.ended_at IS NULL AND s.expires_at > now()
  AND u.disabled_at IS NULL AND u.deleted_at IS NULL
FOR UPDATE OF s
"""
_ROTATE = """
UPDATE sessions SET generation = generation + 1, rotated_at = now(), last_seen_at = now(),
  expires_at = now() + make_interval(secs => $2)
WHERE id = $1
"""


async def refreshable(tx: Write, session_id: UUID) -> RefreshRow | None:
    """Lock a session that can be refreshed."""
    return await tx.fetch_one(_REFRESHABLE, RefreshRow, session_id)


async def rotate(tx: Write, session_id: UUID, ttl_s: int) -> None:
    """Move a session to its next refresh token."""
    await tx.execute(_ROTATE, session_id, ttl_s)


_SESSIONS = """
SELECT id, created_at, last_seen_at, expires_at, user_agent, address
FROM sessions WHERE user_id = $1 AND ended_at IS NULL AND expires_at > now()
ORDER BY last_seen_at DESC, id DESC LIMIT $2
"""


async def sessions(read: Read, user_id: UUID, limit: int) -> list[OpenSessionRow]:
    """Where someone is signed in, the latest seen first."""
    return await read.fetch(_SESSIONS, OpenSessionRow, user_id, limit)


_END_OWN_SESSION = """
UPDATE sessions SET ended_at = now(), changed_at = now(), end_reason = $3
WHERE id = $1 AND user_id = $2 AND ended_at IS NULL AND expires_at > now()
"""
_END_SESSION = """
UPDATE sessions SET ended_at = now(), changed_at = now(), end_reason = $2
WHERE id = $1 AND ended_at IS NULL
RETURNING user_id
"""
_END_SESSIONS = """
UPDATE sessions SET ended_at = now(), changed_at = now(), end_reason = $2
WHERE user_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $3
RETURNING id
"""
_TOUCH_SESSIONS = """
UPDATE sessions SET changed_at = now() WHERE user_id = $1 AND ended_at IS NULL RETURNING id
"""
_PRUNE_SESSIONS = """
DELETE FROM sessions
WHERE expires_at < now() - interval '7 days' OR ended_at < now() - interval '30 days'
"""


async def end_own_session(tx: Write, session_id: UUID, user_id: UUID, reason: str) -> bool:
    """End one of someone's sessions; False where there is no such."""
    return await tx.execute(_END_OWN_SESSION, session_id, user_id, reason) > 0


async def end_session(tx: Write, session_id: UUID, reason: str) -> UUID | None:
    """End one session; whose it was, or None where it had ended."""
    return await tx.fetch_value(_END_SESSION, session_id, reason)


async def end_sessions(
    tx: Write, user_id: UUID, reason: str, *, keep: UUID | None = None
) -> Sequence[UUID]:
    """End all of a person's sessions but `keep`; the ids of those ended."""
    return await tx.fetch_values(_END_SESSIONS, user_id, reason, keep)


async def touch_sessions(tx: Write, user_id: UUID) -> Sequence[UUID]:
    """Have every process read a person's sessions again."""
    return await tx.fetch_values(_TOUCH_SESSIONS, user_id)


async def prune_sessions(tx: Write) -> int:
    """Remove sessions that nobody can use any more."""
    return await tx.execute(_PRUNE_SESSIONS)


_FACT = "SELECT value FROM instance WHERE key = $1"
_SET_FACT = """
INSERT INTO instance (key, value) VALUES ($1, $2)
ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
_DELETE_FACT = "DELETE FROM instance WHERE key = $1"


async def fact(read: Read, key: str) -> str | None:
    """A single fact about the installation."""
    return await read.fetch_value(_FACT, key)


async def set_fact(tx: Write, key: str, value: str) -> None:
    """Set a single fact about the installation."""
    await tx.execute(_SET_FACT, key, value)


async def delete_fact(tx: Write, key: str) -> None:
    """Forget a single fact about the installation."""
    await tx.execute(_DELETE_FACT, key)
