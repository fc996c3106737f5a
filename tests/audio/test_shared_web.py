"""Tracks, albums and playlists behind links, which anybody hears until those end."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from backline.audio.wiring import DOMAIN
from backline.platform.limits.policies import assemble
from tests.audio.conftest import worker
from tests.audio.sharing import behind, end_at, form_of, look, ready, shared, streamed, token_of
from tests.platform.jobs.working import eventually
from tests.support.api import PASSWORD, Api
from tests.support.things import Person
from tests.test_statements import statements

pytestmark = pytest.mark.slow


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


async def test_a_long_list_takes_as_many_statements_as_a_short_one(
    ada: Person, visitor: httpx.AsyncClient
) -> None:
    playlist_id = (await ada.post("/playlists", json={"name": "Van"})).json()["id"]
    share = await shared(ada, "playlist", playlist_id)
    taken: list[int] = []

    for count in (1, 4):
        added = [await ready(ada, title="A") for _ in range(count)]
        await ada.post(f"/playlists/{playlist_id}/tracks", json={"track_ids": added})
        before = statements()
        await behind(visitor, share)
        taken.append(statements() - before)

    assert taken[0] == taken[1] > 0


def test_visitors_are_counted_by_their_address_alone() -> None:
    rules = assemble(DOMAIN.limits, api_per_minute=100, anonymous_per_15_minutes=100)

    for is_known in (True, False):
        found = rules.of("POST", "/api/v1/shared/look", is_known=is_known)
        assert [(one.name, one.per) for one in found] == [("shared", "address")]
