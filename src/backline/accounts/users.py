"""People's accounts: made, read, changed, and deleted with everything in them."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import UNSET

from backline.accounts import members, recovery_sql, second_factor_sql, sessions, sql, tries
from backline.accounts.models import (
    AdminUserPatch,
    SetupForm,
    StorageUse,
    User,
    UserClosedOrOpened,
    UserDeleted,
    UserPatch,
    UserRow,
)
from backline.accounts.passwords import Passwords
from backline.platform import audit
from backline.platform.actor import Actor, require_admin, require_session
from backline.platform.audit import Detail
from backline.platform.cache import invalidate
from backline.platform.database import Database, Read, Write
from backline.platform.database.versions import ANY_VERSION, IfMatch
from backline.platform.errors import Conflict, Forbidden, NotFound, OutOfSpace
from backline.platform.ids import uuid7
from backline.platform.jobs import Later, emit
from backline.platform.mail.addresses import address_key

_SETUP_KEY = "setup_token_sha256"
_NO_ROOM_S = 600.0
_MORE_ROOM = "Delete something, or ask an administrator for more room"


async def set_up(
    database: Database, passwords: Passwords, form: SetupForm, *, address: str
) -> UserRow:
    """Make the first administrator with the token of the one-time link.

    Raises:
        Forbidden: not the token of the latest link, or there is an administrator already.
        Conflict: the address has an account already.
    """
    password_hash = await passwords.hash(form.password)
    async with database.write() as tx:
        await sql.lock_admins(tx)
        expected = await sql.fact(tx, _SETUP_KEY)
        if expected is None or not hmac.compare_digest(expected, _sha256(form.token)):
            raise Forbidden(
                "This link has been used or is no longer the latest. "
                "Restart Backline: while there is no administrator it prints a new one."
            )
        user_id, email, name = uuid7(), form.email.strip(), form.name.strip()
        key = address_key(email)
        if not await sql.insert_user(tx, user_id, email, key, name, password_hash, "admin"):
            raise Conflict("That e-mail address has an account already. Choose another.")
        await sql.delete_fact(tx, _SETUP_KEY)
        await audit.record(tx, user_id, "user.create", address=address, role="admin")
        return await _known(tx, user_id)


async def setup_token(database: Database) -> str | None:
    """A new one-time token for the first administrator, or None where there is one.

    Tokens made before no longer count.
    """
    async with database.write() as tx:
        await sql.lock_admins(tx)
        if await sql.count_admins(tx):
            return None
        token = secrets.token_urlsafe(24)
        await sql.set_fact(tx, _SETUP_KEY, _sha256(token))
        return token


async def setup_required(read: Read) -> bool:
    """Whether the installation still waits for its first administrator."""
    return await sql.fact(read, _SETUP_KEY) is not None


async def profile(read: Read, actor: Actor, quota_bytes: int) -> User:
    """One's own account."""
    return user_of(await _known(read, actor.user_id), quota_bytes)


async def change(
    database: Database,
    passwords: Passwords,
    actor: Actor,
    patch: UserPatch,
    quota_bytes: int,
    if_match: IfMatch = ANY_VERSION,
    *,
    address: str,
) -> User:
    """Change one's own name or password; a new password ends all other sessions.

    Raises:
        Invalid: the present password isn't right.
        TooMany: it was wrong too often.
        Forbidden: an API token asks for a new password.
        PreconditionFailed: `if_match` is about another version.
    """
    new_hash: str | None = None
    if patch.password is not UNSET:
        require_session(actor)
        given, field = patch.password.current, "password.current"
        await tries.own_password(database, passwords, actor, given, address=address, field=field)
        new_hash = await passwords.hash(patch.password.new)
    async with database.write() as tx:
        if_match.check(await _locked_version(tx, actor.user_id))
        if patch.name is not UNSET:
            await sql.set_name(tx, actor.user_id, patch.name.strip())
        if new_hash is not None:
            await sql.set_password(tx, actor.user_id, new_hash)
            await recovery_sql.void_tokens(tx, actor.user_id, "reset")
            await sessions.end_all(tx, actor.user_id, "password changed", keep=actor)
            await audit.record(tx, actor.user_id, "password.change", address=address)
        invalidate(tx, tag(actor.user_id))
        return await profile(tx, actor, quota_bytes)


async def delete(tx: Write, actor: Actor, user_id: UUID, *, address: str) -> None:
    """Delete an account: its sessions end and its address is free at once, its things follow.

    Raises:
        NotFound: there is no such account.
        Conflict: it is the last administrator's, and there are others to look after.
    """
    await _guard_last_admin(tx, user_id)
    if not await sql.mark_deleted(tx, user_id):
        raise NotFound("There is no such account.")
    await sessions.end_all(tx, user_id, "account deleted")
    await second_factor_sql.delete(tx, user_id)
    await members.end_memberships(tx, user_id)
    whom = ("user", user_id)
    await audit.record(tx, actor.user_id, "user.delete", subject=whom, address=address)
    await emit(tx, UserDeleted(user_id))


