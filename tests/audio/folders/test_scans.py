"""Scans of a folder with music: what they find, leave alone, and how they stop and go on."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.audio.conftest import worker
from tests.audio.folders.conftest import scan, scanned, song, tracks
from tests.platform.jobs.working import eventually
from tests.support import photos, sounds
from tests.support.api import Api, serving_api
from tests.support.subsonic import player_of
from tests.support.things import Person

pytestmark = pytest.mark.slow


async def fresh_scan(ada: Person, folder: Path) -> dict[str, Any]:
    seen = await scanned(ada, await scan(ada, folder))
    assert seen["state"] == "done", seen["error"]
    return seen


async def test_a_folder_becomes_a_library(api: Api, ada: Person, folder: Path, tones: Path) -> None:
    album = {"album": "First Light", "album_artist": "The Lamps", "genre": "Rock"}
    song(tones, 0, folder / "Lamps/01.mp3", title="Dawn", artist="The Lamps", track="1", **album)
    song(tones, 1, folder / "Lamps/02.mp3", title="Noon", artist="The Lamps", track="2", **album)
    (folder / "Lamps/01.lrc").write_text("[00:01.00]Up it comes\n[00:02.00]Up it goes\n")
    (folder / "Lamps/Folder.jpg").write_bytes(photos.jpeg(width=400, height=400))
    song(tones, 2, folder / os.fsdecode(b"caf\xe9\xff.mp3"))
    song(tones, 3, folder / ".hidden/x.mp3")
    (folder / "notes.txt").write_text("no music")
    (folder / "page.mp3").write_text("<html>")
    (folder / "empty.mp3").touch()
    (folder / "link.mp3").symlink_to(tones / "4.mp3")
    (folder / "way out").symlink_to(tones)
    async with worker(api):
        seen = await fresh_scan(ada, folder)

        assert (seen["found"], seen["total"], seen["done"], seen["waiting"]) == (5, 5, 5, 0)
        assert (seen["added"], seen["changed"], seen["failed"]) == (3, 0, 2)
        found = await tracks(ada)
        assert {one["title"] for one in found.values()} >= {"Dawn", "Noon"}
        dawn = found["01.mp3"]
        assert (dawn["status"], dawn["has_renditions"], dawn["track_number"]) == ("ready", False, 1)
        assert 400 < dawn["duration_ms"] < 700
        assert dawn["content_type"] == "audio/mpeg"
        [record] = (await ada.get("/albums")).json()["items"]
        assert (record["title"], record["track_count"]) == ("First Light", 2)
        assert dawn["cover"] is not None
        async with api.client() as client:
            small = await client.get(dawn["cover"]["small"])
        assert (small.status_code, small.headers["content-type"]) == (200, "image/webp")
        words = (await ada.get(f"/tracks/{dawn['id']}/lyrics")).json()
        assert [line["text"] for line in words["lines"]] == ["Up it comes", "Up it goes"]
        failures = (await ada.get(f"/music-scans/{seen['id']}/failures")).json()["items"]
        assert {one["path"] for one in failures} == {"page.mp3", "empty.mp3"}
        assert (await ada.get("/users/me")).json()["storage"]["used_bytes"] < 30_000


async def test_the_original_plays_where_it_lies(
    api: Api, ada: Person, folder: Path, tones: Path
) -> None:
    path = song(tones, 0, folder / "a.mp3")
    data = path.read_bytes()
    async with worker(api):
        await fresh_scan(ada, folder)
        [track] = (await tracks(ada)).values()
        link = (await ada.get(f"/tracks/{track['id']}/stream?quality=auto")).json()

        async with api.client() as client:
            whole = await client.get(link["url"])
            part = await client.get(link["url"], headers={"range": "bytes=10-19"})
            path.write_bytes(data + b"more")
            changed = await client.get(link["url"], headers={"range": "bytes=0-1"})

    assert link["content_type"] == "audio/mpeg"
    assert (whole.status_code, whole.content) == (200, data)
    assert (part.status_code, part.content) == (206, data[10:20])
    assert changed.status_code == 503 or changed.content == data[:2]
    assert path.read_bytes() == data + b"more"


async def test_an_archive_ends_with_the_opening_of_its_folder(
    api: Api, ada: Person, folder: Path, tones: Path, dsn: str, tmp_path: Path
) -> None:
    song(tones, 0, folder / "a.mp3", title="Dawn", artist="The Lamps", album="First Light")
    async with worker(api):
        await fresh_scan(ada, folder)
    [record] = (await ada.get("/albums")).json()["items"]
    url = (await ada.get(f"/albums/{record['id']}/download")).json()["url"]
    (elsewhere := tmp_path / "elsewhere").mkdir()

    async with api.client() as client:
        opened = await client.get(url)
    # The operator opens another folder in its place.
    async with (
        serving_api(dsn, tmp_path, quiet=True, BACKLINE_MUSIC_FOLDERS=str(elsewhere)) as later,
        later.client() as client,
    ):
        closed = await client.get(url)

    assert (opened.status_code, opened.content[:2]) == (200, b"PK")
    assert closed.status_code == 404


async def test_what_browsers_dont_play_is_prepared_first(
    api: Api, ada: Person, folder: Path, tones: Path
) -> None:
    sounds.encoded(tones / "0.wav", folder / "a.wma")
    async with worker(api):
        await fresh_scan(ada, folder)
        [track] = (await tracks(ada)).values()
        path = f"/api/v1/tracks/{track['id']}"
        early = await ada.client.get(f"{path}/stream?quality=auto")
        await ada.post(f"/tracks/{track['id']}/prepare")

        async def is_rendered() -> bool:
            return (await ada.client.get(path)).json()["has_renditions"]

        await eventually(is_rendered)
        late = await ada.client.get(f"{path}/stream?quality=auto")
        waveform = await ada.client.get(f"{path}/waveform")

    assert early.status_code == 409
    assert late.json()["content_type"] == "application/vnd.apple.mpegurl"
    assert waveform.status_code == 200
    assert (folder / "a.wma").is_file()


async def test_a_later_scan_reads_only_what_changed(
    api: Api, ada: Person, folder: Path, tones: Path
) -> None:
    for n in range(4):
        song(tones, n, folder / f"{n}.mp3", title=f"Song {n}")
    (folder / "broken.mp3").write_text("<html>")
    async with worker(api):
        await fresh_scan(ada, folder)
        before = await tracks(ada)
        again = await fresh_scan(ada, folder)
        song(tones, 0, folder / "0.mp3", title="Another name")
        song(tones, 1, folder / "1.mp3", title="Not this")
        edited = f"/api/v1/tracks/{before['1.mp3']['id']}"
        (await ada.client.patch(edited, json={"title": "Mine"})).raise_for_status()
        (folder / "2.lrc").write_text("La la\n")
        changed = await fresh_scan(ada, folder)
        after = await tracks(ada)
        words = (await ada.get(f"/tracks/{after['2.mp3']['id']}/lyrics")).json()

    assert (again["found"], again["total"], again["failed"]) == (5, 0, 0)
    assert (changed["total"], changed["added"], changed["changed"]) == (3, 0, 3)
    assert {name: one["id"] for name, one in after.items()} == {
        name: one["id"] for name, one in before.items()
    }
    assert after["0.mp3"]["title"] == "Another name"
    assert after["1.mp3"]["title"] == "Mine"
    assert [line["text"] for line in words["lines"]] == ["La la"]


async def test_what_was_moved_keeps_its_track(
    api: Api, ada: Person, folder: Path, tones: Path
) -> None:
    song(tones, 0, folder / "a/0.mp3", title="Zero")
    song(tones, 1, folder / "a/1.mp3", title="One")
    song(tones, 2, folder / "a/2.mp3", title="Two")
    async with worker(api):
        await fresh_scan(ada, folder)
        before = {one["title"]: one["id"] for one in (await tracks(ada)).values()}
        (folder / "a").rename(folder / "b")
        (folder / "b/0.mp3").rename(folder / "zero.mp3")
        song(tones, 1, folder / "b/1 anew.mp3", title="One, retagged")
        (folder / "b/1.mp3").unlink()
        seen = await fresh_scan(ada, folder)
        after = {one["title"]: one["id"] for one in (await tracks(ada)).values()}

    assert (seen["added"], seen["changed"], seen["missing"]) == (0, 3, 0)
    assert after == {
        "Zero": before["Zero"],
        "One, retagged": before["One"],
        "Two": before["Two"],
    }


async def test_what_vanishes_is_hidden_until_it_comes_back(
    api: Api, ada: Person, folder: Path, tones: Path, tmp_path: Path
) -> None:
    song(tones, 0, folder / "0.mp3", title="Zero", album="A", artist="B")
    song(tones, 1, folder / "1.mp3", title="One", album="A", artist="B")
    async with worker(api):
        await fresh_scan(ada, folder)
        before = await tracks(ada)
        (folder / "0.mp3").rename(tmp_path / "0.mp3")
        seen = await fresh_scan(ada, folder)
        without = await tracks(ada)
        [listed] = (await ada.get("/music-folders")).json()["items"]
        [album] = (await ada.get("/albums")).json()["items"]
        restored = await ada.client.post(f"/api/v1/tracks/{before['0.mp3']['id']}/restore")
        (tmp_path / "0.mp3").rename(folder / "0.mp3")
        back = await fresh_scan(ada, folder)
        after = await tracks(ada)

    assert (seen["missing"], set(without)) == (1, {"1.mp3"})
    assert (listed["tracks"], listed["missing"], album["track_count"]) == (1, 1, 1)
    assert restored.status_code == 404
    assert (back["added"], back["changed"]) == (0, 1)
    assert {name: one["id"] for name, one in after.items()} == {
        name: one["id"] for name, one in before.items()
    }


async def test_an_empty_folder_hides_nothing(
    api: Api, ada: Person, folder: Path, tones: Path, tmp_path: Path
) -> None:
    song(tones, 0, folder / "disk/0.mp3")
    async with worker(api):
        await fresh_scan(ada, folder)
        (folder / "disk").rename(tmp_path / "unmounted")
        seen = await scanned(ada, await scan(ada, folder))
        shown = await tracks(ada)

    assert seen["state"] == "failed"
    assert "mounted" in seen["error"]
    assert set(shown) == {"0.mp3"}


async def test_a_removed_track_is_not_found_again(
    api: Api, ada: Person, folder: Path, tones: Path
) -> None:
    song(tones, 0, folder / "0.mp3")
    song(tones, 1, folder / "1.mp3")
    async with worker(api):
        await fresh_scan(ada, folder)
        track_id = (await tracks(ada))["0.mp3"]["id"]
        await ada.client.delete(f"/api/v1/tracks/{track_id}")
        async with api.platform.database.write() as tx:
            await tx.execute("UPDATE jobs SET run_at = now() WHERE kind = 'audio.purge'")

        async def is_purged() -> bool:
            async with api.platform.database.read() as read:
                return await read.fetch_value("SELECT count(*) FROM tracks") == 1

        await eventually(is_purged)
        again = await fresh_scan(ada, folder)
        (folder / "0.mp3").rename(folder / "moved.mp3")
        moved = await fresh_scan(ada, folder)

    assert (again["total"], again["added"]) == (0, 0)
    assert (moved["total"], moved["added"]) == (1, 0)
    assert (folder / "moved.mp3").is_file()


async def test_a_removed_folder_leaves_its_files(
    api: Api, ada: Person, folder: Path, tones: Path
) -> None:
    song(tones, 0, folder / "0.mp3")
    async with worker(api):
        await fresh_scan(ada, folder)
        [listed] = (await ada.get("/music-folders")).json()["items"]
        await ada.client.delete(f"/api/v1/music-folders/{listed['id']}")

        async def is_gone() -> bool:
            async with api.platform.database.read() as read:
                return await read.fetch_value("SELECT count(*) FROM tracks") == 0

        await eventually(is_gone)

    assert (await ada.get("/music-folders")).json()["items"] == []
    assert (await ada.get("/music-scans")).json()["items"] == []
    assert (folder / "0.mp3").is_file()


async def test_pause_resume_and_cancel(api: Api, ada: Person, folder: Path, tones: Path) -> None:
    song(tones, 0, folder / "0.mp3")
    scan_id = await scan(ada, folder)
    path = f"/api/v1/music-scans/{scan_id}"

    paused = (await ada.client.post(f"{path}/pause")).json()
    second = await ada.client.post("/api/v1/music-scans", json={"path": str(folder)})
    resumed = (await ada.client.post(f"{path}/resume")).json()
    cancelled = (await ada.client.post(f"{path}/cancel")).json()
    again = (await ada.client.post(f"{path}/resume")).json()
    async with worker(api):
        seen = await scanned(ada, scan_id)

    states = [one["state"] for one in (paused, resumed, cancelled, again)]
    assert states == ["paused", "running", "cancelled", "running"]
    assert second.status_code == 409
    assert (seen["state"], seen["added"]) == ("done", 1)


async def test_nothing_outside_of_the_folders_is_scanned(
    api: Api, ada: Person, folder: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / "way out").symlink_to(outside)

    async def refused(path: str) -> int:
        return (await ada.client.post("/api/v1/music-scans", json={"path": path})).status_code

    tries = ("/", "/etc", str(outside), f"{folder}/../outside", f"{folder}/way out", "music")
    assert [await refused(path) for path in tries] == [422] * len(tries)


async def test_folders_in_each_other_are_refused(api: Api, ada: Person, folder: Path) -> None:
    (folder / "inner").mkdir()
    await scan(ada, folder)

    inner = await ada.client.post("/api/v1/music-scans", json={"path": str(folder / "inner")})

    assert inner.status_code == 409


async def test_folders_and_scans_are_their_owners(api: Api, ada: Person, folder: Path) -> None:
    eve = Person(api, "eve@example.org")
    await eve.sign_in()
    scan_id = await scan(ada, folder)
    [listed] = (await ada.get("/music-folders")).json()["items"]
    path, place = f"/api/v1/music-scans/{scan_id}", f"/api/v1/music-folders/{listed['id']}"

    answers = [
        await eve.client.get(path),
        await eve.client.get(f"{path}/failures"),
        await eve.client.post(f"{path}/pause"),
        await eve.client.post(f"{path}/resume"),
        await eve.client.post(f"{path}/cancel"),
        await eve.client.post(f"{path}/retry", json={}),
        await eve.client.patch(place, json={"every_hours": 1}),
        await eve.client.delete(f"{place}/missing"),
        await eve.client.delete(place),
    ]

    assert [one.status_code for one in answers] == [404] * len(answers)
    assert (await eve.get("/music-folders")).json()["items"] == []
    assert (await eve.get("/music-scans")).json()["items"] == []


async def test_what_is_missing_goes_by_hand(
    api: Api, ada: Person, folder: Path, tones: Path, tmp_path: Path
) -> None:
    song(tones, 0, folder / "0.mp3")
    song(tones, 1, folder / "1.mp3")
    async with worker(api):
        await fresh_scan(ada, folder)
        (folder / "0.mp3").rename(tmp_path / "0.mp3")
        await fresh_scan(ada, folder)
        [listed] = (await ada.get("/music-folders")).json()["items"]
        await ada.client.delete(f"/api/v1/music-folders/{listed['id']}/missing")
        [left] = (await ada.get("/music-folders")).json()["items"]
        (tmp_path / "0.mp3").rename(folder / "0.mp3")
        back = await fresh_scan(ada, folder)

    assert (listed["missing"], left["missing"]) == (1, 0)
    assert back["added"] == 0


async def test_a_player_starts_scans_of_its_owners_folders(
    api: Api, ada: Person, folder: Path, tones: Path
) -> None:
    other = Person(api, "ben@example.org")
    await other.sign_in()
    player, stranger = await player_of(ada), await player_of(other)
    assert await player("startScan") == {"scanning": False, "count": 0}
    song(tones, 0, folder / "a.mp3")
    async with worker(api):
        await fresh_scan(ada, folder)
        song(tones, 1, folder / "b.mp3")
    begun = await player.once("startScan")
    again = await player.once("startScan")  # one is under way: it goes on, and no other begins
    jobs = (await ada.get("/music-scans")).json()["items"]
    async with worker(api):

        async def is_done() -> bool:
            return not (await player.once("getScanStatus"))["scanning"]

        await eventually(is_done)

    assert (begun["scanning"], again["scanning"]) == (True, True)
    assert [one["state"] for one in jobs] == ["running", "done"]
    assert await player("getScanStatus") == {"scanning": False, "count": 2}
    assert len(await tracks(ada)) == 2
    assert await stranger("getScanStatus") == {"scanning": False, "count": 0}
