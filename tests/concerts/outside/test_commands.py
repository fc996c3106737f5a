"""The commands of services outside, as an operator types them."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backline.concerts.demo.services import setlistfm as stand_ins
from backline.concerts.demo.services.server import StandIn, serving
from tests.concerts.truth.outside import Outside
from tests.concerts.truth.world import World
from tests.support.tree import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture
async def stand_in(land: Outside) -> AsyncIterator[StandIn]:
    async with serving(stand_ins.SetlistFm(land, key="k", per_second=1_000)) as running:
        yield running


@pytest.fixture
def environ(dsn: str, tmp_path: Path) -> dict[str, str]:
    """Of an installation on a database elsewhere."""
    program = [sys.executable, "-m", "backline", "settings", "--new-secret"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    subprocess.run([*program, str(tmp_path / "secret")], env=environ, check=True)
    return environ | {
        "BACKLINE_DATABASE_URL": dsn,
        "BACKLINE_SECRET_FILE": str(tmp_path / "secret"),
        "BACKLINE_DATA_DIR": str(tmp_path),
    }


async def told(environ: dict[str, str], *words: str) -> tuple[int, str]:
    """A command's exit code and what it says."""
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "backline", "concerts", *words],
        env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


async def test_a_night_is_asked_for_by_hand(
    environ: dict[str, str], stand_in: StandIn, world: World
) -> None:
    event = next(one for one in world.events.values() if one.setlist_ids)
    stage = world.stages[event.stage_id]
    environ |= {"BACKLINE_SETLISTFM_KEY": "k", "BACKLINE_SETLISTFM_URL": stand_in.url}
    asked = "shows", str(stage.filed_under), event.on.isoformat()
    first, again = await told(environ, *asked), await told(environ, *asked)

    assert first[0] == 0, first[1]
    assert f"{stage.filed_name}: {event.bill[-1].name}  https://www.setlist.fm/" in first[1]
    assert again == first
    assert len(stand_in.asked) == 1


async def test_what_is_wrong_is_said(environ: dict[str, str], stand_in: StandIn) -> None:
    keyless = await told(environ, "shows", "2950159", "2024-07-06")
    environ |= {"BACKLINE_SETLISTFM_KEY": "wrong", "BACKLINE_SETLISTFM_URL": stand_in.url}
    refused = await told(environ, "shows", "2950159", "2024-07-06")
    nowhere = await told(environ, "shows", "Berlin", "2024-07-06")
    never = await told(environ, "shows", "2950159", "06-07-2024")

    assert [code for code, _ in (keyless, refused, nowhere, never)] == [1, 1, 1, 1]
    assert "BACKLINE_SETLISTFM_KEY" in keyless[1]
    assert "refuses the operator's key" in refused[1]
    assert "geonames.org" in nowhere[1]
    assert "2024-07-06" in never[1]


async def test_venues_are_forgotten(environ: dict[str, str]) -> None:
    assert await told(environ, "venues", "forget") == (0, "Searches forgotten: 0.\n")
