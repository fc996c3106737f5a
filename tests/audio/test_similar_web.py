"""Similar tracks: found by the job from sounds, names and listening, and told with true reasons."""

from pathlib import Path
from uuid import UUID

import pytest

from backline.audio.discover import neighboring
from tests.audio.conftest import prepared, uploaded, worker
from tests.audio.discovering import found, play, similar, song, titles
from tests.platform.jobs.working import eventually, execute, value
from tests.support import sounds
from tests.support.api import PASSWORD, Api
from tests.support.things import UNKNOWN, Person

pytestmark = pytest.mark.slow

COUNT = "SELECT count(*) FROM track_neighbors WHERE owner_id = $1"
NOISE = "anoisesrc=d=4:a=0.3:seed={}"


async def test_noise_is_like_noise_and_a_tone_like_a_tone(
    api: Api, ada: Person, tmp_path: Path
) -> None:
    files = {
        "noise": ("-f", "lavfi", "-i", NOISE.format(1)),
        "more noise": ("-f", "lavfi", "-i", NOISE.format(2)),
        "tone": ("-f", "lavfi", "-i", "sine=440:d=4"),
        "another tone": ("-f", "lavfi", "-i", "sine=450:d=4"),
    }
    made: dict[str, str] = {}
    async with worker(api):
        for name, source in files.items():
            sounds.run(*source, str(tmp_path / f"{name}.flac"))
            made[name] = await uploaded(ada, tmp_path / f"{name}.flac")
        for track_id in made.values():
            assert (await prepared(ada, track_id))["status"] == "ready"

    await found(api, ada, whole=False)

    [like_noise] = await similar(ada, made["noise"])
    [like_tone] = await similar(ada, made["tone"])
    assert like_noise["track"]["id"] == made["more noise"]
    assert like_tone["track"]["id"] == made["another tone"]
    [reason] = like_noise["reasons"]
    assert reason["code"] == "sound"
    assert 0.9 < reason["share"] <= 1


async def test_reasons_are_what_both_have(api: Api, ada: Person) -> None:
    one = await song(ada, "One", artist="Ona", genre="Ambient; Folk", year=1998)
    other = await song(ada, "Other", artist="Ona", genre="ambient", year=1999)
    await song(ada, "Third", artist="Else", genre="Polka", year=1998)
    await found(api, ada)

    [item] = await similar(ada, one)

    assert titles([item]) == ["Other"]
    assert item["reasons"] == [
        {"code": "artist", "name": "Ona"},
        {"code": "genre", "name": "ambient"},
        {"code": "years", "year": 1999},
    ]
    await ada.client.patch(f"/api/v1/tracks/{other}", json={"genre": "Polka", "year": 1950})
    [item] = await similar(ada, one)
    assert item["reasons"] == [{"code": "artist", "name": "Ona"}]


async def test_what_was_heard_in_one_hour_belongs_together(api: Api, ada: Person) -> None:
    one, other, later = [await song(ada, title) for title in ("One", "Other", "Later")]
    for day in (1, 2, 3):
        await play(ada, one, f"2025-03-0{day}T20:00:00Z")
        await play(ada, other, f"2025-03-0{day}T20:40:00Z")
        await play(ada, later, f"2025-03-0{day}T21:30:00Z")
    await found(api, ada)

    [item] = await similar(ada, one)

    assert item["track"]["id"] == other
    assert item["reasons"] == [{"code": "heard_together", "count": 3}]


async def test_what_stands_side_by_side_in_playlists_belongs_together(
    api: Api, ada: Person
) -> None:
    one, other, third = [await song(ada, title) for title in ("One", "Other", "Third")]
    playlist_id = (await ada.post("/playlists", json={"name": "Van"})).json()["id"]
    await ada.post(f"/playlists/{playlist_id}/tracks", json={"track_ids": [one, other, third]})
    await found(api, ada)

    [item] = await similar(ada, one)

    assert item["track"]["id"] == other
    assert item["reasons"] == [{"code": "in_playlists", "count": 1}]


async def test_deleted_tracks_are_not_shown(api: Api, ada: Person) -> None:
    one, other = [await song(ada, title, artist="Ona") for title in ("One", "Other")]
    await found(api, ada)
    assert titles(await similar(ada, one)) == ["Other"]

    await ada.client.delete(f"/api/v1/tracks/{other}")
    assert await similar(ada, one) == []
    await ada.post(f"/tracks/{other}/restore")
    assert titles(await similar(ada, one)) == ["Other"]


async def test_new_tracks_are_found_by_those_that_were_there(api: Api, ada: Person) -> None:
    one = await song(ada, "One", artist="Ona")
    await found(api, ada)
    assert await similar(ada, one) == []
    new = await song(ada, "New", artist="Ona")
    insert = "INSERT INTO track_sounds (owner_id, track_id) VALUES ($1, $2)"
    await execute(api.platform.database, insert, UUID(ada.id), UUID(new))

    await found(api, ada, whole=False)

    assert titles(await similar(ada, one)) == ["New"]
    assert titles(await similar(ada, new)) == ["One"]


async def test_nothing_of_others_is_compared_or_shown(api: Api, ada: Person) -> None:
    eve = Person(api, "eve@example.org")
    await eve.sign_in()
    mine = await song(ada, "Mine", artist="Ona", genre="Folk")
    theirs = await song(eve, "Theirs", artist="Ona", genre="Folk")
    for person in (ada, eve):
        await found(api, person)

    assert await similar(ada, mine) == []
    for track_id in (theirs, UNKNOWN):
        answer = await ada.client.get(f"/api/v1/tracks/{track_id}/similar")
        assert answer.status_code == 404


async def test_the_schedule_fills_in_what_was_there_before(api: Api, ada: Person) -> None:
    one = await song(ada, "One", artist="Ona")
    await song(ada, "Other", artist="Ona")
    database = api.platform.database
    await neighboring.find_all(database)
    async with worker(api):

        async def are_there() -> bool:
            return await value(database, COUNT, UUID(ada.id)) == 2

        await eventually(are_there)
        live = "SELECT count(*) FROM jobs WHERE kind = 'audio.neighbors' AND finished_at IS NULL"

        async def is_over() -> bool:
            return await value(database, live) == 0

        await eventually(is_over)
    assert titles(await similar(ada, one)) == ["Other"]

    await neighboring.find_all(database)

    assert await value(database, live) == 0  # nothing has changed since


async def test_an_account_takes_all_of_it_along(api: Api, ada: Person) -> None:
    for title in ("One", "Other"):
        await song(ada, title, artist="Ona")
    await found(api, ada)
    database = api.platform.database
    assert await value(database, COUNT, UUID(ada.id)) == 2

    form = {"password": PASSWORD}
    answer = await ada.client.request("DELETE", "/api/v1/users/me", json=form)
    assert answer.status_code == 204
    async with worker(api):

        async def is_gone() -> bool:
            rounds = "SELECT count(*) FROM neighbor_rounds WHERE owner_id = $1"
            counts = [await value(database, sql, UUID(ada.id)) for sql in (COUNT, rounds)]
            return counts == [0, 0]

        await eventually(is_gone)
