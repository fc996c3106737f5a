"""Reviews: what matching isn't sure of, decided by a person, and undone."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.api import Api, serving_api
from tests.support.concert_things import CANDIDATE, review
from tests.support.things import Person

pytestmark = pytest.mark.slow


async def decided(person: Person, review_id: str, how: str, **form: Any) -> dict[str, Any]:
    given = {"json": form} if form else {}
    return (await person.post(f"/concerts/reviews/{review_id}/{how}", **given)).json()


async def to_decide(person: Person) -> list[str]:
    return [one["id"] for one in (await person.get("/concerts/reviews")).json()["items"]]


async def test_a_review_shows_photos_and_candidates(ada: Person) -> None:
    review_id = await review(ada)

    [found] = (await ada.get("/concerts/reviews")).json()["items"]

    assert (found["id"], found["state"], found["decided"]) == (review_id, "review", False)
    assert (found["began_at"], found["days"]) == ("2024-05-01T20:00:00", ["2024-05-01"])
    assert len(found["photos"]) == found["photo_count"] == 2
    [candidate] = found["candidates"]
    assert candidate["venue"]["name"] == "Hall"
    assert [one["name"] for one in candidate["bill"]] == ["Opener", "Band"]
    assert candidate["reasons"] == ["Taken 40 m from Hall."]


async def test_an_accepted_candidate_is_a_concert_and_undone_none(ada: Person) -> None:
    review_id = await review(ada)

    found = await decided(ada, review_id, "accept", candidate=CANDIDATE)
    concert = (await ada.get(f"/concerts/{found['concert_id']}")).json()
    again = await ada.client.post(
        f"/api/v1/concerts/reviews/{review_id}/accept", json={"candidate": CANDIDATE}
    )
    assert (found["state"], found["decided"]) == ("matched", True)
    assert (concert["source"], concert["photo_count"]) == ("review", 2)
    assert concert["reasons"] == ["Taken 40 m from Hall."]
    assert again.status_code == 409
    assert await to_decide(ada) == []

    undone = await decided(ada, review_id, "undo")
    assert (undone["state"], undone["concert_id"]) == ("review", None)
    assert (await ada.get("/concerts")).json()["items"] == []
    assert (await ada.get("/concerts/artists")).json()["items"] == []
    assert await to_decide(ada) == [review_id]


async def test_two_sessions_of_an_evening_are_one_concert(ada: Person) -> None:
    first, second = await review(ada), await review(ada)

    found = [await decided(ada, one, "accept", candidate=CANDIDATE) for one in (first, second)]
    undone = await decided(ada, first, "undo")
    [left] = (await ada.get("/concerts")).json()["items"]

    assert found[0]["concert_id"] == found[1]["concert_id"] == left["id"]
    assert (undone["concert_id"], left["photo_count"]) == (None, 2)


async def test_a_person_says_what_it_was(ada: Person) -> None:
    made, joined, none = [await review(ada) for _ in range(3)]
    form = {"held_on": "2024-05-02", "bill": [{"name": "Low"}]}

    first = await decided(ada, made, "concert", **form)
    second = await decided(ada, joined, "join", concert_id=first["concert_id"])
    third = await decided(ada, none, "dismiss")

    assert second["concert_id"] == first["concert_id"]
    concert = (await ada.get(f"/concerts/{first['concert_id']}")).json()
    assert (concert["source"], concert["photo_count"]) == ("person", 4)
    assert (third["state"], third["decided"]) == ("dismissed", True)
    assert await to_decide(ada) == []


async def test_an_edited_concert_outlives_the_undoing(ada: Person) -> None:
    review_id = await review(ada)
    found = await decided(ada, review_id, "accept", candidate=CANDIDATE)
    path = f"/api/v1/concerts/{found['concert_id']}"
    await ada.client.patch(path, json={"notes": "What a night"})

    await decided(ada, review_id, "undo")

    assert (await ada.client.get(path)).json()["photo_count"] == 0


async def test_a_deleted_concert_dismisses_its_photos(ada: Person) -> None:
    review_id = await review(ada)
    found = await decided(ada, review_id, "accept", candidate=CANDIDATE)
    path = f"/api/v1/concerts/{found['concert_id']}"

    await ada.client.delete(path)
    gone = (await ada.get(f"/concerts/reviews/{review_id}")).json()
    await ada.client.post(f"{path}/restore")
    back = (await ada.get(f"/concerts/reviews/{review_id}")).json()

    assert (gone["state"], gone["decided"]) == ("dismissed", True)
    assert (back["state"], back["concert_id"]) == ("matched", found["concert_id"])


async def test_what_was_deleted_a_moment_ago_can_be_accepted_again(ada: Person) -> None:
    first, second = await review(ada), await review(ada)
    found = await decided(ada, first, "accept", candidate=CANDIDATE)
    await ada.client.delete(f"/api/v1/concerts/{found['concert_id']}")

    again = await decided(ada, second, "accept", candidate=CANDIDATE)

    assert again["concert_id"] != found["concert_id"]
    assert len((await ada.get("/concerts")).json()["items"]) == 1


@pytest.fixture
async def full(dsn: str, tmp_path: Path) -> AsyncIterator[Api]:
    async with serving_api(dsn, tmp_path, quiet=True, BACKLINE_CONCERTS_PER_ACCOUNT="1") as opened:
        yield opened


async def test_a_full_history_says_so_and_loses_nothing(full: Api) -> None:
    ada = Person(full, "ada@example.org")
    await ada.sign_in()
    first, second = await review(ada), await review(ada)
    form = {"held_on": "2024-05-02"}
    found = await decided(ada, first, "concert", **form)

    made = await ada.client.post("/api/v1/concerts", json=form)
    accepted = await ada.client.post(
        f"/api/v1/concerts/reviews/{second}/accept", json={"candidate": CANDIDATE}
    )

    assert (made.status_code, accepted.status_code) == (409, 409)
    assert "at most 1 " in made.text
    assert await to_decide(ada) == [second]
    await ada.client.delete(f"/api/v1/concerts/{found['concert_id']}")
    assert (await ada.client.post("/api/v1/concerts", json=form)).status_code == 201
    restored = await ada.client.post(f"/api/v1/concerts/{found['concert_id']}/restore")
    assert restored.status_code == 409
