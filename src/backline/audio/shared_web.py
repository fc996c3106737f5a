"""HTTP for whoever has the link of a share: no account is asked for.

The token comes in the body, never in an address: those stand in logs. Nothing of it is cached, so
what is revoked leads nowhere from the next request on.
"""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from backline.audio import shared, shares
from backline.audio.models import Quality, StreamLink, Waveform
from backline.audio.share_links import LinkKeys
from backline.audio.shared import Shared, SharedToken, SharedTrack
from backline.audio.streams import Manifest
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit
from backline.platform.media.signing import MediaSigner

_TAGS = ["audio"]
_Quality = Annotated[
    Quality, QueryParameter(description="`original` only where files may be taken along")
]
_Manifest = Annotated[Manifest, QueryParameter(name="format", description="A manifest instead")]


class SharedTrackPage(msgspec.Struct, frozen=True):
    """A page of what a link leads to."""

    items: list[SharedTrack]
    next_cursor: str | None = None


@post("/shared/look", status_code=200, tags=_TAGS, summary="What a link leads to")
async def look_at_shared(
    data: JSONBody[SharedToken],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    link_keys: NamedDependency[LinkKeys],
) -> Shared:
    """For whoever has it, and counts as a visit. 404 alike for one that never was or has ended."""
    share_id = shared.known(link_keys, data.token)
    async with database.write() as tx:
        opened = await shared.open_share(tx, share_id)
        found = await shared.look(tx, opened, signer)
        await shared.visit(tx, opened)
    return found


@post("/shared/tracks", status_code=200, tags=_TAGS, summary="The tracks behind a link")
async def list_shared_tracks(
    data: JSONBody[SharedToken],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    link_keys: NamedDependency[LinkKeys],
    limit: Limit = 100,
    cursor: Cursor = None,
) -> SharedTrackPage:
    """In their order. Of a playlist those of its owner's; a page may have fewer than `limit`."""
    share_id = shared.known(link_keys, data.token)
    async with database.read() as read:
        opened = await shared.open_share(read, share_id)
        name, (kind, _) = f"shared:{share_id}", shares.thing_of(opened.row)
        after = cursors.decode(name, cursor, shared.KEYS[kind]) if cursor else None
        rows = await shared.page(read, opened, after=after, limit=limit + 1)
    rows, following = cursors.cut(name, rows, limit, lambda one: one.place)
    return SharedTrackPage(shared.shown_all(opened, rows, signer), following)


@post(
    "/shared/tracks/{track_id:uuid}/stream",
    status_code=200,
    tags=_TAGS,
    summary="Where to listen to a track behind a link",
)
async def stream_shared(
    track_id: FromPath[UUID],
    data: JSONBody[SharedToken],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    link_keys: NamedDependency[LinkKeys],
    quality: _Quality = "medium",
    manifest: _Manifest = None,
) -> StreamLink:
    """As `/tracks/{track_id}/stream`; the URL opens nothing once the link has ended."""
    share_id = shared.known(link_keys, data.token)
    async with database.read() as read:
        opened = await shared.open_share(read, share_id)
        return await shared.stream(
            read, opened, signer, track_id, quality=quality, manifest=manifest
        )


@post(
    "/shared/tracks/{track_id:uuid}/waveform",
    status_code=200,
    tags=_TAGS,
    summary="The waveform of a track behind a link",
)
async def get_shared_waveform(
    track_id: FromPath[UUID],
    data: JSONBody[SharedToken],
    database: NamedDependency[Database],
    link_keys: NamedDependency[LinkKeys],
) -> Waveform:
    """About 1,000 pairs over the whole length."""
    share_id = shared.known(link_keys, data.token)
    async with database.read() as read:
        opened = await shared.open_share(read, share_id)
        return await shared.waveform(read, opened, track_id)


ROUTES = [look_at_shared, list_shared_tracks, stream_shared, get_shared_waveform]
