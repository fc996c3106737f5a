"""Artists, albums and genres over HTTP: made of what tracks are called, counted, listed."""

import json
from typing import Any
from uuid import UUID

import pytest

from backline.audio import filing
from backline.audio.jobs import file_all
from tests.audio.conftest import named
from tests.support.api import Api
from tests.support.things import Person

pytestmark = pytest.mark.slow


async def items(person: Person, path: str, **query: Any) -> list[dict[str, Any]]:
    answer = await person.client.get(f"/api/v1{path}", params=query)
    return answer.raise_for_status().json()["items"]


async def patched(person: Person, track_id: str, **labels: Any) -> None:
    answer = await person.client.patch(f"/api/v1/tracks/{track_id}", json=labels)
    answer.raise_for_status()


async def tagged(person: Person, **tags: Any) -> str:
    """A track named as its tags say."""
    labels = {
        name: tags[name] for name in ("title", "artist", "album", "album_artist") if name in tags
    }
    track_id = await named(person, **labels)
    async with person.api.platform.database.write() as tx:
        await tx.execute(
            "UPDATE tracks SET tags = $2 WHERE id = $1", UUID(track_id), json.dumps(tags)
        )
        await filing.file(tx, UUID(person.id), [UUID(track_id)])
    return track_id


async def test_tracks_are_filed_under_artists_albums_and_genres(ada: Person) -> None:
    one = await named(ada, title="A", artist="Ona", album="Sky", genre="Folk; Pop", year=2021)
    two = await named(
        ada, title="B", artist="Ona feat. Björk", album="Sky", genre="Folk", year=2021
    )

    [album] = await items(ada, "/albums")
    found = await items(ada, "/artists")
    genres = await items(ada, "/genres", sort="-track_count")
    track = (await ada.get(f"/tracks/{two}")).json()

    assert (album["title"], album["artist"], album["track_count"], album["year"]) == (
        "Sky",
        "Ona",
        2,
        2021,
    )
    assert [(a["name"], a["track_count"], a["album_count"]) for a in found] == [
        ("Björk", 1, 0),
        ("Ona", 2, 1),
    ]
    assert [(g["name"], g["track_count"], g["album_count"]) for g in genres] == [
        ("Folk", 2, 1),
        ("Pop", 1, 1),
    ]
    assert track["album_id"] == album["id"]
    assert [one["name"] for one in track["artists"]] == ["Ona", "Björk"]
    assert [a["name"] for a in await items(ada, "/artists", has_albums=True)] == ["Ona"]
    guest = {"artist_id": found[0]["id"]}
    assert await items(ada, "/albums", **guest) == []
    assert [a["title"] for a in await items(ada, "/albums", **guest, role="guest")] == ["Sky"]
    assert [t["id"] for t in await items(ada, "/tracks", **guest)] == [two]
    assert [t["id"] for t in await items(ada, "/tracks", genre_id=genres[1]["id"])] == [one]


async def test_a_track_by_another_title_stays_with_its_artists_but_for_guests_whom_it_names(
    ada: Person,
) -> None:
    one = await named(ada, title="Zebra", artist="Ona", album="Sky")
    two = await named(ada, title="Moon", artist="Ona", album="Sky")

    await patched(ada, one, title="Anthem")
    titles = [track["title"] for track in await items(ada, "/tracks", sort="title")]
    alone = [artist["name"] for artist in await items(ada, "/artists")]
    await patched(ada, two, title="Moon (feat. Björk)")
    together = [artist["name"] for artist in await items(ada, "/artists")]
    await patched(ada, two, title="Moon")

    assert titles == ["Anthem", "Moon"]
    assert alone == ["Ona"]
    assert together == ["Björk", "Ona"]
    assert [artist["name"] for artist in await items(ada, "/artists")] == ["Ona"]
    assert [track["id"] for track in await items(ada, "/tracks", q="anthem")] == [one]


async def test_an_album_has_its_tracks_by_disc(ada: Person) -> None:
    places = [(None, 2), (2, 1), (None, None), (1, 1), (2, 10), (2, 9)]
    ids = [
        await named(ada, title="T", album="Sky", disc_number=disc, track_number=number)
        for disc, number in places
    ]
    [album] = await items(ada, "/albums")

    details = (await ada.get(f"/albums/{album['id']}")).json()
    seen: list[str] = []
    where = f"/albums/{album['id']}/tracks?limit=4"
    page = (await ada.get(where)).json()
    seen += [one["id"] for one in page["items"]]
    page = (await ada.get(f"{where}&cursor={page['next_cursor']}")).json()
    seen += [one["id"] for one in page["items"]]

    assert [ids.index(one) for one in seen] == [3, 0, 2, 1, 5, 4]
    assert page["next_cursor"] is None
    assert [(disc["number"], disc["track_count"]) for disc in details["discs"]] == [(1, 3), (2, 3)]


