"""Projects: what somebody publishes under a stream key of its own."""

from typing import Final
from uuid import UUID

import msgspec

from backline.live import changes
from backline.live.keys import LiveKeys, digests_of, new_stream_key, open_own, seal_own
from backline.live.models import (
    LiveProject,
    LiveProjectForm,
    LiveProjectPatch,
    NewLiveProject,
    ShownKey,
)
from backline.live.sql import projects as sql
from backline.live.sql.projects import ProjectRow
from backline.platform import audit
from backline.platform.actor import Actor, require_session
from backline.platform.database import Read, Write
from backline.platform.database.versions import ANY_VERSION, IfMatch
from backline.platform.errors import Conflict, NotFound
from backline.platform.ids import uuid7

MOST: Final = 50  # of each person; those that can still be restored count
KEPT_S: Final = 24 * 3600  # for which what was deleted can be restored
GONE: Final = "There is no such project."


async def projects(read: Read, actor: Actor) -> list[LiveProject]:
    """The actor's projects, the oldest first."""
    return [_shown(row) for row in await sql.projects(read, actor.user_id)]


async def get(read: Read, actor: Actor, project_id: UUID) -> LiveProject:
    """One project.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await sql.project(read, actor.user_id, project_id)
    if row is None:
        raise NotFound(GONE)
    return _shown(row)


async def create(tx: Write, keys: LiveKeys, actor: Actor, form: LiveProjectForm) -> NewLiveProject:
    """Make a project and its stream key.

    Raises:
        Conflict: there are fifty already.
    """
    project_id, stream_key = uuid7(), new_stream_key()
    row = await sql.insert(
        tx,
        actor.user_id,
        project_id,
        form.name.strip(),
        form.hold_s,
        _kept(keys, project_id, stream_key),
        ladder=form.ladder,
        most=MOST,
    )
    if row is None:
        raise Conflict(
            f"You have {MOST} live projects, and there can't be more. Delete one first; what was "
            "deleted counts for a day."
        )
    await changes.tell(tx, actor.user_id, project_id)
    return NewLiveProject(**msgspec.structs.asdict(row), stream_key=stream_key)


async def change(
    tx: Write,
    actor: Actor,
    project_id: UUID,
    patch: LiveProjectPatch,
    if_match: IfMatch = ANY_VERSION,
) -> LiveProject:
    """Change a project's name, how long it holds, or whether it has a ladder.

    Raises:
        NotFound: it isn't there, or someone else's.
        PreconditionFailed: `if_match` is about another version.
    """
    row = await locked(tx, actor, project_id, if_match)
    name = patch.name.strip() if isinstance(patch.name, str) else row.name
    hold_s = patch.hold_s if isinstance(patch.hold_s, int) else row.hold_s
    ladder = patch.ladder if isinstance(patch.ladder, bool) else row.ladder
    changed = await sql.update(tx, actor.user_id, project_id, name, hold_s, ladder=ladder)
    await changes.tell(tx, actor.user_id, project_id)
    return _shown(changed or row)


async def delete(
    tx: Write, actor: Actor, project_id: UUID, if_match: IfMatch = ANY_VERSION
) -> None:
    """Delete a project, which ends its show; it can be restored for a day.

    Raises:
        NotFound: it isn't there, or someone else's.
        PreconditionFailed: `if_match` is about another version.
    """
    await locked(tx, actor, project_id, if_match)
    await sql.trash(tx, actor.user_id, project_id)
    await changes.tell(tx, actor.user_id, project_id)


async def restore(tx: Write, actor: Actor, project_id: UUID) -> LiveProject:
    """Bring a deleted project back, with its key and its destinations.

    Raises:
        NotFound: it isn't there, or someone else's.
        Conflict: it wasn't deleted.
    """
    row = await sql.restore(tx, actor.user_id, project_id)
    if row is None:
        if await sql.project(tx, actor.user_id, project_id) is None:
            raise NotFound(GONE)
        raise Conflict("This project isn't deleted.")
    await changes.tell(tx, actor.user_id, project_id)
    return _shown(row)


async def reveal_key(
    tx: Write, keys: LiveKeys, actor: Actor, project_id: UUID, *, address: str
) -> ShownKey:
    """A project's stream key, for its owner in person; that it was shown is recorded.

    Raises:
        NotFound: it isn't there, or someone else's.
        Unavailable: it can't be read any more.
    """
    require_session(actor)
    row = await sql.key(tx, actor.user_id, project_id)
    if row is None:
        raise NotFound(GONE)
    subject = ("live-project", project_id)
    await audit.record(
        tx, actor.user_id, "live.key-show", subject=subject, address=address, name=row.name
    )
    return ShownKey(open_own(keys, project_id, row.stream_key))


async def renew_key(
    tx: Write, keys: LiveKeys, actor: Actor, project_id: UUID, *, address: str
) -> ShownKey:
    """Give a project a new stream key; a show that came by the old one ends.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await locked(tx, actor, project_id)
    stream_key = new_stream_key()
    await sql.set_key(tx, actor.user_id, project_id, *_kept(keys, project_id, stream_key))
    subject = ("live-project", project_id)
    await audit.record(
        tx, actor.user_id, "live.key-renew", subject=subject, address=address, name=row.name
    )
    await changes.tell(tx, actor.user_id, project_id)
    return ShownKey(stream_key)


async def locked(
    tx: Write, actor: Actor, project_id: UUID, if_match: IfMatch = ANY_VERSION
) -> ProjectRow:
    """A project of the actor's, which nobody else changes until `tx` ends.

    Raises:
        NotFound: it isn't there, or someone else's.
        PreconditionFailed: `if_match` is about another version.
    """
    row = await sql.lock(tx, actor.user_id, project_id)
    if row is None:
        raise NotFound(GONE)
    if_match.check(row.version)
    return row


def _kept(keys: LiveKeys, project_id: UUID, stream_key: str) -> tuple[bytes, bytes]:
    """A key as it is kept: sealed, and the digest that it is found by."""
    return seal_own(keys, project_id, stream_key), digests_of(keys, stream_key)[0]


def _shown(row: ProjectRow) -> LiveProject:
    return LiveProject(**msgspec.structs.asdict(row))
