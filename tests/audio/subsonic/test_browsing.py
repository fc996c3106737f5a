"""A library through a player's eyes: by tags, as folders, in lists, by words."""

from typing import Any

import pytest

from tests.audio.conftest import named
from tests.support.subsonic import Player, player_of
from tests.support.things import Person

pytestmark = pytest.mark.slow

SONGS = (
    ("Army of Me", "Björk", "Post", 1, 1995, "Electronic; Pop"),
    ("Hyperballad", "Björk", "Post", 2, 1995, "Electronic"),
    ("Jóga", "Björk", "Homogenic", 1, 1997, "Electronic"),
    ("Yesterday", "The Beatles", "Help!", 13, 1965, "Rock"),
    ("99 Luftballons", "99 Posse", "Numbers", 1, 1983, "Pop"),
)


@pytest.fixture
async def songs(ada: Person) -> dict[str, str]:
    """Ada's songs: the id of each by its title."""
    return {
        title: await named(
            ada,
            title=title,
            artist=artist,
            album=album,
            track_number=number,
            year=year,
            genre=genre,
        )
        for title, artist, album, number, year, genre in SONGS
    }


def titles(found: list[dict[str, Any]]) -> list[str]:
    return [one.get("title") or one["name"] for one in found]


def song_id(track_id: str) -> str:
    return f"tr-{track_id.replace('-', '')}"


async def test_from_artist_to_song(player: Player, ada: Person, songs: dict[str, str]) -> None:
    found = await player("getArtists")
    by_letter = {one["name"]: titles(one["artist"]) for one in found["index"]}
    bjork = next(one for one in found["index"] if one["name"] == "B")["artist"]
    artist = await player("getArtist", id=next(a["id"] for a in bjork if a["name"] == "Björk"))
    album = await player("getAlbum", id=artist["album"][0]["id"])
    song = await player("getSong", id=song_id(songs["Hyperballad"]))

    assert by_letter == {"#": ["99 Posse"], "B": ["The Beatles", "Björk"]}
    assert (artist["albumCount"], titles(artist["album"])) == (2, ["Post", "Homogenic"])
    assert (album["songCount"], titles(album["song"])) == (2, ["Army of Me", "Hyperballad"])
    assert album["genres"] == [{"name": "Electronic"}, {"name": "Pop"}]
    assert album["song"][1] == song
    assert (song["albumId"], song["artistId"]) == (album["id"], artist["id"])
    assert (song["track"], song["year"], song["genre"]) == (2, 1995, "Electronic")
    await _as_folders(player)
    await _of_others(player, ada)
    await _information(player, artist["id"], album["id"], song["id"])


async def _as_folders(player: Player) -> None:
    indexes = await player("getIndexes")
    beatles = next(one for one in indexes["index"] if one["name"] == "B")["artist"][0]
    top = await player("getMusicDirectory", id="1")
    albums = await player("getMusicDirectory", id=beatles["id"])
    inside = await player("getMusicDirectory", id=albums["child"][0]["id"])

    assert titles(top["child"]) == ["99 Posse", "The Beatles", "Björk"]
    assert (albums["name"], titles(albums["child"])) == ("The Beatles", ["Help!"])
    assert albums["child"][0]["isDir"] is True
    assert (inside["parent"], titles(inside["child"])) == (beatles["id"], ["Yesterday"])


async def _of_others(player: Player, ada: Person) -> None:
    bob = Person(ada.api, "bob@example.org")
    await bob.sign_in()
    stranger = await player_of(bob)
    artists = (await player("getArtists"))["index"][0]["artist"]
    album = (await player("getAlbumList2", type="newest"))["album"][0]

    assert (await stranger("getArtists"))["index"] == []
    assert (await stranger("search3", query=""))["song"] == []
    for call, thing in (
        ("getArtist", artists[0]["id"]),
        ("getAlbum", album["id"]),
        ("getMusicDirectory", album["id"]),
        ("getAlbumInfo2", album["id"]),
        ("getArtistInfo2", artists[0]["id"]),
        ("getSimilarSongs2", artists[0]["id"]),
        ("getTopSongs", artists[0]["id"]),
        ("getSong", "tr-" + "0" * 32),
        ("getAlbum", "what"),
        ("getAlbum", artists[0]["id"]),
    ):
        assert (await stranger.fails(call, id=thing))["code"] == 70, call


async def _information(player: Player, artist: str, album: str, song: str) -> None:
    for one in (artist, album, song):
        assert await player("getArtistInfo", id=one) == {}
        assert await player("getArtistInfo2", id=one) == {}
    for one in (album, song):
        assert await player("getAlbumInfo2", id=one) == {}
    alike = await player.once("getSimilarSongs2", id=artist, count=2)
    assert len(alike["song"]) == 2
    beside = await player.once("getSimilarSongs", id=song)
    assert {one["title"] for one in beside["song"]} == {"Army of Me", "Jóga"}


