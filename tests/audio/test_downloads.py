"""Albums and playlists to take along, and a library exported into a folder."""

import asyncio
import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import pytest

from backline.audio import exporting
from backline.audio.exporting import Exported
from backline.platform.errors import Conflict
from tests.support.api import Api
from tests.support.things import Person

pytestmark = pytest.mark.slow

SONGS = {"Alto": b"first song", "Bass": b"second one"}


async def album(person: Person, songs: Mapping[str, bytes] = SONGS) -> str:
    """An album of uploaded files; its id."""
    album_id = ""
    for number, (title, data) in enumerate(songs.items(), 1):
        files = {"file": (f"{title}.mp3", data)}
        track_id = (await person.post("/tracks", files=files)).json()["id"]
        said = {"title": title, "artist": "Ona", "album": "Sky", "track_number": number}
        answer = await person.client.patch(f"/api/v1/tracks/{track_id}", json=said)
        album_id = answer.raise_for_status().json()["album_id"]
    return album_id


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {one.filename: archive.read(one) for one in archive.infolist()}


async def test_an_album_is_fetched_by_anybody_with_the_url(ada: Person) -> None:
    said = (await ada.get(f"/albums/{await album(ada)}/download")).json()
    async with ada.api.client() as browser:
        whole = await browser.get(said["url"])
        rest = await browser.get(
            said["url"], headers={"Range": "bytes=50-", "If-Range": whole.headers["etag"]}
        )
        head = await browser.head(said["url"])

    assert said["filename"] == "Ona - Sky.zip"
    assert (said["track_count"], said["left_out"]) == (2, 0)
    assert whole.headers["content-length"] == str(said["size_bytes"]) == str(len(whole.content))
    assert head.headers["content-length"] == whole.headers["content-length"]
    assert 'filename="Ona - Sky.zip"' in whole.headers["content-disposition"]
    assert opened(whole.content) == {
        "Ona - Sky/01 Alto.mp3": b"first song",
        "Ona - Sky/02 Bass.mp3": b"second one",
    }
    assert rest.status_code == 206
    assert rest.content == whole.content[50:]


async def test_what_changes_has_another_tag_and_what_is_gone_no_file(ada: Person) -> None:
    said = (await ada.get(f"/albums/{await album(ada)}/download")).json()
    async with ada.api.client() as browser:
        before = (await browser.head(said["url"])).headers["etag"]
        [track, _] = (await ada.get("/tracks?sort=title")).json()["items"]
        await ada.client.patch(f"/api/v1/tracks/{track['id']}", json={"title": "Tenor"})
        other = (await ada.get(f"/albums/{track['album_id']}/download")).json()
        for one in (await ada.get("/tracks")).json()["items"]:
            await ada.client.delete(f"/api/v1/tracks/{one['id']}")
        gone = await ada.client.get(f"/api/v1/albums/{track['album_id']}/download")

    assert before
    assert other["size_bytes"] == said["size_bytes"] + 2  # a letter, in two places
    assert gone.status_code == 404


async def test_a_playlist_is_numbered_and_has_of_others_what_they_share(
    api: Api, ada: Person
) -> None:
    await album(ada)
    ids = [one["id"] for one in (await ada.get("/tracks?sort=title")).json()["items"]]
    form = {"name": "Van: 1/2", "visibility": "unlisted"}
    van = (await ada.post("/playlists", json=form)).json()["id"]
    await ada.post(f"/playlists/{van}/tracks", json={"track_ids": [ids[1], ids[0], ids[1]]})
    grace = Person(api, "grace@example.org")
    await grace.sign_in()

    said = (await ada.get(f"/playlists/{van}/download")).json()
    async with api.client() as browser:
        mine = opened((await browser.get(said["url"])).content)
    theirs = await grace.client.get(f"/api/v1/playlists/{van}/download")

    assert list(mine) == [
        "Van_ 1_2/001 Ona - Bass.mp3",
        "Van_ 1_2/002 Ona - Alto.mp3",
        "Van_ 1_2/003 Ona - Bass.mp3",
    ]
    assert theirs.status_code == 409  # nothing of it has been prepared


