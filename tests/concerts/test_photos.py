"""Photos by upload: taken in once, looked at, shown, changed, starred, deleted, their owner's."""

from pathlib import Path

import httpx
import pytest

from backline.concerts.alike import MOST_BITS
from tests.concerts.conftest import prepared, scan, scanned, uploaded, worker
from tests.platform.jobs.working import eventually
from tests.support.api import Api
from tests.support.photos import BERLIN, encoded, exif, jpeg, picture, write
from tests.support.things import Person

pytestmark = pytest.mark.slow


async def fetched(api: Api, url: str) -> httpx.Response:
    async with api.client() as client:
        return await client.get(url)


async def test_an_uploaded_photo_is_looked_at_and_drawn(api: Api, ada: Person) -> None:
    data = jpeg(width=1600, height=1200, place=BERLIN, orientation=6, offset="+02:00")

    answer = await ada.post("/photos", files={"file": ("night.jpg", data)})
    async with worker(api):
        photo = await prepared(ada, answer.json()["id"])

    assert answer.status_code == 202
    assert answer.json()["status"] == "processing"
    assert answer.json()["job_id"]
    assert photo["status"] == "ready"
    assert (photo["width"], photo["height"]) == (1200, 1600)
    assert photo["taken_at"] == "2019-07-04T21:30:00+02:00"
    assert photo["offset_source"] == "camera"
    assert abs(photo["location"]["latitude"] - BERLIN[0]) < 1e-4
    assert photo["camera"] == "Lumen L7"
    assert photo["warnings"] == []
    sizes = {(one["width"], one["height"]) for one in photo["variants"]}
    assert sizes == {(400, 533), (800, 1067), (1200, 1600)}
    assert {one["quality"] for one in photo["variants"]} == {80, 85, 90}
    assert len({one["url"] for one in photo["variants"]}) == 9
    assert photo["placeholder"].startswith("data:image/webp;base64,")


async def test_variants_are_what_they_are_called(api: Api, ada: Person) -> None:
    from PIL import Image

    photo_id = (await uploaded(ada, jpeg(width=900, height=600)))["id"]
    async with worker(api):
        photo = await prepared(ada, photo_id)

    sizes = {one["width"] for one in photo["variants"]}
    assert sizes == {400, 800, 900}
    bytes_of: dict[tuple[int, int], int] = {}
    for one in photo["variants"]:
        got = await fetched(api, one["url"])
        assert got.headers["content-type"] == "image/webp"
        with Image.open(__import__("io").BytesIO(got.content)) as opened:
            assert opened.size == (one["width"], one["height"])
        bytes_of[one["width"], one["quality"]] = len(got.content)
    assert bytes_of[800, 80] < bytes_of[800, 85] < bytes_of[800, 90]
    assert "immutable" in got.headers["cache-control"]
    thumbnail = await fetched(api, photo["thumbnail"])
    with Image.open(__import__("io").BytesIO(thumbnail.content)) as opened:
        assert max(opened.size) == 320
    original = await fetched(api, photo["original"])
    assert original.headers["content-type"] == "image/jpeg"
    assert "attachment" in original.headers["content-disposition"]


async def test_a_scan_knows_an_uploaded_picture_again(api: Api, ada: Person, folder: Path) -> None:
    bob = Person(api, "bob@example.org")
    await bob.sign_in()
    data = jpeg(width=1900, height=1400, seed=3)
    write(folder / "night.jpg", data)
    photo_id = (await uploaded(ada, data))["id"]

    async with worker(api):
        await prepared(ada, photo_id)
        await scanned(bob, await scan(bob, folder))

    async with api.platform.database.read() as read:
        prints = await read.fetch_values("SELECT fingerprint FROM photos")
    first, second = (int.from_bytes(one, "big") for one in prints)
    assert (first ^ second).bit_count() <= MOST_BITS // 2


