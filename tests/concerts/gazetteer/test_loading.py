"""GeoNames' cities, as the package brings them: loaded once, replaced as a whole."""

import asyncio

import pytest

from backline.concerts.gazetteer import cities, venues
from backline.concerts.gazetteer.loading import LOAD
from backline.platform.database import Database
from backline.platform.jobs import Nothing, enqueue
from tests.concerts.conftest import worker
from tests.concerts.gazetteer.conftest import BERLIN, keep, venue
from tests.platform.jobs.working import execute, job_of, value
from tests.support.api import Api
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow

LONG_S = 600
WACKEN = 2815623
OLD_CITY = """
INSERT INTO cities (id, name, country_code, region, zone, latitude, longitude, population, cell)
VALUES (1, 'Old town', 'DE', '', 'Europe/Berlin', 52.5, 13.42, 90000000, 1)
"""
LOADED = "SELECT loaded_at FROM gazetteer_loaded"


async def load(database: Database) -> str:
    """Its state once it has ended, which takes a while."""
    async with database.write() as tx:
        job = await enqueue(tx, LOAD, Nothing())

    async def has_ended() -> bool:
        return (await job_of(database, job)).finished_at is not None

    await eventually(has_ended, LONG_S)
    return (await job_of(database, job)).state


async def test_cities_are_loaded_once_and_replaced_as_a_whole(api: Api) -> None:
    database = api.platform.database
    await keep(database, venue("SO36", 52.50039, 13.42226), venue("Wacken", 54.0245, 9.3756))
    await execute(database, OLD_CITY)
    await execute(database, "UPDATE venues SET city_id = 1")
    await execute(database, "INSERT INTO gazetteer_loaded (what, version) VALUES ('cities', 'old')")
    async with worker(api):
        # Two at once, as when a schedule's comes beside one by hand.
        assert await asyncio.gather(load(database), load(database)) == ["done", "done"]
        first = await value(database, LOADED)
        assert await load(database) == "done"

        async def all_settled() -> bool:
            left = "SELECT count(*) FROM venues WHERE city_id IS NULL"
            return await value(database, left) == 0

        await eventually(all_settled, LONG_S)

    assert await value(database, LOADED) == first
    assert await value(database, "SELECT count(*) FROM cities") > 200_000
    async with database.read() as read:
        so36 = (await venues.near(read, 52.50039, 13.42226))[0].venue
        wacken = (await venues.near(read, 54.0245, 9.3756))[0].venue
        typed = await cities.suggest(read, "münch", None)
        abroad = await cities.suggest(read, "Мюнх", None)
        old = await cities.get(read, 1)
    assert (so36.city_id, so36.city) == (BERLIN, "Berlin")
    assert (wacken.city_id, wacken.city, wacken.country_code) == (WACKEN, "Wacken", "DE")
    assert [one.name for one in typed][:1] == [one.name for one in abroad][:1] == ["Munich"]
    assert old is None


async def test_cities_that_cannot_be_loaded_leave_the_old_ones(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = api.platform.database
    await execute(database, OLD_CITY)
    async with worker(api):
        # The disk of the worker is full, or its folder gone: nothing was begun.
        api.platform.work_dir.rename(api.platform.work_dir.with_name("gone"))
        async with database.write() as tx:
            job = await enqueue(tx, LOAD, Nothing())

        async def has_failed() -> bool:
            sql = "SELECT attempts > 0 AND error IS NOT NULL FROM jobs WHERE id = $1"
            return bool(await value(database, sql, job))

        await eventually(has_failed)
        assert await value(database, "SELECT count(*) FROM cities") == 1
