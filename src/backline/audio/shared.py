"""What whoever has a share's link finds behind it: the thing, its tracks, and their sound.

They are told what it is called and who shares it, nothing else of its owner's. Of a playlist it is
what its owner has put in: what others have is theirs. Each answer asks the row anew, so none
outlives a share by more than it takes to be read.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from backline import accounts
from backline.audio import (
    albums_sql,
    entries_sql,
    playlists_sql,
    shared_files,
    shares_sql,
    sql,
    streams,
)
from backline.audio.models import Cover, Quality, StreamLink, TrackRow, Waveform
from backline.audio.playlists_sql import PlaylistRow
from backline.audio.share_links import LinkKeys, LinkToken, share_of
from backline.audio.shares_sql import ShareKind, ShareRow
from backline.audio.streams import Manifest
from backline.platform.database import Read, Write
from backline.platform.errors import Conflict, Forbidden, NotFound
from backline.platform.media.signing import MediaSigner

ENDED: Final = "This link has ended, or never was one. Ask whoever gave it to you for a new one."
_NO_TRACK: Final = "There is no such track behind this link, or no longer."


Place = tuple[Any, ...]
KEYS: Final[dict[ShareKind, Any]] = {
    "track": tuple[UUID],
    "album": tuple[int, int, str, UUID],
    "playlist": tuple[str, UUID],
}
"""What a cursor of each holds: the `place` of a track."""


class SharedToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in a share's link behind the `#`."""

    token: LinkToken


class Shared(msgspec.Struct, frozen=True):
    """What a link leads to. `track_count` and `duration_ms` are of what there is to hear."""

    kind: ShareKind
    title: str
    artist: str
    year: int | None
    owner_name: str
    description: str
    track_count: int
    duration_ms: int
    cover: Cover | None
    may_download: bool
    expires_at: datetime | None


class SharedTrack(msgspec.Struct, frozen=True):
    """A track behind a link; one that isn't ready can't be played yet, or not at all."""

    id: UUID
    title: str
    artist: str
    album: str
    duration_ms: int | None
    cover: Cover | None
    is_ready: bool


class Placed(msgspec.Struct, frozen=True):
    """Where something stands in what is shared; without its track, that is gone or another's."""

    place: Place
    track: TrackRow | None


class Opened(msgspec.Struct, frozen=True):
    """A share that counts, and what its owner is called."""

    row: ShareRow
    owner_name: str


def known(keys: LinkKeys, token: str) -> UUID:
    """The share that a token was made for, found out without a look at the database.

    Raises:
        NotFound: we haven't made it.
    """
    share_id = share_of(keys, token)
    if share_id is None:
        raise NotFound(ENDED)
    return share_id


async def open_share(read: Read, share_id: UUID) -> Opened:
    """A share that counts.

    Raises:
        NotFound: it is over, is revoked, or its owner's account is closed; as for `known`.
    """
    row = await shares_sql.opened(read, share_id)
    owner = None if row is None else await accounts.mailbox(read, row.owner_id)
    if row is None or owner is None:
        raise NotFound(ENDED)
    return Opened(row, owner.name)


async def visit(tx: Write, opened: Opened) -> None:
    """Count a visit."""
    await shares_sql.visit(tx, opened.row.owner_id, opened.row.id)


async def look(read: Read, opened: Opened, signer: MediaSigner) -> Shared:
    """What a link leads to.

    Raises:
        NotFound: the thing is gone, or in the trash.
    """
    row = opened.row
    if row.track_id is not None:
        return await _track(read, opened, row.track_id, signer)
    if row.album_id is not None:
        return await _album(read, opened, row.album_id, signer)
    if row.playlist_id is not None:
        return await _playlist(read, opened, row.playlist_id, signer)
    raise NotFound(ENDED)


async def page(read: Read, opened: Opened, *, after: Place | None, limit: int) -> list[Placed]:
    """A page of the tracks behind a link, in their order, behind the place of one.

    Raises:
        NotFound: the thing is gone, or in the trash.
    """
    row = opened.row
    if row.track_id is not None:
        one = await _only(read, row, row.track_id)
        return [Placed((one.id,), one)] if after is None else []
    if row.album_id is not None:
        return await _on_album(read, row, row.album_id, after, limit)
    if row.playlist_id is not None:
        return await _in_playlist(read, row, row.playlist_id, after, limit)
    raise NotFound(ENDED)


def shown_all(opened: Opened, placed: Sequence[Placed], signer: MediaSigner) -> list[SharedTrack]:
    """Tracks as they are answered; those that are gone are left out."""
    return [_shown(opened.row, one.track, signer) for one in placed if one.track is not None]


async def stream(
    read: Read,
    opened: Opened,
    signer: MediaSigner,
    track_id: UUID,
    *,
    quality: Quality,
    manifest: Manifest,
) -> StreamLink:
    """A signed URL to listen by, good no longer than the share is.

    Raises:
        NotFound: there is no such track behind the link.
        Forbidden: the original is asked for, and isn't given.
        Conflict: the track isn't ready, or failed.
    """
    row = await _inside(read, opened.row, track_id)
    if quality == "original" and not opened.row.may_download:
        raise Forbidden("Whoever shares this lets it be heard, and not taken along.")
    try:
        file = await streams.pick(read, row, quality, manifest)
    except Conflict:  # whose reason is for its owner
        raise Conflict("This track can't be played yet. Try again later.") from None
    made = shared_files.url(signer, opened.row, row.id, file.generation, file.name)
    return StreamLink(made.url, made.expires_at, file.content_type)


