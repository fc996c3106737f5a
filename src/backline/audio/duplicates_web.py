"""HTTP for tracks that are there more than once: groups, keeping one of them, and undoing that."""

from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from backline.audio import duplicates, merging, tracks
from backline.audio.duplicates import By, DuplicatePage
from backline.audio.merging import KeepForm, Kept
from backline.audio.models import Track
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit
from backline.platform.media.signing import MediaSigner

_TAGS = ["audio"]
_By = Annotated[By, QueryParameter(description="One sound, or one song at one length")]


@get("/tracks/duplicates", tags=_TAGS, summary="Tracks that are there more than once")
async def list_duplicates(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    limit: Limit = 20,
    cursor: Cursor = None,
    by: _By = "sound",
) -> DuplicatePage:
    """By `sound`, whatever their tags say; by `song`, one title, artist and nearly one length.

    Nothing is ever done about them by itself.
    """
    name = f"duplicates:{by}"
    after = cursors.decode(name, cursor, duplicates.KEYS[by]) if cursor else None
    async with database.read() as read:
        groups = await duplicates.page(read, actor, by, after=after, limit=limit + 1)
    groups, following = cursors.cut(name, groups, limit, duplicates.place)
    return DuplicatePage(duplicates.shown_all(groups, by, signer), following)


@post(
    "/tracks/{track_id:uuid}/keep",
    status_code=200,
    tags=_TAGS,
    summary="Keep this one of several",
    idempotent=True,
)
async def keep_track(
    track_id: FromPath[UUID],
    data: JSONBody[KeepForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Kept:
    """It takes over their plays, favourites, ratings and places in playlists; they are deleted.

    For 30 s that can be undone. Files that lie in folders stay there.
    """
    async with database.write() as tx:
        row, merge_id, until = await merging.keep(tx, actor, track_id, data.track_ids)
        return Kept(tracks.shown(row, signer), merge_id, until)


@post(
    "/tracks/merges/{merge_id:uuid}/undo",
    status_code=200,
    tags=_TAGS,
    summary="Undo that one of several was kept",
    idempotent=True,
)
async def undo_merge(
    merge_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Track:
    """The others are back, with all that was theirs; works for 30 s."""
    async with database.write() as tx:
        return tracks.shown(await merging.undo(tx, actor, merge_id), signer)


ROUTES = [list_duplicates, keep_track, undo_merge]
