"""Shares: links that somebody makes of a track, an album or a playlist, and ends again.

What stands behind a link is `shared`'s.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from backline.audio import albums, albums_sql, playlists, tracks
from backline.audio import shares_sql as sql
from backline.audio import sql as tracks_sql
from backline.audio.albums_sql import AlbumRow
from backline.audio.models import TrackRow
from backline.audio.share_links import LinkKeys, path_of
from backline.audio.shares_sql import NamedShareRow, ShareKind, ShareRow
from backline.platform.actor import Actor
from backline.platform.database import Read, Write
from backline.platform.database.versions import ANY_VERSION, IfMatch
from backline.platform.errors import Conflict, Invalid, NotFound
from backline.platform.ids import uuid7

MOST: Final = 500
MOST_DAYS: Final = 365
_DAY_S: Final = 86_400
_KEPT_S: Final = _DAY_S  # what is revoked can be restored for so long
_OVER_S: Final = 30 * _DAY_S  # what is over can be given more time for so long
_GONE: Final = "There is no such share, or no longer."

Description = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00-\x08\x0e-\x1f\x7f]*$(?!\n)")]
Days = Annotated[int, Meta(ge=1, le=MOST_DAYS)]


class Share(msgspec.Struct, frozen=True):
    """A share. `path` is its link on this site; everybody who has that can listen.

    `title` is null where the thing is gone or in the trash, so that the link shows nothing. Without
    `expires_at` it counts until it is revoked. Visits within a second of each other count once.
    """

    id: UUID
    kind: ShareKind
    thing_id: UUID
    title: str | None
    artist: str
    path: str
    description: str
    may_download: bool
    expires_at: datetime | None
    visit_count: int
    last_visited_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int


class ShareForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to share, and until when; null is until it is revoked."""

    kind: ShareKind
    thing_id: UUID
    description: Description = ""
    expires_in_days: Days | None = 30
    may_download: bool = False


class SharePatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A merge patch of a share; its days are counted from now."""

    description: Description | UnsetType = UNSET
    expires_in_days: Days | UnsetType | None = UNSET
    may_download: bool | UnsetType = UNSET


async def page(
    read: Read,
    actor: Actor,
    thing_id: UUID | None = None,
    *,
    before: UUID | None = None,
    limit: int,
) -> list[NamedShareRow]:
    """A page of the actor's shares, the newest first; or of those of one thing of theirs.

    Raises:
        NotFound: there is no such thing of theirs.
    """
    if thing_id is not None and not await sql.is_own(read, actor.user_id, thing_id):
        raise NotFound("There is no such track, album or playlist of yours.")
    return await sql.page(read, actor.user_id, thing_id, before=before, limit=limit)


async def things(
    read: Read, actor: Actor, rows: Sequence[ShareRow]
) -> tuple[list[TrackRow], list[AlbumRow]]:
    """The tracks and albums that shares are of, those that are there."""
    track_ids = {row.track_id for row in rows if row.track_id is not None}
    album_ids = {row.album_id for row in rows if row.album_id is not None}
    return (
        await tracks_sql.tracks_of(read, actor.user_id, list(track_ids)) if track_ids else [],
        await albums_sql.albums_of(read, actor.user_id, list(album_ids)) if album_ids else [],
    )


async def get(read: Read, actor: Actor, share_id: UUID) -> NamedShareRow:
    """One of the actor's shares.

    Raises:
        NotFound: it isn't there, is revoked, or someone else's.
    """
    row = await sql.share(read, actor.user_id, share_id)
    if row is None:
        raise NotFound(_GONE)
    return row


async def create(tx: Write, actor: Actor, form: ShareForm) -> NamedShareRow:
    """Make a link of something that is the actor's.

    Raises:
        NotFound: there is no such thing of theirs.
        Conflict: they have five hundred shares already.
    """
    await _check(tx, actor, form.kind, form.thing_id)
    await _check_room(tx, actor)
    now = datetime.now(UTC)
    row = ShareRow(
        actor.user_id,
        uuid7(),
        form.thing_id if form.kind == "track" else None,
        form.thing_id if form.kind == "album" else None,
        form.thing_id if form.kind == "playlist" else None,
        form.description.strip(),
        form.may_download,
        _end(form.expires_in_days, now),
        None,
        0,
        None,
        now,
        now,
        1,
    )
    await sql.insert(tx, row)
    return await get(tx, actor, row.id)


async def change(
    tx: Write,
    actor: Actor,
    share_id: UUID,
    patch: SharePatch,
    if_match: IfMatch = ANY_VERSION,
) -> NamedShareRow:
    """Change what a share says, when it ends, or whether files may be taken along.

    Raises:
        NotFound: it isn't there, is revoked, or someone else's.
        PreconditionFailed: `if_match` is about another version.
    """
    row = await _locked(tx, actor, share_id)
    if_match.check(row.version)
    days = patch.expires_in_days
    changed = msgspec.structs.replace(
        row,
        description=row.description if patch.description is UNSET else patch.description.strip(),
        may_download=row.may_download if patch.may_download is UNSET else patch.may_download,
        expires_at=row.expires_at if days is UNSET else _end(days, datetime.now(UTC)),
    )
    await sql.update(tx, changed)
    return await get(tx, actor, share_id)


async def set_end(tx: Write, actor: Actor, share_id: UUID, end: datetime | None) -> None:
    """Have a share end at a moment, which may have passed.

    Raises:
        NotFound: it isn't there, is revoked, or someone else's.
        Invalid: that is more than a year ahead.
    """
    row = await _locked(tx, actor, share_id)
    if end is not None and end > datetime.now(UTC) + timedelta(days=MOST_DAYS):
        raise Invalid(f"A share ends within {MOST_DAYS} days, or when it is revoked.")
    await sql.update(tx, msgspec.structs.replace(row, expires_at=end))


async def revoke(tx: Write, actor: Actor, share_id: UUID, if_match: IfMatch = ANY_VERSION) -> None:
    """End a share; for a day it can be restored.

    Raises:
        NotFound: it isn't there, is revoked already, or someone else's.
        PreconditionFailed: `if_match` is about another version.
    """
    row = await _locked(tx, actor, share_id)
    if_match.check(row.version)
    await sql.update(tx, msgspec.structs.replace(row, revoked_at=datetime.now(UTC)))


async def restore(tx: Write, actor: Actor, share_id: UUID) -> NamedShareRow:
    """Take a revocation back; the link is the same.

    Raises:
        NotFound: it was removed for good, or never was the actor's.
        Conflict: they have five hundred others by now.
    """
    row = await sql.lock(tx, actor.user_id, share_id)
    if row is None:
        raise NotFound(_GONE)
    if row.revoked_at is not None:
        await _check_room(tx, actor)
        await sql.update(tx, msgspec.structs.replace(row, revoked_at=None))
    return await get(tx, actor, share_id)


async def purge(tx: Write) -> None:
    """Remove for good what was revoked a day ago, or has been over for a month."""
    await sql.prune(tx, revoked_s=_KEPT_S, over_s=_OVER_S)


def shown(keys: LinkKeys, row: NamedShareRow) -> Share:
    """A row as its owner sees it."""
    kind, thing_id = thing_of(row)
    return Share(
        row.id,
        kind,
        thing_id,
        row.title,
        row.artist or "",
        path_of(keys, row.id),
        row.description,
        row.may_download,
        row.expires_at,
        row.visit_count,
        row.last_visited_at,
        row.created_at,
        row.updated_at,
        row.version,
    )


def thing_of(row: ShareRow) -> tuple[ShareKind, UUID]:
    """What a share is of."""
    if row.track_id is not None:
        return "track", row.track_id
    if row.album_id is not None:
        return "album", row.album_id
    if row.playlist_id is not None:
        return "playlist", row.playlist_id
    raise ValueError("a share is of something")


async def _check(read: Read, actor: Actor, kind: ShareKind, thing_id: UUID) -> None:
    """Find a thing among the actor's own.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    if kind == "track":
        await tracks.get(read, actor, thing_id)
    elif kind == "album":
        await albums.get(read, actor, thing_id)
    elif (await playlists.access(read, actor, thing_id)).row.owner_id != actor.user_id:
        raise NotFound(playlists.GONE)


async def _check_room(tx: Write, actor: Actor) -> None:
    if await sql.count(tx, actor.user_id) >= MOST:
        raise Conflict(f"You have {MOST} shares already. Revoke one that is no longer needed.")


async def _locked(tx: Write, actor: Actor, share_id: UUID) -> ShareRow:
    row = await sql.lock(tx, actor.user_id, share_id)
    if row is None or row.revoked_at is not None:
        raise NotFound(_GONE)
    return row


def _end(days: int | None, now: datetime) -> datetime | None:
    return None if days is None else now + timedelta(days=days)