async def names(read: Read, user_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """What people are called; empty for deleted accounts."""
    return {row.id: row.name for row in await sql.names(read, user_ids)} if user_ids else {}


async def page(
    read: Read,
    actor: Actor,
    *,
    before: tuple[datetime, UUID] | None,
    search: str,
    limit: int,
    quota_bytes: int,
) -> list[User]:
    """Everybody's accounts, newest first, for an administrator."""
    require_admin(actor)
    rows = await sql.users(read, before=before, search=search.strip().lower(), limit=limit)
    return [user_of(row, quota_bytes) for row in rows]


async def administer(
    tx: Write,
    actor: Actor,
    user_id: UUID,
    patch: AdminUserPatch,
    quota_bytes: int,
    if_match: IfMatch = ANY_VERSION,
    *,
    address: str,
) -> User:
    """Change anybody's role, quota, second factor, or whether they may sign in.

    Raises:
        Forbidden: the actor is no administrator.
        Conflict: it would leave the installation without one.
        PreconditionFailed: `if_match` is about another version.
    """
    require_admin(actor)
    await _known(tx, user_id)
    if patch.role == "user" or patch.disabled is True:
        await _guard_last_admin(tx, user_id, always=True)
    # After the guard's lock, in the order of `delete`: else the two could wait for each other.
    if_match.check(await _locked_version(tx, user_id))

    async def note(action: str, **details: Detail) -> None:
        whom = ("user", user_id)
        await audit.record(tx, actor.user_id, action, subject=whom, address=address, **details)

    if patch.role is not UNSET:
        await note("user.role", role=patch.role)
        await sql.set_role(tx, user_id, patch.role)
        await sessions.reread(tx, user_id)
    if patch.disabled is not UNSET:
        await note("user.close" if patch.disabled else "user.open")
        await sql.set_disabled(tx, user_id, disabled=patch.disabled)
        if patch.disabled:
            await sessions.end_all(tx, user_id, "account closed")
        await emit(tx, UserClosedOrOpened(user_id))
    if patch.totp is not UNSET:
        await note("totp.disable")
        await second_factor_sql.delete(tx, user_id)
    if patch.quota_bytes is not UNSET:
        await note("user.quota", quota_bytes=patch.quota_bytes)
        await sql.set_quota(tx, user_id, patch.quota_bytes)
    invalidate(tx, tag(user_id))
    return user_of(await _known(tx, user_id), quota_bytes)


async def remove(tx: Write, actor: Actor, user_id: UUID, *, address: str) -> None:
    """Delete anybody's account, as an administrator."""
    require_admin(actor)
    await delete(tx, actor, user_id, address=address)


async def charge(tx: Write, user_id: UUID, size_bytes: int, quota_bytes: int) -> None:
    """Count `size_bytes` towards someone's quota; `quota_bytes` is the installation's.

    Raises:
        OutOfSpace: it would pass their quota.
    """
    if await sql.charge(tx, user_id, size_bytes, quota_bytes):
        invalidate(tx, tag(user_id))
        return
    row = await _known(tx, user_id)
    quota = quota_bytes if row.quota_bytes is None else row.quota_bytes
    free_mb = max(quota - row.used_bytes, 0) / 1e6
    raise OutOfSpace(
        f"This needs {size_bytes / 1e6:,.1f} MB and you have {free_mb:,.1f} MB left of "
        f"{quota / 1e9:,.1f} GB. {_MORE_ROOM}."
    )


async def count_made(tx: Write, user_id: UUID, size_bytes: int) -> None:
    """Count what was made of someone's files, which has no other end: it may pass their quota.

    Whoever makes it asks beforehand whether anything is left (`check_room`).
    """
    await sql.count_made(tx, user_id, size_bytes)
    invalidate(tx, tag(user_id))


async def check_room(read: Read, user_id: UUID, quota_bytes: int, waits: str) -> None:
    """Go on with a job only while something is left of someone's quota.

    `quota_bytes` is the installation's; `waits` ends the half-sentence "Your room is used up, so".

    Raises:
        Later: nothing is left.
    """
    if await sql.left_bytes(read, user_id, quota_bytes) == 0:
        text = f"Your room is used up, so {waits}. {_MORE_ROOM}; it goes on by itself."
        raise Later(text, after_s=_NO_ROOM_S)


async def release(tx: Write, user_id: UUID, size_bytes: int) -> None:
    """Give back what `charge` counted."""
    await sql.release(tx, user_id, size_bytes)
    invalidate(tx, tag(user_id))


def user_of(row: UserRow, quota_bytes: int) -> User:
    """A row as it is shown."""
    quota = quota_bytes if row.quota_bytes is None else row.quota_bytes
    return User(
        id=row.id,
        email=row.email,
        name=row.name,
        role=row.role,
        disabled=row.disabled_at is not None,
        created_at=row.created_at,
        storage=StorageUse(row.used_bytes, quota),
        version=row.version,
        email_verified=row.email_verified,
        totp=row.totp,
    )


def tag(user_id: UUID) -> str:
    """What cached answers about someone depend on."""
    return f"user:{user_id.hex}"


async def _known(read: Read, user_id: UUID) -> UserRow:
    row = await sql.user(read, user_id)
    if row is None:
        raise NotFound("There is no such account.")
    return row


async def _locked_version(tx: Write, user_id: UUID) -> int:
    version = await sql.lock_version(tx, user_id)
    if version is None:
        raise NotFound("There is no such account.")
    return version


async def _guard_last_admin(tx: Write, user_id: UUID, *, always: bool = False) -> None:
    row = await _known(tx, user_id)
    if row.role != "admin":
        return
    await sql.lock_admins(tx)
    others = await sql.users(tx, before=None, search="", limit=2)
    if await sql.count_admins(tx) == 1 and (always or len(others) > 1):
        raise Conflict("This is the last administrator. Make someone else one first.")


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
