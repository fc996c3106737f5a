"""Destinations: where a project is relayed to. Their keys come in and never go out again."""

import re
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from backline.live import changes, projects
from backline.live.keys import LiveKeys, seal_theirs
from backline.live.models import Destination, DestinationForm, DestinationPatch
from backline.live.presets import CUSTOM, PRESETS
from backline.live.sql import destinations as sql
from backline.live.sql.destinations import DestinationRow
from backline.platform.actor import Actor
from backline.platform.database import Read, Write
from backline.platform.database.versions import ANY_VERSION, IfMatch
from backline.platform.errors import Conflict, FieldFault, Invalid, NotFound
from backline.platform.ids import uuid7

MOST: Final = 20  # of each project; those that can still be restored count
_GONE: Final = "There is no such destination."
_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]")


async def destinations(read: Read, actor: Actor, project_id: UUID) -> list[Destination]:
    """A project's destinations, the oldest first.

    Raises:
        NotFound: the project isn't there, or someone else's.
    """
    await projects.get(read, actor, project_id)
    rows = await sql.destinations(read, actor.user_id, project_id)
    return [_shown(row) for row in rows]


async def add(
    tx: Write, keys: LiveKeys, actor: Actor, project_id: UUID, form: DestinationForm
) -> Destination:
    """Add a destination; a show that is on reaches it from its next keyframe on.

    Raises:
        NotFound: the project isn't there, or someone else's.
        Invalid: the address or the platform can't be.
        Conflict: the project has twenty already.
    """
    project = await projects.locked(tx, actor, project_id)
    if form.preset != CUSTOM and form.preset not in PRESETS:
        raise Invalid(
            "There is no such preset. `GET /live/presets` tells which there are.",
            FieldFault("preset", "isn't known"),
        )
    destination_id, now = uuid7(), project.updated_at
    row = DestinationRow(
        destination_id,
        project_id,
        form.name.strip(),
        form.preset,
        checked_url(form.url),
        form.enabled,
        now,
        now,
        1,
    )
    sealed = seal_theirs(keys, destination_id, form.stream_key)
    made = await sql.insert(tx, actor.user_id, row, sealed, most=MOST)
    if made is None:
        raise Conflict(
            f"This project has {MOST} destinations, and there can't be more. Remove one first; "
            "what was removed counts for a day."
        )
    await changes.tell(tx, actor.user_id, project_id)
    return _shown(made)


async def change(
    tx: Write,
    keys: LiveKeys,
    actor: Actor,
    place: tuple[UUID, UUID],
    patch: DestinationPatch,
    if_match: IfMatch = ANY_VERSION,
) -> Destination:
    """Change a destination (`place`: its project, its id), also while it is live.

    Raises:
        NotFound: it isn't there, or someone else's.
        Invalid: the address can't be.
        PreconditionFailed: `if_match` is about another version.
    """
    row = await _locked(tx, actor, place, if_match)
    said = {
        "name": patch.name.strip() if isinstance(patch.name, str) else row.name,
        "url": checked_url(patch.url) if isinstance(patch.url, str) else row.url,
        "enabled": patch.enabled if isinstance(patch.enabled, bool) else row.enabled,
    }
    sealed = (
        seal_theirs(keys, row.id, patch.stream_key) if isinstance(patch.stream_key, str) else None
    )
    changed = await sql.update(tx, actor.user_id, msgspec.structs.replace(row, **said), sealed)
    await changes.tell(tx, actor.user_id, place[0])
    return _shown(changed or row)


async def remove(
    tx: Write, actor: Actor, place: tuple[UUID, UUID], if_match: IfMatch = ANY_VERSION
) -> None:
    """Remove a destination, at once from a show that is on; it can be restored for a day.

    Raises:
        NotFound: it isn't there, or someone else's.
        PreconditionFailed: `if_match` is about another version.
    """
    await _locked(tx, actor, place, if_match)
    await sql.trash(tx, actor.user_id, *place)
    await changes.tell(tx, actor.user_id, place[0])


async def restore(tx: Write, actor: Actor, place: tuple[UUID, UUID]) -> Destination:
    """Bring a removed destination back, with its key.

    Raises:
        NotFound: it isn't there, or someone else's.
        Conflict: it wasn't removed.
    """
    await projects.locked(tx, actor, place[0])
    row = await sql.restore(tx, actor.user_id, *place)
    if row is None:
        if await sql.lock(tx, actor.user_id, *place) is None:
            raise NotFound(_GONE)
        raise Conflict("This destination isn't removed.")
    await changes.tell(tx, actor.user_id, place[0])
    return _shown(row)


async def retry(tx: Write, actor: Actor, place: tuple[UUID, UUID]) -> Destination:
    """Have a destination that failed, is stalled or waits tried again now, if a show is on.

    Raises:
        NotFound: it isn't there, or someone else's.
        Conflict: it is turned off.
    """
    row = await _locked(tx, actor, place, ANY_VERSION)
    if not row.enabled:
        raise Conflict("This destination is off. Turn it on, and it is tried at once.")
    await sql.retry(tx, actor.user_id, *place)
    await changes.tell(tx, actor.user_id, place[0])
    return _shown(row)


def checked_url(url: str) -> str:
    """An address that can be relayed to, as far as its looks tell.

    Raises:
        Invalid: it can't.
    """
    try:
        parts = urlsplit(url)
        port_is_one = parts.port is None or parts.port > 0
    except ValueError:
        raise _not_an_address("isn't an address that can be read") from None
    if parts.scheme not in ("rtmp", "rtmps"):
        raise _not_an_address("begins with neither rtmp:// nor rtmps://")
    host = parts.netloc.rpartition(":")[0] if parts.port is not None else parts.netloc
    if "@" in parts.netloc or not _HOST.fullmatch(host) or not port_is_one:
        raise _not_an_address("has no host's name behind its scheme, or more than that")
    if parts.fragment or not parts.path.strip("/"):
        raise _not_an_address("needs a path behind the host, such as /live, and no #")
    return url


def _not_an_address(fault: str) -> Invalid:
    return Invalid(
        f"The server's address {fault}. It looks like rtmps://live.example.org/app: copy it from "
        "the platform, without the stream key.",
        FieldFault("url", fault),
    )


async def _locked(
    tx: Write, actor: Actor, place: tuple[UUID, UUID], if_match: IfMatch
) -> DestinationRow:
    await projects.locked(tx, actor, place[0])
    row = await sql.lock(tx, actor.user_id, *place)
    if row is None:
        raise NotFound(_GONE)
    if_match.check(row.version)
    return row


def _shown(row: DestinationRow) -> Destination:
    return Destination(**msgspec.structs.asdict(row))
