"""What players change: favourites, stars, plays, playlists."""

import pytest

from tests.audio.conftest import named
from tests.support.audio_things import playable_track
from tests.support.subsonic import Player, player_of
from tests.support.things import Person

pytestmark = pytest.mark.slow


def song_id(track_id: str) -> str:
    return f"tr-{track_id.replace('-', '')}"


async def test_favourites_stars_and_plays(player: Player, ada: Person) -> None:
    song = song_id(await named(ada, title="Jóga", artist="Björk", album="Homogenic"))
    there = await player("getSong", id=song)
    await player("star", id=song, albumId=there["albumId"], artistId=there["artistId"])
    await player("setRating", id=song, rating=4)
    starred = await player("getStarred2")
    assert [len(starred[kind]) for kind in ("artist", "album", "song")] == [1, 1, 1]
    assert starred["song"][0]["userRating"] == 4

    await player("unstar", id=[song, there["albumId"], there["artistId"]])
    await player("setRating", id=song, rating=0)
    assert await player("getStarred2") == {"artist": [], "album": [], "song": []}
    assert "userRating" not in await player("getSong", id=song)

    played = song_id(await playable_track(ada))
    for _ in range(2):
        await player("scrobble", id=played, time=1_700_000_000_000)
        await player("scrobble", id=played, submission="false")
    assert (await player("getSong", id=played))["playCount"] == 1
    assert (await player("getSong", id=played))["played"] == "2023-11-14T22:13:20.000Z"
    assert (await player.fails("scrobble", id="tr-" + "0" * 32))["code"] == 70
    assert (await player.fails("setRating", id=song, rating=6))["code"] == 0
    assert (await player.fails("star"))["code"] == 10
    reader = await player_of(ada, "audio:read")
    assert (await reader.fails("star", id=song))["code"] == 50


async def test_playlists_are_made_filled_and_deleted(player: Player, ada: Person) -> None:
    songs = [song_id(await named(ada, title=title)) for title in ("One", "Two", "Three")]
    made = await player.once("createPlaylist", name="Van", songId=[songs[1], songs[0]])
    playlist = made["id"]
    change = {"name": "Bus", "comment": "For the road", "public": "true", "songIdToAdd": songs[2]}
    assert (await player.once("updatePlaylist", playlistId=playlist, **change)) is None
    await player.once("updatePlaylist", playlistId=playlist, songIndexToRemove=0)

    found = await player("getPlaylist", id=playlist)
    listed = (await player("getPlaylists"))["playlist"]

    assert [one["title"] for one in made["entry"]] == ["Two", "One"]
    assert [one["title"] for one in found["entry"]] == ["One", "Three"]
    assert (found["name"], found["comment"], found["public"]) == ("Bus", "For the road", True)
    assert (listed[0]["songCount"], listed[0]["owner"]) == (2, player.name)
    again = await player.once("createPlaylist", playlistId=playlist, songId=songs[2])
    assert [one["title"] for one in again["entry"]] == ["Three"]
    assert (await player.fails("updatePlaylist", playlistId=playlist, songIndexToRemove=9)) == {
        "code": 70,
        "message": "There is no song at this place.",
    }
    assert (await player.fails("createPlaylist", name=" "))["code"] == 0
    bob = Person(ada.api, "bob@example.org")
    await bob.sign_in()
    stranger = await player_of(bob)
    assert (await stranger("getPlaylists"))["playlist"] == []
    assert (await stranger.fails("deletePlaylist", id=playlist))["code"] in (50, 70)
    await player.once("deletePlaylist", id=playlist)
    assert (await player.fails("getPlaylist", id=playlist))["code"] == 70
