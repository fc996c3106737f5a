"""The extension `transcoding`: `getTranscodeDecision`, `getTranscodeStream` as it was decided."""

from collections.abc import AsyncGenerator
from typing import Final

from backline.audio import sounds
from backline.audio.engine.fragments import needed_from
from backline.audio.engine.ladder import RungName
from backline.audio.sounds import Sound
from backline.audio.subsonic import client_info, deciding, ids
from backline.audio.subsonic.asking import Asked, Call, Sends
from backline.audio.subsonic.faults import Code, Refused
from backline.audio.subsonic.media_web import given, sound_of
from backline.audio.subsonic.rendering import Answer
from backline.audio.transcoding import Source, source_of
from backline.platform.errors import Conflict
from backline.platform.http.asgi import Receive, Scope, Send
from backline.platform.media.making import send_made

_MOST_PLAYLIST_BYTES: Final = 4 << 20


async def get_transcode_decision(asked: Asked) -> Answer:
    """How the player that calls may hear a song, by what it says that it can play."""
    info = client_info.parse(asked.body)
    sound = await _sound(asked)
    return Answer("transcodeDecision", deciding.decide(sound, await _source(asked, sound), info))


async def get_transcode_stream(asked: Asked) -> Sends:
    """A song as it was decided, from a second on."""
    choice = deciding.chosen(asked.params.text("transcodeParams"))
    offset_s = asked.params.number("offset", 0)
    sound = await _sound(asked)
    if isinstance(choice, str) and offset_s:
        return await _rest_of(asked, sound, choice, offset_s)
    return await given(asked, sound, choice, offset_s, tells_length=False)


async def _sound(asked: Asked) -> Sound:
    if asked.params.text("mediaType") != "song":
        raise Refused(Code.NOT_FOUND, "Songs are played here, and nothing else.")
    return await sound_of(asked, ids.of("tr", asked.params.text("mediaId")))


async def _source(asked: Asked, sound: Sound) -> Source | None:
    """What could be converted, if this server converts."""
    if asked.playing.transcoder is None:
        return None
    try:
        async with asked.platform.database.read() as read:
            return await source_of(read, sound.row)
    except Conflict:
        return None


async def _rest_of(asked: Asked, sound: Sound, rung: RungName, offset_s: int) -> Sends:
    """A rendition's header and its fragments from a second on: these know their place."""
    if sound.duration_s is not None and offset_s >= sound.duration_s:
        raise Refused(Code.OTHER, "The track ends before this offset.")
    file, playlist = sounds.rendition(sound, f"{rung}.m4a"), sounds.rendition(sound, f"{rung}.m3u8")
    storage = asked.platform.storage
    listed = storage.open_range(playlist.key, 0, min(playlist.size_bytes, _MOST_PLAYLIST_BYTES))
    needed = needed_from(b"".join([part async for part in listed]).decode(), offset_s)
    headers = [
        (b"content-type", b"audio/mp4"),
        (b"cache-control", b"private, no-store"),
        (b"accept-ranges", b"none"),
    ]
    size_bytes = needed.header_bytes + file.size_bytes - needed.start

    async def pieces() -> AsyncGenerator[bytes]:
        for start, end in ((0, needed.header_bytes), (needed.start, file.size_bytes)):
            async for piece in storage.open_range(file.key, start, end):
                yield piece

    async def send_rest(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD":
            length = (b"content-length", b"%d" % size_bytes)
            start = {"type": "http.response.start", "status": 200, "headers": [*headers, length]}
            await send(start)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        made = pieces()

        async def read() -> bytes:
            return await anext(made, b"")

        try:
            await send_made(read, headers, receive, send, size_bytes=size_bytes)
        finally:
            await made.aclose()

    return send_rest


CALLS: Final = {
    "getTranscodeDecision": Call(get_transcode_decision),
    "getTranscodeStream": Call(get_transcode_stream),
}
