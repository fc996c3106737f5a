"""Scans of music make covers, and wait while their owner's room is used up."""

from pathlib import Path

import pytest

from tests.audio.conftest import worker
from tests.audio.folders.conftest import scan, scanned, song
from tests.platform.jobs.working import eventually
from tests.support.api import Api
from tests.support.room import a_scan_waits, give_room, take_room
from tests.support.things import Person

pytestmark = pytest.mark.slow


async def test_a_scan_waits_while_its_owners_room_is_used_up_and_one_without_news_does_not(
    api: Api, ada: Person, folder: Path, tones: Path
) -> None:
    for n in range(2):
        song(tones, n, folder / f"{n}.mp3")
    database = api.platform.database
    await take_room(database)
    scan_id = await scan(ada, folder)

    async with worker(api):
        await eventually(lambda: a_scan_waits(database))
        waiting = (await ada.get(f"/music-scans/{scan_id}")).json()
        await give_room(database)
        went_on = await scanned(ada, scan_id)
        await take_room(database)
        without_news = await scanned(ada, await scan(ada, folder))

    assert (waiting["state"], waiting["waiting"], waiting["added"]) == ("running", 2, 0)
    assert (went_on["state"], went_on["added"]) == ("done", 2)
    assert without_news["state"] == "done"
