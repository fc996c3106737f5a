"""Playlists over HTTP: put in order, shared, exported, imported."""

from typing import Any
from uuid import UUID

import pytest

from backline.audio import entries, playlists
from backline.platform import positions
from tests.audio.conftest import named, worker
from tests.platform.jobs.working import eventually
from tests.support.api import Api
from tests.support.things import Person

pytestmark = pytest.mark.slow


async def made(person: Person, **form: Any) -> str:
    return (await person.post("/playlists", json={"name": "Van", **form})).json()["id"]


async def put_in(person: Person, playlist_id: str, *track_ids: str) -> list[str]:
    form = {"track_ids": track_ids}
    answer = await person.post(f"/playlists/{playlist_id}/tracks", json=form)
    return answer.json()["entry_ids"]


async def inside(person: Person, playlist_id: str) -> list[dict[str, Any]]:
    return (await person.get(f"/playlists/{playlist_id}/entries")).json()["items"]


async def titles(person: Person, playlist_id: str) -> str:
    return "".join(one["title"] for one in await inside(person, playlist_id))


async def moved(person: Person, playlist_id: str, entry_id: str, behind: str | None) -> None:
    where = f"/playlists/{playlist_id}/entries/{entry_id}/move"
    await person.post(where, json={"behind_entry_id": behind})


async def joined(owner: Person, playlist_id: str, person: Person, rank: str) -> None:
    invitation = await owner.post(f"/playlists/{playlist_id}/invitations", json={"rank": rank})
    token = {"token": invitation.json()["token"]}
    await person.post("/playlists/invitations/accept", json=token)


async def four(person: Person) -> list[str]:
    return [await named(person, title=title, artist="Ona", album="Sky") for title in "ABCD"]


async def test_entries_stand_in_the_order_that_people_give_them(ada: Person) -> None:
    playlist_id, tracks = await made(ada), await four(ada)
    a, b, c, d, again = await put_in(ada, playlist_id, *tracks, tracks[0])

    await moved(ada, playlist_id, d, None)
    first = await titles(ada, playlist_id)
    await moved(ada, playlist_id, a, c)
    await moved(ada, playlist_id, b, again)

    assert first == "DABCA"
    assert await titles(ada, playlist_id) == "DCAAB"
    assert (await ada.get(f"/playlists/{playlist_id}")).json()["entry_count"] == 5


async def test_pages_of_entries_follow_each_other(ada: Person) -> None:
    playlist_id = await made(ada)
    await put_in(ada, playlist_id, *await four(ada))

    page = (await ada.get(f"/playlists/{playlist_id}/entries?limit=3")).json()
    where = f"/playlists/{playlist_id}/entries?limit=3&cursor={page['next_cursor']}"
    rest = (await ada.get(where)).json()

    assert "".join(one["title"] for one in (*page["items"], *rest["items"])) == "ABCD"
    assert rest["next_cursor"] is None


