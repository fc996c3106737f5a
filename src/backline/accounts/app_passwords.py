"""App passwords: for programs that need a name and a password, and know nothing of tokens.

A password is 24 random characters (120 bits), shown once. Programs may show a digest that they
made with it, so it is kept sealed instead of hashed; who shows one is found out by `app_sign_in`.
It is never the account's own password, and opens none of the API.
"""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from backline.accounts import app_passwords_sql, changes, presence_sql, sql
from backline.accounts.api_tokens import Scope, checked_scopes
from backline.accounts.app_passwords_sql import AppPasswordRow
from backline.platform import audit
from backline.platform.actor import Actor, require_session
from backline.platform.database import Read, Write
from backline.platform.errors import Conflict, NotFound
from backline.platform.ids import uuid7
from backline.platform.secrets.sealing import Seal, close
from backline.platform.text import LINE

MOST = 50
PURPOSE = "app-password"
# Typed on phones and by remote control: no letter that looks like a figure (RFC 4648 has some).
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_GROUPS, _GROUP_LENGTH, _HINT_LENGTH = 6, 4, 4


class AppPasswordForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new app password: what it is for, and what that program may do."""

    name: Annotated[str, Meta(min_length=1, max_length=100, pattern=LINE)]
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=40, examples=[["audio:read"]])]


def digest_of(password: str) -> bytes:
    """Under what a password is found that comes without a name."""
    return hashlib.sha256(password.encode()).digest()


async def page(read: Read, actor: Actor) -> list[AppPasswordRow]:
    """One's own app passwords, newest first."""
    require_session(actor)
    return await app_passwords_sql.passwords(read, actor.user_id)


async def create(
    tx: Write,
    seal: Seal,
    actor: Actor,
    form: AppPasswordForm,
    known: frozenset[str],
    *,
    address: str,
) -> tuple[AppPasswordRow, str]:
    """Make an app password; the second is the password itself, which nobody is shown again.

    Raises:
        Invalid: a scope isn't `known`.
        Forbidden: a scope for administrators, asked for by somebody else.
        Conflict: they have 50 already.
    """
    require_session(actor)
    scopes = checked_scopes(actor, form.scopes, known)
    if await sql.lock_version(tx, actor.user_id) is None:
        raise NotFound("There is no such account.")
    if await app_passwords_sql.count(tx, actor.user_id) >= MOST:
        raise Conflict(f"You have {MOST} app passwords, and there can't be more. Revoke one first.")
    password, password_id = _new(), uuid7()
    row = await app_passwords_sql.insert(
        tx,
        password_id,
        actor.user_id,
        sealed=close(seal, password.encode(), password_id.bytes),
        digest=digest_of(password),
        name=form.name.strip(),
        scopes=scopes,
        hint=f"{password[:_HINT_LENGTH]}…",
    )
    await _note(tx, actor, "create", row.id, row.name, address, scopes)
    return row, password


async def revoke(tx: Write, actor: Actor, password_id: UUID, *, address: str) -> None:
    """End one of one's own app passwords everywhere.

    Raises:
        NotFound: there is none with this id, or it is another's.
    """
    require_session(actor)
    name = await app_passwords_sql.revoke(tx, actor.user_id, password_id)
    if name is None:
        raise NotFound("There is no such app password.")
    changes.tell(tx, password_id)
    await _note(tx, actor, "delete", password_id, name, address)


async def _note(
    tx: Write,
    actor: Actor,
    act: str,
    password_id: UUID,
    name: str,
    address: str,
    scopes: Sequence[str] = (),
) -> None:
    told = {"name": name, **({"scopes": ", ".join(scopes)} if scopes else {})}
    subject = ("app-password", password_id)
    await audit.record(
        tx, actor.user_id, f"app-password.{act}", subject=subject, address=address, **told
    )


def _new() -> str:
    groups = (
        "".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    )
    return "-".join(groups)


async def holder(read: Read, password_id: UUID) -> UUID | None:
    """Whose app password this is, while it counts and their account is in force."""
    admitted = await presence_sql.app_password(read, password_id)
    return admitted.user_id if admitted is not None else None
