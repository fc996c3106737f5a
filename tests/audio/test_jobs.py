"""What becomes of a track behind the requests: rendered, tried again, purged with every byte."""

import os
from pathlib import Path
from uuid import UUID

import pytest

from backline.audio import tracks
from tests.audio.conftest import named, prepared, uploaded, worker
from tests.platform.jobs.working import eventually, execute, value
from tests.support import sounds
from tests.support.api import PASSWORD, Api
from tests.support.things import Person

pytestmark = pytest.mark.slow

# People have 30 s to undo a deletion; a test needs not wait for that.
HURRY = "UPDATE jobs SET run_at = now() WHERE kind = $1 AND state = 'queued'"
LIVE = "SELECT count(*) FROM jobs WHERE kind = $1 AND finished_at IS NULL"
PURGE_OWNER = "audio.purge-owner"


async def keys(api: Api) -> list[str]:
    """All stored files of tracks."""
    return [file.key async for file in api.platform.storage.list("tracks")]


async def used_bytes(person: Person) -> int:
    return (await person.get("/users/me")).json()["storage"]["used_bytes"]


async def until_done(api: Api, kind: str) -> None:
    """Have jobs of a kind run now, and wait until they have."""
    database = api.platform.database
    await execute(database, HURRY, kind)

    async def are_over() -> bool:
        return await value(database, LIVE, kind) == 0

    await eventually(are_over)


@pytest.mark.slow
async def test_a_file_becomes_what_can_be_played(api: Api, ada: Person, tmp_path: Path) -> None:
    song = sounds.encoded(
        sounds.tone(tmp_path / "tone.wav", 0.5), tmp_path / "a.flac", "-metadata", "title=Tone"
    )
    track_id = await uploaded(ada, song)

    async with worker(api):
        ready = await prepared(ada, track_id)

    assert (ready["status"], ready["title"], ready["error"]) == ("ready", "Tone", None)
    assert abs(ready["duration_ms"] - 500) <= 1
    waveform = (await ada.get(f"/tracks/{track_id}/waveform")).json()
    assert waveform["peaks"]
    names = {key.rpartition("/")[2] for key in await keys(api)}
    assert {"original", "master.m3u8", "manifest.mpd", "medium.m4a"} <= names


@pytest.mark.slow
async def test_what_is_odd_about_a_file_is_told_with_its_track(
    api: Api, ada: Person, tmp_path: Path
) -> None:
    song = sounds.encoded(sounds.tone(tmp_path / "tone.wav", 12), tmp_path / "a.flac")
    os.truncate(song, song.stat().st_size * 2 // 3)
    track_id = await uploaded(ada, song)

    async with worker(api):
        ready = await prepared(ada, track_id)

    assert ready["status"] == "ready"
    assert "cut short: it says 12 s" in ready["warnings"][0]
    assert (await ada.get("/tracks")).json()["items"][0]["warnings"] == ready["warnings"]


@pytest.mark.slow
async def test_a_name_that_a_person_gave_outlives_the_tags(
    api: Api, ada: Person, tmp_path: Path
) -> None:
    song = sounds.encoded(
        sounds.tone(tmp_path / "tone.wav", 0.5), tmp_path / "a.flac", "-metadata", "title=Tone"
    )
    track_id = await uploaded(ada, song)
    await ada.client.patch(f"/api/v1/tracks/{track_id}", json={"title": "Mine"})

    async with worker(api):
        ready = await prepared(ada, track_id)

    assert (ready["status"], ready["title"]) == ("ready", "Mine")


async def test_whoever_cancels_a_job_is_not_told_of_it(ada: Person, tmp_path: Path) -> None:
    track_id = await uploaded(ada, sounds.tone(tmp_path / "tone.wav", 0.5))
    job_id = (await ada.get(f"/tracks/{track_id}")).json()["job_id"]

    await ada.post(f"/jobs/{job_id}/cancel")

    assert (await ada.get(f"/tracks/{track_id}")).json()["status"] == "failed"
    assert (await ada.get("/notifications")).json()["items"] == []


@pytest.mark.slow
async def test_what_failed_for_want_of_its_file_succeeds_when_it_is_back(
    api: Api, ada: Person, tmp_path: Path
) -> None:
    song = sounds.tone(tmp_path / "tone.wav", 0.5)
    track_id = await uploaded(ada, song)
    original = tracks.original_key(UUID(ada.id), UUID(track_id))
    await api.platform.storage.delete_prefix(original.rpartition("/")[0])

    async with worker(api):
        failed = await prepared(ada, track_id)
        await api.platform.storage.put_file(original, song)
        again = await ada.client.post(f"/api/v1/tracks/{track_id}/retry")
        ready = await prepared(ada, track_id)

    assert (failed["status"], failed["error"]) == ("failed", "The uploaded file is gone.")
    [told] = (await ada.get("/notifications")).json()["items"]
    assert (told["kind"], told["text"]) == ("audio.failed", "The uploaded file is gone.")
    assert (told["title"], told["path"]) == ("“tone” can't be played", f"/tracks/{track_id}")
    assert (again.status_code, again.json()["status"]) == (202, "processing")
    assert again.json()["job_id"] != failed["job_id"]
    assert (ready["status"], ready["error"]) == ("ready", None)


async def test_only_what_has_failed_is_tried_again(ada: Person) -> None:
    track_id = await named(ada, title="New")

    answer = await ada.client.post(f"/api/v1/tracks/{track_id}/retry")

    assert answer.status_code == 409
    assert "hasn't failed" in answer.json()["detail"]


async def test_a_purge_takes_every_byte_and_gives_the_room_back(api: Api, ada: Person) -> None:
    kept = await named(ada, title="Kept")
    track_id = await named(ada, title="Gone")
    before = await used_bytes(ada)
    await ada.client.delete(f"/api/v1/tracks/{track_id}")

    async with worker(api):
        await until_done(api, tracks.PURGE)

    assert await keys(api) == [tracks.original_key(UUID(ada.id), UUID(kept))]
    assert await used_bytes(ada) == before // 2
    assert (await ada.client.post(f"/api/v1/tracks/{track_id}/restore")).status_code == 404


async def test_a_purge_leaves_what_was_restored(api: Api, ada: Person) -> None:
    track_id = await named(ada, title="Back")
    await ada.client.delete(f"/api/v1/tracks/{track_id}")
    assert (await ada.client.get(f"/api/v1/tracks/{track_id}")).status_code == 404
    await ada.post(f"/tracks/{track_id}/restore")

    async with worker(api):
        await until_done(api, tracks.PURGE)

    assert (await ada.get(f"/tracks/{track_id}")).json()["title"] == "Back"
    assert await keys(api) == [tracks.original_key(UUID(ada.id), UUID(track_id))]


async def test_whoever_leaves_takes_their_library_along(api: Api, ada: Person) -> None:
    await named(ada, title="Ada's")
    grace = Person(api, "grace@example.org")
    await grace.sign_in()
    hers = await named(grace, title="Grace's")
    left = await ada.client.request("DELETE", "/api/v1/users/me", json={"password": PASSWORD})
    left.raise_for_status()

    async with worker(api):
        await until_done(api, PURGE_OWNER)

    assert await keys(api) == [tracks.original_key(UUID(grace.id), UUID(hers))]
