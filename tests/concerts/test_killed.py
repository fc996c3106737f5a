"""Killed while matching, at any moment: each concert once, and no more requests than charges."""

import asyncio
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from backline.concerts.demo.services.server import Fault
from backline.concerts.outside import sql as outside_sql
from backline.concerts.outside.setlistfm import SERVICE
from tests.concerts import match_process
from tests.concerts.nights import (
    Nights,
    concerts,
    judged,
    night,
    show,
    somebody,
    standing,
    wall,
    world,
)
from tests.support.chance import chance
from tests.support.tree import ROOT
from tests.support.waiting import until

KILLS, NIGHTS = 8, 60
FIRST = date(2021, 1, 1)

pytestmark = [pytest.mark.chaos, pytest.mark.draws, pytest.mark.slow]


async def test_each_concert_is_made_once(dsn: str, tmp_path: Path) -> None:
    luck = chance("killed while matching")
    days = [FIRST + timedelta(days=9 * n) for n in range(NIGHTS)]
    land = Nights(*(show(f"Band {n}", day) for n, day in enumerate(days)))
    async with world(dsn, tmp_path, land, BACKLINE_SETLISTFM_PER_DAY="1000000") as (api, stand_in):
        ada = await somebody(api)
        for day in days:
            await night(ada, wall(day, 20), count=9)
        for kill in range(KILLS):
            before, answered = len(stand_in.asked), luck.randint(1, 6)
            good: list[Fault] = ["well"] * answered
            stand_in.spoil(*good, "hangs")  # so that each kill leaves some
            process = _started(dsn, stand_in.url, tmp_path / f"{kill}")
            try:
                last = before + luck.randint(1, answered)
                await until(lambda last=last: len(stand_in.asked) >= last)
                await asyncio.sleep(luck.uniform(0, 0.2))  # anywhere between two lines
            finally:
                process.kill()
                process.wait()
                stand_in.mend()
        asked_then = len(stand_in.asked)
        await judged(api, lease_s=2.0)
        found: list[str] = []
        cursor = ""
        while cursor is not None:
            page = (await ada.get(f"/concerts?limit=100{cursor}")).json()
            found += [one["held_on"] for one in page["items"]]
            cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
        state = await standing(ada)
        [first, *_] = await concerts(ada)
        artists = (await ada.get("/concerts/artists?limit=100")).json()["items"]
        asked = len(stand_in.asked)
        async with api.platform.database.read() as read:
            charged = sum(one.charged for one in await outside_sql.charges(read, SERVICE))

    assert asked_then < NIGHTS
    assert found == sorted(map(str, days), reverse=True)
    assert (state["waiting"], state["concerts"], first["photo_count"]) == (0, NIGHTS, 9)
    assert [one["concert_count"] for one in artists] == [1] * NIGHTS
    assert asked <= charged <= asked + KILLS


def _started(dsn: str, url: str, folder: Path) -> "subprocess.Popen[bytes]":
    folder.mkdir()
    program = [sys.executable, str(Path(match_process.__file__)), dsn, url, str(folder)]
    env = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    return subprocess.Popen(program, env=env, stderr=subprocess.DEVNULL)
