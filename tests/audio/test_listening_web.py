"""Favourites, ratings and plays over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from backline.audio import plays
from tests.audio.conftest import named
from tests.support.api import Api
from tests.support.things import Person

pytestmark = pytest.mark.slow

FOUR_MINUTES_MS = 240_000


async def items(person: Person, path: str, **query: Any) -> list[dict[str, Any]]:
    answer = await person.client.get(f"/api/v1{path}", params=query)
    return answer.raise_for_status().json()["items"]


async def timed(person: Person, title: str, duration_ms: int) -> str:
    """A track that could have been played; its id."""
    track_id = await named(person, title=title, artist="Ona", album="Sky")
    async with person.api.platform.database.write() as tx:
        sql = "UPDATE tracks SET duration_ms = $2 WHERE id = $1"
        await tx.execute(sql, UUID(track_id), duration_ms)
    return track_id


async def told(
    person: Person, track_id: str, key: str, played_ms: int, started_at: datetime | None = None
) -> bool:
    at = (started_at or datetime.now(UTC)).isoformat()
    form = {"track_id": track_id, "key": key, "started_at": at, "played_ms": played_ms}
    return (await person.post("/plays", json=form)).json()["counts"]


async def track_of(person: Person, track_id: str) -> dict[str, Any]:
    return (await person.get(f"/tracks/{track_id}")).json()


async def rated(person: Person, track_id: str, rating: int | None) -> None:
    path = f"/api/v1/tracks/{track_id}/rating"
    (await person.client.put(path, json={"rating": rating})).raise_for_status()


async def favored(person: Person, path: str) -> None:
    (await person.client.put(f"/api/v1/favorites/{path}")).raise_for_status()


async def test_favourites_are_listed_the_latest_first_and_any_other_way(ada: Person) -> None:
    ids = [await named(ada, title=title) for title in ("Cello", "Alto", "Bass", "Drum")]
    for track_id in (ids[1], ids[0], ids[2], ids[1]):
        await favored(ada, track_id)
    (await ada.client.delete(f"/api/v1/favorites/{ids[2]}")).raise_for_status()
    before = (await track_of(ada, ids[0]))["version"]

    latest = await items(ada, "/tracks", sort="-favorite_at")
    by_title = await items(ada, "/tracks", sort="title", favorite=True)
    first = (await ada.get("/tracks?favorite=true&sort=title&limit=1")).json()
    rest = await items(
        ada, "/tracks", favorite=True, sort="title", limit=1, cursor=first["next_cursor"]
    )

    assert [one["id"] for one in latest] == [ids[0], ids[1]]
    assert [one["title"] for one in by_title] == ["Alto", "Cello"]
    assert [one["title"] for one in (*first["items"], *rest)] == ["Alto", "Cello"]
    assert (await track_of(ada, ids[2]))["favorite_at"] is None
    assert (await track_of(ada, ids[0]))["version"] == before


async def test_a_rating_is_kept_changed_and_taken_back(ada: Person) -> None:
    ids = [await named(ada, title=title) for title in "ABCD"]
    for track_id, rating in zip(ids, (2, 5, 4, 3), strict=True):
        await rated(ada, track_id, rating)
    await rated(ada, ids[0], 5)
    await rated(ada, ids[3], None)

    best = await items(ada, "/tracks", sort="-rating")
    good = await items(ada, "/tracks", min_rating=5, sort="title")
    refused = await ada.client.put(f"/api/v1/tracks/{ids[0]}/rating", json={"rating": 6})

    assert [one["rating"] for one in best] == [5, 5, 4]
    assert [one["title"] for one in good] == ["A", "B"]
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("duration_ms", "played_ms", "counts"),
    [
        (100_000, 49_999, False),
        (100_000, 50_000, True),
        (3_600_000, FOUR_MINUTES_MS - 1, False),
        (3_600_000, FOUR_MINUTES_MS, True),
    ],
)
async def test_a_play_counts_by_half_of_the_track_or_four_minutes(
    ada: Person, duration_ms: int, played_ms: int, counts: bool
) -> None:
    track_id = await timed(ada, "A", duration_ms)

    assert await told(ada, track_id, "play-0001", played_ms) is counts
    assert (await track_of(ada, track_id))["play_count"] == counts
    assert len(await items(ada, "/history")) == counts


async def test_a_play_that_is_told_again_counts_once(ada: Person) -> None:
    track_id = await timed(ada, "A", 1_000)
    at = datetime.now(UTC) - timedelta(days=1)

    first = [await told(ada, track_id, "play-0001", 1_000, at) for _ in range(3)]
    once = await track_of(ada, track_id)
    await told(ada, track_id, "play-0002", 600, at - timedelta(days=1))
    twice = await track_of(ada, track_id)

    assert first == [True, True, True]
    assert (once["play_count"], twice["play_count"]) == (1, 2)
    assert once["last_played_at"] == twice["last_played_at"]
    assert datetime.fromisoformat(once["last_played_at"]) == at


async def test_nothing_is_played_in_the_future(ada: Person) -> None:
    track_id = await timed(ada, "A", 1_000)

    await told(ada, track_id, "play-0001", 1_000, datetime.now(UTC) + timedelta(days=3))

    [play] = await items(ada, "/history")
    assert datetime.fromisoformat(play["played_at"]) <= datetime.now(UTC) + timedelta(hours=1)


@pytest.mark.parametrize(
    ("started_at", "status"),
    [
        ("2026-01-01T10:00:00", 422),
        ("0001-01-01T00:30:00+14:00", 422),
        ("1899-12-31T00:00:00Z", 422),
        ("9999-12-31T23:59:59-12:00", 200),
    ],
)
async def test_a_time_that_nobody_can_have_listened_at_is_refused_or_now(
    ada: Person, started_at: str, status: int
) -> None:
    form = {"track_id": await timed(ada, "A", 1_000), "key": "play-0001", "played_ms": 1_000}

    answer = await ada.client.post("/api/v1/plays", json={**form, "started_at": started_at})

    assert answer.status_code == status
    assert len(await items(ada, "/history")) == (status == 200)


async def test_history_goes_back_page_by_page_and_is_cleared(ada: Person) -> None:
    ids = [await timed(ada, title, 1_000) for title in "AB"]
    began = datetime(2026, 1, 1, tzinfo=UTC)
    for number, track_id in enumerate((ids[0], ids[1], ids[0])):
        await told(ada, track_id, f"play-000{number}", 1_000, began + timedelta(minutes=number))
    await favored(ada, ids[0])

    page = (await ada.get("/history?limit=2")).json()
    rest = await items(ada, "/history", limit=2, cursor=page["next_cursor"])
    most = await items(ada, "/tracks", sort="-play_count")
    latest = await items(ada, "/tracks", sort="-last_played_at", limit=1)
    (await ada.client.delete("/api/v1/history")).raise_for_status()

    assert [one["track"]["title"] for one in (*page["items"], *rest)] == ["A", "B", "A"]
    assert [(one["title"], one["play_count"]) for one in most] == [("A", 2), ("B", 1)]
    assert [one["title"] for one in latest] == ["A"]
    assert await items(ada, "/history") == []
    assert await items(ada, "/tracks", sort="-play_count") == []
    assert [one["id"] for one in await items(ada, "/tracks", favorite=True)] == [ids[0]]


async def test_albums_and_artists_are_favourites_too(ada: Person) -> None:
    await named(ada, title="A", artist="Ona", album="Sky")
    await named(ada, title="B", artist="Una", album="Sea")
    [sea, sky] = await items(ada, "/albums")
    [ona, una] = await items(ada, "/artists")

    await favored(ada, f"albums/{sky['id']}")
    await favored(ada, f"artists/{una['id']}")
    albums = await items(ada, "/albums", favorite=True)
    artists = await items(ada, "/artists", favorite=True)
    (await ada.client.delete(f"/api/v1/favorites/albums/{sky['id']}")).raise_for_status()
    (await ada.client.delete(f"/api/v1/favorites/artists/{una['id']}")).raise_for_status()

    assert (sea["favorite_at"], ona["favorite_at"]) == (None, None)
    assert [one["title"] for one in albums] == ["Sky"]
    assert [one["name"] for one in artists] == ["Una"]
    assert await items(ada, "/albums", favorite=True) == []
    assert await items(ada, "/artists", favorite=True) == []


async def test_what_is_kept_follows_the_track_through_new_names_and_the_trash(ada: Person) -> None:
    track_id = await timed(ada, "A", 1_000)
    await favored(ada, track_id)
    await told(ada, track_id, "play-0001", 1_000)

    await ada.client.patch(f"/api/v1/tracks/{track_id}", json={"title": "Z", "album": "Else"})
    await ada.client.delete(f"/api/v1/tracks/{track_id}")
    hidden = await items(ada, "/history")
    await ada.post(f"/tracks/{track_id}/restore")

    track = await track_of(ada, track_id)
    assert hidden == []
    assert (track["title"], track["play_count"]) == ("Z", 1)
    assert track["favorite_at"] is not None


async def test_one_persons_stars_are_nobody_elses(api: Api, ada: Person) -> None:
    grace = Person(api, "grace@example.org")
    await grace.sign_in()
    track_id = await timed(ada, "A", 1_000)

    answers = [
        await grace.client.put(f"/api/v1/favorites/{track_id}"),
        await grace.client.delete(f"/api/v1/favorites/{track_id}"),
        await grace.client.put(f"/api/v1/tracks/{track_id}/rating", json={"rating": 1}),
    ]

    assert [one.status_code for one in answers] == [404, 404, 404]


async def test_the_oldest_plays_go_beyond_what_is_kept(
    api: Api, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plays, "MOST", 2)
    track_id = await timed(ada, "A", 1_000)
    began = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(4):
        await told(ada, track_id, f"play-000{number}", 1_000, began + timedelta(minutes=number))

    await plays.trim(api.platform.database)

    assert [one["key"] for one in await items(ada, "/history")] == ["play-0003", "play-0002"]
    assert (await track_of(ada, track_id))["play_count"] == 4


async def test_cached_lists_tell_of_a_favourite_at_once(ada: Person) -> None:
    track_id = await timed(ada, "A", 1_000)
    await items(ada, "/tracks")

    await favored(ada, track_id)
    [listed] = await items(ada, "/tracks")
    await told(ada, track_id, "play-0001", 1_000)
    [played] = await items(ada, "/tracks")

    assert listed["favorite_at"] is not None
    assert played["play_count"] == 1