async def test_an_order_survives_any_number_of_moves_between_the_same_two(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(positions, "LONGEST", 12)
    playlist_id = await made(ada)
    a, b, c, _ = await put_in(ada, playlist_id, *await four(ada))

    for number in range(60):
        await moved(ada, playlist_id, (b, c)[number % 2], a)

    assert await titles(ada, playlist_id) == "ACBD"
    async with ada.api.platform.database.read() as read:
        longest = await read.fetch_value("SELECT max(length(position)) FROM playlist_entries")
    assert longest <= 12


async def test_what_is_taken_out_can_be_put_back_where_it_was(ada: Person) -> None:
    playlist_id = await made(ada)
    _, b, c, d = await put_in(ada, playlist_id, *await four(ada))

    form = {"entry_ids": [b, c]}
    await ada.post(f"/playlists/{playlist_id}/entries/remove", json=form)
    without = await titles(ada, playlist_id)
    await moved(ada, playlist_id, d, None)
    await ada.post(f"/playlists/{playlist_id}/entries/restore", json=form)
    again = await ada.client.post(f"/api/v1/playlists/{playlist_id}/entries/restore", json=form)

    assert without == "AD"
    assert await titles(ada, playlist_id) == "DABC"
    assert (await ada.get(f"/playlists/{playlist_id}")).json()["entry_count"] == 4
    assert again.status_code == 404


async def test_an_entry_outlives_its_track_and_says_so(ada: Person) -> None:
    playlist_id, tracks = await made(ada), await four(ada)
    ids = await put_in(ada, playlist_id, *tracks)

    await ada.client.delete(f"/api/v1/tracks/{tracks[1]}")
    seen = await inside(ada, playlist_id)
    where = f"/api/v1/playlists/{playlist_id}/entries/{ids[1]}/stream"
    stream = await ada.client.get(where)
    await moved(ada, playlist_id, ids[1], None)
    await ada.post(f"/tracks/{tracks[1]}/restore")
    back = await inside(ada, playlist_id)

    assert [one["track"] is None for one in seen] == [False, True, False, False]
    assert seen[1]["title"] == "B"
    assert stream.status_code == 404
    assert [one["title"] for one in back if one["track"]] == ["B", "A", "C", "D"]


async def test_a_playlist_has_an_end(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MOST", 5)
    playlist_id, tracks = await made(ada), await four(ada)
    ids = await put_in(ada, playlist_id, *tracks)
    await ada.post(f"/playlists/{playlist_id}/entries/remove", json={"entry_ids": ids[:1]})
    await put_in(ada, playlist_id, tracks[0], tracks[0])

    more = await ada.client.post(
        f"/api/v1/playlists/{playlist_id}/tracks", json={"track_ids": [tracks[0]]}
    )
    back = await ada.client.post(
        f"/api/v1/playlists/{playlist_id}/entries/restore", json={"entry_ids": ids[:1]}
    )

    assert (more.status_code, back.status_code) == (409, 409)
    assert await titles(ada, playlist_id) == "BCDAA"


async def test_who_sees_a_playlist_follows_from_its_visibility(ada: Person, grace: Person) -> None:
    playlist_id = await made(ada)
    [entry_id, *_] = await put_in(ada, playlist_id, *await four(ada))
    path = f"/api/v1/playlists/{playlist_id}"
    seen: dict[str, tuple[int, int]] = {}

    for visibility in ("private", "unlisted", "public", "private"):
        form = {"visibility": visibility}
        (await ada.client.patch(path, json=form)).raise_for_status()
        answer = await grace.client.get(f"{path}/entries")
        listed = (await grace.get("/playlists/public")).json()["items"]
        seen[visibility] = (answer.status_code, len(listed))
        if answer.status_code == 200:
            track = answer.json()["items"][0]["track"]
            assert (track["filename"], track["size_bytes"]) == ("", 0)
            writes = [
                await grace.client.patch(path, json={"name": "Mine"}),
                await grace.client.delete(path),
                await grace.client.post(
                    f"{path}/tracks", json={"track_ids": [await named(grace, title="G")]}
                ),
                await grace.client.post(
                    f"{path}/entries/{entry_id}/move", json={"behind_entry_id": None}
                ),
                await grace.client.post(f"{path}/entries/remove", json={"entry_ids": [entry_id]}),
                await grace.client.get(f"{path}/invitations"),
            ]
            assert [one.status_code for one in writes] == [403] * len(writes)
            assert (await grace.client.get(f"{path}/members")).status_code == 404

    assert seen == {"private": (404, 0), "unlisted": (200, 0), "public": (200, 1)}
    assert await titles(ada, playlist_id) == "ABCD"


async def test_editors_put_in_their_own_music_and_viewers_listen(
    ada: Person, grace: Person
) -> None:
    playlist_id = await made(ada)
    await put_in(ada, playlist_id, *await four(ada))
    await joined(ada, playlist_id, grace, "viewer")
    path = f"/api/v1/playlists/{playlist_id}"
    theirs = await named(grace, title="G")

    as_viewer = await grace.client.post(f"{path}/tracks", json={"track_ids": [theirs]})
    rank = f"{path}/members/{grace.id}"
    (await ada.client.patch(rank, json={"rank": "editor"})).raise_for_status()
    [entry_id] = await put_in(grace, playlist_id, theirs)
    await moved(grace, playlist_id, entry_id, None)
    anothers = await grace.client.post(
        f"{path}/tracks", json={"track_ids": [await named(ada, title="E")]}
    )
    shared = (await grace.get("/playlists")).json()["items"]
    people = (await grace.get(f"/playlists/{playlist_id}/members")).json()["items"]

    assert as_viewer.status_code == 403
    assert anothers.status_code == 404
    assert await titles(ada, playlist_id) == "GABCD"
    assert [(one["id"], one["rank"]) for one in shared] == [(playlist_id, "editor")]
    assert [one["rank"] for one in people] == ["owner", "editor"]


async def test_whoever_leaves_takes_their_music_along(ada: Person, grace: Person) -> None:
    playlist_id = await made(ada)
    await put_in(ada, playlist_id, *await four(ada))
    await joined(ada, playlist_id, grace, "editor")
    await put_in(grace, playlist_id, await named(grace, title="G"))

    path = f"/api/v1/playlists/{playlist_id}"
    (await grace.client.delete(f"{path}/members/{grace.id}")).raise_for_status()

    assert await titles(ada, playlist_id) == "ABCD"
    assert (await ada.get(f"/playlists/{playlist_id}")).json()["entry_count"] == 4
    assert (await grace.client.get(path)).status_code == 404
    assert (await grace.get("/playlists")).json()["items"] == []


async def test_whoever_deletes_their_account_leaves_nothing_in_a_playlist(
    api: Api, ada: Person, grace: Person
) -> None:
    playlist_id = await made(ada)
    await put_in(ada, playlist_id, *await four(ada))
    await joined(ada, playlist_id, grace, "editor")
    ids = await put_in(grace, playlist_id, *[await named(grace, title=title) for title in "GH"])
    await grace.post(f"/playlists/{playlist_id}/entries/remove", json={"entry_ids": ids[:1]})
    await made(grace)
    await ada.get(f"/playlists/{playlist_id}/entries")

    async with worker(api):
        (await grace.client.delete("/api/v1/users/me")).raise_for_status()

        async def is_gone() -> bool:
            return await titles(ada, playlist_id) == "ABCD"

        await eventually(is_gone)

    assert (await ada.get(f"/playlists/{playlist_id}")).json()["entry_count"] == 4
    async with api.platform.database.read() as read:
        rows = "SELECT count(*) FROM playlist_entries WHERE track_owner_id = $1"
        assert await read.fetch_value(rows, UUID(grace.id)) == 0
        own = "SELECT count(*) FROM playlists WHERE owner_id = $1"
        assert await read.fetch_value(own, UUID(grace.id)) == 0


async def test_an_invitation_lets_in_as_many_as_it_says(api: Api, ada: Person) -> None:
    playlist_id = await made(ada)
    form = {"rank": "editor", "max_uses": 1}
    where = f"/playlists/{playlist_id}/invitations"
    token = {"token": (await ada.post(where, json=form)).json()["token"]}
    people = [Person(api, f"{name}@example.org") for name in ("one", "two")]
    for person in people:
        await person.sign_in()

    offer = (await people[0].post("/playlists/invitations/look", json=token)).json()
    await people[0].post("/playlists/invitations/accept", json=token)
    late = await people[1].client.post("/api/v1/playlists/invitations/accept", json=token)

    assert (offer["name"], offer["rank"], offer["is_member"]) == ("Van", "editor", False)
    assert late.status_code == 404
    assert (await ada.get(where)).json()["items"] == []


async def test_a_deleted_playlist_can_be_restored_and_is_purged_later(
    api: Api, ada: Person, grace: Person
) -> None:
    playlist_id = await made(ada)
    await put_in(ada, playlist_id, *await four(ada))
    await joined(ada, playlist_id, grace, "viewer")
    path = f"/api/v1/playlists/{playlist_id}"

    (await ada.client.delete(path)).raise_for_status()
    gone = (await grace.client.get(path)).status_code
    await playlists.purge(api.platform.database)
    await ada.post(f"/playlists/{playlist_id}/restore")
    back = await titles(grace, playlist_id)
    (await ada.client.delete(path)).raise_for_status()
    async with api.platform.database.write() as tx:
        await tx.execute("UPDATE playlists SET deleted_at = now() - interval '2 days'")
    await playlists.purge(api.platform.database)

    assert (gone, back) == (404, "ABCD")
    assert (await ada.client.post(f"{path}/restore")).status_code == 404
    async with api.platform.database.read() as read:
        assert await read.fetch_value("SELECT count(*) FROM playlist_entries") == 0
        assert await read.fetch_value("SELECT count(*) FROM memberships") == 0


@pytest.mark.parametrize("file_format", ["m3u8", "xspf"])
async def test_what_was_exported_is_imported_by_somebody_who_has_it(
    ada: Person, grace: Person, file_format: str
) -> None:
    playlist_id = await made(ada, name="For the van & <more>")
    tracks = await four(ada)
    await put_in(ada, playlist_id, *tracks, tracks[0])
    text = (await ada.get(f"/playlists/{playlist_id}/export?format={file_format}")).text
    for title in "DB":
        await named(grace, title=title, artist="ONA")
    await named(grace, title="A", artist="Somebody else")

    await ada.client.delete(f"/api/v1/tracks/{tracks[2]}")
    own = (await ada.post("/playlists/import", json={"text": text})).json()
    theirs = (await grace.post("/playlists/import", json={"text": text})).json()

    assert own["playlist"]["name"] == "For the van & <more>"
    assert await titles(ada, own["playlist"]["id"]) == "ABDA"
    assert [one["title"] for one in own["missing"]] == ["C"]
    assert await titles(grace, theirs["playlist"]["id"]) == "BD"
    assert theirs["missing_count"] == 3


async def test_a_file_finds_tracks_by_their_files_and_by_their_lengths(ada: Person) -> None:
    short, long = [await named(ada, title="Same", artist="Ona") for _ in range(2)]
    async with ada.api.platform.database.write() as tx:
        sql = "UPDATE tracks SET duration_ms = $2, filename = $3 WHERE id = $1"
        await tx.execute(sql, UUID(short), 100_000, "one.mp3")
        await tx.execute(sql, UUID(long), 200_000, "two.mp3")
    text = "#EXTM3U\n#EXTINF:201,Ona - Same\nx/y.mp3\n#EXTINF:99,Ona - Same\nz.mp3\nC:\\two.mp3\n"

    answer = (await ada.post("/playlists/import", json={"text": text, "name": "Both"})).json()

    seen = await inside(ada, answer["playlist"]["id"])
    assert [one["track"]["id"] for one in seen] == [long, short, long]


@pytest.mark.parametrize(
    "text", ["#EXTM3U\n", "nothing-of-mine.mp3\n", "<!DOCTYPE playlist><playlist/>"]
)
async def test_a_file_of_nothing_makes_no_playlist(ada: Person, text: str) -> None:
    answer = await ada.client.post("/api/v1/playlists/import", json={"text": text})

    assert answer.status_code == 422
    assert (await ada.get("/playlists")).json()["items"] == []
