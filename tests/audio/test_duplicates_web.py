"""Tracks that are there more than once: found, kept one of, brought back."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from tests.audio.conftest import named, prepared, uploaded, worker
from tests.support import sounds
from tests.support.api import Api
from tests.support.audio_things import duplicates
from tests.support.things import Person

pytestmark = pytest.mark.slow


async def groups(person: Person, by: str = "sound", **query: Any) -> list[dict[str, Any]]:
    answer = await person.client.get("/api/v1/tracks/duplicates", params={"by": by, **query})
    return answer.raise_for_status().json()["items"]


def ids(group: dict[str, Any]) -> set[str]:
    return {one["track"]["id"] for one in group["items"]}


async def song(person: Person, duration_ms: int, sound: bytes, **more: Any) -> str:
    """A track that is ready, of that length and sound."""
    labels = {"title": "Mañana", "artist": "Ona", **more}
    track_id = await named(person, **labels)
    async with person.api.platform.database.write() as tx:
        await tx.execute(
            "UPDATE tracks SET status = 'ready', duration_ms = $2, sound_hash = $3 WHERE id = $1",
            UUID(track_id),
            duration_ms,
            sound,
        )
    return track_id


async def play(person: Person, track_id: str, key: str) -> None:
    at = datetime.now(UTC).isoformat()
    form = {"track_id": track_id, "key": key, "started_at": at, "played_ms": 2_000_000}
    await person.post("/plays", json=form)


async def test_an_upload_sounds_as_another_with_other_tags(
    api: Api, ada: Person, tmp_path: Any
) -> None:
    wav = sounds.tone(tmp_path / "tone.wav", 0.5)
    plain = sounds.encoded(wav, tmp_path / "plain.mp3", "-b:a", "64k")
    tagged = tmp_path / "tagged.mp3"
    sounds.run("-i", str(plain), "-c", "copy", "-metadata", "title=Else", str(tagged))
    other = sounds.encoded(sounds.tone(tmp_path / "other.wav", 0.5, hz=300), tmp_path / "other.mp3")
    async with worker(api):
        sent = [await uploaded(ada, path) for path in (plain, tagged, other)]
        for track_id in sent:
            assert (await prepared(ada, track_id))["status"] == "ready"

    [group] = await groups(ada)

    assert ids(group) == set(sent[:2])
    assert group["track_count"] == 2
    assert {one["codec"] for one in group["items"]} <= {"mp3", "mp3float"}
    assert group["items"][0]["bitrate_kbps"] > 0


async def test_one_song_is_found_by_name_artist_and_length(ada: Person) -> None:
    near = [await song(ada, 180_000 + n * 1_500, bytes([n])) for n in range(3)]
    live = [await song(ada, 300_000, b"a", title="manana"), await song(ada, 301_000, b"b")]
    await song(ada, 240_000, b"c")
    await song(ada, 180_000, b"d", artist="Somebody else")

    found = await groups(ada, "song")
    first = (await ada.get("/tracks/duplicates?by=song&limit=1")).json()
    rest = await groups(ada, "song", limit=1, cursor=first["next_cursor"])

    assert sorted(map(sorted, map(ids, found))) == sorted([sorted(near), sorted(live)])
    assert [*first["items"], *rest] == found
    assert await groups(ada, "sound") == []


async def test_pages_of_groups_follow_each_other(ada: Person) -> None:
    made = [set(await duplicates(ada, number)) for number in (2, 3, 2)]

    page = (await ada.get("/tracks/duplicates?limit=2")).json()
    rest = (await ada.get(f"/tracks/duplicates?limit=2&cursor={page['next_cursor']}")).json()
    foreign = await ada.client.get(
        "/api/v1/tracks/duplicates", params={"by": "song", "cursor": page["next_cursor"]}
    )

    seen = [ids(one) for one in (*page["items"], *rest["items"])]
    assert sorted(map(sorted, seen)) == sorted(map(sorted, made))
    assert rest["next_cursor"] is None
    assert foreign.status_code == 422


async def test_what_is_kept_takes_over_and_gives_back(ada: Person) -> None:
    kept, other, third = await duplicates(ada, 3)
    await play(ada, kept, "play-kept")
    await play(ada, other, "play-other1")
    await play(ada, other, "play-other2")
    (await ada.client.put(f"/api/v1/favorites/{other}")).raise_for_status()
    (await ada.client.put(f"/api/v1/tracks/{third}/rating", json={"rating": 4})).raise_for_status()
    van = (await ada.post("/playlists", json={"name": "Van"})).json()["id"]
    await ada.post(f"/playlists/{van}/tracks", json={"track_ids": [third, other]})

    done = (await ada.post(f"/tracks/{kept}/keep", json={"track_ids": [other, third]})).json()

    assert done["track"]["play_count"] == 3
    assert done["track"]["rating"] == 4
    assert done["track"]["favorite_at"] is not None
    assert await groups(ada) == []
    assert (await ada.client.get(f"/api/v1/tracks/{other}")).status_code == 404
    entries = (await ada.get(f"/playlists/{van}/entries")).json()["items"]
    assert [one["track"]["id"] for one in entries] == [kept, kept]
    assert len((await ada.get("/history")).json()["items"]) == 3

    back = (await ada.post(f"/tracks/merges/{done['merge_id']}/undo")).json()
    again = await ada.client.post(f"/api/v1/tracks/merges/{done['merge_id']}/undo")

    assert (back["play_count"], back["rating"], back["favorite_at"]) == (1, None, None)
    assert (await ada.get(f"/tracks/{other}")).json()["play_count"] == 2
    entries = (await ada.get(f"/playlists/{van}/entries")).json()["items"]
    assert [one["track"]["id"] for one in entries] == [third, other]
    assert [ids(one) for one in await groups(ada)] == [{kept, other, third}]
    assert again.status_code == 404


async def test_only_duplicates_are_merged(ada: Person) -> None:
    kept, other = await duplicates(ada)
    strange = await song(ada, 1_000, b"x")

    refused = [
        await ada.client.post(f"/api/v1/tracks/{kept}/keep", json={"track_ids": others})
        for others in ([other, strange], [kept], [])
    ]

    assert [answer.status_code for answer in refused] == [409, 409, 422]
    assert len(await groups(ada)) == 1


async def test_after_the_purge_nothing_is_undone(ada: Person) -> None:
    kept, other = await duplicates(ada)
    done = (await ada.post(f"/tracks/{kept}/keep", json={"track_ids": [other]})).json()
    async with ada.api.platform.database.write() as tx:
        await tx.execute("DELETE FROM tracks WHERE id = $1", UUID(other))

    late = await ada.client.post(f"/api/v1/tracks/merges/{done['merge_id']}/undo")

    assert late.status_code == 404
    assert "too late" in late.json()["detail"]


async def test_the_lossless_one_is_suggested_then_the_best_lossy_one(ada: Person) -> None:
    first, second = await duplicates(ada)
    async with ada.api.platform.database.write() as tx:
        await tx.execute("UPDATE tracks SET size_bytes = 40000 WHERE id = $1", UUID(second))
    [group] = await groups(ada)

    assert (group["best_id"], group["best_because"]) == (second, "It has the highest bitrate.")
    assert {first, second} == ids(group)