async def test_the_same_bytes_twice_are_one_photo(api: Api, ada: Person) -> None:
    data = jpeg()
    used = (await ada.get("/users/me")).json()["storage"]["used_bytes"]
    first = await ada.post("/photos", files={"file": ("a.jpg", data)})
    after = (await ada.get("/users/me")).json()["storage"]["used_bytes"]
    second = await ada.post("/photos", files={"file": ("b.jpg", data)})

    assert (first.status_code, second.status_code) == (202, 200)
    assert second.json()["id"] == first.json()["id"]
    assert (await ada.get("/users/me")).json()["storage"]["used_bytes"] == after == used + len(data)
    assert len((await ada.get("/photos")).json()["items"]) == 1


async def test_a_resumed_upload_of_the_same_bytes_names_the_photo(api: Api, ada: Person) -> None:
    data = jpeg()
    photo_id = (await uploaded(ada, data))["id"]

    meta = "kind cGhvdG8=,filename YS5qcGc="
    tus = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(data)), "Upload-Metadata": meta}
    begun = await ada.post("/uploads", headers=tus)
    upload = begun.headers["location"].rpartition("/")[2]
    body = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
    body["Content-Type"] = "application/offset+octet-stream"
    sent = await ada.client.patch(f"/api/v1/uploads/{upload}", headers=body, content=data)

    assert sent.status_code in {200, 204}, sent.text
    found = (await ada.get(f"/uploads/{upload}")).json()
    assert (found["kind"], found["thing_id"]) == ("photo", photo_id)


async def test_a_stripped_place_is_told(api: Api, ada: Person) -> None:
    photo_id = (await uploaded(ada, jpeg(taken=None)))["id"]
    async with worker(api):
        photo = await prepared(ada, photo_id)

    assert [one["kind"] for one in photo["warnings"]] == ["no-place", "no-time"]
    assert "phone" in photo["warnings"][0]["detail"]
    assert photo["taken_at"] is None
    assert photo["location"] is None


async def test_every_format_is_seen(api: Api, ada: Person) -> None:
    image, said = picture(700, 500, seed=4), exif(place=BERLIN)
    made = {one: encoded(image, one, exif=said) for one in ("JPEG", "PNG", "WEBP", "HEIC", "AVIF")}
    ids = {one: (await uploaded(ada, data, "x.bin"))["id"] for one, data in made.items()}

    async with worker(api):
        photos = {one: await prepared(ada, photo_id) for one, photo_id in ids.items()}

    assert {one: photo["error"] for one, photo in photos.items() if photo["error"]} == {}
    for one, photo in photos.items():
        assert photo["content_type"] == f"image/{one.lower()}"
        assert (photo["width"], photo["height"]) == (700, 500)
        assert photo["taken_at"] == "2019-07-04T21:30:00+02:00", one
        assert photo["offset_source"] == "place"


async def test_what_is_no_photo_fails_with_the_reason(api: Api, ada: Person) -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    made = {
        "a.svg": svg,
        "a.jpg": b"<html><body onload=alert(1)>",
        "b.jpg": jpeg()[:2000],
        "c.png": b"x",
    }
    ids = [(await uploaded(ada, data, name))["id"] for name, data in made.items()]

    async with worker(api):
        photos = [await prepared(ada, one) for one in ids]

    assert [photo["status"] for photo in photos[:2]] == ["failed", "failed"]
    assert all("whatever its name says" in photo["error"] for photo in photos[:2])
    assert photos[3]["status"] == "failed"
    original = await fetched(api, photos[0]["original"])
    assert original.headers["content-type"] == "application/octet-stream"
    assert "attachment" in original.headers["content-disposition"]


async def test_a_star_brings_avif(api: Api, ada: Person) -> None:
    photo_id = (await uploaded(ada, jpeg()))["id"]
    async with worker(api):
        await prepared(ada, photo_id)
        path = f"/api/v1/photos/{photo_id}"
        starred = await ada.client.patch(path, json={"starred": True, "alt_text": "Nino on stage"})

        async def has_avif() -> bool:
            found = (await ada.get(f"/photos/{photo_id}")).json()["variants"]
            return {one["content_type"] for one in found} == {"image/avif", "image/webp"}

        await eventually(has_avif)

    assert starred.json()["starred"]
    photo = (await ada.get(f"/photos/{photo_id}")).json()
    assert photo["alt_text"] == "Nino on stage"
    [avif, *_] = [one for one in photo["variants"] if one["content_type"] == "image/avif"]
    assert (await fetched(api, avif["url"])).content[4:12] == b"ftypavif"
    listed = (await ada.get("/photos?starred=true")).json()["items"]
    assert [one["id"] for one in listed] == [photo_id]
    assert {one["quality"] for one in listed[0]["variants"]} == {85}


