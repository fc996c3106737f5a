"""What keeps photos in order: the nightly repair, and which files rows point to."""

from pathlib import Path

import pytest

from backline.concerts import upkeep
from backline.concerts.files import PHOTOS
from tests.concerts.conftest import prepared, scan, scanned, uploaded, worker
from tests.platform.jobs.working import eventually
from tests.support.api import Api
from tests.support.photos import jpeg, write
from tests.support.things import Person

pytestmark = pytest.mark.slow


async def test_what_is_missing_is_done_at_night(api: Api, ada: Person, folder: Path) -> None:
    write(folder / "a.jpg", jpeg(seed=1))
    photo_id = (await uploaded(ada, jpeg(seed=2)))["id"]
    scan_id = await scan(ada, folder)
    async with api.platform.database.write() as tx:
        await tx.execute("DELETE FROM jobs")

    count = await upkeep.repair(api.platform.database, api.platform.storage)
    async with worker(api):
        photo, seen = await prepared(ada, photo_id), await scanned(ada, scan_id)

        async def is_nothing_missing() -> bool:
            return await upkeep.repair(api.platform.database, api.platform.storage) == 0

        await eventually(is_nothing_missing)

    assert count == 2
    assert (photo["status"], seen["state"], seen["added"]) == ("ready", "done", 1)


async def test_every_file_is_known_and_no_other(api: Api, ada: Person, folder: Path) -> None:
    write(folder / "a.jpg", jpeg(seed=1))
    async with worker(api):
        await prepared(ada, (await uploaded(ada, jpeg(seed=2)))["id"])
        await scanned(ada, await scan(ada, folder))
        for one in (await ada.get("/photos")).json()["items"]:
            await ada.client.patch(f"/api/v1/photos/{one['id']}", json={"starred": True})

        async def all_drawn() -> bool:
            items = (await ada.get("/photos")).json()["items"]
            return all(
                {each["content_type"] for each in one["variants"]} == {"image/avif", "image/webp"}
                for one in items
            )

        await eventually(all_drawn)
    stored = {one.key: one.size_bytes async for one in api.platform.storage.list("photos")}
    odd = ["photos/x", *(f"{key}x" for key in stored)]

    async with api.platform.database.read() as read:
        referenced = {one.key: one.size_bytes async for one in PHOTOS.referenced(read)}
        unknown = await PHOTOS.unknown(read, [*stored, *odd])

    assert referenced == stored
    assert set(unknown) == set(odd)