async def test_what_is_deleted_isnt_counted_and_what_is_restored_finds_its_album(
    ada: Person,
) -> None:
    track_id = await named(ada, title="A", artist="Ona", album="Sky", genre="Folk")
    [before] = await items(ada, "/albums")

    await ada.client.delete(f"/api/v1/tracks/{track_id}")
    gone = [await items(ada, path) for path in ("/albums", "/artists", "/genres")]
    missing = await ada.client.get(f"/api/v1/albums/{before['id']}")
    await ada.post(f"/tracks/{track_id}/restore")

    assert gone == [[], [], []]
    assert missing.status_code == 404
    assert [one["id"] for one in await items(ada, "/albums")] == [before["id"]]
    assert [one["track_count"] for one in await items(ada, "/artists")] == [1]


async def test_an_album_that_is_renamed_as_a_whole_stays_the_same_and_undo_takes_it_back(
    ada: Person,
) -> None:
    ids = [
        await named(ada, title="A", artist=artist, album="Sky", album_artist="Ona")
        for artist in ("Ona", "Una")
    ]
    [before] = await items(ada, "/albums")

    form = {"track_ids": ids, "album": "Heaven", "artist": "Ona"}
    answer = (await ada.client.patch("/api/v1/tracks/batch", json=form)).raise_for_status().json()
    [renamed] = await items(ada, "/albums")
    for undo in answer["undo"]:
        (await ada.client.patch("/api/v1/tracks/batch", json=undo)).raise_for_status()
    [after] = await items(ada, "/albums")
    artists = [(await ada.get(f"/tracks/{one}")).json()["artist"] for one in ids]

    assert [one["album"] for one in answer["items"]] == ["Heaven", "Heaven"]
    assert (renamed["id"], renamed["title"]) == (before["id"], "Heaven")
    assert (after["id"], after["title"]) == (before["id"], "Sky")
    assert artists == ["Ona", "Una"]
    assert [a["name"] for a in await items(ada, "/artists")] == ["Ona", "Una"]


async def test_a_track_that_leaves_an_album_alone_makes_another(ada: Person) -> None:
    ids = [await named(ada, title=title, artist="Ona", album="Sky") for title in "AB"]

    await patched(ada, ids[0], album="Earth")

    found = await items(ada, "/albums")
    assert [(one["title"], one["track_count"]) for one in found] == [("Earth", 1), ("Sky", 1)]


async def test_nothing_is_changed_where_one_track_is_missing(api: Api, ada: Person) -> None:
    grace = Person(api, "grace@example.org")
    await grace.sign_in()
    own, theirs = await named(ada, title="Own"), await named(grace, title="Theirs")

    form = {"track_ids": [own, theirs], "title": "Mine"}
    answer = await ada.client.patch("/api/v1/tracks/batch", json=form)

    assert answer.status_code == 404
    assert (await ada.get(f"/tracks/{own}")).json()["title"] == "Own"
    assert (await grace.get(f"/tracks/{theirs}")).json()["title"] == "Theirs"


async def test_musicbrainz_tells_apart_what_has_one_name(ada: Person) -> None:
    one, other, release = ("0198c0de-0000-4000-8000-00000000000" + n for n in "123")
    await tagged(ada, title="A", artist="Nirvana", album="Bleach")
    await tagged(ada, title="B", artist="Nirvana", artist_mbids=[one])
    await tagged(ada, title="C", artist="Nirvana", artist_mbids=[other])
    await tagged(ada, title="D", artist="NIRVANA", album="Bleach", album_mbid=release)
    await tagged(ada, title="E", artist="Nirvana (US)", artist_mbids=[one])

    found = await items(ada, "/artists")
    albums = await items(ada, "/albums")

    assert {(a["musicbrainz_id"], a["track_count"]) for a in found} == {(one, 4), (other, 1)}
    assert [(a["title"], a["track_count"], a["musicbrainz_id"]) for a in albums] == [
        ("Bleach", 2, release)
    ]


