"""Radio and what to discover: varied, seedable, with true reasons, also without any history."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from tests.audio.discovering import codes, found, play, song, titles
from tests.platform.jobs.working import execute
from tests.support.api import Api
from tests.support.things import UNKNOWN, Person

pytestmark = pytest.mark.slow

TODAY = datetime.now(UTC).date()
PARTS = ("heard", "released", "liked", "long_ago", "unheard")


async def discover(person: Person, day: object = TODAY) -> dict[str, Any]:
    return (await person.get(f"/discover?day={day}")).json()


async def artist_id(person: Person, track_id: str) -> str:
    return (await person.get(f"/tracks/{track_id}")).json()["artists"][0]["id"]


async def radio(person: Person, path: str, **query: Any) -> dict[str, Any]:
    answer = await person.client.get(f"/api/v1{path}/radio", params=query)
    return answer.raise_for_status().json()


def artists(page: dict[str, Any]) -> list[str]:
    return [one["track"]["artist"] for one in page["items"]]


async def test_a_radio_never_plays_an_artist_twice_in_a_row(api: Api, ada: Person) -> None:
    names = ["Ona", "Ona", "Ona", "Pau", "Pau", "Quim"]
    made = [
        await song(ada, f"Song {at}", artist=name, genre="Folk") for at, name in enumerate(names)
    ]
    await song(ada, "Else", artist="Rai", genre="Polka")
    await found(api, ada)

    page = await radio(ada, f"/artists/{await artist_id(ada, made[0])}", seed=7)

    played = artists(page)
    assert sorted(played) == names
    assert played[0] == "Ona"
    assert all(one != other for one, other in pairwise(played))
    assert page["items"][0]["reasons"] == [{"code": "by_artist", "name": "Ona"}]
    others = [one for one in page["items"] if one["track"]["artist"] != "Ona"]
    assert all(codes(one) == ["near_track"] for one in others)


async def test_a_seed_gives_the_same_queue_again_page_by_page(api: Api, ada: Person) -> None:
    made = [await song(ada, f"Song {at}", artist=f"A{at}", genre="Folk") for at in range(8)]
    await found(api, ada)
    path = f"/tracks/{made[0]}"

    whole = await radio(ada, path, seed=3)
    pieces = [await radio(ada, path, seed=3, limit=3)]
    while pieces[-1]["next_cursor"]:
        pieces.append(await radio(ada, path, limit=3, cursor=pieces[-1]["next_cursor"]))

    assert [one for piece in pieces for one in piece["items"]] == whole["items"]
    assert {piece["seed"] for piece in pieces} == {3}
    assert whole["items"][0]["track"]["id"] == made[0]
    assert codes(whole["items"][0]) == ["begins_with"]
    assert len(whole["items"]) == len(made)
    orders = {tuple(titles((await radio(ada, path, seed=seed))["items"])) for seed in range(5)}
    assert len(orders) > 1


async def test_a_radio_has_something_to_play_before_anything_was_found(ada: Person) -> None:
    one = await song(ada, "One", artist="Ona", genre="Folk")
    await song(ada, "Other", artist="Pau", genre="Folk")

    page = await radio(ada, f"/artists/{await artist_id(ada, one)}")

    assert titles(page["items"]) == ["One", "Other"]
    assert page["items"][1]["reasons"] == [{"code": "genre", "name": "Folk"}]


async def test_radios_of_others_are_not_there(api: Api, ada: Person) -> None:
    eve = Person(api, "eve@example.org")
    await eve.sign_in()
    theirs = await song(eve, "Theirs", artist="Ona")
    for path in (f"/artists/{await artist_id(eve, theirs)}", f"/tracks/{theirs}"):
        assert (await ada.client.get(f"/api/v1{path}/radio")).status_code == 404
    assert (await ada.client.get(f"/api/v1/artists/{UNKNOWN}/radio")).status_code == 404


async def test_an_empty_library_has_nothing_to_discover(ada: Person) -> None:
    assert await discover(ada) == {"day": str(TODAY), **{part: [] for part in PARTS}}
    assert (await ada.get("/discover")).json()["day"] == str(TODAY)


async def test_without_a_history_there_is_what_was_never_heard(ada: Person) -> None:
    for at in range(5):
        await song(ada, f"Song {at}", artist="Ona" if at < 4 else "Pau")

    offered = await discover(ada)

    assert len(offered["unheard"]) == 3  # two of an artist at the most
    assert all(codes(one) == ["never_heard"] for one in offered["unheard"])
    assert all(offered[part] == [] for part in PARTS if part != "unheard")
    assert await discover(ada) == offered


async def test_on_this_day_is_what_was_heard_in_earlier_years(ada: Person) -> None:
    one, other = await song(ada, "One"), await song(ada, "Other")
    await play(ada, one, "2024-05-06T09:00:00Z")
    await play(ada, one, "2024-05-06T21:00:00Z")
    await play(ada, one, "2023-05-06T21:00:00Z")
    await play(ada, other, "2024-05-07T00:00:01Z")

    [heard] = (await discover(ada, "2026-05-06"))["heard"]

    assert heard["track"]["id"] == one
    assert heard["reasons"] == [{"code": "heard_on_this_day", "count": 2, "year": 2024}]
    assert (await discover(ada, "2024-05-06"))["heard"][0]["reasons"][0]["year"] == 2023


async def test_what_was_not_heard_for_long_says_since_when(ada: Person) -> None:
    one, other = await song(ada, "One"), await song(ada, "Other")
    await play(ada, one, "2024-05-06T09:00:00Z")
    await play(ada, other, "2026-05-06T09:00:00Z")

    [item] = (await discover(ada, "2026-07-01"))["long_ago"]

    assert item["track"]["id"] == one
    assert item["reasons"] == [{"code": "not_heard_since", "count": 1, "name": "2024-05"}]


async def test_albums_that_came_out_on_this_day(api: Api, ada: Person) -> None:
    one = await song(ada, "One", album="Sky", artist="Ona")
    tags = '{"released_on": "1997-06-16"}'
    sql = "UPDATE tracks SET tags = $2::jsonb WHERE id = $1"
    await execute(api.platform.database, sql, UUID(one), tags)

    [item] = (await discover(ada, "2026-06-16"))["released"]

    assert item["album"]["title"] == "Sky"
    assert item["reasons"] == [{"code": "released_on_this_day", "year": 1997}]
    assert (await discover(ada, "2026-06-17"))["released"] == []


async def test_more_like_what_one_loves(api: Api, ada: Person) -> None:
    loved = await song(ada, "Loved", artist="Ona", genre="Folk")
    await song(ada, "Like it", artist="Pau", genre="Folk")
    await song(ada, "Else", artist="Rai", genre="Polka")
    await ada.client.put(f"/api/v1/favorites/{loved}")
    await found(api, ada)

    offered = await discover(ada)

    assert titles(offered["liked"]) == ["Like it"]
    assert offered["liked"][0]["reasons"] == [{"code": "like_loved", "name": "Loved"}]
    assert "Like it" not in titles(offered["unheard"])


async def test_what_is_deleted_is_not_offered(ada: Person) -> None:
    one = await song(ada, "One")
    await play(ada, one, "2024-05-06T09:00:00Z")
    await ada.client.delete(f"/api/v1/tracks/{one}")

    offered = await discover(ada, "2026-05-06")

    assert all(offered[part] == [] for part in PARTS)
