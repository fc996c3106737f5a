"""Sound and pictures as bytes: `stream`, `download`, `getCoverArt`. None of them redirects."""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

import msgspec

from backline.audio import albums, artists, entries, files, naming, playlists, sounds, tracks
from backline.audio.covers import prefix
from backline.audio.engine.findings import LARGE_NAME, SMALL_NAME
from backline.audio.engine.transcode import Target, most_bytes
from backline.audio.models import TrackRow
from backline.audio.sounds import Sound
from backline.audio.subsonic import ids
from backline.audio.subsonic.asking import Asked, Call, Sends
from backline.audio.subsonic.choosing import ORIGINAL, Choice, Wish, choose
from backline.audio.subsonic.faults import Code, Refused
from backline.audio.transcoding import Source, source_of
from backline.platform.database import Read
from backline.platform.errors import NotFound, Unavailable
from backline.platform.http.asgi import Receive, Scope, Send
from backline.platform.media import StoredFile
from backline.platform.media.making import send_made

_SMALL_PX: Final = 200
_COVER_KEPT_S: Final = 24 * 3600
_FEW_ENTRIES: Final = 50
_NO_COVER: Final = "There is no cover for this."


async def stream(asked: Asked) -> Sends:
    """A track's sound: as it came, as a rendition, or converted while it is listened to."""
    params = asked.params
    wish = Wish(
        params.text("format", "").lower(),
        params.number("maxBitRate", 0),
        params.number("timeOffset", 0),
    )
    sound = await sound_of(asked, ids.of("tr", params.text("id")))
    length = params.flag("estimateContentLength", default=False)
    return await given(asked, sound, choose(sound, wish), wish.offset_s, tells_length=length)


async def download(asked: Asked) -> Sends:
    """The original, under a name that people understand."""
    track_id = ids.of("tr", asked.params.text("id"))
    async with asked.platform.database.read() as read:
        row = await tracks.get(read, asked.actor, track_id)
        file = await sounds.original(read, row, asked.playing.folders)
    named = msgspec.structs.replace(file, download_name=naming.single_name(naming.called(row)))
    return file_of(asked, named)


async def get_cover_art(asked: Asked) -> Sends:
    """The cover of a song, an album, an artist or a playlist: 160 or 640 pixels, as WebP."""
    kind, one = ids.parse(asked.params.text("id"))
    size_px = asked.params.number("size", 0)
    name = SMALL_NAME if 0 < size_px <= _SMALL_PX else LARGE_NAME
    async with asked.platform.database.read() as read:
        owner_id, track_id, generation = await _COVERS[kind](read, asked, one)
    where = prefix(owner_id, track_id, generation)
    file = await files.resolve(asked.platform.database, where, name)
    if file is None:
        raise NotFound(_NO_COVER)
    return file_of(asked, file, kept_s=_COVER_KEPT_S)


async def sound_of(asked: Asked, track_id: UUID) -> Sound:
    """What a track of whoever calls sounds like.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    async with asked.platform.database.read() as read:
        return await sounds.of(read, await tracks.get(read, asked.actor, track_id))


async def given(
    asked: Asked, sound: Sound, choice: Choice, offset_s: int, *, tells_length: bool
) -> Sends:
    """What was chosen of a track, as bytes; only what is converted begins at an offset.

    Raises:
        Refused: the offset lies behind its end.
        Conflict: it can't be played yet.
        Unavailable: this server converts nothing.
    """
    if choice == ORIGINAL:
        async with asked.platform.database.read() as read:
            return file_of(asked, await sounds.original(read, sound.row, asked.playing.folders))
    if not isinstance(choice, Target):
        return file_of(asked, sounds.rendition(sound, f"{choice}.m4a"))
    if sound.duration_s is not None and offset_s >= sound.duration_s:
        raise Refused(Code.OTHER, "The track ends before this offset.")
    async with asked.platform.database.read() as read:
        source = await source_of(read, sound.row)
    return _made(asked, source, choice, offset_s, tells_length=tells_length)


def file_of(asked: Asked, file: StoredFile, *, kept_s: int = 0) -> Sends:
    """A file as it lies there, with ranges and conditions."""

    async def send_file(scope: Any, receive: Any, send: Any) -> None:
        await asked.playing.files.give(scope, receive, send, file, kept_s=kept_s)

    return send_file


def _made(
    asked: Asked, source: Source, wanted: Target, offset_s: int, *, tells_length: bool
) -> Sends:
    transcoder = asked.playing.transcoder
    if transcoder is None:
        raise Unavailable("This server converts nothing. Ask for the original: format=raw.")
    size_bytes = most_bytes(source.feed, wanted, offset_s) if tells_length else None
    headers = [
        (b"content-type", wanted.content_type.encode()),
        (b"cache-control", b"private, no-store"),
        (b"accept-ranges", b"none"),
    ]

    async def send_sound(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD":
            length = [] if size_bytes is None else [(b"content-length", b"%d" % size_bytes)]
            start = {"type": "http.response.start", "status": 200, "headers": [*headers, *length]}
            await send(start)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        listening = transcoder.listening(asked.actor.user_id, source, wanted, offset_s)
        async with listening as heard:
            await send_made(heard.read, headers, receive, send, size_bytes=size_bytes)

    return send_sound


_Cover = tuple[UUID, UUID, str]


def _cover_of(owner_id: UUID, track_id: UUID | None, generation: str | None) -> _Cover:
    if track_id is None or generation is None:
        raise NotFound(_NO_COVER)
    return owner_id, track_id, generation


def _cover_of_row(row: TrackRow) -> _Cover:
    return _cover_of(row.owner_id, row.id if row.has_cover else None, row.generation)


async def _of_track(read: Read, asked: Asked, one: UUID) -> _Cover:
    return _cover_of_row(await tracks.get(read, asked.actor, one))


async def _of_album(read: Read, asked: Asked, one: UUID) -> _Cover:
    row = await albums.get(read, asked.actor, one)
    return _cover_of(row.owner_id, row.cover_track_id, row.cover_generation)


async def _of_artist(read: Read, asked: Asked, one: UUID) -> _Cover:
    row = await artists.get(read, asked.actor, one)
    return _cover_of(asked.actor.user_id, row.cover_track_id, row.cover_generation)


async def _of_playlist(read: Read, asked: Asked, one: UUID) -> _Cover:
    """The first cover that is found in it."""
    found = await playlists.access(read, asked.actor, one)
    rows = await entries.page(read, found, after=None, limit=_FEW_ENTRIES)
    known = await entries.tracks_of(read, asked.actor, rows)
    for row in rows:
        track = known.get(row.track_id)
        if track is not None and track.has_cover:
            return _cover_of_row(track)
    raise NotFound(_NO_COVER)


_COVERS: Final[dict[ids.Kind, Callable[[Read, Asked, UUID], Awaitable[_Cover]]]] = {
    "tr": _of_track,
    "al": _of_album,
    "ar": _of_artist,
    "pl": _of_playlist,
}

CALLS: Final = {
    "stream": Call(stream),
    "download": Call(download),
    "getCoverArt": Call(get_cover_art),
}
