"""HTTP for the list of one's own sessions, and for ending them."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import delete, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from backline.accounts import sessions
from backline.platform.actor import Actor
from backline.platform.database import Database

_TAGS = ["accounts"]


class OpenSession(msgspec.Struct, frozen=True):
    """A place where somebody is signed in; `current` is the one that asks."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    user_agent: str
    address: str
    current: bool


class SessionList(msgspec.Struct, frozen=True):
    """Where somebody is signed in, the latest seen first."""

    items: list[OpenSession]
    next_cursor: str | None = None


@get("/users/me/sessions", tags=_TAGS, summary="Where I am signed in", session_only=True)
async def list_sessions(
    actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> SessionList:
    """The latest seen first, 200 at the most: one more ends the one seen the longest ago.

    `last_seen_at` is right to a quarter of an hour.
    """
    async with database.read() as read:
        rows = await sessions.page(read, actor)
    return SessionList(
        [
            OpenSession(**msgspec.structs.asdict(row), current=row.id == actor.session_id)
            for row in rows
        ]
    )


@delete(
    "/users/me/sessions",
    tags=_TAGS,
    summary="Sign out everywhere else",
    session_only=True,
    idempotent=True,
)
async def end_other_sessions(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    address: NamedDependency[str],
) -> None:
    """Ends all my sessions but this one. API tokens go on working."""
    async with database.write() as tx:
        await sessions.revoke_others(tx, actor, address=address)


@delete(
    "/users/me/sessions/{session_id:uuid}",
    tags=_TAGS,
    summary="Sign out somewhere",
    session_only=True,
    idempotent=True,
)
async def end_session(
    session_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    address: NamedDependency[str],
) -> None:
    """Ends one of my sessions, everywhere within a second; it may be this one."""
    async with database.write() as tx:
        await sessions.revoke(tx, actor, session_id, address=address)


ROUTES = [list_sessions, end_other_sessions, end_session]
