"""The queries of registration, verification and reset; each is told what to do by `recovery`."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write

Purpose = Literal["verify", "reset"]


class RegistrationRow(msgspec.Struct, frozen=True):
    """What somebody typed into the form, until it was seen to."""

    email_key: str
    name: str
    password_hash: str
    address: str


class OwnerRow(msgspec.Struct, frozen=True):
    """An account as this needs it. `is_pending`: nobody can sign in before it is verified."""

    id: UUID
    email: str
    password_hash: str
    is_disabled: bool
    is_verified: bool
    is_pending: bool


class UsedRow(msgspec.Struct, frozen=True):
    """A token that has just been used up, with what it carried."""

    name: str | None
    password_hash: str | None


_REGISTER = """
INSERT INTO registrations (id, email_key, name, password_hash, address)
VALUES ($1, $2, $3, $4, $5)
"""
_TAKE_REGISTRATION = """
DELETE FROM registrations WHERE id = $1 RETURNING email_key, name, password_hash, address
"""


async def insert_registration(tx: Write, registration_id: UUID, row: RegistrationRow) -> None:
    """Keep what was typed for the job that sees to it."""
    fields = (row.email_key, row.name, row.password_hash, row.address)
    await tx.execute(_REGISTER, registration_id, *fields)


async def take_registration(tx: Write, registration_id: UUID) -> RegistrationRow | None:
    """Read and remove it; None where that was done."""
    return await tx.fetch_one(_TAKE_REGISTRATION, RegistrationRow, registration_id)


_BY_EMAIL = """
SELECT id, email, password_hash, disabled_at IS NOT NULL AS is_disabled,
  email_verified_at IS NOT NULL AS is_verified,
  must_verify AND email_verified_at IS NULL AS is_pending
FROM users WHERE email_key = ANY($1::text[]) AND deleted_at IS NULL ORDER BY id FOR UPDATE
"""
_BY_ID = """
SELECT id, email, password_hash, disabled_at IS NOT NULL AS is_disabled,
  email_verified_at IS NOT NULL AS is_verified,
  must_verify AND email_verified_at IS NULL AS is_pending
FROM users WHERE id = $1 AND deleted_at IS NULL FOR UPDATE
"""
_BY_LINK = """
SELECT u.id, u.email, u.password_hash, u.disabled_at IS NOT NULL AS is_disabled,
  u.email_verified_at IS NOT NULL AS is_verified,
  u.must_verify AND u.email_verified_at IS NULL AS is_pending
FROM mail_tokens t JOIN users u ON u.id = t.user_id
WHERE t.token_sha256 = $1 AND t.purpose = $2 AND u.deleted_at IS NULL
FOR UPDATE OF u
"""


async def lock_by_email(tx: Write, email_keys: Sequence[str]) -> list[OwnerRow]:
    """The accounts with these keys, which nobody else changes until `tx` ends."""
    return await tx.fetch(_BY_EMAIL, OwnerRow, email_keys)


async def lock_by_id(tx: Write, user_id: UUID) -> OwnerRow | None:
    """One account, which nobody else changes until `tx` ends."""
    return await tx.fetch_one(_BY_ID, OwnerRow, user_id)


async def lock_by_token(tx: Write, digest: bytes, purpose: Purpose) -> OwnerRow | None:
    """The account that a token is about, whether or not the token still counts.

    Always before the token itself: two tokens of one account then come one after the other.
    """
    return await tx.fetch_one(_BY_LINK, OwnerRow, digest, purpose)


_INSERT_LINK = """
INSERT INTO mail_tokens (token_sha256, user_id, purpose, name, password_hash, expires_at)
VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))
"""
_LIVES = """
SELECT 1 FROM mail_tokens WHERE token_sha256 = $1 AND used_at IS NULL AND expires_at > now()
"""
_USE = """
UPDATE mail_tokens SET used_at = now()
WHERE token_sha256 = $1 AND used_at IS NULL AND expires_at > now()
RETURNING name, password_hash
"""
_VOID = "DELETE FROM mail_tokens WHERE user_id = $1 AND purpose = $2 AND used_at IS NULL"


async def insert_token(
    tx: Write, digest: bytes, user_id: UUID, purpose: Purpose, ttl_s: int, carried: UsedRow
) -> None:
    """Have a token count for `ttl_s`."""
    name, password_hash = carried.name, carried.password_hash
    await tx.execute(_INSERT_LINK, digest, user_id, purpose, name, password_hash, ttl_s)


async def token_lives(read: Read, digest: bytes) -> bool:
    """Whether a token counts at the moment."""
    return await read.fetch_value(_LIVES, digest) is not None


async def use_token(tx: Write, digest: bytes) -> UsedRow | None:
    """Use a token up; None where it doesn't count, or no longer."""
    return await tx.fetch_one(_USE, UsedRow, digest)


async def void_tokens(tx: Write, user_id: UUID, purpose: Purpose) -> None:
    """Have all of someone's unused tokens for a purpose count no more."""
    await tx.execute(_VOID, user_id, purpose)


_SET_PENDING = """
UPDATE users SET name = $2, password_hash = $3, version = version + 1, updated_at = now()
WHERE id = $1
"""
_SET_VERIFIED = """
UPDATE users SET email_verified_at = coalesce(email_verified_at, now()),
  name = coalesce($2, name), password_hash = coalesce($3, password_hash),
  version = version + 1, updated_at = now()
WHERE id = $1
"""


async def set_pending(tx: Write, user_id: UUID, name: str, password_hash: str) -> None:
    """Have an account that nobody could use yet be as it was last asked for."""
    await tx.execute(_SET_PENDING, user_id, name, password_hash)


async def set_verified(
    tx: Write, user_id: UUID, *, name: str | None = None, password_hash: str | None = None
) -> None:
    """The address is theirs; name and password as well where they are given."""
    await tx.execute(_SET_VERIFIED, user_id, name, password_hash)


_PRUNE_TOKENS = "DELETE FROM mail_tokens WHERE expires_at < now() - interval '1 day'"
_PRUNE_REGISTRATIONS = "DELETE FROM registrations WHERE created_at < now() - interval '1 day'"


async def prune(tx: Write) -> None:
    """Remove what counts no more."""
    await tx.execute(_PRUNE_TOKENS)
    await tx.execute(_PRUNE_REGISTRATIONS)
