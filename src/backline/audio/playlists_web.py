"""HTTP for playlists: lists, one playlist, import and export."""

from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from backline.audio import importing, playlist_files, playlists
from backline.audio.importing import Imported, ImportForm
from backline.audio.playlists import Playlist, PlaylistForm, PlaylistPatch
from backline.platform.actor import Actor
from backline.platform.cache import Depends
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.conditions import CONDITIONAL, IfMatch
from backline.platform.http.paging import Cursor, Limit

_TAGS = ["audio"]
_TYPES = {"m3u8": "audio/x-mpegurl; charset=utf-8", "xspf": "application/xspf+xml"}
_Format = Annotated[
    Literal["m3u8", "xspf"], QueryParameter(name="format", description="M3U8, or XSPF")
]


class PlaylistList(msgspec.Struct, frozen=True):
    """All playlists that are mine or shared with me."""

    items: list[Playlist]
    next_cursor: str | None = None


class PlaylistPage(msgspec.Struct, frozen=True):
    """A page of playlists."""

    items: list[Playlist]
    next_cursor: str | None = None


@get("/playlists", tags=_TAGS, summary="My playlists")
async def list_playlists(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    depends: NamedDependency[Depends],
) -> PlaylistList:
    """My own and those that are shared with me, by their names."""
    async with database.read() as read:
        found, shared = await playlists.playlists(read, actor)
    depends.on(*map(playlists.tag, shared))
    return PlaylistList(found)


@get("/playlists/public", tags=_TAGS, summary="Everybody's public playlists")
async def list_public_playlists(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> PlaylistPage:
    """Those that were changed last first."""
    name = "public-playlists"
    after = cursors.decode(name, cursor, tuple[datetime, UUID]) if cursor else None
    async with database.read() as read:
        rows = await playlists.public(read, actor, after=after, limit=limit + 1)
    rows, following = cursors.cut(name, rows, limit, lambda row: (row.updated_at, row.id))
    return PlaylistPage(rows, following)


@post("/playlists", tags=_TAGS, summary="Make a playlist", idempotent=True)
async def create_playlist(
    data: JSONBody[PlaylistForm], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Playlist:
    """`private` is for its members, `unlisted` for whoever has the link, `public` for everybody."""
    async with database.write() as tx:
        return await playlists.named(tx, await playlists.create(tx, actor, data), "owner")


@post("/playlists/import", tags=_TAGS, summary="Make a playlist of a file", idempotent=True)
async def import_playlist(
    data: JSONBody[ImportForm], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Imported:
    """The text of an M3U8 or XSPF; its entries are looked for in my library, by name and length.

    `missing` are the first hundred of those that weren't found.
    """
    async with database.write() as tx:
        return await importing.bring(tx, actor, data)


@get("/playlists/{playlist_id:uuid}", tags=_TAGS, summary="One playlist")
async def get_playlist(
    playlist_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Playlist:
    """`rank` is what I may do in it; what is in it is in `/playlists/{playlist_id}/entries`."""
    async with database.read() as read:
        return await playlists.get(read, actor, playlist_id)


@patch(
    "/playlists/{playlist_id:uuid}",
    tags=_TAGS,
    summary="Change a playlist",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def change_playlist(
    playlist_id: FromPath[UUID],
    data: JSONBody[PlaylistPatch],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    if_match: NamedDependency[IfMatch],
) -> Playlist:
    """A merge patch, for its owner: its name, what is said about it, who sees it."""
    async with database.write() as tx:
        return await playlists.change(tx, actor, playlist_id, data, if_match)


@delete(
    "/playlists/{playlist_id:uuid}",
    tags=_TAGS,
    summary="Delete a playlist",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def delete_playlist(
    playlist_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    if_match: NamedDependency[IfMatch],
) -> None:
    """For its owner. Gone at once; for a day it can be restored."""
    async with database.write() as tx:
        await playlists.delete(tx, actor, playlist_id, if_match)


@post(
    "/playlists/{playlist_id:uuid}/restore",
    status_code=200,
    tags=_TAGS,
    summary="Undo the deletion of a playlist",
    idempotent=True,
)
async def restore_playlist(
    playlist_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Playlist:
    """With all that is in it and everybody who was; works for a day."""
    async with database.write() as tx:
        return await playlists.restore(tx, actor, playlist_id)


@get(
    "/playlists/{playlist_id:uuid}/export",
    tags=_TAGS,
    summary="A playlist as a file",
    media_type="text/plain",
)
async def export_playlist(
    playlist_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    file_format: _Format = "m3u8",
) -> Response[str]:
    """M3U8 or XSPF, with paths by artist and album."""
    async with database.read() as read:
        found = await playlists.access(read, actor, playlist_id)
        listed = await importing.take_out(read, actor, found)
    text = "".join(playlist_files.WRITERS[file_format](found.row.name, listed))
    name = quote(f"{found.row.name}.{file_format}", safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(text, media_type=_TYPES[file_format], headers=headers)


ROUTES = [
    list_playlists,
    list_public_playlists,
    create_playlist,
    import_playlist,
    get_playlist,
    change_playlist,
    delete_playlist,
    restore_playlist,
    export_playlist,
]
