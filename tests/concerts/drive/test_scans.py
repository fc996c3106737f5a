"""Scans of a Drive: its whole list, what changes afterwards, and whatever goes wrong on the way."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from backline.concerts.demo.services.drive import Drive
from backline.concerts.demo.services.server import StandIn
from backline.concerts.outside import drive as outside
from backline.concerts.sql import upkeep
from backline.concerts.sql.upkeep import Whose
from tests.concerts.conftest import scan, scanned, uploaded, worker
from tests.concerts.drive.conftest import begin_scan, connect, file, listed, scan_drive
from tests.platform.jobs.working import eventually
from tests.support.api import Api
from tests.support.photos import jpeg
from tests.support.things import Person

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("short_pauses")]
NOW = datetime(2025, 6, 1, tzinfo=UTC)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "PAGE", 4)


def asked_of(stand_in: StandIn, path: str) -> int:
    return sum(one.path == f"/drive/v3/{path}" for one in stand_in.asked)


async def test_a_drive_becomes_photos(
    api: Api, ada: Person, service: Drive, stand_in: StandIn
) -> None:
    for n in range(20):
        service.library.put(file(f"{n}"))
    service.library.put(msgspec.structs.replace(file("0"), id="copy", name="copy.jpg"))
    service.library.put(file("logo", mime_type="image/svg+xml"))
    service.library.put(file("notes", mime_type="text/plain"))
    service.library.put(file("bin", is_trashed=True))
    service.library.put(file("nowhere", latitude=0.0, longitude=0.0, taken_at=None))
    await connect(ada)
    async with worker(api):
        seen = await scan_drive(ada)
        found = await listed(ada)
        photo = (await ada.get(f"/photos/{found['7.jpg']['id']}")).json()
        days = (await ada.get("/photos/days")).json()["days"]
        await ada.client.patch(f"/api/v1/photos/{photo['id']}", json={"starred": True})
        async with api.platform.database.read() as read:
            undrawn = await upkeep.undrawn(read, Whose(UUID(int=0), UUID(int=0)), 10)

    assert undrawn == []
    assert seen["state"] == "done", seen["error"]
    assert seen["source"] == {"kind": "drive", "account": "ada@example.com"}
    assert (seen["found"], seen["total"], seen["done"], seen["waiting"]) == (22, 22, 22, 0)
    assert (seen["added"], seen["known"], seen["failed"]) == (21, 1, 0)
    assert (photo["source"], photo["status"], photo["thumbnail"]) == ("drive", "ready", None)
    assert photo["taken_at"] == "2025-05-03T20:15:02+02:00"
    assert photo["location"] == {"latitude": 52.52, "longitude": 13.405}
    assert photo["remote_url"] == "https://drive.google.com/file/d/id-7/view"
    assert found["nowhere.jpg"]["location"] is None
    assert {"day": "2025-05-03", "count": 20} in days
    assert not any(one.query.get("alt") == "media" for one in stand_in.asked)


async def test_the_same_bytes_are_one_photo_wherever_they_lie(
    api: Api, ada: Person, service: Drive, tmp_path: Path
) -> None:
    first, second, third = (jpeg(seed=seed) for seed in range(3))
    for n, content in enumerate((first, second, third)):
        digest = sha256(content).hexdigest()
        service.library.put(file(f"{n}", content=content, sha256=digest))
    # It says one digest of its own and one of another file: one of them is wrong.
    lie = file("lie", content=b"lie", sha256=sha256(first).hexdigest(), md5="1" * 32)
    service.library.put(lie)
    service.library.put(msgspec.structs.replace(lie, id="lie-2", sha256=sha256(second).hexdigest()))
    async with worker(api):
        uploaded_id = (await uploaded(ada, first))["id"]
        await connect(ada)
        seen = await scan_drive(ada)
        drive = await listed(ada)
        later = await uploaded(ada, second)
        folder = tmp_path / "pictures"
        folder.mkdir()
        (folder / "kept.jpg").write_bytes(third)
        await scanned(ada, await scan(ada, folder))
        found = (await ada.get("/photos?limit=100")).json()["items"]
        photos = [(await ada.get(f"/photos/{one['id']}")).json() for one in found]
        again = await scan_drive(ada)

    by_id = {one["id"]: one for one in photos}
    here, there = by_id[drive["1.jpg"]["id"]], by_id[drive["2.jpg"]["id"]]
    assert (seen["state"], seen["added"], seen["known"]) == ("done", 2, 3)
    assert set(by_id) == {uploaded_id, later["id"], there["id"]}
    assert all("drive.google.com" in one["remote_url"] for one in photos)
    assert (here["id"], here["original"] is not None) == (later["id"], True)
    assert (there["source"], there["thumbnail"] is not None) == ("folder", True)
    assert (again["state"], again["added"]) == ("done", 0)


async def test_later_scans_follow_what_changed(
    api: Api, ada: Person, service: Drive, stand_in: StandIn
) -> None:
    for n in range(6):
        service.library.put(file(f"{n}"))
    await connect(ada)
    async with worker(api):
        await scan_drive(ada)
        before = await listed(ada)
        lists = asked_of(stand_in, "files")
        nothing = await scan_drive(ada)
        await ada.client.patch(
            f"/api/v1/photos/{before['3.jpg']['id']}", json={"taken_at": "2024-01-01T20:00:00"}
        )
        await ada.client.patch(f"/api/v1/photos/{before['5.jpg']['id']}", json={"starred": True})
        service.library.put(file("6"))
        service.library.put(file("0", is_trashed=True))
        service.library.remove("id-1", NOW)
        service.library.remove("id-5", NOW)
        service.library.put(msgspec.structs.replace(file("2"), name="renamed.jpg"))
        service.library.put(msgspec.structs.replace(file("3"), latitude=48.1, longitude=11.6))
        service.library.put(file("4", content=b"edited"))
        changed = await scan_drive(ada)
        found = await listed(ada)

    assert (nothing["found"], nothing["total"], nothing["added"]) == (0, 0, 0)
    assert (changed["found"], changed["total"], changed["added"]) == (4, 4, 2)
    assert asked_of(stand_in, "files") == lists
    assert sorted(found) == ["3.jpg", "4.jpg", "5.jpg", "6.jpg", "renamed.jpg"]
    assert found["renamed.jpg"]["id"] == before["2.jpg"]["id"]
    assert found["4.jpg"]["id"] != before["4.jpg"]["id"]
    moved = found["3.jpg"]
    assert (moved["id"], moved["taken_at"]) == (before["3.jpg"]["id"], "2024-01-01T20:00:00")
    assert moved["location"]["latitude"] == 48.1


async def test_a_photo_that_was_deleted_stays_away_until_its_bytes_change(
    api: Api, ada: Person, service: Drive
) -> None:
    service.library.put(file("a"))
    await connect(ada)
    async with worker(api):
        await scan_drive(ada)
        photo = (await listed(ada))["a.jpg"]
        await ada.client.delete(f"/api/v1/photos/{photo['id']}")
        async with api.platform.database.write() as tx:
            await tx.execute("DELETE FROM photos WHERE deleted_at IS NOT NULL")
        service.library.put(msgspec.structs.replace(file("a"), name="b.jpg"))
        await scan_drive(ada)
        renamed = await listed(ada)
        service.library.put(file("a", content=b"other"))
        await scan_drive(ada)

    assert renamed == {}
    assert list(await listed(ada)) == ["a.jpg"]


@pytest.mark.usefixtures("small_pages")
async def test_rejected_tokens_mean_to_start_over(
    api: Api, ada: Person, service: Drive, stand_in: StandIn
) -> None:
    for n in range(10):
        service.library.put(file(f"{n}"))
    await connect(ada)
    async with worker(api):
        await scan_drive(ada)
        before = await listed(ada)
        service.reject_tokens()
        service.library.remove("id-0", NOW)
        service.library.put(file("10"))
        seen = await scan_drive(ada)
        found = await listed(ada)

    assert (seen["state"], seen["found"], seen["added"]) == ("done", 10, 1)
    assert set(found) == (set(before) - {"0.jpg"}) | {"10.jpg"}
    assert all(found[name]["id"] == before[name]["id"] for name in set(found) & set(before))
    assert asked_of(stand_in, "changes/startPageToken") == 2


@pytest.mark.usefixtures("small_pages")
async def test_a_list_whose_pages_are_rejected_begins_anew(
    api: Api, ada: Person, service: Drive, stand_in: StandIn
) -> None:
    for n in range(10):
        service.library.put(file(f"{n}"))
    await connect(ada)
    stand_in.spoil("well", "well", "well", "hangs")  # after the token two lists, one page
    scan_id = await begin_scan(ada)
    async with worker(api):

        async def has_page() -> bool:
            return (await ada.get(f"/scans/{scan_id}")).json()["found"] == 4

        await eventually(has_page)
        await ada.post(f"/scans/{scan_id}/pause")
        service._pages = {key: one for key, one in service._pages.items() if one.kind == "changes"}
        await ada.post(f"/scans/{scan_id}/resume")
        seen = await scanned(ada, scan_id)

    assert (seen["state"], seen["found"], seen["added"]) == ("done", 10, 10)
    assert len(await listed(ada)) == 10


@pytest.mark.parametrize("fault", ["too many", "over quota", "unavailable", "cut", "garbage"])
async def test_what_passes_is_waited_for(
    api: Api, ada: Person, service: Drive, stand_in: StandIn, fault: str
) -> None:
    service.library.put(file("a"))
    await connect(ada)
    scan_id = await begin_scan(ada)
    stand_in.spoil("well", *[fault] * 2)  # type: ignore[list-item]  # a name of one
    async with worker(api):
        if fault == "garbage":

            async def is_told() -> bool:
                return (await ada.get(f"/scans/{scan_id}")).json()["error"] is not None

            await eventually(is_told)
            return
        seen = await scanned(ada, scan_id)

    assert (seen["state"], seen["added"], seen["error"]) == ("done", 1, None)


async def test_too_many_for_long_is_told_and_waited_for(
    api: Api, ada: Person, service: Drive, stand_in: StandIn
) -> None:
    service.library.put(file("a"))
    await connect(ada)
    scan_id = await begin_scan(ada)
    stand_in.spoil("well", *["over quota"] * 5)
    seen = {}
    async with worker(api):

        async def is_told() -> bool:
            seen.update((await ada.get(f"/scans/{scan_id}")).json())
            return seen["error"] is not None

        await eventually(is_told)

    assert seen["state"] == "running"
    assert "asked less often" in seen["error"]