async def test_a_person_corrects_time_and_place(api: Api, ada: Person) -> None:
    photo_id = (await uploaded(ada, jpeg()))["id"]
    path = f"/api/v1/photos/{photo_id}"
    place = {"latitude": 48.2, "longitude": 16.37}

    early = await ada.client.patch(
        path, json={"taken_at": "1975-06-01T20:00:00+01:00", "location": place}
    )
    async with worker(api):
        photo = await prepared(ada, photo_id)
    wrong = [
        await ada.client.patch(path, json={"taken_at": text})
        for text in (
            "2150-01-01T00:00:00",
            "2019-02-30T00:00:00",
            "yesterday",
            "0001-01-01T00:00:00",
        )
    ]
    cleared = await ada.client.patch(path, json={"taken_at": None, "location": None})

    assert early.status_code == 200
    assert photo["taken_at"] == "1975-06-01T20:00:00+01:00"
    assert (photo["time_source"], photo["offset_source"]) == ("person", "person")
    assert photo["location"] == place
    assert [one.status_code for one in wrong] == [422, 422, 422, 422]
    assert (cleared.json()["taken_at"], cleared.json()["location"]) == (None, None)


async def test_a_deleted_photo_comes_back_or_goes(api: Api, ada: Person) -> None:
    data = jpeg()
    photo_id = (await uploaded(ada, data))["id"]
    async with worker(api):
        await prepared(ada, photo_id)
        path = f"/api/v1/photos/{photo_id}"
        assert (await ada.client.delete(path)).status_code == 204
        assert (await ada.client.get(path)).status_code == 404
        back = await ada.client.post(f"{path}/restore")
        assert back.status_code == 200
        await ada.client.delete(path)
        async with api.platform.database.write() as tx:
            await tx.execute("UPDATE photos SET deleted_at = now() - interval '1 hour'")
            await tx.execute("UPDATE jobs SET run_at = now() WHERE kind = 'concerts.purge'")

        async def is_gone() -> bool:
            return (await ada.get("/users/me")).json()["storage"]["used_bytes"] == 0

        await eventually(is_gone)

    assert [one async for one in api.platform.storage.list("photos")] == []
    assert (await ada.client.post(f"{path}/restore")).status_code == 404


async def test_photos_are_their_owners(api: Api, ada: Person) -> None:
    eve = Person(api, "eve@example.org")
    await eve.sign_in()
    photo_id = (await uploaded(ada, jpeg()))["id"]
    path = f"/api/v1/photos/{photo_id}"

    answers = [
        await eve.client.get(path),
        await eve.client.patch(path, json={"starred": True}),
        await eve.client.delete(path),
        await eve.client.post(f"{path}/retry"),
        await eve.client.post(f"{path}/restore"),
    ]

    assert [one.status_code for one in answers] == [404] * 5
    assert (await eve.get("/photos")).json()["items"] == []


async def test_an_ended_account_leaves_nothing(api: Api, ada: Person) -> None:
    photo_id = (await uploaded(ada, jpeg()))["id"]
    async with worker(api):
        await prepared(ada, photo_id)
        from tests.support.api import PASSWORD

        gone = await ada.client.request("DELETE", "/api/v1/users/me", json={"password": PASSWORD})
        assert gone.status_code in {200, 202, 204}, gone.text

        async def nothing_left() -> bool:
            async with api.platform.database.read() as read:
                count = await read.fetch_value("SELECT count(*) FROM photos")
            return count == 0 and not [one async for one in api.platform.storage.list("photos")]

        await eventually(nothing_left)
