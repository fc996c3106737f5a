"""HTTP for tracks: lists, one track, its stream and waveform, and the form that brings one."""

from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from backline.audio import artists, preparing, streams, tracks
from backline.audio.models import (
    Quality,
    Sort,
    StreamLink,
    Track,
    TrackFilter,
    TrackPage,
    TrackPatch,
    Waveform,
)
from backline.audio.takes import TRACKS
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.database.versions import IfMatch
from backline.platform.http import cursors
from backline.platform.http.bodies import body_chunks
from backline.platform.http.conditions import CONDITIONAL
from backline.platform.http.paging import Cursor, Limit, Search
from backline.platform.media.signing import MediaSigner
from backline.uploads import Intake, take_form
from backline.uploads.web.forms import INTAKE, FormOperation, leave_the_body, length_of

_TAGS = ["audio"]
_Favorite = Annotated[bool, QueryParameter(description="Only my favourites")]
_MinRating = Annotated[int | None, QueryParameter(ge=1, le=5, description="Rated so, or better")]
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
    artist_id: FromQuery[UUID | None] = None,
    genre_id: FromQuery[UUID | None] = None,
    favorite: _Favorite = False,  # a parameter of the address
    min_rating: _MinRating = None,
) -> TrackPage:
    """A page of my library; `q` looks for words in titles, artists, albums and genres.

    Sorted by a rating, plays or since when they are favourites, it has those that have one.
    """
    wanted = TrackFilter(
        artist_id=artist_id, genre_id=genre_id, is_favorite=favorite, min_rating=min_rating
    )
    name = f"tracks:{sort}:{artist_id}:{genre_id}:{favorite}:{min_rating}:{q}"
    after = cursors.decode(name, cursor, tracks.KEYS[sort]) if cursor else None
    async with database.read() as read:
        if artist_id is not None:
            await artists.get(read, actor, artist_id)
        if genre_id is not None:
            await artists.genre(read, actor, genre_id)
        rows = await tracks.page(
            read, actor, wanted, words=q, sort=sort, after=after, limit=limit + 1
        )
    rows, following = cursors.cut(name, rows, limit, lambda row: tracks.sort_key(row, sort))
    return TrackPage(tracks.shown_all(rows, signer), following)


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


@post(
    "/tracks/{track_id:uuid}/prepare",
    status_code=202,
    tags=_TAGS,
    summary="Prepare a track of a folder",
    idempotent=True,
)
async def prepare_track(
    track_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Track:
    """Have its renditions made now, by the job `job_id`; once it has them nothing happens."""
    async with database.write() as tx:
        return tracks.shown(await preparing.prepare(tx, actor, track_id), signer)


@get("/tracks/{track_id:uuid}/stream", tags=_TAGS, summary="Where to listen")
async def stream_track(
    track_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    quality: QualityParameter = "medium",
    manifest: Manifest = None,
) -> StreamLink:
    """A URL that any player takes, until `expires_at`.

    It is good for an hour at most (`BACKLINE_MEDIA_URL_S`), and for half of that at least.

    `low`, `medium` and `high` are AAC at 64, 128 and 320 kbit/s in one file; `auto` is the HLS
    master playlist, or the DASH manifest with `format=dash`; `original` is what was uploaded,
    or lies in a folder. What has no renditions yet gives its original where browsers play that.
    """
    async with database.read() as read:
        return await streams.stream(
            read, actor, signer, track_id, quality=quality, manifest=manifest
        )


@get("/tracks/{track_id:uuid}/waveform", tags=_TAGS, summary="Its waveform")
async def get_waveform(
    track_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Waveform]:
    """About 1,000 pairs over the whole length."""
    async with database.read() as read:
        waveform = await streams.waveform(read, actor, track_id)
    return Response(waveform, headers={"Cache-Control": "private, max-age=3600"})


@post(
    "/tracks",
    status_code=202,
    large_body=True,
    tags=_TAGS,
    operation_class=FormOperation,
    summary="Upload a track",
    dependencies=INTAKE,
    before_request=leave_the_body,
)
async def upload_track(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    intake: NamedDependency[Intake],
    signer: NamedDependency[MediaSigner],
) -> Track:
    """A form with one file in the field `file`. Large files are better off with `/uploads`."""
    row = await take_form(
        intake,
        TRACKS,
        actor,
        body_chunks(request.receive),
        content_type=request.headers.get("content-type"),
        length_bytes=length_of(request),
    )
    return tracks.shown(row, signer)


ROUTES = [
    list_tracks,
    get_track,
    change_track,
    delete_track,
    restore_track,
    retry_track,
    prepare_track,
    stream_track,
    get_waveform,
    upload_track,
]
