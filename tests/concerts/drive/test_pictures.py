"""Pictures of a Drive: fetched once where they may be read, and whatever goes wrong with that."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from backline.concerts.demo.services.drive import Drive
from backline.concerts.demo.services.drive_account import METADATA, READ
from backline.concerts.demo.services.drive_library import File
from backline.concerts.demo.services.server import StandIn
from backline.concerts.outside.google import Addresses, addresses_at
from tests.concerts.conftest import scanned, worker
from tests.concerts.drive.conftest import begin_scan, connect, file, listed, scan_drive
from tests.platform.jobs.working import eventually, value
from tests.support.api import Api
from tests.support.photos import jpeg
from tests.support.things import Person

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("short_pauses")]
PREPARING = """
SELECT count(*) FROM jobs WHERE kind = 'concerts.prepare' AND state IN ('queued', 'running')
"""
AT = datetime(2025, 5, 3, 20, 15, 2)  # noqa: DTZ001  # wall time


def night(seed: int, *, width: int = 640, height: int = 480) -> File:
    """A photo with its bytes, half a minute after the one before."""
    content = jpeg(seed=seed, width=width, height=height)
    return file(f"{seed}", content=content, taken_at=AT + timedelta(seconds=30 * seed))


def fetched(stand_in: StandIn) -> int:
    return sum(one.path.startswith("/thumbnails/") for one in stand_in.asked)


async def test_pictures_come_once_they_may_be_read(
    api: Api, ada: Person, service: Drive, stand_in: StandIn
) -> None:
    for seed in range(4):
        service.library.put(night(seed))
    tall = msgspec.structs.replace(night(4, width=480, height=640), width_px=4_000, height_px=3_000)
    service.library.put(tall)
    burst = {"id": "burst", "name": "burst.jpg", "md5": "b" * 32}
    near = AT + timedelta(seconds=2)
    service.library.put(msgspec.structs.replace(night(0), taken_at=near, **burst))
    service.library.put(file("broken", content=b"no picture"))
    await connect(ada)
    async with worker(api):
        await scan_drive(ada)
        before = fetched(stand_in)
        url = (await ada.post("/photos/drive/consent?pictures=true")).json()["url"]
        upgraded = await connect(ada, pictures=True)
        seen = await scan_drive(ada)
        found = await listed(ada)
        failures = (await ada.get(f"/scans/{seen['id']}/failures")).json()["items"]
        after = fetched(stand_in)
        again = await scan_drive(ada)
        asked = fetched(stand_in)
        service.library.put(msgspec.structs.replace(night(7), id="id-broken", name="broken.jpg"))
        await ada.post(f"/scans/{again['id']}/retry", json={})
        mended = await scanned(ada, again["id"])

        async def are_alike() -> bool:
            return len((await ada.get("/photos/groups")).json()["items"]) == 1

        await eventually(are_alike)

    assert before == 0
    assert parse_qs(urlsplit(url).query)["scope"] == [READ]
    assert upgraded["may_read"]
    assert (seen["state"], seen["total"], seen["done"], seen["failed"]) == ("done", 7, 7, 1)
    assert (after, asked) == (7, 7)
    assert [(one["path"], "isn't a JPEG" in one["error"]) for one in failures] == [
        ("broken.jpg", True)
    ]
    assert all(one["thumbnail"] for name, one in found.items() if name != "broken.jpg")
    assert all(one["placeholder"] for name, one in found.items() if name != "broken.jpg")
    assert (found["4.jpg"]["width"], found["4.jpg"]["height"]) == (3_000, 4_000)
    assert (mended["state"], mended["failed"]) == ("done", 0)
    assert (await listed(ada))["broken.jpg"]["thumbnail"] is not None


async def test_links_that_ended_are_asked_for_anew(
    api: Api, ada: Person, service: Drive, stand_in: StandIn
) -> None:
    for seed in range(3):
        service.library.put(night(seed))
    await connect(ada, pictures=True)
    stand_in.spoil("well", "well", "well", "well", "hangs", "hangs", "hangs")
    scan_id = await begin_scan(ada)
    async with worker(api):

        async def waits() -> bool:
            return fetched(stand_in) == 3

        await eventually(waits)
        service.end_links()
        await ada.post(f"/scans/{scan_id}/pause")
        paused = (await ada.get(f"/scans/{scan_id}")).json()
        stand_in.spoil("well", "well", "over quota", "too many", "cut")
        await ada.post(f"/scans/{scan_id}/resume")
        seen = await scanned(ada, scan_id)

    assert (paused["total"], paused["done"], paused["waiting"]) == (3, 0, 3)
    assert (seen["state"], seen["done"], seen["failed"]) == ("done", 3, 0)
    assert all(one["thumbnail"] for one in (await listed(ada)).values())


async def test_what_may_not_be_read_any_more_is_left(api: Api, ada: Person, service: Drive) -> None:
    for seed in range(3):
        service.library.put(night(seed))
    await connect(ada, pictures=True)
    service.account.shrink(METADATA)
    async with worker(api):
        seen = await scan_drive(ada)
        state = (await ada.get("/photos/drive")).json()

    assert (seen["state"], seen["total"], seen["done"]) == ("done", 3, 3)
    assert (state["state"], state["may_read"]) == ("connected", False)
    assert all(one["thumbnail"] is None for one in (await listed(ada)).values())


async def test_a_star_brings_the_original_once_it_may_be_read(
    api: Api, ada: Person, service: Drive, stand_in: StandIn
) -> None:
    service.library.put(night(1))
    await connect(ada)
    async with worker(api):
        await scan_drive(ada)
        photo_id = (await listed(ada))["1.jpg"]["id"]
        await ada.client.patch(f"/api/v1/photos/{photo_id}", json={"starred": True})

        async def has_been_tried() -> bool:
            return await value(api.platform.database, PREPARING) == 0

        await eventually(has_been_tried)
        starred = (await ada.get(f"/photos/{photo_id}")).json()
        stand_in.spoil(*["well"] * 5, "cut")  # the page, three tokens, whose it is, half of it
        await connect(ada, pictures=True)
        photo: dict[str, Any] = {}

        async def is_drawn() -> bool:
            photo.update((await ada.get(f"/photos/{photo_id}")).json())
            return any(one["content_type"] == "image/avif" for one in photo["variants"])

        await eventually(is_drawn)
        original = await ada.client.get(photo["original"])

    assert (starred["starred"], starred["original"], starred["error"]) == (True, None, None)
    media = [one for one in stand_in.asked if one.query.get("alt") == "media"]
    whole = night(1).content()
    assert [one.header("range") for one in media] == ["", f"bytes={len(whole) - len(whole) // 2}-"]
    assert original.content == whole
    assert (photo["source"], photo["starred"], photo["error"]) == ("drive", True, None)
    assert {one["width"] for one in photo["variants"]} == {400, 640}
    assert photo["location"] == {"latitude": 52.52, "longitude": 13.405}


async def test_an_original_that_isnt_what_the_list_said_is_refused(
    api: Api, ada: Person, service: Drive
) -> None:
    service.library.put(msgspec.structs.replace(night(1), size_bytes=12))
    service.library.put(msgspec.structs.replace(night(2), md5="0" * 32))
    await connect(ada, pictures=True)
    async with worker(api):
        await scan_drive(ada)
        for one in (await listed(ada)).values():
            await ada.client.patch(f"/api/v1/photos/{one['id']}", json={"starred": True})
            said: dict[str, Any] = {}

            async def is_told(photo_id: str = one["id"], said: dict[str, Any] = said) -> bool:
                said.update((await ada.get(f"/photos/{photo_id}")).json())
                return said["error"] is not None

            await eventually(is_told)
            assert "isn't what Google Drive's list said" in said["error"]
            assert (said["status"], said["starred"], said["original"]) == ("ready", True, None)


def test_tokens_are_shown_to_google_alone() -> None:
    ours, theirs = Addresses(), addresses_at("http://127.0.0.1:9000/")

    assert ours.holds("https://lh3.googleusercontent.com/drive-storage/abc=s220")
    for link in (
        "http://lh3.googleusercontent.com/a",
        "https://lh3.googleusercontent.com.example.org/a",
        "https://example.org/.google.com",
        "https://lh3.googleusercontent.com:8443/a",
        "https://[",
        "http://127.0.0.1/a",
    ):
        assert not ours.holds(link), link
    assert theirs.holds("http://127.0.0.1:9000/thumbnails/a")
    assert not theirs.holds("http://127.0.0.1:90001/thumbnails/a")
