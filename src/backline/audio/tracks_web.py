"""HTTP for tracks: lists, one track, its stream and waveform. Uploads have their own module."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from backline.audio import tracks
from backline.audio.models import (
    Quality,
    Sort,
    StreamLink,
    Track,
    TrackPage,
    TrackPatch,
    Waveform,
)
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.conditions import CONDITIONAL, IfMatch
from backline.platform.http.paging import Cursor, Limit, Search
from backline.platform.signing import MediaSigner

_TAGS = ["audio"]
QualityParameter = Annotated[Quality, QueryParameter(description="`auto` is a manifest of all")]
Manifest = Annotated[
    Literal["hls", "dash"] | None, QueryParameter(name="format", description="A manifest instead")
]


@get("/tracks", tags=_TAGS, summary="My tracks")
async def list_tracks(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    limit: Limit = 20,
    cursor: Cursor = None,
    q: Search = "",
    sort: FromQuery[Sort] = "-created_at",
) -> Response[TrackPage]:
    """A page of my library; `q` looks for words in titles, artists, albums and genres."""
    name = f"tracks:{sort}:{q}"
    key = tuple[datetime, UUID] if sort.endswith("created_at") else tuple[str, UUID]
    after = cursors.decode(name, cursor, key) if cursor else None
    async with database.read() as read:
        rows = await tracks.page(read, actor, sort=sort, after=after, search=q, limit=limit + 1)
    following: str | None = None
    if len(rows) > limit:
        following = cursors.encode(name, tracks.sort_key(rows[limit - 1], sort))
    shown = TrackPage(tracks.shown_all(rows[:limit], signer), following)
    return Response(shown, headers=cursors.link_header(following))


@get("/tracks/{track_id:uuid}", tags=_TAGS, summary="One track")
async def get_track(
    track_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Track:
    """Its `status` is `processing` until it can be played, or `failed` with an `error`."""
    async with database.read() as read:
        return tracks.shown(await tracks.get(read, actor, track_id), signer)


@patch(
    "/tracks/{track_id:uuid}",
    tags=_TAGS,
    summary="Change what a track is called",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def change_track(
    track_id: FromPath[UUID],
    data: JSONBody[TrackPatch],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    if_match: NamedDependency[IfMatch],
) -> Track:
    """A merge patch; the tags in the file no longer overwrite it."""
    async with database.write() as tx:
        return tracks.shown(await tracks.change(tx, actor, track_id, data, if_match), signer)


@delete(
    "/tracks/{track_id:uuid}",
    tags=_TAGS,
    summary="Delete a track",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def delete_track(
    track_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    if_match: NamedDependency[IfMatch],
) -> None:
    """Gone at once; for 30 s it can be restored, then every byte of it is removed."""
    async with database.write() as tx:
        await tracks.delete(tx, actor, track_id, if_match)


@post(
    "/tracks/{track_id:uuid}/restore",
    status_code=200,
    tags=_TAGS,
    summary="Undo a deletion",
    idempotent=True,
)
async def restore_track(
    track_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Track:
    """Works for 30 s after the deletion."""
    async with database.write() as tx:
        return tracks.shown(await tracks.restore(tx, actor, track_id), signer)


@post(
    "/tracks/{track_id:uuid}/retry",
    status_code=202,
    tags=_TAGS,
    summary="Try again",
    idempotent=True,
)
async def retry_track(
    track_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Track:
    """Prepares a failed track once more, with a new job."""
    async with database.write() as tx:
        return tracks.shown(await tracks.retry(tx, actor, track_id), signer)


@get("/tracks/{track_id:uuid}/stream", tags=_TAGS, summary="Where to listen")
async def stream_track(
    track_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    quality: QualityParameter = "medium",
    manifest: Manifest = None,
) -> StreamLink:
    """A URL that any player takes, good for 55 minutes at least and two hours at most.

    `low`, `medium` and `high` are AAC at 64, 128 and 320 kbit/s in one file; `auto` is the HLS
    master playlist, or the DASH manifest with `format=dash`; `original` is what was uploaded.
    """
    async with database.read() as read:
        return await tracks.stream(
            read, actor, signer, track_id, quality=quality, manifest=manifest
        )


@get("/tracks/{track_id:uuid}/waveform", tags=_TAGS, summary="Its waveform")
async def get_waveform(
    track_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Waveform]:
    """About 1,000 pairs over the whole length."""
    async with database.read() as read:
        waveform = await tracks.waveform(read, actor, track_id)
    return Response(waveform, headers={"Cache-Control": "private, max-age=3600"})


ROUTES = [
    list_tracks,
    get_track,
    change_track,
    delete_track,
    restore_track,
    retry_track,
    stream_track,
    get_waveform,
]
