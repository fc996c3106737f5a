"""Shares over HTTP: links of tracks, albums and playlists that anybody opens, until they end."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from backline.audio import shares, sql
from backline.audio.models import Labels, Rendered, Tags
from tests.audio.conftest import named, worker
from tests.platform.jobs.working import eventually
from tests.support.api import PASSWORD, Api
from tests.support.things import Person

pytestmark = pytest.mark.slow

RENDERED = Rendered(
    generation="a1b2c3d4",
    labels=Labels("A"),
    tags=Tags(),
    duration_ms=1_000,
    content_type="audio/wav",
    loudness_lufs=-18.0,
    true_peak_dbtp=-1.0,
    gain_db=0.0,
    has_cover=True,
    codec="pcm",
    sample_rate_hz=44_100,
    channels=2,
    duration_samples=44_100,
    peaks=bytes(16),
    warnings=(),
    lyrics=[],
    files={"high.m4a": 4, "medium.m4a": 4, "cover-small.webp": 4},
)


@pytest.fixture
async def grace(api: Api) -> Person:
    person = Person(api, "grace@example.org")
    await person.sign_in()
    return person


@pytest.fixture
async def visitor(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without an account."""
    async with api.client() as client:
        yield client


async def ready(person: Person, **labels: Any) -> str:
    """A track that plays; its id."""
    track_id = await named(person, **labels)
    platform = person.api.platform
    async with platform.database.write() as tx:
        await sql.set_ready(tx, UUID(track_id), UUID(person.id), RENDERED)
    where = f"tracks/{UUID(person.id).hex}/{UUID(track_id).hex}/{RENDERED.generation}"
    for name in RENDERED.files:
        await platform.storage.put_stream(f"{where}/{name}", four_bytes())
    return track_id


async def four_bytes() -> AsyncIterator[bytes]:
    yield b"abcd"


def form_of(kind: str, thing_id: str, **said: Any) -> dict[str, Any]:
    return {"kind": kind, "thing_id": thing_id, **said}


async def shared(person: Person, kind: str, thing_id: str, **said: Any) -> dict[str, Any]:
    return (await person.post("/shares", json=form_of(kind, thing_id, **said))).json()


def token_of(share: dict[str, Any]) -> dict[str, str]:
    return {"token": share["path"].partition("#")[2]}


async def look(visitor: httpx.AsyncClient, share: dict[str, Any]) -> httpx.Response:
    return await visitor.post("/api/v1/shared/look", json=token_of(share))


