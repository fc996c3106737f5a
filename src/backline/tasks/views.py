"""Saved views: filters and a sort that somebody keeps under a name."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from backline.platform import events, text
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Read, Write
from backline.platform.database.versions import ANY_VERSION, IfMatch
from backline.platform.errors import Conflict, NotFound
from backline.platform.ids import uuid7
from backline.tasks import times
from backline.tasks.models import Filters
from backline.tasks.sql import bounds
from backline.tasks.sql import views as sql
from backline.tasks.sql.views import ViewRow

MOST = 100
Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=text.LINE)]
_GONE = "There is no such view."


class View(msgspec.Struct, frozen=True):
    """A list under a name."""

    id: UUID
    name: str
    filters: Filters
    created_at: datetime
    updated_at: datetime
    version: int


class ViewForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A view to be kept."""

    name: Name
    filters: Filters


class ViewPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A merge patch of a view; its filters are replaced as a whole."""

    name: Name | UnsetType = UNSET
    filters: Filters | UnsetType = UNSET


class ViewChanged(msgspec.Struct, frozen=True):
    """What browsers are told of a view."""

    id: UUID


async def views(read: Read, actor: Actor) -> list[View]:
    """The actor's views by their names: a hundred at the most."""
    return [_shown(row) for row in await sql.views(read, actor.user_id)]


async def create(tx: Write, actor: Actor, form: ViewForm) -> View:
    """Keep a view.

    Raises:
        Conflict: there are a hundred already.
        Invalid: a time of its filters is out of reach.
    """
    times.check(form.filters)
    filters = msgspec.json.encode(form.filters).decode()
    await bounds.take_turns(tx, actor.user_id)
    row = await sql.insert(tx, actor.user_id, uuid7(), form.name.strip(), filters, MOST)
    if row is None:
        raise Conflict(f"You keep {MOST} views already. Delete one you no longer need.")
    await _tell(tx, actor, row.id)
    return _shown(row)


async def change(
    tx: Write, actor: Actor, view_id: UUID, patch: ViewPatch, if_match: IfMatch = ANY_VERSION
) -> View:
    """Change a view's name or filters.

    Raises:
        NotFound: it isn't there, or someone else's.
        PreconditionFailed: `if_match` is about another version.
        Invalid: a time of its filters is out of reach.
    """
    if patch.filters is not UNSET:
        times.check(patch.filters)
    row = await _locked(tx, actor, view_id, if_match)
    name = row.name if patch.name is UNSET else patch.name.strip()
    filters = row.filters if patch.filters is UNSET else msgspec.json.encode(patch.filters).decode()
    changed = await sql.update(tx, actor.user_id, view_id, name, filters)
    await _tell(tx, actor, view_id)
    return _shown(changed or row)


async def delete(tx: Write, actor: Actor, view_id: UUID, if_match: IfMatch = ANY_VERSION) -> None:
    """Forget a view; its tasks stay.

    Raises:
        NotFound: it isn't there, or someone else's.
        PreconditionFailed: `if_match` is about another version.
    """
    await _locked(tx, actor, view_id, if_match)
    await sql.delete(tx, actor.user_id, view_id)
    await _tell(tx, actor, view_id)


async def _locked(tx: Write, actor: Actor, view_id: UUID, if_match: IfMatch) -> ViewRow:
    row = await sql.lock(tx, actor.user_id, view_id)
    if row is None:
        raise NotFound(_GONE)
    if_match.check(row.version)
    return row


async def _tell(tx: Write, actor: Actor, view_id: UUID) -> None:
    invalidate(tx, f"task-views:{actor.user_id.hex}")
    await events.publish(tx, actor.user_id, "tasks", "view", ViewChanged(view_id))


def _shown(row: ViewRow) -> View:
    filters = msgspec.json.decode(row.filters, type=Filters)
    return View(row.id, row.name, filters, row.created_at, row.updated_at, row.version)
