"""Shares over HTTP as their owners see them: made, listed, changed, revoked, counted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from backline.audio import shares
from tests.audio.sharing import end_at, form_of, look, ready, shared, token_of
from tests.support.things import Person

pytestmark = pytest.mark.slow


async def test_shares_are_their_owners(ada: Person, grace: Person) -> None:
    track_id = await ready(ada, title="A")
    share = await shared(ada, "track", track_id)
    path = f"/api/v1/shares/{share['id']}"

    answers = [
        await grace.client.get(path),
        await grace.client.patch(path, json={"description": "Mine"}),
        await grace.client.delete(path),
        await grace.client.post(f"{path}/restore"),
        await grace.client.post("/api/v1/shares", json=form_of("track", track_id)),
        await grace.client.get(f"/api/v1/shares?thing_id={track_id}"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 6
    assert (await grace.get("/shares")).json()["items"] == []
    assert (await ada.get("/shares")).json()["items"] == [share]


async def test_shares_are_listed_newest_first_and_by_what_they_are_of(ada: Person) -> None:
    a, b = await ready(ada, title="A"), await ready(ada, title="B")
    made = [await shared(ada, "track", one) for one in (a, b, a)]

    page = (await ada.get("/shares?limit=2")).json()
    rest = (await ada.get(f"/shares?limit=2&cursor={page['next_cursor']}")).json()
    of_a = (await ada.get(f"/shares?thing_id={a}")).json()["items"]

    ids = [one["id"] for one in (*page["items"], *rest["items"])]
    assert ids == [one["id"] for one in reversed(made)]
    assert [one["id"] for one in of_a] == [made[2]["id"], made[0]["id"]]


async def test_a_share_is_of_one_thing_and_for_a_year_at_the_most(ada: Person) -> None:
    track_id = await ready(ada, title="A")
    playlist_id = (await ada.post("/playlists", json={"name": "Van"})).json()["id"]
    refused: list[dict[str, Any]] = [
        {"kind": "track"},
        form_of("track", playlist_id),
        form_of("album", track_id),
        form_of("track", track_id, expires_in_days=366),
        form_of("track", track_id, expires_in_days=0),
    ]

    codes = [(await ada.client.post("/api/v1/shares", json=form)).status_code for form in refused]
    usual = await shared(ada, "track", track_id)
    endless = await shared(ada, "track", track_id, expires_in_days=None)

    assert codes == [422, 404, 404, 422, 422]
    days = (
        datetime.fromisoformat(usual["expires_at"]) - datetime.now(UTC)
    ).total_seconds() / 86_400
    assert 29.9 < days <= 30
    assert endless["expires_at"] is None


async def test_a_share_that_is_over_counts_again_with_more_time(
    ada: Person, visitor: httpx.AsyncClient
) -> None:
    share = await shared(ada, "track", await ready(ada, title="A"))
    await end_at(ada, share, datetime.now(UTC) - timedelta(days=1))
    path = f"/api/v1/shares/{share['id']}"

    over = await look(visitor, share)
    stale = await ada.client.patch(path, json={"expires_in_days": 7}, headers={"If-Match": '"9"'})
    await ada.client.patch(path, json={"expires_in_days": 7}, headers={"If-Match": '"1"'})

    assert (over.status_code, stale.status_code) == (404, 412)
    assert (await look(visitor, share)).status_code == 200


async def test_there_are_so_many_shares_and_no_more(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "MOST", 2)
    track_id = await ready(ada, title="A")
    first, _ = [await shared(ada, "track", track_id) for _ in range(2)]

    third = await ada.client.post("/api/v1/shares", json=form_of("track", track_id))
    await ada.client.delete(f"/api/v1/shares/{first['id']}")
    await shared(ada, "track", track_id)
    back = await ada.client.post(f"/api/v1/shares/{first['id']}/restore")

    assert (third.status_code, back.status_code) == (409, 409)


async def test_visits_are_counted_once_a_second(ada: Person, visitor: httpx.AsyncClient) -> None:
    share = await shared(ada, "track", await ready(ada, title="A"))

    for _ in range(3):
        await look(visitor, share)
    at_once = (await ada.get(f"/shares/{share['id']}")).json()
    async with ada.api.platform.database.write() as tx:
        await tx.execute("UPDATE shares SET last_visited_at = now() - interval '2 seconds'")
    await look(visitor, share)
    later = (await ada.get(f"/shares/{share['id']}")).json()

    assert (at_once["visit_count"], later["visit_count"]) == (1, 2)
    assert later["last_visited_at"] is not None
    assert later["version"] == share["version"]


async def test_answers_with_links_are_kept_nowhere(ada: Person, visitor: httpx.AsyncClient) -> None:
    track_id = await ready(ada, title="A")
    made = await ada.post("/shares", json=form_of("track", track_id))
    listed = await ada.get("/shares")
    seen = await look(visitor, made.json())

    kept = [one.headers.get("cache-control", "") for one in (made, listed, seen)]
    assert kept[0] == "no-store"
    assert not any("max-age" in one or "public" in one for one in kept)
    async with ada.api.platform.database.read() as read:
        rows = await read.fetch_values("SELECT shares::text FROM shares")
    assert token_of(made.json())["token"] not in str(rows)
