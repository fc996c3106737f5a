"""Scans of music make covers, and wait while their owner's room is used up."""

from pathlib import Path

import pytest

from tests.audio.conftest import worker
from tests.audio.folders.conftest import scan, scanned, song
from tests.platform.jobs.working import eventually, execute, value
from tests.support.api import Api
from tests.support.things import Person

pytestmark = pytest.mark.slow

QUOTA = "UPDATE users SET quota_bytes = $1"
PUT_BACK = """
SELECT EXISTS (SELECT FROM jobs WHERE state = 'queued'
  AND error LIKE 'Your room is used up, so the scan waits. Delete something, or%')
"""


async def test_a_scan_waits_while_its_owners_room_is_used_up_and_one_without_news_does_not(
    api: Api, ada: Person, folder: Path, tones: Path
) -> None:
    for n in range(2):
        song(tones, n, folder / f"{n}.mp3")
    database = api.platform.database
    await execute(database, QUOTA, 0)
    scan_id = await scan(ada, folder)

    async def is_put_back() -> bool:
        return await value(database, PUT_BACK)

    async with worker(api):
        await eventually(is_put_back)
        waiting = (await ada.get(f"/music-scans/{scan_id}")).json()
        await execute(database, QUOTA, None)
        await execute(database, "UPDATE jobs SET run_at = now()")
        went_on = await scanned(ada, scan_id)
        await execute(database, QUOTA, 0)
        without_news = await scanned(ada, await scan(ada, folder))

    assert (waiting["state"], waiting["waiting"], waiting["added"]) == ("running", 2, 0)
    assert (went_on["state"], went_on["added"]) == ("done", 2)
    assert without_news["state"] == "done"
