"""Telling people: once for each reason, in the transaction that makes it so, and not too much."""

import asyncio
from contextlib import suppress
from uuid import UUID

import pytest

from backline import accounts
from backline.accounts import Container
from backline.notifications import notify
from backline.notifications.models import KEPT
from backline.platform.database import Database
from backline.platform.ids import uuid7
from tests.notifications.kinds import LOUD, notice
from tests.platform.jobs.working import eventually, value, working
from tests.support.things import Person

pytestmark = pytest.mark.slow

TWINS = 40


async def told(person: Person) -> list[str]:
    """The titles of what somebody is told."""
    return [one["title"] for one in (await person.get("/notifications")).json()["items"]]


async def test_a_notice_says_what_happened_and_where(
    database: Database, ada: Person, ben: Person
) -> None:
    song = uuid7()
    async with database.write() as tx:
        made = await notify(
            tx,
            notice(
                ada.id,
                title="Ben sang\n “Mañana”",
                text="In C.",
                path="/tasks/1?a=b",
                subject=("song", song),
                actor_id=UUID(ben.id),
            ),
        )

    [shown] = (await ada.get("/notifications")).json()["items"]
    assert made == 1
    assert (shown["kind"], shown["title"], shown["text"]) == (
        "choir.sang",
        "Ben sang “Mañana”",
        "In C.",
    )
    assert (shown["path"], shown["subject"]) == ("/tasks/1?a=b", {"kind": "song", "id": str(song)})
    assert (shown["actor_id"], shown["read_at"]) == (ben.id, None)
    assert await told(ben) == []


async def test_the_same_reason_tells_somebody_once_however_many_say_it(
    database: Database, ada: Person, ben: Person
) -> None:
    async def say(number: int) -> int:
        people = [ada.id, ben.id] if number % 2 else [ben.id, ada.id]
        async with database.write() as tx:
            return await notify(
                tx, *(notice(one, f"song {song}") for one in people for song in range(5))
            )

    made = await asyncio.gather(*(say(number) for number in range(TWINS)))

    assert sum(made) == 10
    assert (len(await told(ada)), len(await told(ben))) == (5, 5)


async def test_a_deleted_notice_is_not_told_again(database: Database, ada: Person) -> None:
    async with database.write() as tx:
        await notify(tx, notice(ada.id))
    [shown] = (await ada.get("/notifications")).json()["items"]
    (await ada.client.delete(f"/api/v1/notifications/{shown['id']}")).raise_for_status()

    async with database.write() as tx:
        again = await notify(tx, notice(ada.id))

    assert again == 0
    assert await told(ada) == []
    assert await value(database, "SELECT string_agg(title || text, '') FROM notices") == ""


async def test_nobody_is_told_of_what_did_not_happen(database: Database, ada: Person) -> None:
    with suppress(ZeroDivisionError):
        async with database.write() as tx:
            await notify(tx, notice(ada.id, kind=LOUD))
            raise ZeroDivisionError

    assert await told(ada) == []
    assert await value(database, "SELECT count(*) FROM jobs WHERE kind LIKE 'notif%.mail'") == 0


async def test_nobody_is_told_what_they_did_themselves_nor_who_is_gone(
    database: Database, ada: Person, ben: Person
) -> None:
    (await ben.client.delete("/api/v1/users/me")).raise_for_status()

    async with database.write() as tx:
        made = await notify(tx, notice(ada.id, actor_id=UUID(ada.id)), notice(ben.id))

    assert made == 0
    assert await value(database, "SELECT count(*) FROM notices") == 0


async def test_what_lies_in_a_container_is_told_to_its_members_while_they_are(
    database: Database, ada: Person, ben: Person
) -> None:
    project = Container(UUID(ada.id), uuid7(), "project")
    async with database.write() as tx:
        await accounts.add_member(tx, project, UUID(ben.id), "viewer")
        await notify(tx, *(notice(one.id, container=project) for one in (ada, ben)))
    as_member = await told(ben), (await ben.get("/notifications/unread")).json()

    async with database.write() as tx:
        await accounts.remove_member(tx, project, UUID(ben.id))

    assert as_member == (["Ben sang “Mañana”"], {"unread": 1})
    assert await told(ben) == []
    assert (await ben.get("/notifications/unread")).json() == {"unread": 0}
    assert await told(ada) == ["Ben sang “Mañana”"]


@pytest.mark.slow
async def test_a_person_keeps_their_latest_five_hundred(
    database: Database, ada: Person, ben: Person
) -> None:
    async with database.write() as tx:
        await notify(tx, notice(ben.id))
        for number in range(KEPT + 200):
            await notify(tx, notice(ada.id, f"{number}", title=f"Song {number}"))

    async def is_pruned() -> bool:
        return await value(database, COUNT, UUID(ada.id)) == KEPT

    async with working(database):
        await eventually(is_pruned)

    ada.client.cookies.clear()
    assert (await told(ada))[0] == f"Song {KEPT + 199}"
    assert (await ada.get("/notifications/unread")).json() == {"unread": KEPT}
    assert await value(database, COUNT, UUID(ben.id)) == 1


COUNT = "SELECT count(*) FROM notices WHERE owner_id = $1"


async def test_nothing_stays_of_an_account_that_is_gone(
    database: Database, ada: Person, ben: Person
) -> None:
    async with database.write() as tx:
        await notify(tx, notice(ada.id), notice(ben.id))
    for person in (ada, ben):
        await person.client.patch("/api/v1/notifications/settings", json={"digest": True})

    (await ada.client.delete("/api/v1/users/me")).raise_for_status()

    async def is_forgotten() -> bool:
        return await value(database, COUNT, UUID(ada.id)) == 0

    async with working(database):
        await eventually(is_forgotten)
    assert await value(database, "SELECT array_agg(owner_id) FROM notice_settings") == [
        UUID(ben.id)
    ]
    assert await value(database, COUNT, UUID(ben.id)) == 1


@pytest.mark.parametrize("path", ["", "tasks", "//evil.example", "https://evil.example", "/a b"])
def test_a_path_is_one_of_our_own_pages(path: str) -> None:
    with pytest.raises(ValueError, match="path of a page"):
        notice(uuid7(), path=path)


def test_words_are_bounded_and_on_one_line() -> None:
    long = notice(uuid7(), title="a\r\nb\x00" + "c" * 500, text="d" * 9_999)

    assert long.line.startswith("a b c")
    assert (len(long.line), len(long.words)) == (200, 2_000)
