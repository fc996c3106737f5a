"""Songs that are like others, by what the jobs have found of them; and what is played most."""

from random import randrange
from typing import Final
from uuid import UUID

import msgspec

from backline.audio import albums, artists, picks
from backline.audio.discover import neighbors, paths, radio
from backline.audio.models import TrackRow
from backline.audio.subsonic import ids, things
from backline.audio.subsonic.asking import Asked, Call
from backline.audio.subsonic.lists_web import Songs
from backline.audio.subsonic.rendering import Answer
from backline.audio.subsonic.things import Song
from backline.platform.database import Read

_MOST: Final = picks.MOST
_UNKNOWN: Final = -1.0


class SonicMatch(msgspec.Struct, frozen=True):
    """A song and how alike it sounds: 1 is the same, -1 where that isn't known."""

    entry: Song
    similarity: float


async def get_similar_songs(asked: Asked) -> Answer:
    """Songs like those of an artist, or like a song or an album's."""
    return Answer("similarSongs", Songs(await _similar(asked)))


async def get_similar_songs2(asked: Asked) -> Answer:
    """Songs of an artist and of those that are like theirs."""
    return Answer("similarSongs2", Songs(await _similar(asked)))


async def get_top_songs(asked: Asked) -> Answer:
    """What has been played most of an artist."""
    params = asked.params
    limit = params.count("count", 50, _MOST)
    async with asked.platform.database.read() as read:
        if "id" in params:
            artist_id = ids.of("ar", params.text("id"))
            await artists.get(read, asked.actor, artist_id)
        else:
            artist_id = await picks.artist_called(read, asked.actor, params.text("artist"))
        if artist_id is None:
            return Answer("topSongs", Songs([]))
        rows = await picks.best_of(read, asked.actor, artist_id, limit)
    return Answer("topSongs", Songs(things.songs(rows)))


async def get_sonic_similar_tracks(asked: Asked) -> Answer:
    """The neighbours of a song of which is known how they sound, the most alike first."""
    track_id = ids.of("tr", asked.params.text("id"))
    limit = asked.params.count("count", 10, _MOST)
    async with asked.platform.database.read() as read:
        _, rows = await neighbors.similar(read, asked.actor, track_id, neighbors.MOST)
    known = [(row, row.sound) for row in rows if row.sound is not None]
    known.sort(key=lambda pair: -pair[1])
    return Answer("sonicMatch", [_match(row, sound) for row, sound in known[:limit]])


async def find_sonic_path(asked: Asked) -> Answer:
    """A way from one song to another, each like the one before it."""
    params = asked.params
    start_id = ids.of("tr", params.text("startSongId"))
    end_id = ids.of("tr", params.text("endSongId"))
    limit = params.count("count", 25, _MOST)
    async with asked.platform.database.read() as read:
        found = await paths.between(read, asked.actor, start_id, end_id, limit)
    return Answer("sonicMatch", [_match(row, sound) for row, sound in found])


def _match(row: TrackRow, sound: float | None) -> SonicMatch:
    return SonicMatch(things.song(row), _UNKNOWN if sound is None else round(sound, 4))


async def _similar(asked: Asked) -> list[Song]:
    kind, one = ids.parse(asked.params.text("id"))
    limit = asked.params.count("count", 50, _MOST)
    async with asked.platform.database.read() as read:
        rows = await _like(read, asked, kind, one, limit)
    return things.songs(rows)


async def _like(read: Read, asked: Asked, kind: ids.Kind, one: UUID, limit: int) -> list[TrackRow]:
    if kind == "tr":
        _, near = await neighbors.similar(read, asked.actor, one, limit)
        # Until the jobs have been there, what shares a genre.
        return [*near] or await picks.like_track(read, asked.actor, one, limit)
    if kind == "al":
        found = (await albums.get(read, asked.actor, one)).artist_ids
        if not found:
            return []
        artist_id = found[0]
    else:
        artist_id = ids.of("ar", ids.shown(kind, one))
    place = (randrange(radio.MOST_SEED), 0)  # noqa: S311  # no secret
    piece = await radio.of_artist(read, asked.actor, artist_id, place, limit)
    rows = [row for row, _ in piece.rows]
    return rows or await picks.like_artist(read, asked.actor, artist_id, limit)


CALLS: Final = {
    "getSimilarSongs": Call(get_similar_songs),
    "getSimilarSongs2": Call(get_similar_songs2),
    "getTopSongs": Call(get_top_songs),
    "getSonicSimilarTracks": Call(get_sonic_similar_tracks),
    "findSonicPath": Call(find_sonic_path),
}
