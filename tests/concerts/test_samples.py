"""`up --demo`: the sample photos are scanned and become a history, without any service outside."""

from datetime import date
from uuid import UUID

import pytest

from backline.concerts.demo import adding
from backline.platform.actor import Actor
from tests.concerts.conftest import worker
from tests.concerts.nights import (
    concerts,
    judged,
    know_places,
    named,
    night,
    reviews,
    standing,
    wall,
)
from tests.platform.jobs.working import eventually
from tests.support.api import Api
from tests.support.things import Person

pytestmark = pytest.mark.slow


async def test_sample_photos_become_a_history(api: Api, ada: Person) -> None:
    await know_places(api.platform.database)  # so that nobody loads the world's cities
    await adding.add(api.platform, [Actor(UUID(ada.id), "user", UUID(int=0))])

    async def is_done() -> bool:
        found = await standing(ada)
        return (found["concerts"], found["reviews"], found["waiting"]) == (4, 1, 0)

    async with worker(api):
        await eventually(is_done)
    found = await concerts(ada)
    [review] = await reviews(ada)
    async with api.platform.database.read() as read:
        charged = await read.fetch_values("SELECT DISTINCT service FROM outside_charges")
        kept = await read.fetch_values("SELECT DISTINCT key FROM outside_answers")

    assert [one["venue"]["city"] for one in found] == ["New York", "Amsterdam", "Berlin", "Hamburg"]
    assert [one["festival"] for one in found] == [True, False, False, False]
    assert named(found[-1]) == ["Paper Lanterns", "The Salt Roads"]
    assert all(one["photo_count"] and one["cover"] for one in found)
    assert {named(one)[0] for one in review["candidates"]} == {"Static Bloom", "Ghost Parade"}
    assert charged == ["sample shows"]
    assert all(key.startswith("sample shows: ") for key in kept)


async def test_real_photos_are_of_the_real_world(api: Api, ada: Person) -> None:
    await know_places(api.platform.database)
    await night(ada, wall(date(2023, 11, 3), 21))
    await judged(api)

    assert await concerts(ada) == []
    assert "no key" in (await standing(ada))["waits_for"]
