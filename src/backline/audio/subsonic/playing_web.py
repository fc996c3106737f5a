"""What plays now: `getNowPlaying`, and `reportPlayback`, by which players tell it."""

import zlib
from collections.abc import Mapping
from typing import Final

import msgspec

from backline.audio import now_playing
from backline.audio.now_playing import Playing, Report, State
from backline.audio.subsonic import ids, system_web, things
from backline.audio.subsonic.asking import Asked, Call
from backline.audio.subsonic.faults import Code, Refused
from backline.audio.subsonic.rendering import Answer
from backline.audio.subsonic.things import Song

_MOST_MS: Final = 2**31 - 1
_MINUTE_MS: Final = 60_000
_STATES: Final[Mapping[str, State | None]] = {
    "starting": "starting",
    "playing": "playing",
    "paused": "paused",
    "stopped": None,
}
_FASTEST: Final = 16.0


class NowPlayingEntry(Song, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """A song that plays, or is paused; `player_id` tells one's players from each other."""

    username: str
    minutes_ago: int
    player_id: int
    player_name: str
    state: State
    position_ms: int
    playback_rate: float


class NowPlaying(msgspec.Struct, frozen=True):
    """All that plays."""

    entry: list[NowPlayingEntry]


async def get_now_playing(asked: Asked) -> Answer:
    """What plays on the caller's own players; what others hear is their own."""
    async with asked.platform.database.read() as read:
        found = await now_playing.current(read, asked.actor)
    name = await system_web.username(asked)
    return Answer("nowPlaying", NowPlaying([_entry(one, name) for one in found]))


async def report_playback(asked: Asked) -> Answer:
    """Keep what a player plays, and count the play once it was long enough."""
    if asked.params.text("mediaType") != "song":
        raise Refused(Code.OTHER, "Songs are played here, and nothing else.")
    said = asked.params.text("state")
    if said not in _STATES:
        raise Refused(Code.OTHER, f"The state is one of: {', '.join(_STATES)}.")
    told = Report(
        track_id=ids.of("tr", asked.params.text("mediaId")),
        state=_STATES[said] or "paused",
        position_ms=min(asked.params.number("positionMs"), _MOST_MS),
        rate=_rate(asked),
        counts=not asked.params.flag("ignoreScrobble", default=False),
    )
    tell = now_playing.stop if _STATES[said] is None else now_playing.report
    async with asked.platform.database.write() as tx:
        await tell(tx, asked.actor, player_of(asked), told)
    return Answer()


def player_of(asked: Asked) -> str:
    """The player that calls, as it calls itself."""
    return asked.params.text("c", "")


def _rate(asked: Asked) -> float:
    said = asked.params.text("playbackRate", "1")
    try:
        rate = float(said)
    except ValueError:
        rate = 0.0
    if not 0.0 < rate <= _FASTEST:
        raise Refused(Code.OTHER, f"The rate is a number above 0, {_FASTEST:.0f} at the most.")
    return rate


def _entry(one: Playing, username: str) -> NowPlayingEntry:
    song = things.song(one.track)
    return NowPlayingEntry(
        **{name: getattr(song, name) for name in song.__struct_fields__},
        username=username,
        minutes_ago=one.elapsed_ms // _MINUTE_MS,
        player_id=zlib.crc32(one.player.encode()) & _MOST_MS,
        player_name=one.player,
        state=one.state,
        position_ms=one.position_ms,
        playback_rate=one.rate,
    )


CALLS: Final = {
    "getNowPlaying": Call(get_now_playing),
    "reportPlayback": Call(report_playback, "audio:write"),
}
