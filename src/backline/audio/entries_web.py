"""HTTP for what is in playlists."""

from typing import Annotated, Literal
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from backline.audio import entries, playlists
from backline.audio.entries import Added, AddForm, EntryIds, EntryPage, MoveForm
from backline.audio.models import Quality, StreamLink, Waveform
from backline.platform.actor import Actor
from backline.platform.cache import Depends
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit
from backline.platform.media.signing import MediaSigner

_TAGS = ["audio"]
_Quality = Annotated[Quality, QueryParameter(description="`auto` is a manifest of all")]
_Manifest = Annotated[
    Literal["hls", "dash"] | None, QueryParameter(name="format", description="A manifest instead")
]


@get("/playlists/{playlist_id:uuid}/entries", tags=_TAGS, summary="What is in a playlist")
async def list_entries(
    playlist_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    depends: NamedDependency[Depends],
    limit: Limit = 100,
    cursor: Cursor = None,
) -> EntryPage:
    """In their order. Where a track is gone, `track` is null, and what it was called stays."""
    name = f"entries:{playlist_id}"
    after = cursors.decode(name, cursor, tuple[str, UUID]) if cursor else None
    async with database.read() as read:
        found = await playlists.access(read, actor, playlist_id)
        rows = await entries.page(read, found, after=after, limit=limit + 1)
        rows, following = cursors.cut(name, rows, limit, lambda row: (row.position, row.id))
        seen = await entries.shown_all(read, actor, signer, rows)
    depends.on(*{f"tracks:{row.track_owner_id.hex}" for row in rows})
    return EntryPage(seen, following)


@post("/playlists/{playlist_id:uuid}/tracks", tags=_TAGS, summary="Add tracks", idempotent=True)
async def add_tracks(
    playlist_id: FromPath[UUID],
    data: JSONBody[AddForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Added:
    """For its owner and editors: tracks of mine, at the end. All of them, or none."""
    async with database.write() as tx:
        return Added(await entries.add(tx, actor, playlist_id, data.track_ids))


@post(
    "/playlists/{playlist_id:uuid}/entries/{entry_id:uuid}/move",
    status_code=204,
    tags=_TAGS,
    summary="Move an entry",
    idempotent=True,
)
async def move_entry(
    playlist_id: FromPath[UUID],
    entry_id: FromPath[UUID],
    data: JSONBody[MoveForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """Behind another one, or to the front."""
    async with database.write() as tx:
        await entries.move(tx, actor, playlist_id, entry_id, data.behind_entry_id)


@post(
    "/playlists/{playlist_id:uuid}/entries/remove",
    status_code=204,
    tags=_TAGS,
    summary="Take entries out",
    idempotent=True,
)
async def remove_entries(
    playlist_id: FromPath[UUID],
    data: JSONBody[EntryIds],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """For a day `/playlists/{playlist_id}/entries/restore` puts them back where they were."""
    async with database.write() as tx:
        await entries.remove(tx, actor, playlist_id, data.entry_ids)


@post(
    "/playlists/{playlist_id:uuid}/entries/restore",
    status_code=204,
    tags=_TAGS,
    summary="Put entries back",
    idempotent=True,
)
async def restore_entries(
    playlist_id: FromPath[UUID],
    data: JSONBody[EntryIds],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """Those that were taken out within a day, where they were."""
    async with database.write() as tx:
        await entries.restore(tx, actor, playlist_id, data.entry_ids)


@get(
    "/playlists/{playlist_id:uuid}/entries/{entry_id:uuid}/stream",
    tags=_TAGS,
    summary="Where to listen to an entry",
)
async def stream_entry(
    playlist_id: FromPath[UUID],
    entry_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    quality: _Quality = "medium",
    manifest: _Manifest = None,
) -> StreamLink:
    """As `/tracks/{track_id}/stream`; of somebody else's track the original is the high quality."""
    async with database.read() as read:
        return await entries.stream(
            read, actor, signer, playlist_id, entry_id, quality=quality, manifest=manifest
        )


@get(
    "/playlists/{playlist_id:uuid}/entries/{entry_id:uuid}/waveform",
    tags=_TAGS,
    summary="The waveform of an entry",
)
async def get_entry_waveform(
    playlist_id: FromPath[UUID],
    entry_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Response[Waveform]:
    """About 1,000 pairs over the whole length."""
    async with database.read() as read:
        waveform = await entries.waveform(read, actor, playlist_id, entry_id)
    return Response(waveform, headers={"Cache-Control": "private, max-age=3600"})


ROUTES = [
    list_entries,
    add_tracks,
    move_entry,
    remove_entries,
    restore_entries,
    stream_entry,
    get_entry_waveform,
]
