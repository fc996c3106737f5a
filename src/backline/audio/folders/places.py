"""Folders that people take music from: which they are, and how each is treated."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from backline.audio import filing
from backline.audio.folders import removing_sql, scans_sql, tracks_sql, writing
from backline.audio.folders.scans_sql import FolderRow, Renders
from backline.audio.models import TrackJob
from backline.audio.tracks import PURGE
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Read, Write
from backline.platform.errors import Conflict, FieldFault, Invalid, NotFound
from backline.platform.host.folders import within
from backline.platform.jobs import enqueue_many

MOST_FOLDERS: Final = 50
_MOST_HOURS: Final = 24 * 30
_GONE: Final = "There is no such folder in your library."
_LOT: Final = 1_000


class MusicFolder(msgspec.Struct, frozen=True):
    """A folder with music that stays where it is.

    `renders` says when qualities besides the original are made: when a track is played first, or
    at once. It is scanned again `every_hours` after its last scan: null is as the server is set
    to, 0 is never. `missing` tracks are hidden, since their files aren't there any more.
    """

    id: UUID
    path: str
    renders: Renders
    every_hours: int | None
    tracks: int
    missing: int
    created_at: datetime


class MusicFolders(msgspec.Struct, frozen=True):
    """All folders; `open` are those that the operator has opened to scans, with all in them."""

    items: list[MusicFolder]
    open: list[str]
    next_cursor: None = None


class FolderPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A merge patch (RFC 7396) of how a folder is treated."""

    renders: Renders | UnsetType = UNSET
    every_hours: Annotated[int, Meta(ge=0, le=_MOST_HOURS)] | UnsetType | None = UNSET


def allowed(path: str, roots: Sequence[Path]) -> Path:
    """The folder itself, without links, if it lies within one of those that may be scanned.

    Raises:
        Invalid: it doesn't, or there is no such folder.
    """
    real = within(path, roots)
    if real is None:
        raise Invalid(
            "This folder isn't among those that may be scanned, or isn't there. The operator names "
            "them in BACKLINE_MUSIC_FOLDERS.",
            FieldFault("path", "isn't open to scans"),
        )
    return real


async def add(tx: Write, owner_id: UUID, new_id: UUID, path: str) -> UUID:
    """The id of a folder among somebody's, which it is from now on.

    Raises:
        Conflict: it overlaps with another of theirs, or they have too many.
    """
    others = await scans_sql.other_paths(tx, owner_id, path)
    if len(others) >= MOST_FOLDERS:
        raise Conflict(f"You have {MOST_FOLDERS} folders already. Remove one of them first.")
    for other in others:
        if Path(path).is_relative_to(other) or Path(other).is_relative_to(path):
            raise Conflict(
                f"“{other}” is in your library already, and one of the two lies in the other: its "
                "tracks would be there twice."
            )
    invalidate(tx, tag(owner_id))
    return await scans_sql.folder(tx, owner_id, new_id, path)


async def everything(read: Read, actor: Actor, roots: Sequence[Path]) -> MusicFolders:
    """The actor's folders."""
    rows = await scans_sql.folders(read, actor.user_id)
    return MusicFolders([shown(row) for row in rows], [str(root) for root in roots])


async def get(read: Read, actor: Actor, folder_id: UUID) -> FolderRow:
    """One of the actor's folders.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await scans_sql.one_folder(read, actor.user_id, folder_id)
    if row is None:
        raise NotFound(_GONE)
    return row


async def change(tx: Write, actor: Actor, folder_id: UUID, patch: FolderPatch) -> FolderRow:
    """Say how a folder is treated.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await get(tx, actor, folder_id)
    renders = row.renders if patch.renders is UNSET else patch.renders
    every_hours = row.every_hours if patch.every_hours is UNSET else patch.every_hours
    await scans_sql.set_folder(tx, actor.user_id, folder_id, renders, every_hours)
    invalidate(tx, tag(actor.user_id))
    if renders == "at-once" and row.renders != renders:
        unrendered = await removing_sql.unrendered(tx, actor.user_id, folder_id)
        await writing.render_later(tx, actor.user_id, unrendered)
    return await get(tx, actor, folder_id)


async def remove(tx: Write, actor: Actor, folder_id: UUID) -> None:
    """Take a folder out of the library, with all of its tracks; its files stay as they are.

    Raises:
        NotFound: it isn't there, or someone else's.
        Conflict: a scan of it is under way.
    """
    await get(tx, actor, folder_id)
    if await scans_sql.under_way(tx, actor.user_id, folder_id) is not None:
        raise Conflict("A scan of this folder is under way, or paused. Cancel it first.")
    await scans_sql.delete_folder(tx, actor.user_id, folder_id)
    await removing_sql.forget_files(tx, actor.user_id, folder_id)
    ids = await removing_sql.of_folder(tx, actor.user_id, folder_id)
    await remove_tracks(tx, actor.user_id, ids)


async def remove_missing(tx: Write, actor: Actor, folder_id: UUID) -> int:
    """Remove the tracks of a folder whose files aren't there any more; how many.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    await get(tx, actor, folder_id)
    ids = await removing_sql.missing_of(tx, actor.user_id, folder_id)
    await remove_tracks(tx, actor.user_id, ids)
    return len(ids)


async def remove_tracks(tx: Write, owner_id: UUID, ids: Sequence[UUID]) -> None:
    """Hide tracks for good, and have jobs remove every byte that was made of them."""
    for at in range(0, len(ids), _LOT):
        lot = ids[at : at + _LOT]
        await tracks_sql.lock(tx, owner_id, lot)
        await removing_sql.mark(tx, owner_id, lot)
        jobs = [TrackJob(track_id, owner_id) for track_id in lot]
        await enqueue_many(tx, PURGE, jobs, owner_id=owner_id)
        writing.forget(tx, owner_id, lot)
        await filing.recount(tx, owner_id, lot)
    invalidate(tx, tag(owner_id))


def tag(owner_id: UUID) -> str:
    """What answers about somebody's folders and scans depend on."""
    return f"music-scans:{owner_id.hex}"


def shown(row: FolderRow) -> MusicFolder:
    """A row as it is answered."""
    return MusicFolder(
        row.id,
        row.path,
        row.renders,
        row.every_hours,
        row.tracks,
        row.missing,
        row.created_at,
    )
