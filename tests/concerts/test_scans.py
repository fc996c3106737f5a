"""Scans of a folder: what they find, what they leave alone, how they stop and go on."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.concerts.conftest import prepared, scan, scanned, uploaded, worker
from tests.platform.jobs.working import eventually
from tests.support.api import Api
from tests.support.photos import BERLIN, NEW_YORK, bomb, encoded, jpeg, picture, write
from tests.support.room import a_scan_waits, give_room, take_room
from tests.support.things import Person

pytestmark = pytest.mark.slow


def fill(folder: Path, count: int) -> None:
    for n in range(count):
        taken = f"2019:07:{n % 28 + 1:02} 21:30:00"
        write(
            folder / f"night {n % 3}" / f"{n}.JPG", jpeg(seed=n, width=320, height=240, taken=taken)
        )


async def test_a_folder_becomes_photos(api: Api, ada: Person, folder: Path) -> None:
    fill(folder, 20)
    write(folder / "copy.jpg", (folder / "night 0/0.JPG").read_bytes())
    write(folder / "notes.txt", b"no photo")
    write(folder / ".hidden/x.jpg", jpeg(seed=99))
    write(folder / "page.jpg", b"<html>")
    write(folder / "bomb.png", bomb(60_000, 60_000))
    write(folder / "empty.jpg", b"")
    write(folder / os.fsdecode(b"caf\xe9\xff.jpg"), jpeg(seed=98, taken="2020:01:01 00:00:00"))
    (folder / "link.jpg").symlink_to("/etc/passwd")

    scan_id = await scan(ada, folder)
    async with worker(api):
        seen = await scanned(ada, scan_id)

    assert seen["state"] == "done", seen["error"]
    assert (seen["found"], seen["total"], seen["done"], seen["waiting"]) == (25, 25, 25, 0)
    assert (seen["added"], seen["known"], seen["failed"]) == (21, 1, 3)
    assert seen["rate_per_s"] is None
    listed = (await ada.get("/photos?limit=100")).json()["items"]
    assert len(listed) == 21
    assert listed[0]["filename"] == "caf\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}.jpg"
    assert all(one["thumbnail"] and one["variants"] == [] for one in listed)
    failures = (await ada.get(f"/scans/{scan_id}/failures")).json()["items"]
    reasons = {one["path"]: one["error"] for one in failures}
    assert set(reasons) == {"page.jpg", "bomb.png", "empty.jpg"}
    assert "60,000 x 60,000 pixels" in reasons["bomb.png"]
    assert (await ada.get("/photos/days")).json()["days"][0] == {"day": "2020-01-01", "count": 1}


async def test_times_at_the_ends_of_the_calendar_stop_no_scan(
    api: Api, ada: Person, folder: Path
) -> None:
    tokyo = 35.68, 139.69
    ends = [("0001:01:01", NEW_YORK), ("9999:12:31", tokyo)]
    for n, (day, place) in enumerate(ends):
        told: dict[str, Any] = {"gps_utc": (day, (23, 0, 0)), "place": place}
        write(folder / f"{n}.jpg", jpeg(seed=n, taken=None, **told))
        write(folder / f"both{n}.jpg", jpeg(seed=n, taken=f"{day} 23:59:59", **told))
    write(folder / "good.jpg", jpeg(seed=9))

    async with worker(api):
        seen = await scanned(ada, await scan(ada, folder, zone="Pacific/Kiritimati"))

    assert (seen["state"], seen["added"], seen["failed"]) == ("done", 5, 0), seen["error"]
    listed = (await ada.get("/photos")).json()["items"]
    assert [one["filename"] for one in listed if one["taken_at"]] == ["good.jpg"]


async def test_what_satellites_and_cameras_said_is_kept(
    api: Api, ada: Person, folder: Path
) -> None:
    told: dict[str, Any] = {"gps_utc": ("2019:07:04", (19, 29, 12)), "place": BERLIN}
    write(folder / "found.jpg", jpeg(seed=1, **told))
    brought = await uploaded(ada, jpeg(seed=2, **told))
    await uploaded(ada, jpeg(seed=3), "silent.jpg")
    async with worker(api):
        await scanned(ada, await scan(ada, folder))
        await prepared(ada, brought["id"])
        async with api.platform.database.read() as read:
            kept = await read.fetch_values("SELECT gps_at FROM photos WHERE camera = 'Lumen L7'")

    assert sorted(filter(None, kept)) == [datetime(2019, 7, 4, 19, 29, 12, tzinfo=UTC)] * 2


async def test_a_star_leaves_the_zone_that_the_scan_was_given(
    api: Api, ada: Person, folder: Path
) -> None:
    write(folder / "a.jpg", jpeg())
    async with worker(api):
        await scanned(ada, await scan(ada, folder, zone="Asia/Tokyo"))
        [photo] = (await ada.get("/photos")).json()["items"]
        await ada.client.patch(f"/api/v1/photos/{photo['id']}", json={"starred": True})

        async def is_drawn() -> bool:
            return bool((await ada.get(f"/photos/{photo['id']}")).json()["variants"])

        await eventually(is_drawn)

    starred = (await ada.get(f"/photos/{photo['id']}")).json()
    assert starred["taken_at"] == photo["taken_at"] == "2019-07-04T21:30:00+09:00"
    assert starred["offset_source"] == "default"


async def test_a_later_scan_looks_only_at_what_changed(api: Api, ada: Person, folder: Path) -> None:
    fill(folder, 6)
    write(folder / "broken.jpg", b"<html>")
    async with worker(api):
        await scanned(ada, await scan(ada, folder))
        write(folder / "night 1/new.jpg", jpeg(seed=50, width=320, height=240))
        before = {one["filename"]: one["id"] for one in (await ada.get("/photos")).json()["items"]}
        write(
            folder / "night 0/0.JPG",
            jpeg(seed=51, width=320, height=240, taken="2001:01:01 01:01:01"),
        )
        again = await scanned(ada, await scan(ada, folder))

    assert (again["found"], again["total"], again["added"], again["failed"]) == (8, 2, 2, 0)
    after = {one["filename"]: one["id"] for one in (await ada.get("/photos")).json()["items"]}
    assert len(after) == 7
    assert after["0.JPG"] != before["0.JPG"]
    assert {name for name in before if before[name] == after[name]} == set(before) - {"0.JPG"}


async def test_a_deleted_photo_is_not_found_again(api: Api, ada: Person, folder: Path) -> None:
    fill(folder, 2)
    async with worker(api):
        await scanned(ada, await scan(ada, folder))
        [first, *_] = (await ada.get("/photos")).json()["items"]
        await ada.client.delete(f"/api/v1/photos/{first['id']}")
        again = await scanned(ada, await scan(ada, folder))

    assert (again["found"], again["total"]) == (2, 0)
    assert len((await ada.get("/photos")).json()["items"]) == 1


async def test_pause_resume_and_cancel(api: Api, ada: Person, folder: Path) -> None:
    fill(folder, 4)
    scan_id = await scan(ada, folder)
    path = f"/api/v1/scans/{scan_id}"

    paused = (await ada.client.post(f"{path}/pause")).json()
    second = await ada.client.post(
        "/api/v1/scans", json={"source": {"kind": "folder", "path": str(folder)}}
    )
    twice = await ada.client.post(f"{path}/pause")
    resumed = (await ada.client.post(f"{path}/resume")).json()
    cancelled = (await ada.client.post(f"{path}/cancel")).json()
    again = (await ada.client.post(f"{path}/resume")).json()
    async with worker(api):
        seen = await scanned(ada, scan_id)

    assert (paused["state"], resumed["state"], cancelled["state"]) == (
        "paused",
        "running",
        "cancelled",
    )
    assert resumed["job_id"] != paused["job_id"] != again["job_id"]
    assert (second.status_code, twice.status_code) == (409, 409)
    assert (seen["state"], seen["added"]) == ("done", 4)


async def test_a_cancelled_job_cancels_its_scan(api: Api, ada: Person, folder: Path) -> None:
    scan_id = await scan(ada, folder)
    job_id = (await ada.get(f"/scans/{scan_id}")).json()["job_id"]

    await ada.post(f"/jobs/{job_id}/cancel")

    assert (await ada.get(f"/scans/{scan_id}")).json()["state"] == "cancelled"


async def test_failures_are_tried_again_one_by_one_or_all(
    api: Api, ada: Person, folder: Path
) -> None:
    fill(folder, 3)
    async with worker(api):
        scan_id = await scan(ada, folder)
        await scanned(ada, scan_id)
        # The files are as they were: only a retry looks at them again.
        async with api.platform.database.write() as tx:
            await tx.execute("DELETE FROM photos")
            await tx.execute("UPDATE processed_files SET state = 'failed', error = 'Too bad.'")
            await tx.execute("UPDATE scans SET failed = 3, added = 0")
        failures = (await ada.get(f"/scans/{scan_id}/failures")).json()["items"]
        await ada.post(f"/scans/{scan_id}/retry", json={"file_ids": [failures[0]["id"]]})
        one = await scanned(ada, scan_id)
        left = (await ada.get(f"/scans/{scan_id}/failures")).json()["items"]
        await ada.post(f"/scans/{scan_id}/retry", json={})
        everything = await scanned(ada, scan_id)

    assert {failure["error"] for failure in failures} == {"Too bad."}
    assert (one["done"], one["added"], one["failed"], len(left)) == (3, 1, 2, 2)
    assert (everything["done"], everything["added"], everything["failed"]) == (3, 3, 0)
    none = await ada.client.post(f"/api/v1/scans/{scan_id}/retry", json={})
    assert none.status_code == 409


async def test_nothing_outside_of_the_folders_is_scanned(
    api: Api, ada: Person, folder: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    write(outside / "secret.jpg", jpeg())
    (folder / "way out").symlink_to(outside)
    (folder / "photo.jpg").symlink_to(outside / "secret.jpg")

    async def refused(path: str) -> int:
        form = {"source": {"kind": "folder", "path": path}}
        return (await ada.client.post("/api/v1/scans", json=form)).status_code

    tries = (
        "/",
        "/etc",
        str(outside),
        f"{folder}/../outside",
        f"{folder}/way out",
        "pictures",
        f"{folder}/no",
    )
    assert [await refused(path) for path in tries] == [422] * len(tries)
    async with worker(api):
        seen = await scanned(ada, await scan(ada, folder))
    assert (seen["state"], seen["found"]) == ("done", 0)


async def test_a_starred_photo_of_a_folder_is_kept_here(
    api: Api, ada: Person, folder: Path
) -> None:
    data = jpeg(width=1300, height=900, place=BERLIN)
    write(folder / "a.jpg", data)
    async with worker(api):
        await scanned(ada, await scan(ada, folder))
        [photo] = (await ada.get("/photos")).json()["items"]
        path = f"/api/v1/photos/{photo['id']}"
        assert (await ada.client.get(path)).json()["original"] is None
        used = (await ada.get("/users/me")).json()["storage"]["used_bytes"]
        await ada.client.patch(path, json={"starred": True})

        async def is_drawn() -> bool:
            return len((await ada.get(f"/photos/{photo['id']}")).json()["variants"]) == 18

        await eventually(is_drawn)

    kept = (await ada.client.get(path)).json()
    async with api.client() as client:
        assert (await client.get(kept["original"])).content == data
    assert (await ada.get("/users/me")).json()["storage"]["used_bytes"] > used + len(data)
    assert {one["width"] for one in kept["variants"]} == {400, 800, 1200}


async def test_a_photo_that_changed_is_not_kept_as_what_it_was(
    api: Api, ada: Person, folder: Path
) -> None:
    write(folder / "a.jpg", jpeg())
    async with worker(api):
        await scanned(ada, await scan(ada, folder))
        [photo] = (await ada.get("/photos")).json()["items"]
        write(folder / "a.jpg", jpeg(seed=2))
        await ada.client.patch(f"/api/v1/photos/{photo['id']}", json={"starred": True})

        async def has_failed() -> bool:
            return bool((await ada.get(f"/photos/{photo['id']}")).json()["error"])

        await eventually(has_failed)

    seen = (await ada.get(f"/photos/{photo['id']}")).json()
    assert (seen["status"], seen["original"]) == ("ready", None)
    assert "changed" in seen["error"]


async def test_a_photo_that_is_found_and_uploaded_is_one(
    api: Api, ada: Person, folder: Path
) -> None:
    data = jpeg()
    write(folder / "a.jpg", data)
    async with worker(api):
        await scanned(ada, await scan(ada, folder))
        [photo] = (await ada.get("/photos")).json()["items"]
        brought = await uploaded(ada, data)

        async def is_drawn() -> bool:
            return bool((await ada.get(f"/photos/{photo['id']}")).json()["variants"])

        await eventually(is_drawn)

    assert brought["id"] == photo["id"]
    assert (await prepared(ada, photo["id"]))["original"]


async def test_scans_are_their_owners(api: Api, ada: Person, folder: Path) -> None:
    eve = Person(api, "eve@example.org")
    await eve.sign_in()
    scan_id = await scan(ada, folder)
    path = f"/api/v1/scans/{scan_id}"

    answers = [
        await eve.client.get(path),
        await eve.client.get(f"{path}/failures"),
        await eve.client.post(f"{path}/pause"),
        await eve.client.post(f"{path}/resume"),
        await eve.client.post(f"{path}/cancel"),
        await eve.client.post(f"{path}/retry", json={}),
    ]

    assert [one.status_code for one in answers] == [404] * 6
    assert (await eve.get("/scans")).json()["items"] == []


async def test_bursts_are_grouped_and_dark_frames_are_not(
    api: Api, ada: Person, folder: Path
) -> None:
    for n in range(3):
        taken = f"2019:07:04 21:30:0{n}"
        write(folder / f"burst{n}.jpg", jpeg(seed=7, nudge=n, taken=taken))
    write(folder / "large.jpg", jpeg(seed=7, width=1280, height=960, taken="2019:07:04 21:30:03"))
    write(folder / "later.jpg", jpeg(seed=7, nudge=1, taken="2019:07:04 22:30:00"))
    write(folder / "other.jpg", jpeg(seed=8, taken="2019:07:04 21:30:01"))
    from tests.support.photos import exif

    for n in range(3):
        dark = picture(640, 480, seed=n).point(lambda tone: tone // 60)
        said = exif(f"2019:07:04 23:00:0{n}")
        write(folder / f"dark{n}.jpg", encoded(dark, exif=said, quality=88))

    async def grouped() -> bool:
        return bool((await ada.get("/photos/groups")).json()["items"])

    async with worker(api):
        await scanned(ada, await scan(ada, folder))
        await eventually(grouped)

    [group] = (await ada.get("/photos/groups")).json()["items"]
    names = [one["filename"] for one in group["photos"]]
    assert set(names) == {"burst0.jpg", "burst1.jpg", "burst2.jpg", "large.jpg"}
    assert names[0] == "large.jpg"
    assert group["best_id"] == group["photos"][0]["id"]
    assert len((await ada.get("/photos")).json()["items"]) == 9


async def test_a_scan_waits_while_its_owners_room_is_used_up_and_one_without_news_does_not(
    api: Api, ada: Person, folder: Path
) -> None:
    fill(folder, 2)
    database = api.platform.database
    await take_room(database)
    scan_id = await scan(ada, folder)

    async with worker(api):
        await eventually(lambda: a_scan_waits(database))
        waiting = (await ada.get(f"/scans/{scan_id}")).json()
        await give_room(database)
        went_on = await scanned(ada, scan_id)
        await take_room(database)
        without_news = await scanned(ada, await scan(ada, folder))

    assert (waiting["state"], waiting["waiting"], waiting["added"]) == ("running", 2, 0)
    assert (went_on["state"], went_on["added"]) == ("done", 2)
    assert without_news["state"] == "done"