async def behind(visitor: httpx.AsyncClient, share: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await visitor.post("/api/v1/shared/tracks", json=token_of(share))
    return answer.raise_for_status().json()["items"]


async def streamed(
    visitor: httpx.AsyncClient, share: dict[str, Any], track_id: str, query: str = ""
) -> httpx.Response:
    where = f"/api/v1/shared/tracks/{track_id}/stream{query}"
    return await visitor.post(where, json=token_of(share))


async def end_at(person: Person, share: dict[str, Any], moment: datetime) -> None:
    async with person.api.platform.database.write() as tx:
        statement = "UPDATE shares SET expires_at = $2 WHERE id = $1"
        await tx.execute(statement, UUID(share["id"]), moment)


async def test_a_track_is_heard_by_its_link_alone(ada: Person, visitor: httpx.AsyncClient) -> None:
    track_id = await ready(ada, title="A", artist="Ona", album="Sky")
    share = await shared(ada, "track", track_id, description="The demo")

    told = (await look(visitor, share)).raise_for_status().json()
    [track] = await behind(visitor, share)
    link = (await streamed(visitor, share, track_id)).raise_for_status().json()
    sound = await visitor.get(link["url"])
    cover = await visitor.get(track["cover"]["small"])
    where = f"/api/v1/shared/tracks/{track_id}/waveform"
    peaks = (await visitor.post(where, json=token_of(share))).raise_for_status().json()["peaks"]

    said = {name: told[name] for name in ("kind", "title", "artist", "owner_name", "description")}
    assert said == {
        "kind": "track",
        "title": "A",
        "artist": "Ona",
        "owner_name": "Somebody",
        "description": "The demo",
    }
    assert (track["title"], track["is_ready"], sound.content) == ("A", True, b"abcd")
    assert cover.status_code == 200
    assert len(peaks) == 8
    everything = f"{told}{track}{link}"
    assert ada.email not in everything
    assert UUID(ada.id).hex not in everything
    assert ada.id not in everything


async def test_an_album_is_heard_in_its_order_page_by_page(
    ada: Person, visitor: httpx.AsyncClient
) -> None:
    for number, title in enumerate("ABC", 1):
        track_id = await ready(ada, title=title, artist="Ona", album="Sky", track_number=number)
    album_id = (await ada.get(f"/tracks/{track_id}")).json()["album_id"]
    share = await shared(ada, "album", album_id)

    told = (await look(visitor, share)).json()
    where = "/api/v1/shared/tracks?limit=2"
    page = (await visitor.post(where, json=token_of(share))).json()
    more = f"{where}&cursor={page['next_cursor']}"
    rest = (await visitor.post(more, json=token_of(share))).json()

    assert (told["title"], told["track_count"], told["kind"]) == ("Sky", 3, "album")
    assert "".join(one["title"] for one in (*page["items"], *rest["items"])) == "ABC"
    assert rest["next_cursor"] is None


async def test_of_a_playlist_its_owners_tracks_are_heard(
    ada: Person, grace: Person, visitor: httpx.AsyncClient
) -> None:
    playlist_id = (await ada.post("/playlists", json={"name": "Van"})).json()["id"]
    invited = await ada.post(f"/playlists/{playlist_id}/invitations", json={"rank": "editor"})
    await grace.post("/playlists/invitations/accept", json={"token": invited.json()["token"]})
    mine, hers = await ready(ada, title="Mine"), await ready(grace, title="Hers")
    for person, track_id in ((ada, mine), (grace, hers)):
        await person.post(f"/playlists/{playlist_id}/tracks", json={"track_ids": [track_id]})
    share = await shared(ada, "playlist", playlist_id)

    told = (await look(visitor, share)).json()
    refused = await streamed(visitor, share, hers)
    by_member = await grace.client.post("/api/v1/shares", json=form_of("playlist", playlist_id))

    assert (told["title"], told["track_count"]) == ("Van", 1)
    assert [one["title"] for one in await behind(visitor, share)] == ["Mine"]
    assert (await streamed(visitor, share, mine)).status_code == 200
    assert (refused.status_code, by_member.status_code) == (404, 404)


async def test_what_never_was_a_link_and_what_has_ended_answer_alike(
    ada: Person, visitor: httpx.AsyncClient
) -> None:
    track_id = await ready(ada, title="A")
    over, revoked, trashed = [await shared(ada, "track", track_id) for _ in range(3)]
    other = await shared(ada, "track", await ready(ada, title="B"))
    await end_at(ada, over, datetime.now(UTC) - timedelta(seconds=1))
    (await ada.client.delete(f"/api/v1/shares/{revoked['id']}")).raise_for_status()
    token = token_of(other)["token"]
    forged = {"path": f"/s#{token[:-2]}{'AB' if token[-2:] != 'AB' else 'BA'}"}
    unknown = {"path": f"/s#{'A' * 43}"}
    gone = [over, revoked, forged, unknown, {"path": "/s#" + "x" * 30}]

    answers = [await look(visitor, one) for one in gone]
    streams = [await streamed(visitor, one, track_id) for one in gone]
    pages = [await visitor.post("/api/v1/shared/tracks", json=token_of(one)) for one in gone]
    (await ada.client.delete(f"/api/v1/tracks/{track_id}")).raise_for_status()
    answers += [await look(visitor, trashed)]
    elsewhere = await streamed(visitor, other, track_id)

    told = [{**answer.json(), "request_id": ""} for answer in (*answers, *streams, *pages)]
    assert {answer.status_code for answer in (*answers, *streams, *pages)} == {404}
    assert all(one["detail"] == told[0]["detail"] for one in told)
    assert elsewhere.status_code == 404
    assert (await look(visitor, other)).status_code == 200


async def test_a_url_ends_with_its_share(ada: Person, visitor: httpx.AsyncClient) -> None:
    track_id = await ready(ada, title="A")
    share = await shared(ada, "track", track_id)
    end = datetime.now(UTC) + timedelta(minutes=3)
    await end_at(ada, share, end)

    link = (await streamed(visitor, share, track_id)).json()
    during = await visitor.get(link["url"])
    await end_at(ada, share, datetime.now(UTC))

    async def is_closed() -> bool:
        return (await visitor.get(link["url"])).status_code in (403, 404)

    assert datetime.fromisoformat(link["expires_at"]) <= end
    assert during.status_code == 200
    assert int(during.headers["cache-control"].partition("max-age=")[2].split(",")[0]) <= 180
    await eventually(is_closed)


async def test_a_revoked_share_is_closed_and_comes_back_by_the_same_link(
    ada: Person, visitor: httpx.AsyncClient
) -> None:
    track_id = await ready(ada, title="A")
    share = await shared(ada, "track", track_id)
    url = (await streamed(visitor, share, track_id)).json()["url"]
    before = await visitor.get(url)

    (await ada.client.delete(f"/api/v1/shares/{share['id']}")).raise_for_status()
    closed = await look(visitor, share)
    listed = (await ada.get("/shares")).json()["items"]

    async def is_closed() -> bool:
        return (await visitor.get(url)).status_code == 404

    await eventually(is_closed)
    again = (await ada.post(f"/shares/{share['id']}/restore")).json()

    assert (before.status_code, closed.status_code, listed) == (200, 404, [])
    assert again["path"] == share["path"]
    assert (await look(visitor, again)).status_code == 200


async def test_the_original_is_given_only_where_the_owner_lets_it_be(
    ada: Person, visitor: httpx.AsyncClient
) -> None:
    track_id = await ready(ada, title="A")
    share = await shared(ada, "track", track_id)

    refused = await streamed(visitor, share, track_id, "?quality=original")
    patch = {"may_download": True}
    await ada.client.patch(f"/api/v1/shares/{share['id']}", json=patch)
    link = (await streamed(visitor, share, track_id, "?quality=original")).json()
    given = await visitor.get(link["url"])

    assert refused.status_code == 403
    assert given.content == b"bytes of a song"
    assert "attachment" in given.headers["content-disposition"]


async def test_a_trashed_track_vanishes_from_what_is_shared(
    ada: Person, visitor: httpx.AsyncClient
) -> None:
    playlist_id = (await ada.post("/playlists", json={"name": "Van"})).json()["id"]
    a, b = await ready(ada, title="A"), await ready(ada, title="B")
    await ada.post(f"/playlists/{playlist_id}/tracks", json={"track_ids": [a, b]})
    share = await shared(ada, "playlist", playlist_id)
    url = (await streamed(visitor, share, a)).json()["url"]

    await ada.client.delete(f"/api/v1/tracks/{a}")

    async def is_closed() -> bool:
        return (await visitor.get(url)).status_code == 404

    assert [one["title"] for one in await behind(visitor, share)] == ["B"]
    assert (await streamed(visitor, share, a)).status_code == 404
    await eventually(is_closed)
    await ada.client.delete(f"/api/v1/playlists/{playlist_id}")
    assert (await look(visitor, share)).status_code == 404
    assert (await ada.get("/shares")).json()["items"][0]["title"] is None


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

    kept = [one.headers.get("cache-control", "") for one in (made, listed)]
    assert kept == ["no-store", "no-store"]
    assert "max-age" not in seen.headers.get("cache-control", "")
    async with ada.api.platform.database.read() as read:
        rows = await read.fetch_values("SELECT shares::text FROM shares")
    assert token_of(made.json())["token"] not in str(rows)


async def test_links_of_whoever_has_left_or_is_locked_out_end(
    api: Api, ada: Person, grace: Person, visitor: httpx.AsyncClient
) -> None:
    hers = await shared(grace, "track", await ready(grace, title="A"))
    mine = await shared(ada, "track", await ready(ada, title="A"))
    async with api.platform.database.write() as tx:
        statement = "UPDATE users SET disabled_at = now() WHERE id = $1"
        await tx.execute(statement, UUID(grace.id))
    locked_out = await look(visitor, hers)
    form = {"password": PASSWORD}
    (await ada.client.request("DELETE", "/api/v1/users/me", json=form)).raise_for_status()
    left = await look(visitor, mine)

    async def is_forgotten() -> bool:
        async with api.platform.database.read() as read:
            statement = "SELECT count(*) FROM shares WHERE owner_id = $1"
            return await read.fetch_value(statement, UUID(ada.id)) == 0

    async with worker(api):
        await eventually(is_forgotten)
    assert (locked_out.status_code, left.status_code) == (404, 404)
