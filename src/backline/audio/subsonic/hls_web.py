"""`hls.m3u8`: a track's renditions as an adaptive playlist, by addresses that need no login."""

from collections.abc import Sequence
from typing import Final

from backline.audio import sounds
from backline.audio.sounds import RUNGS, Sound
from backline.audio.subsonic import heard_files, ids
from backline.audio.subsonic.asking import Asked, Call, Sends
from backline.audio.subsonic.faults import Code, Refused
from backline.audio.subsonic.media_web import sound_of
from backline.platform.errors import Conflict
from backline.platform.http.asgi import Receive, Scope, Send, send_answer

_MASTER: Final = "master.m3u8"
_ENTRY: Final = "#EXT-X-STREAM-INF:"
_MOST_BYTES: Final = 64 * 1024
_HEADERS: Final = [
    (b"content-type", b"application/vnd.apple.mpegurl"),
    (b"cache-control", b"private, no-cache"),
]


async def hls(asked: Asked) -> Sends:
    """A playlist of the renditions that come nearest to the bit rates that are asked for."""
    sound = await sound_of(asked, ids.of("tr", asked.params.text("id")))
    rungs = _chosen(sound, [_kbps(said) for said in asked.params.many("bitRate")])
    if not rungs or sound.row.generation is None:
        raise Conflict(sound.row.error or "This track has no renditions yet. Stream it instead.")
    master = sounds.rendition(sound, _MASTER)
    size_bytes = min(master.size_bytes, _MOST_BYTES)
    parts = asked.platform.storage.open_range(master.key, 0, size_bytes)
    text = b"".join([part async for part in parts]).decode()
    where = heard_files.folder(asked.platform.signer, asked.actor, sound, sound.row.generation)
    body = _signed(text, where, rungs).encode()

    async def send_playlist(scope: Scope, _receive: Receive, send: Send) -> None:
        await send_answer(scope, send, 200, _HEADERS, body)

    return send_playlist


def _kbps(said: str) -> int:
    """`128`, or `1000@480x360` as it is asked of films."""
    number = said.partition("@")[0].strip()
    if not (number.isascii() and number.isdigit() and len(number) <= 9):  # noqa: PLR2004
        raise Refused(Code.OTHER, "The parameter 'bitRate' is a number of kilobits per second.")
    return int(number)


def _chosen(sound: Sound, wanted_kbps: Sequence[int]) -> set[str]:
    """For each bit rate the best rendition within it, or the lowest; all where none is said."""
    rates = sound.rungs_kbps
    wanted = [kbps for kbps in wanted_kbps if kbps]
    if not wanted or not rates:
        return set(rates)
    chosen: set[str] = set()
    for kbps in wanted:
        fitting = [name for name in RUNGS if rates[name] <= kbps * 1.03]
        chosen.add(fitting[-1] if fitting else RUNGS[0])
    return chosen


def _signed(master: str, folder: str, rungs: set[str]) -> str:
    """The playlist with those entries alone, each by an address that is a permission."""
    lines: list[str] = []
    entry = None
    for line in master.splitlines():
        if line.startswith(_ENTRY):
            entry = line
        elif entry is not None:
            if line.removesuffix(".m3u8") in rungs:
                lines += [entry, f"{folder}/{line}"]
            entry = None
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


CALLS: Final = {"hls.m3u8": Call(hls), "hls": Call(hls)}
