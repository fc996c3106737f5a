"""Songs like others, for players: by what the jobs have found, with how alike they sound."""

from typing import Any
from uuid import UUID

import pytest

from backline.audio.engine.kin import NUMBERS, RULES
from tests.audio.discovering import found, song
from tests.platform.jobs.working import execute
from tests.support.api import Api
from tests.support.subsonic import Player, player_of
from tests.support.things import Person

pytestmark = pytest.mark.slow

DESCRIBED = """
INSERT INTO track_sounds (owner_id, track_id, rules, numbers, described_at)
VALUES ($1, $2, $3, $4, now())
"""


async def sounding(person: Person, title: str, at: float, **labels: Any) -> str:
    """A track whose sound lies there."""
    track_id = await song(person, title, **labels)
    numbers = [at] * NUMBERS
    args = (UUID(person.id), UUID(track_id), RULES, numbers)
    await execute(person.api.platform.database, DESCRIBED, *args)
    return f"tr-{UUID(track_id).hex}"


def heard(matches: list[dict[str, Any]]) -> list[tuple[str, float]]:
    return [(one["entry"]["title"], one["similarity"]) for one in matches]


async def test_songs_that_sound_alike(api: Api, ada: Person, player: Player) -> None:
    one = await sounding(ada, "One", 0.0)
    near = await sounding(ada, "Near", 0.3)
    await sounding(ada, "Nearer", 0.1)
    await sounding(ada, "Far", 90.0)
    await found(api, ada)

    matches = await player("getSonicSimilarTracks", id=one)

    titles = [title for title, _ in heard(matches)]
    assert titles == ["Nearer", "Near"]
    assert all(0.6 < alike < 1 for _, alike in heard(matches))
    assert len(await player("getSonicSimilarTracks", id=one, count=1)) == 1
    assert [s["title"] for s in (await player("getSimilarSongs", id=one))["song"]] == titles
    eve = Person(api, "eve@example.org")
    await eve.sign_in()
    stranger = await player_of(eve)
    for call in ("getSonicSimilarTracks", "getSimilarSongs"):
        assert (await stranger.fails(call, id=one))["code"] == 70
    asked = {"startSongId": one, "endSongId": near}
    assert (await stranger.fails("findSonicPath", **asked))["code"] == 70


async def test_a_path_leads_from_song_to_song(api: Api, ada: Person, player: Player) -> None:
    ends = {at: await sounding(ada, f"Song {at}", 0.4 * at) for at in range(7)}
    await sounding(ada, "Far", 90.0)
    await found(api, ada)

    path = heard(await player("findSonicPath", startSongId=ends[0], endSongId=ends[6]))

    titles = [title for title, _ in path]
    assert (titles[0], titles[-1]) == ("Song 0", "Song 6")
    assert 3 <= len(titles) <= 7
    assert titles == sorted(titles)
    assert path[0][1] == 1
    assert [alike for _, alike in path] == sorted((alike for _, alike in path), reverse=True)
    short = await player("findSonicPath", startSongId=ends[0], endSongId=ends[6], count=2)
    assert [title for title, _ in heard(short)] == ["Song 0", "Song 6"]


async def test_an_artist_is_mixed_with_those_who_are_like_them(
    api: Api, ada: Person, player: Player
) -> None:
    for title, artist in (("A", "Ona"), ("B", "Pau"), ("C", "Quim")):
        await song(ada, title, artist=artist, genre="Folk" if artist != "Quim" else "Polka")
    await found(api, ada)
    [ona] = (await player("search3", query="Ona", songCount=0))["artist"]

    alike = await player.once("getSimilarSongs2", id=ona["id"])

    assert {one["title"] for one in alike["song"]} == {"A", "B"}
