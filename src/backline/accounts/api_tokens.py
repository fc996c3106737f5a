"""API tokens: keys with scopes for somebody's programs, shown once and kept as a hash.

A token is `bl_`, 32 random characters, and 12 by which a guess is told from one of ours without
a query.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from backline.accounts import api_tokens_sql, changes, sql
from backline.accounts.api_tokens_sql import TokenRow
from backline.accounts.tokens import TokenKeys
from backline.platform import audit
from backline.platform.actor import Actor, require_session
from backline.platform.database import Read, Write
from backline.platform.errors import (
    Conflict,
    FieldFault,
    Forbidden,
    Invalid,
    NotFound,
    Unauthenticated,
)
from backline.platform.ids import uuid7
from backline.platform.text import LINE

PREFIX = "bl_"
MOST = 50
_RANDOM_BYTES, _RANDOM_LENGTH = 24, 32
_MAC_BYTES, _LENGTH = 9, 3 + 32 + 12
_HINT_LENGTH = 7

Scope = Annotated[str, Meta(max_length=40, pattern=r"^[a-z]+:(read|write)\Z")]


class TokenForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new token; without `expires_in_days` it lasts until it is deleted."""

    name: Annotated[str, Meta(min_length=1, max_length=100, pattern=LINE)]
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=40, examples=[["audio:read"]])]
    expires_in_days: Annotated[int, Meta(ge=1, le=3650)] | None = None


def is_one(token: str) -> bool:
    """Whether this looks like an API token rather than a session's access token."""
    return token.startswith(PREFIX)


def digest_of(keys: TokenKeys, token: str) -> bytes:
    """The hash under which a token is kept.

    Raises:
        Unauthenticated: it isn't one of ours.
    """
    random, mac = token[3 : 3 + _RANDOM_LENGTH], token[3 + _RANDOM_LENGTH :]
    if len(token) == _LENGTH and token.isascii():
        for key in keys.api:
            if hmac.compare_digest(_mac(key, random), mac):
                return hashlib.sha256(token.encode()).digest()
    raise Unauthenticated("The API token isn't one of ours. Look whether you copied all of it.")


async def page(read: Read, actor: Actor) -> list[TokenRow]:
    """One's own tokens, newest first."""
    require_session(actor)
    return await api_tokens_sql.tokens(read, actor.user_id)


async def create(
    tx: Write,
    keys: TokenKeys,
    actor: Actor,
    form: TokenForm,
    known: frozenset[str],
    *,
    address: str,
) -> tuple[TokenRow, str]:
    """Make a token; the second is the token itself, which nobody ever sees again.

    Raises:
        Invalid: a scope isn't `known`.
        Forbidden: a scope for administrators, asked for by somebody else.
        Conflict: they have 50 already.
    """
    require_session(actor)
    scopes = checked_scopes(actor, form.scopes, known)
    if await sql.lock_version(tx, actor.user_id) is None:
        raise NotFound("There is no such account.")
    if await api_tokens_sql.count(tx, actor.user_id) >= MOST:
        raise Conflict(f"You have {MOST} tokens, and there can't be more. Delete one first.")
    random = secrets.token_urlsafe(_RANDOM_BYTES)
    token = f"{PREFIX}{random}{_mac(keys.api[0], random)}"
    row = await api_tokens_sql.insert(
        tx,
        uuid7(),
        actor.user_id,
        hashlib.sha256(token.encode()).digest(),
        name=form.name.strip(),
        scopes=scopes,
        hint=f"{token[:_HINT_LENGTH]}…",
        expires_in_days=form.expires_in_days,
    )
    told = {"name": row.name, "scopes": ", ".join(scopes)}
    subject = ("token", row.id)
    await audit.record(tx, actor.user_id, "token.create", subject=subject, address=address, **told)
    return row, token


async def delete(tx: Write, actor: Actor, token_id: UUID, *, address: str) -> None:
    """End one of one's own tokens everywhere.

    Raises:
        NotFound: there is none with this id, or it is another's.
    """
    require_session(actor)
    name = await api_tokens_sql.revoke(tx, actor.user_id, token_id)
    if name is None:
        raise NotFound("There is no such token.")
    changes.tell(tx, token_id)
    subject = ("token", token_id)
    await audit.record(
        tx, actor.user_id, "token.delete", subject=subject, address=address, name=name
    )


def checked_scopes(actor: Actor, wanted: Sequence[str], known: frozenset[str]) -> list[str]:
    """The scopes that somebody wants for a program of theirs, in order.

    Raises:
        Invalid: one isn't `known`.
        Forbidden: one for administrators, wanted by somebody else.
    """
    scopes = sorted(set(wanted))
    for scope in scopes:
        if scope not in known:
            there = ", ".join(sorted(known))
            fault = FieldFault("scopes", f"has no scope {scope}")
            raise Invalid(f"There is no scope {scope}. There are: {there}.", fault)
        if scope.startswith("admin:") and not actor.is_admin:
            raise Forbidden("Only an administrator's token can administer. Leave out admin: …")
    return scopes


def _mac(key: bytes, random: str) -> str:
    mac = hmac.new(key, random.encode(), hashlib.sha256).digest()[:_MAC_BYTES]
    return base64.urlsafe_b64encode(mac).decode()
