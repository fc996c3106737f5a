"""Photos moved between concerts by hand: what is counted, what stands, and what is undone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from backline.concerts.history import moving
from backline.concerts.history.concerts import purge_expired
from backline.platform.ids import uuid7
from tests.concerts.nights import (
    Nights,
    concerts,
    judged,
    named,
    night,
    show,
    somebody,
    wall,
    world,
)
from tests.support.api import Api, serving_api
from tests.support.concert_things import CANDIDATE, concert, concert_with_photos, photo, review
from tests.support.things import Person

pytestmark = pytest.mark.slow
MAY = date(2024, 5, 1)
LONG_AGO = "UPDATE concerts SET deleted_at = now() - interval '1 hour' WHERE id = $1"


async def moved(person: Person, **form: Any) -> dict[str, Any]:
    return (await person.post("/concerts/moves", json=form)).json()


async def undone(person: Person, move: dict[str, Any]) -> dict[str, Any]:
    return (await person.post(f"/concerts/moves/{move['id']}/undo")).json()


async def refused(person: Person, **form: Any) -> tuple[int, str]:
    answer = await person.client.post("/api/v1/concerts/moves", json=form)
    return answer.status_code, answer.json()["detail"]


async def photos_of(person: Person, concert_id: str) -> list[str]:
    page = (await person.get(f"/concerts/{concert_id}/photos?limit=100")).json()
    return [one["id"] for one in page["items"]]


async def shown(person: Person, concert_id: str) -> tuple[int, str | None]:
    """How many photos a concert has, and its cover, as its page and the list say."""
    page = (await person.get(f"/concerts/{concert_id}")).json()
    [row] = [one for one in await concerts(person) if one["id"] == concert_id]
    assert (page["photo_count"], page["cover"]) == (row["photo_count"], row["cover"])
    return row["photo_count"], row["cover"] and row["cover"]["photo_id"]


async def test_a_selection_goes_to_another_concert_and_back(ada: Person) -> None:
    first, other = await concert_with_photos(ada), await concert(ada)
    [one, two] = await photos_of(ada, first)

    move = await moved(ada, photo_ids=[one], concert_id=other)
    then = [await shown(ada, each) for each in (first, other)]
    of = (await ada.get(f"/photos/{one}")).json()["concert_id"]
    back = await undone(ada, move)
    again = await ada.client.post(f"/api/v1/concerts/moves/{move['id']}/undo")

    assert (move["photo_count"], move["concert_id"], move["made"]) == (1, other, False)
    assert then == [(1, two), (1, one)]
    assert of == other
    assert (back["photo_count"], await photos_of(ada, first)) == (1, [one, two])
    assert await shown(ada, other) == (0, None)
    assert again.status_code == 404


async def test_a_whole_concert_becomes_a_new_one_and_stays_without_photos(ada: Person) -> None:
    first = await concert_with_photos(ada)
    photos = await photos_of(ada, first)
    form = {"held_on": "2024-05-02", "bill": [{"name": "Low", "headliner": True}]}

    move = await moved(ada, from_concert_id=first, concert=form)
    made = (await ada.get(f"/concerts/{move['concert_id']}")).json()
    years = (await ada.get("/concerts/timeline")).json()["years"]

    assert (move["made"], move["photo_count"]) == (True, 2)
    assert (named(made), made["source"], made["photo_count"]) == (["Low"], "person", 2)
    assert (await shown(ada, first), years) == ((0, None), [{"year": 2024, "count": 2}])
    await undone(ada, move)
    assert await photos_of(ada, first) == photos
    assert [one["id"] for one in await concerts(ada)] == [first]
    assert (await ada.get("/concerts/artists?q=low")).json()["items"] == []


async def test_a_made_concert_to_which_more_came_stays(ada: Person) -> None:
    first, more = await concert_with_photos(ada), await photo(ada)
    move = await moved(ada, from_concert_id=first, concert={"held_on": "2024-05-02"})
    await moved(ada, photo_ids=[more], concert_id=move["concert_id"])

    await undone(ada, move)

    assert await photos_of(ada, move["concert_id"]) == [more]


async def test_a_deleted_photo_comes_back_to_no_concert_that_is_gone(ada: Person) -> None:
    first, more = await concert_with_photos(ada), await photo(ada)
    move = await moved(ada, from_concert_id=first, concert={"held_on": "2024-05-02"})
    await moved(ada, photo_ids=[more], concert_id=move["concert_id"])
    (await ada.client.delete(f"/api/v1/photos/{more}")).raise_for_status()

    await undone(ada, move)
    restored = (await ada.post(f"/photos/{more}/restore")).json()

    assert [one["id"] for one in await concerts(ada)] == [first]
    assert restored["concert_id"] is None


async def test_a_photo_deleted_meanwhile_goes_back_as_well(ada: Person) -> None:
    first, other = await concert_with_photos(ada), await concert(ada)
    [one, two] = await photos_of(ada, first)
    move = await moved(ada, photo_ids=[one], concert_id=other)
    (await ada.client.delete(f"/api/v1/photos/{one}")).raise_for_status()

    await undone(ada, move)
    await ada.post(f"/photos/{one}/restore")

    assert await photos_of(ada, first) == [one, two]


async def test_photos_come_back_from_a_concert_that_was_deleted(ada: Person) -> None:
    first, other = await concert_with_photos(ada), await concert(ada)
    photos = await photos_of(ada, first)
    move = await moved(ada, from_concert_id=first, concert_id=other)
    (await ada.client.delete(f"/api/v1/concerts/{other}")).raise_for_status()

    await undone(ada, move)
    await ada.post(f"/concerts/{other}/restore")

    assert await photos_of(ada, first) == photos
    assert await shown(ada, other) == (0, None)


async def test_a_concert_deleted_meanwhile_has_its_photos_back(ada: Person) -> None:
    first, other = await concert_with_photos(ada), await concert(ada)
    photos = await photos_of(ada, first)
    move = await moved(ada, from_concert_id=first, concert_id=other)
    (await ada.client.delete(f"/api/v1/concerts/{first}")).raise_for_status()

    await undone(ada, move)
    await ada.post(f"/concerts/{first}/restore")

    assert await photos_of(ada, first) == photos


async def test_a_request_that_comes_twice_moves_once(ada: Person) -> None:
    first, key = await concert_with_photos(ada), {"Idempotency-Key": "the same move"}
    form = {"from_concert_id": first, "concert": {"held_on": "2024-05-02"}}

    twice = [(await ada.post("/concerts/moves", json=form, headers=key)).json() for _ in range(2)]
    undo = f"/concerts/moves/{twice[0]['id']}/undo"
    again = {"Idempotency-Key": "the same undo"}
    backs = [(await ada.post(undo, headers=again)).json() for _ in range(2)]

    assert twice[0] == twice[1]
    assert (backs[0], backs[0]["photo_count"]) == (backs[1], 2)
    assert [one["id"] for one in await concerts(ada)] == [first]


async def test_moves_at_the_same_time_leave_each_photo_in_one_place(ada: Person) -> None:
    first, second, third = [await concert_with_photos(ada), await concert(ada), await concert(ada)]
    photos = await photos_of(ada, first)
    aims = [second, third] * 5

    moves = await asyncio.gather(
        *(moved(ada, photo_ids=photos[::turn], concert_id=aim) for aim in aims for turn in (1, -1))
    )
    undos = [f"/api/v1/concerts/moves/{move['id']}/undo" for move in moves]
    answers = await asyncio.gather(*(ada.client.post(undo) for undo in undos))

    counts = [(await shown(ada, each))[0] for each in (first, second, third)]
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert sorted(counts) == [0, 0, 2]


async def test_photos_of_no_concert_are_still_there(ada: Person) -> None:
    first = await concert_with_photos(ada)
    [one, two] = await photos_of(ada, first)

    await moved(ada, photo_ids=[one], from_concert_id=first)

    assert await photos_of(ada, first) == [two]
    assert (await ada.get(f"/photos/{one}")).json()["concert_id"] is None


async def test_what_was_moved_further_since_stays_there(ada: Person) -> None:
    first, second, third = [await concert_with_photos(ada), await concert(ada), await concert(ada)]
    [one, two] = await photos_of(ada, first)
    move = await moved(ada, photo_ids=[one, two], concert_id=second)
    last = await moved(ada, photo_ids=[one], concert_id=third)

    back = await undone(ada, move)
    assert (back["photo_count"], await photos_of(ada, first)) == (1, [two])
    assert await photos_of(ada, third) == [one]

    await moved(ada, photo_ids=[one])
    answer = await ada.client.post(f"/api/v1/concerts/moves/{last['id']}/undo")
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "These photos were moved again since, or they are gone. Move them from where they are now.",
    )


async def test_a_concert_gone_for_good_is_named_where_its_move_is_undone(
    api: Api, ada: Person
) -> None:
    first, other = await concert_with_photos(ada), await concert(ada)
    [one, _] = await photos_of(ada, first)
    move = await moved(ada, photo_ids=[one], concert_id=other)
    (await ada.client.delete(f"/api/v1/concerts/{other}")).raise_for_status()
    async with api.platform.database.write() as tx:
        await tx.execute(LONG_AGO, UUID(other))
    await purge_expired(api.platform.database)

    answer = await ada.client.post(f"/api/v1/concerts/moves/{move['id']}/undo")
    await moved(ada, photo_ids=[one], concert_id=first)

    assert answer.status_code == 409
    assert answer.json()["detail"] == (
        "The concert that these photos were moved to is gone. Those that were not moved again are "
        "of none now: find them among your photos and move them to a concert."
    )
    assert one in await photos_of(ada, first)


async def test_only_the_last_twenty_moves_are_remembered(ada: Person) -> None:
    one, other = await photo(ada), await concert(ada)
    moves = [await moved(ada, photo_ids=[one], concert_id=other) for _ in range(21)]

    answers = [
        await ada.client.post(f"/api/v1/concerts/moves/{move['id']}/undo") for move in moves[:2]
    ]

    assert [answer.status_code for answer in answers] == [404, 200]


async def test_what_cannot_be_moved_is_refused_in_words(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, empty = await concert_with_photos(ada), await concert(ada)
    other = await photo(ada)
    form = {"held_on": "2024-05-02"}

    assert await refused(ada) == (
        422,
        "Say which photos: their photo_ids, or from_concert_id for all of a concert.",
    )
    assert (await refused(ada, photo_ids=[other], concert_id=first, concert=form))[0] == 422
    assert await refused(ada, photo_ids=[other], from_concert_id=first) == (
        404,
        "One of these photos isn't of this concert.",
    )
    assert (await refused(ada, photo_ids=[str(uuid7())], concert_id=first))[0] == 404
    assert (await refused(ada, photo_ids=[other] * 501, concert_id=first))[0] == 422
    assert await refused(ada, from_concert_id=empty) == (
        409,
        "This concert has no photos that could be moved.",
    )
    monkeypatch.setattr(moving, "MOST_OF_CONCERT", 1)
    status, detail = await refused(ada, from_concert_id=first, concert_id=empty)
    assert (status, "more than 1 photos" in detail) == (409, True)
    assert len(await photos_of(ada, first)) == 2


async def test_a_full_history_makes_no_concert_of_photos(dsn: str, tmp_path: Path) -> None:
    async with serving_api(dsn, tmp_path, quiet=True, BACKLINE_CONCERTS_PER_ACCOUNT="1") as api:
        ada = await somebody(api)
        first = await concert_with_photos(ada)
        status, detail = await refused(
            ada, from_concert_id=first, concert={"held_on": "2024-05-02"}
        )
        photos = await photos_of(ada, first)

    assert (status, len(photos)) == (409, 2)
    assert "Nothing is lost" in detail


async def test_nothing_of_anothers_is_moved(api: Api, ada: Person) -> None:
    bob = await somebody(api, "bob@example.org")
    theirs, own = await concert_with_photos(bob), await concert_with_photos(ada)
    photos, mine = await photos_of(bob, theirs), await photos_of(ada, own)
    move = await moved(bob, photo_ids=photos, concert_id=await concert(bob))

    answers = [
        await refused(ada, photo_ids=[*mine, photos[0]], concert_id=own),
        await refused(ada, from_concert_id=theirs, concert_id=own),
        await refused(ada, photo_ids=mine, concert_id=theirs),
    ]
    undo = await ada.client.post(f"/api/v1/concerts/moves/{move['id']}/undo")

    assert [status for status, _ in answers] == [404, 404, 404]
    assert undo.status_code == 404
    assert await photos_of(ada, own) == mine
    assert await photos_of(bob, move["concert_id"]) == photos


async def test_concerts_around_a_day_come_nearest_first(api: Api, ada: Person) -> None:
    bob = await somebody(api, "bob@example.org")
    await concert(bob)
    days = ["2020-01-01", "2024-04-28", "2024-05-01", "2024-05-03", "2031-01-01"]
    for day in days[:4]:
        await ada.post("/concerts", json={"held_on": day})

    found = (await ada.get("/concerts/near?day=2024-05-02")).json()["items"]
    for day in range(1, 31):
        await ada.post("/concerts", json={"held_on": f"2019-06-{day:02}"})
    most = (await ada.get("/concerts/near?day=2019-06-15")).json()

    assert [one["held_on"] for one in found] == [days[3], days[2], days[1], days[0]]
    assert [len(most["items"]), most["items"][0]["held_on"]] == [20, "2019-06-15"]


@pytest.fixture
async def berlin(dsn: str, tmp_path: Path) -> AsyncIterator[Api]:
    """An evening whose photos are matched by themselves."""
    land = Nights(show("Low", MAY))
    async with world(dsn, tmp_path, land) as (api, _):
        yield api


async def test_matching_leaves_what_was_moved(berlin: Api) -> None:
    ada = await somebody(berlin)
    photos = await night(ada, wall(MAY, 20), count=9)
    await judged(berlin)
    [found] = await concerts(ada)
    wrong, none = photos[:4], photos[4:6]
    move = await moved(ada, photo_ids=wrong, concert={"held_on": str(MAY), "title": "Elsewhere"})
    await moved(ada, photo_ids=none)

    await night(
        ada, wall(MAY, 21), count=3
    )  # of the same evening, so that all of it is judged anew
    await judged(berlin)
    await ada.post("/concerts/matching")
    await judged(berlin)

    assert await photos_of(ada, move["concert_id"]) == wrong
    left = await photos_of(ada, found["id"])
    assert (len(left), set(left) & set(wrong + none)) == (6, set())
    assert [(await ada.get(f"/photos/{one}")).json()["concert_id"] for one in none] == [None, None]


async def test_undone_photos_are_matchings_again(berlin: Api) -> None:
    ada = await somebody(berlin)
    photos = await night(ada, wall(MAY, 20), count=9)
    await judged(berlin)
    [found] = await concerts(ada)
    move = await moved(ada, from_concert_id=found["id"], concert={"held_on": "2024-05-02"})
    left = await shown(ada, found["id"])

    await undone(ada, move)
    async with berlin.platform.database.read() as read:
        by_hand = await read.fetch_value(_BY_HAND, UUID(ada.id))

    assert left == (0, None)
    assert (await photos_of(ada, found["id"]), by_hand) == (photos, 0)


_BY_HAND = "SELECT count(*) FROM photos WHERE owner_id = $1 AND edited_concert"


async def test_a_review_decided_later_leaves_what_was_moved(ada: Person) -> None:
    review_id = await review(ada)
    shown_photos = (await ada.get(f"/concerts/reviews/{review_id}")).json()["photos"]
    [one, two] = [each["photo_id"] for each in shown_photos]
    other = await concert(ada)
    await moved(ada, photo_ids=[one], concert_id=other)

    found = (
        await ada.post(f"/concerts/reviews/{review_id}/accept", json={"candidate": CANDIDATE})
    ).json()

    assert await photos_of(ada, other) == [one]
    assert await photos_of(ada, found["concert_id"]) == [two]