async def test_lists_and_searches(player: Player, ada: Person, songs: dict[str, str]) -> None:
    async def albums(**params: Any) -> list[str]:
        found = await player("getAlbumList2", **params)
        assert titles((await player("getAlbumList", **params))["album"]) == titles(found["album"])
        return titles(found["album"])

    assert await albums(type="alphabeticalByName") == ["Help!", "Homogenic", "Numbers", "Post"]
    assert await albums(type="alphabeticalByName", size=2, offset=1) == ["Homogenic", "Numbers"]
    by_artist = await albums(type="alphabeticalByArtist")
    assert by_artist == ["Numbers", "Help!", "Homogenic", "Post"]
    assert await albums(type="newest", size=1) == ["Numbers"]
    assert await albums(type="byYear", fromYear=1990, toYear=1996) == ["Post"]
    assert await albums(type="byYear", fromYear=1996, toYear=1980) == ["Post", "Numbers"]
    assert await albums(type="byGenre", genre="pop") == ["Numbers", "Post"]
    assert await albums(type="byGenre", genre="Polka") == []
    some = await player.once("getAlbumList2", type="random", size=3)
    assert len(set(titles(some["album"]))) == 3
    assert (await player.fails("getAlbumList2", type="odd"))["code"] == 0
    assert (await player.fails("getAlbumList2", type="byYear", toYear=1))["code"] == 10
    await _thought_of(player, ada, songs, albums)

    genres = (await player("getGenres"))["genre"]
    assert {"value": "Electronic", "songCount": 3, "albumCount": 2} in genres
    pop = await player("getSongsByGenre", genre="Pop", count=1, offset=1)
    assert titles(pop["song"]) == ["Army of Me"]
    random = await player.once("getRandomSongs", size=2, genre="Electronic", fromYear=1996)
    assert titles(random["song"]) == ["Jóga"]
    assert len((await player.once("getRandomSongs", size=500))["song"]) == 5
    await _found(player)


async def _thought_of(player: Player, ada: Person, songs: dict[str, str], albums: Any) -> None:
    post = next(
        one for one in (await ada.get("/albums?limit=50")).json()["items"] if one["title"] == "Post"
    )
    for path in (songs["Jóga"], f"albums/{post['id']}"):
        (await ada.client.put(f"/api/v1/favorites/{path}")).raise_for_status()
    rated = f"/api/v1/tracks/{songs['Yesterday']}/rating"
    (await ada.client.put(rated, json={"rating": 5})).raise_for_status()

    starred = await player("getStarred2")
    assert (titles(starred["album"]), titles(starred["song"])) == (["Post"], ["Jóga"])
    assert starred["song"][0]["starred"].endswith("Z")
    assert titles((await player("getStarred"))["album"]) == ["Post"]
    assert await albums(type="starred") == ["Post"]
    assert await albums(type="highest") == ["Help!"]
    assert await albums(type="frequent") == await albums(type="recent") == []
    assert (await player("getTopSongs", artist="Björk"))["song"] == []


async def _found(player: Player) -> None:
    found = await player("search3", query="bjork")
    assert (titles(found["artist"]), len(found["album"])) == (["Björk"], 2)
    assert {one["title"] for one in found["song"]} == {"Army of Me", "Hyperballad", "Jóga"}
    assert titles((await player("search2", query="help*"))["album"]) == ["Help!"]
    assert (await player("search3", query="?!"))["song"] == []
    seen: list[str] = []
    for query in ("", '""'):
        seen.clear()
        for offset in range(0, 8, 2):
            counts = {"artistCount": 0, "albumCount": 0, "songCount": 2, "songOffset": offset}
            page = await player("search3", query=query, **counts)
            assert page["artist"] == page["album"] == []
            seen += titles(page["song"])
        assert seen == ["99 Luftballons", "Army of Me", "Hyperballad", "Jóga", "Yesterday"]


async def test_words_of_songs(player: Player, ada: Person) -> None:
    track_id = await named(ada, title="Jóga", artist="Björk")
    nothing = await player("getLyricsBySongId", id=song_id(track_id))
    words = {"text": "[00:01.50]All these\n[00:04.00]accidents"}
    (await ada.client.put(f"/api/v1/tracks/{track_id}/lyrics", json=words)).raise_for_status()

    found = await player("getLyricsBySongId", id=song_id(track_id))
    old = await player("getLyrics", artist="bjork", title="joga")

    assert nothing == {"structuredLyrics": []}
    assert found["structuredLyrics"][0]["synced"] is True
    assert found["structuredLyrics"][0]["line"] == [
        {"value": "All these", "start": 1500},
        {"value": "accidents", "start": 4000},
    ]
    assert old["value"] == "All these\naccidents"
    assert await player("getLyrics", artist="Nobody", title="x") == {"value": ""}
