"""A scan of a folder and the matching of what it finds, killed at twenty moments on their way.

Each photo is there once, and each concert; there are never more requests than were charged, and a
kill loses one charge at most.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from backline.concerts.demo.services.server import Fault
from backline.concerts.outside import sql as outside_sql
from backline.concerts.outside.setlistfm import SERVICE
from tests.concerts.conftest import scan
from tests.concerts.killing import workers
from tests.concerts.nights import MILL, Nights, show, somebody, standing, world
from tests.platform.jobs.working import value
from tests.support.chance import chance
from tests.support.photos import jpeg, write
from tests.support.things import Person

KILLS, NIGHTS, PHOTOS = 20, 30, 4
FIRST = date(2021, 1, 1)

pytestmark = [pytest.mark.chaos, pytest.mark.draws, pytest.mark.slow]


def fill(folder: Path, days: Sequence[date]) -> None:
    """Photos of a night on each day, spread over an hour and a half."""
    for n, day in enumerate(days):
        for m in range(PHOTOS):
            taken = f"{day:%Y:%m:%d} {20 + m // 2}:{m % 2 * 30:02}:00"
            place = (MILL.latitude + m * 1e-5, MILL.longitude)
            data = jpeg(seed=n * PHOTOS + m, width=96, height=64, taken=taken, place=place)
            write(folder / f"{n}-{m}.jpg", data)


async def every(person: Person, path: str) -> list[dict[str, Any]]:
    """All that a list holds."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await person.get(f"{path}?limit=100{cursor}")).json()
        found += page["items"]
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
    return found


async def test_a_scan_killed_twenty_times_makes_a_history_once(
    dsn: str, tmp_path: Path, folder: Path
) -> None:
    luck = chance("killed while scanning and matching")
    days = [FIRST + timedelta(days=9 * n) for n in range(NIGHTS)]
    await asyncio.to_thread(fill, folder, days)
    land = Nights(*(show(f"Band {n}", day) for n, day in enumerate(days)))
    told = {"BACKLINE_PHOTO_FOLDERS": str(folder), "BACKLINE_SETLISTFM_PER_DAY": "1000000"}
    async with world(dsn, tmp_path, land, **told) as (api, stand_in):
        ada = await somebody(api)
        database = api.platform.database
        asked = {
            "BACKLINE_SETLISTFM_KEY": "k",
            "BACKLINE_SETLISTFM_URL": stand_in.url,
            "BACKLINE_SETLISTFM_PER_SECOND": "100",
            "BACKLINE_SETLISTFM_BURST": "100",
        }
        scan_id = await scan(ada, folder)

        async def steps() -> int:
            """How far it is: files that were looked at, and requests."""
            done = (await ada.get(f"/scans/{scan_id}")).json()["done"]
            return done + len(stand_in.asked)

        async def is_through() -> bool:
            state = await standing(ada)
            cut = await value(database, _LEFT)
            return state["concerts"] == NIGHTS and state["waiting"] == cut == 0

        with workers(dsn, tmp_path, **told, **asked) as others:
            for _ in range(KILLS):
                before, answered = await steps(), luck.randint(1, 2)
                good: list[Fault] = ["well"] * answered
                stand_in.spoil(*good, "hangs")  # so that each kill leaves some

                async def has_come(before: int = before) -> bool:
                    return await steps() > before or await is_through()

                await others.killed(has_come, luck, 0.2)
                stand_in.mend()
            asked_then = len(stand_in.asked)
            await others.until(is_through)
        state = await standing(ada)
        seen = (await ada.get(f"/scans/{scan_id}")).json()
        photos, concerts = await every(ada, "/photos"), await every(ada, "/concerts")
        artists = await every(ada, "/concerts/artists")
        requests = len(stand_in.asked)
        async with database.read() as read:
            charged = sum(one.charged for one in await outside_sql.charges(read, SERVICE))

    assert 0 < asked_then <= requests  # how much a quick machine leaves for the last one is open
    assert (seen["state"], seen["added"], seen["failed"]) == ("done", NIGHTS * PHOTOS, 0)
    names = [f"{n}-{m}.jpg" for n in range(NIGHTS) for m in range(PHOTOS)]
    assert sorted(one["filename"] for one in photos) == sorted(names)
    assert [one["held_on"] for one in concerts] == sorted(map(str, days), reverse=True)
    assert [one["photo_count"] for one in concerts] == [PHOTOS] * NIGHTS
    assert (state["waiting"], state["concerts"]) == (0, NIGHTS)
    assert [one["concert_count"] for one in artists] == [1] * NIGHTS
    assert requests <= charged <= requests + KILLS


_LEFT = """
SELECT count(*) FROM jobs WHERE kind IN ('concerts.scan', 'concerts.sessions', 'concerts.match')
  AND finished_at IS NULL
"""