async def test_names_stand_as_people_sort_them(ada: Person) -> None:
    for name in ("The Zombies", "Änglagård", "10cc", "2 Unlimited", "“Heroes”", "abba"):
        await named(ada, title="T", artist=name, album=f"Of {name}")
    await tagged(ada, title="T", artist="Björk", album="Debut", artist_sort="Gudmundsdottir, Björk")

    names = [one["name"] for one in await items(ada, "/artists")]
    by_artist = [one["artist"] for one in await items(ada, "/albums", sort="artist")]

    assert names == [
        *("2 Unlimited", "10cc", "abba", "Änglagård", "Björk", "“Heroes”", "The Zombies")
    ]
    assert by_artist == names


SORTS = {
    "title": ["Alpha", "Beta", "Gamma", "Zeta"],
    "artist": ["Zeta", "Beta", "Gamma", "Alpha"],
    "year": ["Beta", "Alpha", "Zeta", "Gamma"],
    "-year": ["Zeta", "Alpha", "Beta", "Gamma"],
    "-added_at": ["Gamma", "Alpha", "Beta", "Zeta"],
}


@pytest.fixture
async def four(ada: Person) -> Person:
    for title, artist, year in (
        ("Zeta", "Ann", 2020),
        ("Beta", "Bob", 1980),
        ("Alpha", "Cid", 1990),
        ("Gamma", "Bob", None),
    ):
        await named(ada, title="T", album=title, artist=artist, year=year)
    return ada


@pytest.mark.parametrize("sort", SORTS)
async def test_pages_of_albums_follow_each_other(four: Person, sort: str) -> None:
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        query = {"sort": sort, "limit": "1", **cursor}
        page = (await four.client.get("/api/v1/albums", params=query)).raise_for_status().json()
        seen += [one["title"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    assert seen == SORTS[sort]


async def test_albums_of_some_years(four: Person) -> None:
    found = await items(four, "/albums", from_year=1985, to_year=2020)

    assert [one["title"] for one in found] == ["Alpha", "Zeta"]


async def test_one_search_finds_all_kinds(four: Person) -> None:
    found = (await four.get("/search?q=BOB")).json()
    nothing = (await four.get("/search?q=!!")).json()

    assert [one["name"] for one in found["artists"]] == ["Bob"]
    assert [one["title"] for one in found["albums"]] == ["Beta", "Gamma"]
    assert len(found["tracks"]) == 2
    assert nothing == {"artists": [], "albums": [], "tracks": []}


async def test_a_purge_leaves_nothing_behind(api: Api, ada: Person) -> None:
    await named(ada, title="A", artist="Ona", album="Sky", genre="Folk")
    database, owner_id = api.platform.database, UUID(ada.id)

    async with database.write() as tx:
        await tx.execute("DELETE FROM tracks WHERE owner_id = $1", owner_id)
        await filing.file(tx, owner_id, [])
        for table in ("albums", "artists", "genres"):
            await tx.execute(f"UPDATE {table} SET track_count = 0 WHERE owner_id = $1", owner_id)  # type: ignore[arg-type]  # noqa: S608
        await tx.execute("UPDATE artists SET album_count = 0 WHERE owner_id = $1", owner_id)
        await filing.clear(tx, owner_id)
        left = [
            await tx.fetch_value(f"SELECT count(*) FROM {table}")  # type: ignore[arg-type]  # noqa: S608
            for table in ("albums", "artists", "genres")
        ]

    assert left == [0, 0, 0]


async def test_what_was_there_before_is_filed_by_a_job_that_goes_on(api: Api, ada: Person) -> None:
    for number in range(3):
        await named(ada, title="A", artist="Ona", album=f"Sky {number}", genre="Folk")
    database = api.platform.database
    async with database.write() as tx:
        await tx.execute(
            "UPDATE tracks SET filed = 0, album_id = NULL, artist_ids = '{}', genre_ids = '{}'"
        )
        for table in ("albums", "artists", "genres"):
            await tx.execute(f"DELETE FROM {table}")  # type: ignore[arg-type]  # noqa: S608

    class Context:
        pass

    context = Context()
    context.database = database  # type: ignore[attr-defined]
    await file_all(context, None, None)  # type: ignore[arg-type]

    assert [one["title"] for one in await items(ada, "/albums")] == ["Sky 0", "Sky 1", "Sky 2"]
    assert [one["track_count"] for one in await items(ada, "/artists")] == [3]