async def test_a_link_ends_with_the_right_to_it(ada: Person, api: Api) -> None:
    await album(ada)
    ids = [one["id"] for one in (await ada.get("/tracks")).json()["items"]]
    van = (await ada.post("/playlists", json={"name": "Van"})).json()["id"]
    await ada.post(f"/playlists/{van}/tracks", json={"track_ids": ids})
    url = (await ada.get(f"/playlists/{van}/download")).json()["url"]
    await ada.client.delete(f"/api/v1/playlists/{van}")

    async with api.client() as browser:
        assert (await browser.get(url)).status_code == 404


async def test_an_original_is_saved_as_people_call_it(ada: Person) -> None:
    await album(ada, {"What is / this?": b"a song"})
    [track] = (await ada.get("/tracks")).json()["items"]
    url = (await ada.get(f"/tracks/{track['id']}/stream?quality=original")).json()["url"]

    async with ada.api.client() as browser:
        answer = await browser.get(url)

    assert answer.content == b"a song"
    assert 'filename="Ona - What is _ this_.mp3"' in answer.headers["content-disposition"]


async def exported(person: Person, folder: Path) -> Exported:
    platform, seen = person.api.platform, list[int]()
    done = await exporting.export(
        platform.database,
        platform.storage,
        UUID(person.id),
        folder,
        lambda _, total: seen.append(total),
    )
    assert set(seen) <= {len(seen)}
    return done


async def test_an_export_copies_once_and_leaves_nothing_half(ada: Person, tmp_path: Path) -> None:
    await album(ada)
    await album(ada, {"Alto": b"another of the name"})
    folder = tmp_path / "out"
    left = folder / exporting.ASIDE / "half"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"of a crash")

    first = await exported(ada, folder)
    again = await exported(ada, folder)
    (folder / "Ona/Sky/02 Bass.mp3").unlink()
    os.truncate(folder / "Ona/Sky/01 Alto.mp3", 3)
    third = await exported(ada, folder)

    assert (first.copied, first.same) == (3, 0)
    assert (again.copied, again.same) == (0, 3)
    assert (third.copied, third.same) == (2, 1)
    found = {
        str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()
    }
    assert found == {
        "Ona/Sky/01 Alto.mp3": b"first song",
        "Ona/Sky/01 Alto (2).mp3": b"another of the name",
        "Ona/Sky/02 Bass.mp3": b"second one",
    }
    assert not left.parent.exists()


async def test_what_is_in_the_way_is_named_and_the_rest_is_copied(
    ada: Person, tmp_path: Path
) -> None:
    await album(ada)
    (tmp_path / "Ona/Sky/01 Alto.mp3").mkdir(parents=True)

    done = await exported(ada, tmp_path)

    assert done.copied == 1
    [fault] = done.faults
    assert "01 Alto.mp3" in fault


async def test_two_exports_into_one_folder_are_not_in_each_others_way(
    ada: Person, tmp_path: Path
) -> None:
    await album(ada)
    platform, folder, second = ada.api.platform, tmp_path / "out", list[str]()

    async def try_another() -> None:
        try:
            await exported(ada, folder)
        except Conflict as fault:
            second.append(fault.detail)

    trying: list[asyncio.Task[None]] = []

    def tell(_done: Exported, _total: int) -> None:
        trying.append(asyncio.create_task(try_another()))

    done = await exporting.export(platform.database, platform.storage, UUID(ada.id), folder, tell)
    # Those that were tried while the first was under way; later ones find all that they want.
    await asyncio.gather(*trying)

    assert done.copied == len(SONGS)
    assert done.faults == []
    assert all("Another export into" in said for said in second)
    assert second
    assert (await exported(ada, folder)).same == len(SONGS)
    assert not (folder / exporting.ASIDE).exists()
