"""HTTP for who did what: everybody's for administrators, and one's own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from backline.platform import audit
from backline.platform.actor import Actor, require_admin
from backline.platform.audit import AuditRow, Detail, People
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.asgi import exchange_of
from backline.platform.http.paging import Cursor, Limit
from backline.platform.jobs.models import Subject

OneAction = Annotated[
    str | None,
    QueryParameter(
        name="action",
        max_length=60,
        pattern=r"^[a-z.-]+\Z",
        description="Only this, as `user.role`",
    ),
]
OneUser = Annotated[
    UUID | None,
    QueryParameter(name="user_id", description="What they did, or was done to their account"),
]


class Person(msgspec.Struct, frozen=True):
    """Who did it; the name is empty where the account is gone."""

    id: UUID
    name: str


class AuditEntry(msgspec.Struct, frozen=True):
    """Something that was done. `actor` is null for whoever wasn't signed in."""

    id: UUID
    at: datetime
    actor: Person | None
    action: str
    subject: Subject | None
    address: str | None
    details: dict[str, Detail]


class AuditPage(msgspec.Struct, frozen=True):
    """A page of them, newest first."""

    items: list[AuditEntry]
    next_cursor: str | None = None


def provide_address(request: Request[Any, Any, Any]) -> str:
    """Where a request comes from, for what is recorded; injected as `address`."""
    return exchange_of(request.scope).address


def provide_request_id(request: Request[Any, Any, Any]) -> str:
    """What a request is called in the log; injected as `request_id`."""
    return exchange_of(request.scope).request_id


@get("/admin/audit", tags=["administration"], summary="Who did what")
async def list_audit(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    people: NamedDependency[People],
    limit: Limit = 50,
    cursor: Cursor = None,
    one_action: OneAction = None,
    one_user: OneUser = None,
) -> AuditPage:
    """Newest first; kept for 400 days."""
    require_admin(actor)
    name = f"audit:{one_action}:{one_user}"
    before = cursors.decode(name, cursor, UUID) if cursor else None
    async with database.read() as read:
        rows = await audit.page(
            read, user_id=one_user, action=one_action, before=before, limit=limit + 1
        )
        names = await people(read, _actors(rows))
    rows, following = cursors.cut(name, rows, limit, lambda row: row.id)
    return AuditPage([_entry(row, names) for row in rows], following)


@get(
    "/users/me/audit",
    tags=["accounts"],
    summary="What happened to my account",
    session_only=True,
)
async def list_my_audit(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    people: NamedDependency[People],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> AuditPage:
    """What I did, and what others did to my account; theirs without their address."""
    name = f"audit-of:{actor.user_id.hex}"
    before = cursors.decode(name, cursor, UUID) if cursor else None
    async with database.read() as read:
        rows = await audit.page(read, user_id=actor.user_id, before=before, limit=limit + 1)
        names = await people(read, _actors(rows))
    rows, following = cursors.cut(name, rows, limit, lambda row: row.id)
    mine = [_entry(row, names, whose=actor.user_id) for row in rows]
    return AuditPage(mine, following)


def _actors(rows: Sequence[AuditRow]) -> list[UUID]:
    return list({row.actor_id for row in rows if row.actor_id is not None})


def _entry(row: AuditRow, names: Mapping[UUID, str], whose: UUID | None = None) -> AuditEntry:
    """A row as it is shown; to `whose` others' addresses are nobody's business."""
    actor, subject = None, None
    if row.actor_id is not None:
        actor = Person(row.actor_id, names.get(row.actor_id, ""))
    if row.subject_kind is not None and row.subject_id is not None:
        subject = Subject(row.subject_kind, row.subject_id)
    shown = whose is None or row.actor_id in (None, whose)
    return AuditEntry(
        id=row.id,
        at=row.at,
        actor=actor,
        action=row.action,
        subject=subject,
        address=row.address if shown else None,
        details=msgspec.json.decode(row.details, type=dict[str, Detail]),
    )


ROUTES = [list_audit, list_my_audit]
