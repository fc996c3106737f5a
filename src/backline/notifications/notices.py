"""Somebody's notices: listed, marked, deleted, pruned."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import UNSET

from backline import accounts
from backline.notifications import sql
from backline.notifications.models import (
    KEPT,
    Marked,
    MarkForm,
    NoticeChanged,
    NoticePatch,
    NoticeRow,
    ShownNotice,
    Unread,
)
from backline.notifications.telling import TOPIC, tag
from backline.platform import events
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Read, Write
from backline.platform.errors import NotFound
from backline.platform.jobs import Subject

_GONE: Final = "There is no such notice."


async def page(
    read: Read, actor: Actor, *, unread: bool, before: UUID | None, limit: int
) -> list[ShownNotice]:
    """What the actor is told, the newest first."""
    seen = await accounts.containers(read, actor.user_id)
    rows = await sql.page(read, actor.user_id, seen, unread=unread, before=before, limit=limit)
    return [_shown(row) for row in rows]


async def count(read: Read, actor: Actor) -> Unread:
    """How much of it the actor hasn't read."""
    seen = await accounts.containers(read, actor.user_id)
    return Unread(await sql.unread(read, actor.user_id, seen))


async def change(tx: Write, actor: Actor, notice_id: UUID, patch: NoticePatch) -> ShownNotice:
    """Make a notice read, or unread again.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    seen = await accounts.containers(tx, actor.user_id)
    if patch.read is not UNSET:
        marked = await _mark(tx, actor, seen, read=patch.read, ids=[notice_id])
        if marked:
            await _tell(tx, actor, NoticeChanged(notice_id, "marked"))
    row = await sql.one(tx, actor.user_id, seen, notice_id)
    if row is None:
        raise NotFound(_GONE)
    return _shown(row)


async def mark(tx: Write, actor: Actor, form: MarkForm) -> Marked:
    """Make several read, or unread again; those that are so already stay as they are.

    Raises:
        NotFound: one that is named isn't there, or is someone else's.
    """
    seen = await accounts.containers(tx, actor.user_id)
    named = {*(form.notice_ids or ()), *([form.up_to] if form.up_to else [])}
    if named and await sql.count_known(tx, actor.user_id, seen, list(named)) < len(named):
        raise NotFound("One of these notices isn't there any more. Read the list again.")
    marked = await _mark(tx, actor, seen, read=form.read, ids=form.notice_ids, up_to=form.up_to)
    if marked:
        await _tell(tx, actor, NoticeChanged(None, "marked"))
    return Marked(marked, await sql.unread(tx, actor.user_id, seen))


async def delete(tx: Write, actor: Actor, notice_id: UUID) -> None:
    """Delete a notice. Its reason stays known, so nobody is told of it again.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    seen = await accounts.containers(tx, actor.user_id)
    if not await sql.delete(tx, actor.user_id, seen, notice_id):
        raise NotFound(_GONE)
    await _tell(tx, actor, NoticeChanged(notice_id, "deleted"))


async def prune(tx: Write, owner_id: UUID) -> None:
    """Keep somebody's latest 500."""
    await sql.prune(tx, owner_id, KEPT)
    invalidate(tx, tag(owner_id.hex))


async def _mark(
    tx: Write,
    actor: Actor,
    seen: Sequence[UUID],
    *,
    read: bool,
    ids: Sequence[UUID] | None,
    up_to: UUID | None = None,
) -> list[UUID]:
    return await sql.mark(tx, actor.user_id, seen, read=read, ids=ids, up_to=up_to)


async def _tell(tx: Write, actor: Actor, changed: NoticeChanged) -> None:
    invalidate(tx, tag(actor.user_id.hex))
    await events.publish(tx, actor.user_id, TOPIC, "notice", changed)


def _shown(row: NoticeRow) -> ShownNotice:
    subject = None
    if row.subject_kind is not None and row.subject_id is not None:
        subject = Subject(row.subject_kind, row.subject_id)
    return ShownNotice(
        id=row.id,
        kind=row.kind,
        title=row.title,
        text=row.text,
        path=row.path,
        subject=subject,
        actor_id=row.actor_id,
        created_at=row.created_at,
        read_at=row.read_at,
    )