async def waveform(read: Read, opened: Opened, track_id: UUID) -> Waveform:
    """The waveform of a track behind a link.

    Raises:
        NotFound: there is no such track behind the link.
        Conflict: the track isn't ready.
    """
    return await streams.waveform_of(read, await _inside(read, opened.row, track_id))


async def _track(read: Read, opened: Opened, track_id: UUID, signer: MediaSigner) -> Shared:
    one = await _only(read, opened.row, track_id)
    return _told(
        opened,
        "track",
        one.title,
        artist=one.artist,
        year=one.year,
        track_count=1,
        duration_ms=one.duration_ms or 0,
        cover=_cover(opened.row, one, signer),
    )


async def _album(read: Read, opened: Opened, album_id: UUID, signer: MediaSigner) -> Shared:
    row = opened.row
    album = await albums_sql.album(read, row.owner_id, album_id)
    if album is None:
        raise NotFound(ENDED)
    cover = shared_files.cover(signer, row, album.cover_track_id, album.cover_generation)
    return _told(
        opened,
        "album",
        album.title,
        artist=album.artist,
        year=album.year,
        track_count=album.track_count,
        duration_ms=album.duration_ms,
        cover=cover,
    )


async def _playlist(read: Read, opened: Opened, playlist_id: UUID, signer: MediaSigner) -> Shared:
    row = opened.row
    playlist = await _known_playlist(read, row, playlist_id)
    total = await shares_sql.playlist_sum(read, row.owner_id, playlist_id)
    first = await shares_sql.cover_track(read, row.owner_id, playlist_id)
    lends = None if first is None else await sql.track(read, first, row.owner_id)
    return _told(
        opened,
        "playlist",
        playlist.name,
        track_count=total.track_count,
        duration_ms=total.duration_ms,
        cover=None if lends is None else _cover(row, lends, signer),
    )


async def _only(read: Read, row: ShareRow, track_id: UUID) -> TrackRow:
    one = await sql.track(read, track_id, row.owner_id)
    if one is None:
        raise NotFound(ENDED)
    return one


async def _known_playlist(read: Read, row: ShareRow, playlist_id: UUID) -> PlaylistRow:
    playlist = await playlists_sql.playlist(read, row.owner_id, playlist_id)
    if playlist is None or playlist.deleted_at is not None:
        raise NotFound(ENDED)
    return playlist


async def _on_album(
    read: Read, row: ShareRow, album_id: UUID, after: Place | None, limit: int
) -> list[Placed]:
    rows = await albums_sql.tracks(read, row.owner_id, album_id, after=after, limit=limit)
    if not rows and after is None:
        raise NotFound(ENDED)
    return [Placed((one.disc, one.number, one.title_key, one.id), one) for one in rows]


async def _in_playlist(
    read: Read, row: ShareRow, playlist_id: UUID, after: Place | None, limit: int
) -> list[Placed]:
    await _known_playlist(read, row, playlist_id)
    entries = await entries_sql.page(read, row.owner_id, playlist_id, after=after, limit=limit)
    ids = [one.track_id for one in entries if one.track_owner_id == row.owner_id]
    known = {one.id: one for one in await sql.tracks_of(read, row.owner_id, ids)}
    return [Placed((one.position, one.id), known.get(one.track_id)) for one in entries]


async def _inside(read: Read, row: ShareRow, track_id: UUID) -> TrackRow:
    """A track, if it is behind the link at this moment.

    Raises:
        NotFound: it isn't.
    """
    one = await sql.track(read, track_id, row.owner_id)
    if one is None or not await _has(read, row, one):
        raise NotFound(_NO_TRACK)
    return one


async def _has(read: Read, row: ShareRow, one: TrackRow) -> bool:
    if row.playlist_id is not None:
        playlist = await playlists_sql.playlist(read, row.owner_id, row.playlist_id)
        is_there = playlist is not None and playlist.deleted_at is None
        return is_there and await shares_sql.is_in(read, row.owner_id, row.playlist_id, one.id)
    return one.id == row.track_id or (row.album_id is not None and one.album_id == row.album_id)


def _told(
    opened: Opened,
    kind: ShareKind,
    title: str,
    *,
    track_count: int,
    duration_ms: int,
    cover: Cover | None,
    artist: str = "",
    year: int | None = None,
) -> Shared:
    row = opened.row
    return Shared(
        kind,
        title,
        artist,
        year,
        opened.owner_name,
        row.description,
        track_count,
        duration_ms,
        cover,
        row.may_download,
        row.expires_at,
    )


def _shown(row: ShareRow, one: TrackRow, signer: MediaSigner) -> SharedTrack:
    return SharedTrack(
        one.id,
        one.title,
        one.artist,
        one.album,
        one.duration_ms,
        _cover(row, one, signer),
        one.status == "ready",
    )


def _cover(row: ShareRow, one: TrackRow, signer: MediaSigner) -> Cover | None:
    return shared_files.cover(signer, row, one.id if one.has_cover else None, one.generation)
