"""Killed between charge and request: never more requests than charges, one lost a kill at most."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from backline.concerts.demo.services import setlistfm as stand_ins
from backline.concerts.demo.services.server import serving
from backline.concerts.outside import sql
from backline.concerts.outside.setlistfm import SERVICE
from backline.platform.database import Database
from tests.concerts.outside import asking_process
from tests.concerts.truth.outside import Outside
from tests.support.chance import chance
from tests.support.tree import ROOT
from tests.support.waiting import until

KILLS = 10


@pytest.mark.chaos
@pytest.mark.draws
@pytest.mark.slow
async def test_charges_and_requests_agree(database: Database, land: Outside, ada: UUID) -> None:
    luck = chance("killed while asking")
    service = stand_ins.SetlistFm(land, key="k", per_second=10**6, per_day=10**6)
    async with serving(service) as stand_in:
        for kill in range(KILLS):
            before = len(stand_in.asked)
            process = _started(database.dsn, stand_in.url, ada, 1_000_000 * (kill + 1))
            try:
                await until(lambda before=before: len(stand_in.asked) > before)
                # Anywhere between two lines of what it does.
                await asyncio.sleep(luck.uniform(0, 0.1))
            finally:
                process.kill()
                process.wait()
        asked = len(stand_in.asked)
    async with database.read() as read:
        charged = sum(one.charged for one in await sql.charges(read, SERVICE))

    assert asked <= charged <= asked + KILLS


def _started(dsn: str, url: str, owner_id: UUID, first: int) -> "subprocess.Popen[bytes]":
    program = [sys.executable, str(Path(asking_process.__file__)), dsn, url, str(owner_id)]
    env = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    return subprocess.Popen([*program, str(first)], env=env, stderr=subprocess.DEVNULL)
