"""Reading what one is told: pages, marks that can be taken back, and the number of the unread."""

import asyncio
from uuid import UUID

import pytest

from backline.notifications import notify
from backline.platform.database import Database
from tests.notifications.kinds import notice
from tests.support.things import Person

pytestmark = pytest.mark.slow

MANY = 30


async def tell(database: Database, person: Person, count: int) -> list[str]:
    """Tell somebody so much; the ids, the newest first."""
    async with database.write() as tx:
        await notify(tx, *(notice(person.id, f"{n:03}", title=f"Song {n}") for n in range(count)))
    items = (await person.get(f"/notifications?limit={max(count, 1)}")).json()["items"]
    return [one["id"] for one in items]


async def unread(person: Person) -> int:
    """How much somebody hasn't read."""
    return (await person.get("/notifications/unread")).json()["unread"]


async def test_pages_follow_each_other_and_can_be_of_the_unread_alone(
    database: Database, ada: Person
) -> None:
    ids = await tell(database, ada, MANY)
    await ada.post("/notifications/mark", json={"read": True, "notice_ids": ids[:10]})

    first = (await ada.get("/notifications?unread=true&limit=15")).json()
    second = (
        await ada.get(f"/notifications?unread=true&limit=15&cursor={first['next_cursor']}")
    ).json()

    assert [one["id"] for one in first["items"] + second["items"]] == ids[10:]
    assert second["next_cursor"] is None
    foreign = await ada.client.get(f"/api/v1/notifications?cursor={first['next_cursor']}")
    assert foreign.status_code == 422


async def test_one_is_marked_and_marked_back(database: Database, ada: Person) -> None:
    [first, *_] = await tell(database, ada, 3)
    where = f"/api/v1/notifications/{first}"

    marked = (await ada.client.patch(where, json={"read": True})).json()
    after = await unread(ada)
    twice = (await ada.client.patch(where, json={"read": True})).json()
    back = (await ada.client.patch(where, json={"read": False})).json()

    assert marked["read_at"] is not None
    assert (after, twice["read_at"]) == (2, marked["read_at"])
    assert (back["read_at"], await unread(ada)) == (None, 3)


async def test_all_up_to_the_latest_that_was_seen_are_marked_and_marked_back(
    database: Database, ada: Person
) -> None:
    ids = await tell(database, ada, 5)
    await ada.post("/notifications/mark", json={"read": True, "notice_ids": ids[-1:]})

    marked = (await ada.post("/notifications/mark", json={"read": True, "up_to": ids[1]})).json()
    undo = {"read": False, "notice_ids": marked["notice_ids"]}
    back = (await ada.post("/notifications/mark", json=undo)).json()
    every = (await ada.post("/notifications/mark", json={"read": True})).json()

    assert (sorted(marked["notice_ids"]), marked["unread"]) == (sorted(ids[1:4]), 1)
    assert (sorted(back["notice_ids"]), back["unread"]) == (sorted(ids[1:4]), 4)
    assert (len(every["notice_ids"]), every["unread"]) == (4, 0)


async def test_the_number_of_the_unread_is_right_after_many_marks_at_once(
    database: Database, ada: Person
) -> None:
    ids = await tell(database, ada, MANY)

    async def mark(number: int) -> None:
        some = {"read": number % 4 != 0, "notice_ids": ids[number % 7 : number % 7 + 20]}
        await ada.post("/notifications/mark", json=some)
        where = f"/api/v1/notifications/{ids[number % MANY]}"
        (await ada.client.patch(where, json={"read": number % 2 == 0})).raise_for_status()

    async def tell_more(number: int) -> None:
        async with database.write() as tx:
            await notify(tx, notice(ada.id, f"more {number}"))

    await asyncio.gather(*(mark(n) for n in range(60)), *(tell_more(n) for n in range(20)))

    items = (await ada.get("/notifications?limit=100")).json()["items"]
    assert len(items) == MANY + 20
    assert await unread(ada) == sum(one["read_at"] is None for one in items)
    ada.client.cookies.clear()
    assert await unread(ada) == sum(one["read_at"] is None for one in items)


async def test_what_somebody_else_is_told_is_not_there(
    database: Database, ada: Person, ben: Person
) -> None:
    [theirs] = await tell(database, ada, 1)
    where = f"/api/v1/notifications/{theirs}"

    answers = [
        await ben.client.patch(where, json={"read": True}),
        await ben.client.patch(where, json={}),
        await ben.client.delete(where),
    ]
    for named in ({"notice_ids": [theirs]}, {"up_to": theirs}):
        some = {"read": True, **named}
        answers.append(await ben.client.post("/api/v1/notifications/mark", json=some))

    assert [answer.status_code for answer in answers] == [404] * 5
    assert await unread(ada) == 1


async def test_cached_answers_end_with_what_is_new(database: Database, ada: Person) -> None:
    ada.client.cookies.clear()
    before = await unread(ada), await unread(ada)

    async with database.write() as tx:
        await notify(tx, notice(ada.id))

    assert (before, await unread(ada)) == ((0, 0), 1)
    assert UUID((await ada.get("/notifications")).json()["items"][0]["id"])
