"""What people think of their music and what they play: `star`, `setRating`, `scrobble`."""

import time
from datetime import UTC, datetime
from typing import Final

from backline.audio import listening, now_playing, plays
from backline.audio.now_playing import Report
from backline.audio.plays import PlayForm
from backline.audio.subsonic import ids, playing_web
from backline.audio.subsonic.asking import Asked, Call
from backline.audio.subsonic.faults import Code, Refused
from backline.audio.subsonic.rendering import Answer
from backline.platform.database import Write

_MOST: Final = 500  # at once
_MOST_STARS: Final = 5
_WHOLE_MS: Final = 2**31 - 1
_AGAIN_S: Final = 30
_LAST_MS: Final = 4_102_444_800_000  # the year 2100


async def star(asked: Asked) -> Answer:
    """Make songs, albums and artists favourites."""
    return await _favor(asked, is_favorite=True)


async def unstar(asked: Asked) -> Answer:
    """Make them favourites no longer."""
    return await _favor(asked, is_favorite=False)


async def set_rating(asked: Asked) -> Answer:
    """Give a song from 1 to 5 stars; 0 takes them back."""
    kind, one = ids.parse(asked.params.text("id"))
    rating = asked.params.number("rating")
    if rating > _MOST_STARS:
        raise Refused(Code.OTHER, f"There are {_MOST_STARS} stars at the most.")
    if kind != "tr":
        raise Refused(Code.OTHER, "Stars are for songs alone. Make it a favourite instead.")
    async with asked.platform.database.write() as tx:
        await listening.rate_track(tx, asked.actor, one, rating or None)
    return Answer()


async def scrobble(asked: Asked) -> Answer:
    """Count plays, each once however often it is told; what only begins plays now.

    A play is known by its song and when it began, or within half a minute where that isn't said.
    """
    wanted = _bounded(asked, "id")
    if not wanted:
        raise Refused(Code.MISSING, "The parameter 'id' is missing.")
    if not asked.params.flag("submission", default=True):
        begun = Report(ids.of("tr", wanted[-1]), "playing", 0, counts=False)
        async with asked.platform.database.write() as tx:
            await now_playing.report(tx, asked.actor, playing_web.player_of(asked), begun)
        return Answer()
    times_ms = asked.params.numbers("time")
    now_s = int(time.time())
    async with asked.platform.database.write() as tx:
        for at, said in enumerate(wanted):
            track_id = ids.of("tr", said)
            if at < len(times_ms):
                began_s, mark = min(times_ms[at], _LAST_MS) / 1000, f"{times_ms[at]}"
            else:
                began_s, mark = now_s, f"s{now_s // _AGAIN_S}"
            began_at = datetime.fromtimestamp(began_s, UTC)
            form = PlayForm(track_id, f"{track_id.hex}-{mark}", began_at, _WHOLE_MS)
            await plays.tell(tx, asked.actor, form)
    return Answer()


async def _favor(asked: Asked, *, is_favorite: bool) -> Answer:
    said = [one for name in ("id", "albumId", "artistId") for one in _bounded(asked, name)]
    if not said:
        raise Refused(Code.MISSING, "The parameter 'id' is missing.")
    async with asked.platform.database.write() as tx:
        for one in said:
            await _favor_one(tx, asked, one, is_favorite=is_favorite)
    return Answer()


async def _favor_one(tx: Write, asked: Asked, said: str, *, is_favorite: bool) -> None:
    kind, one = ids.parse(said)
    if kind == "tr":
        await listening.favor_track(tx, asked.actor, one, is_favorite=is_favorite)
    elif kind == "al":
        await listening.favor_album(tx, asked.actor, one, is_favorite=is_favorite)
    else:
        artist_id = ids.of("ar", said)
        await listening.favor_artist(tx, asked.actor, artist_id, is_favorite=is_favorite)


def _bounded(asked: Asked, name: str) -> list[str]:
    said = list(asked.params.many(name))
    if len(said) > _MOST:
        raise Refused(Code.OTHER, f"A call changes {_MOST} things at the most.")
    return said


CALLS: Final = {
    "star": Call(star, "audio:write"),
    "unstar": Call(unstar, "audio:write"),
    "setRating": Call(set_rating, "audio:write"),
    "scrobble": Call(scrobble, "audio:write"),
}
