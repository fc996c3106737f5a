"""People who follow each other, and the feed, over HTTP: who sees whom, and what stops when."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from backline.audio.following import people
from backline.audio.following.people import ProfilePatch
from backline.platform.actor import Actor
from backline.platform.ids import uuid7
from tests.audio.conftest import worker
from tests.platform.jobs.working import eventually
from tests.support.api import Api
from tests.support.things import Person

pytestmark = pytest.mark.slow


async def publish(person: Person, *, is_public: bool = True) -> None:
    answer = await person.client.patch("/api/v1/audio/profile", json={"is_public": is_public})
    answer.raise_for_status()


async def follow(person: Person, other: Person) -> int:
    return (await person.client.put(f"/api/v1/users/{other.id}/follow")).status_code


async def listed(person: Person, path: str) -> list[str]:
    return [one["id"] for one in (await person.get(path)).json()["items"]]


async def public_playlist(person: Person, tracks: int = 1, **said: Any) -> tuple[str, list[str]]:
    form = {"name": "Van", "visibility": "public", **said}
    playlist_id = (await person.post("/playlists", json=form)).json()["id"]
    return playlist_id, [await put_in(person, playlist_id) for _ in range(tracks)]


async def put_in(person: Person, playlist_id: str) -> str:
    track = await person.post("/tracks", files={"file": ("song.wav", b"bytes of a song")})
    form = {"track_ids": [track.json()["id"]]}
    added = await person.post(f"/playlists/{playlist_id}/tracks", json=form)
    return added.json()["entry_ids"][0]


async def feed(person: Person) -> list[dict[str, Any]]:
    return (await person.get("/audio/feed")).json()["items"]


async def yesterday(person: Person) -> None:
    """Make what was in the feed a day and a half older."""
    async with person.api.platform.database.write() as tx:
        await tx.execute("UPDATE feed_items SET happened_at = happened_at - interval '36 hours'")


async def test_nobody_is_found_until_they_choose_so(ada: Person, grace: Person) -> None:
    await public_playlist(ada)
    paths = [f"/api/v1/users/{ada.id}/{what}" for what in ("profile", "playlists", "followers")]

    before = [(await grace.client.get(path)).status_code for path in paths]
    refused = await follow(grace, ada)
    hidden = await listed(grace, "/audio/people")
    await publish(ada)
    after = [(await grace.client.get(path)).status_code for path in paths]

    assert (before, refused, hidden) == ([404] * 3, 404, [])
    assert after == [200] * 3
    assert await listed(grace, "/audio/people") == [ada.id]
    assert await listed(ada, "/audio/people") == []


async def test_a_follow_is_told_once_and_counted_and_gives_no_rights(
    ada: Person, grace: Person
) -> None:
    await publish(ada)
    secret = (await ada.post("/playlists", json={"name": "Secret"})).json()["id"]

    statuses = [await follow(grace, ada), await follow(grace, ada)]
    await grace.client.delete(f"/api/v1/users/{ada.id}/follow")
    statuses.append(await follow(grace, ada))

    notices = (await ada.get("/notifications")).json()["items"]
    seen = (await grace.get(f"/users/{ada.id}/profile")).json()
    assert statuses == [204] * 3
    assert [one["kind"] for one in notices] == ["audio.followed"]
    assert (seen["follower_count"], seen["is_followed"]) == (1, True)
    assert (await grace.client.get(f"/api/v1/playlists/{secret}")).status_code == 404
    assert await listed(grace, f"/users/{ada.id}/playlists") == []
    # Grace doesn't want to be found: Ada sees who follows her, and nobody else does.
    assert await listed(ada, f"/users/{ada.id}/followers") == [grace.id]
    assert (await ada.client.get(f"/api/v1/users/{grace.id}/profile")).status_code == 404


async def test_lists_show_others_only_who_wants_to_be_found(
    api: Api, ada: Person, grace: Person
) -> None:
    joan = Person(api, "joan@example.org")
    await joan.sign_in()
    await publish(ada)
    await follow(grace, ada)
    path = f"/users/{ada.id}/followers"

    hidden = await listed(joan, path)
    await publish(grace)
    shown = await listed(joan, path)
    await follow(joan, ada)
    page = (await ada.get(f"{path}?limit=1")).json()
    rest = (await ada.get(f"{path}?limit=1&cursor={page['next_cursor']}")).json()

    assert (hidden, shown) == ([], [grace.id])
    assert [one["id"] for one in (*page["items"], *rest["items"])] == [joan.id, grace.id]
    assert await listed(joan, f"/users/{grace.id}/following") == [ada.id]


async def test_who_is_blocked_follows_and_finds_no_more(ada: Person, grace: Person) -> None:
    await publish(ada)
    await public_playlist(ada)
    await follow(grace, ada)
    assert len(await feed(grace)) == 1

    blocked = await ada.client.put(f"/api/v1/audio/blocked/{grace.id}")

    assert blocked.status_code == 204
    assert await feed(grace) == []
    assert await listed(grace, "/audio/people") == []
    assert await follow(grace, ada) == 404
    assert await listed(ada, "/audio/blocked") == [grace.id]
    await ada.client.delete(f"/api/v1/audio/blocked/{grace.id}")
    assert await listed(ada, f"/users/{ada.id}/followers") == []
    assert await follow(grace, ada) == 204
    await ada.client.delete(f"/api/v1/audio/followers/{grace.id}")
    assert (await grace.get("/audio/profile")).json()["following_count"] == 0


async def test_nobody_begins_to_follow_while_they_are_blocked(ada: Person, grace: Person) -> None:
    await publish(grace)
    database = ada.api.platform.database
    blocker = Actor(UUID(ada.id), "user", session_id=uuid7())
    async with database.write() as tx:
        await people.block(tx, blocker, UUID(grace.id))
        # Ada has never chosen, and does so while it isn't committed yet.
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3), database.write() as other:
                await people.change(other, blocker, ProfilePatch(is_public=True))
    await publish(ada)

    assert await follow(grace, ada) == 404


async def test_of_strangers_nothing_is_learned_by_blocking(ada: Person, grace: Person) -> None:
    nobody = "0198c0de-0000-7000-8000-000000000000"
    answers = [await grace.client.put(f"/api/v1/audio/blocked/{one}") for one in (ada.id, nobody)]

    assert [one.status_code for one in answers] == [404, 404]
    assert await follow(grace, grace) == 409


async def test_there_are_so_many_follows_and_no_more(
    ada: Person, grace: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(ada)
    monkeypatch.setattr(people, "MOST_FOLLOWED", 0)

    assert await follow(grace, ada) == 409


async def test_the_feed_gathers_what_was_done_on_a_day(ada: Person, grace: Person) -> None:
    await publish(ada)
    await follow(grace, ada)
    playlist_id, _ = await public_playlist(ada, 2)

    (new,) = await feed(grace)
    await yesterday(ada)
    for _ in range(5):
        await put_in(ada, playlist_id)
    added, older = await feed(grace)
    page = (await grace.get("/audio/feed?limit=1")).json()
    rest = (await grace.get(f"/audio/feed?limit=1&cursor={page['next_cursor']}")).json()

    assert (new["kind"], new["track_count"], len(new["entries"])) == ("playlist", 2, 2)
    assert (new["person"]["id"], new["playlist"]["id"]) == (ada.id, playlist_id)
    assert new["entries"][0]["track"]["filename"] == ""  # nothing of somebody else's file
    # Of one day in UTC, as are the two of before unless it is midnight.
    assert (added["kind"], len(added["entries"])) == ("tracks", 4)
    assert added["track_count"] in {5, 7}
    assert (older["kind"], older["id"]) == ("playlist", new["id"])
    assert [one["id"] for one in (*page["items"], *rest["items"])] == [added["id"], older["id"]]
    assert rest["next_cursor"] is None


async def test_what_is_public_no_more_leaves_the_feed_at_once(ada: Person, grace: Person) -> None:
    await publish(ada)
    await follow(grace, ada)
    playlist_id, entries = await public_playlist(ada)
    path = f"/api/v1/playlists/{playlist_id}"
    seen: list[int] = [len(await feed(grace))]

    async def then(made: bool, method: str, where: str, **given: Any) -> None:
        (await ada.client.request(method, where, **given)).raise_for_status()
        seen.append(len(await feed(grace)))
        assert seen[-1] == int(made), (method, where, given)

    profile = "/api/v1/audio/profile"
    await then(False, "PATCH", path, json={"visibility": "unlisted"})
    await then(True, "PATCH", path, json={"visibility": "public"})
    await then(False, "PATCH", profile, json={"is_public": False})
    await then(True, "PATCH", profile, json={"is_public": True})
    await then(False, "DELETE", path)
    await then(True, "POST", f"{path}/restore")
    await then(False, "POST", f"{path}/entries/remove", json={"entry_ids": entries})
    await then(True, "POST", f"{path}/entries/restore", json={"entry_ids": entries})
    await grace.client.delete(f"/api/v1/users/{ada.id}/follow")
    assert await feed(grace) == []
    assert seen[0] == 1


async def test_what_an_editor_puts_in_is_theirs_in_the_feed(
    api: Api, ada: Person, grace: Person
) -> None:
    joan = Person(api, "joan@example.org")
    await joan.sign_in()
    await publish(joan)
    await follow(grace, joan)
    playlist_id, _ = await public_playlist(ada)
    where = f"/playlists/{playlist_id}/invitations"
    token = (await ada.post(where, json={"rank": "editor"})).json()["token"]
    await joan.post("/playlists/invitations/accept", json={"token": token})
    await put_in(joan, playlist_id)

    (item,) = await feed(grace)

    assert (item["kind"], item["track_count"]) == ("tracks", 1)
    assert (item["person"]["id"], item["playlist"]["owner_id"]) == (joan.id, ada.id)


async def test_nothing_is_left_of_somebody_who_is_gone(ada: Person, grace: Person) -> None:
    await publish(ada)
    await follow(grace, ada)
    await public_playlist(ada)
    async with ada.api.platform.database.write() as tx:
        await people.forget(tx, UUID(ada.id))

    assert await feed(grace) == []
    assert (await grace.get("/audio/profile")).json()["following_count"] == 0
    assert (await grace.client.get(f"/api/v1/users/{ada.id}/profile")).status_code == 404


async def test_whose_account_is_closed_is_not_found_until_it_is_opened(
    api: Api, ada: Person, grace: Person
) -> None:
    joan, root = Person(api, "joan@example.org"), Person(api, "root@example.org")
    await joan.sign_in()
    await root.sign_in()
    async with api.platform.database.write() as tx:
        await tx.execute("UPDATE users SET role = 'admin' WHERE id = $1", UUID(root.id))
    await root.sign_in()
    for one in (ada, joan):
        await publish(one)
        await follow(grace, one)
    await follow(ada, joan)
    playlist_id, _ = await public_playlist(ada)
    where = f"/playlists/{playlist_id}/invitations"
    token = (await ada.post(where, json={"rank": "editor"})).json()["token"]
    await joan.post("/playlists/invitations/accept", json={"token": token})
    await put_in(joan, playlist_id)

    async def seen() -> list[int]:
        paths = [f"/api/v1/users/{ada.id}/{what}" for what in ("profile", "playlists")]
        lists = ["/audio/people", f"/users/{joan.id}/followers", f"/users/{grace.id}/following"]
        return [
            *[(await grace.client.get(path)).status_code for path in paths],
            *[(await listed(grace, path)).count(ada.id) for path in lists],
            len(await feed(grace)),
        ]

    async def administer(*, disabled: bool) -> None:
        path = f"/api/v1/admin/users/{ada.id}"
        (await root.client.patch(path, json={"disabled": disabled})).raise_for_status()

        async def is_done() -> bool:
            async with api.platform.database.read() as read:
                statement = "SELECT is_closed FROM profiles WHERE owner_id = $1"
                return await read.fetch_value(statement, UUID(ada.id)) is disabled

        await eventually(is_done)

    before = await seen()
    async with worker(api):
        await administer(disabled=True)
        hidden, refused = await seen(), await follow(grace, ada)
        await administer(disabled=False)

    assert before == [200, 200, 1, 1, 1, 2]
    assert (hidden, refused) == ([404, 404, 0, 0, 0, 0], 404)
    assert await seen() == before


async def test_whoever_begins_to_follow_somebody_who_goes_follows_nobody(
    ada: Person, grace: Person
) -> None:
    await publish(ada)
    database = ada.api.platform.database

    async def forget() -> None:
        async with database.write() as tx:
            await people.forget(tx, UUID(ada.id))

    async with database.write() as tx:
        await people.follow(tx, Actor(UUID(grace.id), "user", session_id=uuid7()), UUID(ada.id))
        going = asyncio.create_task(forget())
        with pytest.raises(TimeoutError):  # it waits for the follow
            async with asyncio.timeout(0.3):
                await asyncio.shield(going)
    await going

    assert (await grace.get("/audio/profile")).json()["following_count"] == 0
