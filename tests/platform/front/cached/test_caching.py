"""The encoded cache in front of the whole API."""

import asyncio
import gzip

import brotli
import httpx
import pytest
import zstandard

from tests.platform.front.cached.conftest import add_track, state
from tests.support.api import Api

pytestmark = pytest.mark.slow

LIST = "/api/v1/tracks"
HIT = "hit"


async def test_the_second_time_the_same_bytes_come_from_the_cache(
    listener: httpx.AsyncClient,
) -> None:
    first = await listener.get(LIST)
    second = await listener.get(LIST)

    assert (state(first), state(second)) == ("fwd=uri-miss; stored", HIT)
    assert second.content == first.content
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["x-request-id"] != first.headers["x-request-id"]
    assert second.headers["x-content-type-options"] == "nosniff"


async def test_whoever_wrote_sees_it_and_passes_the_cache_by(listener: httpx.AsyncClient) -> None:
    track = (await listener.get(LIST)).json()["items"][0]

    written = await listener.patch(f"{LIST}/{track['id']}", json={"title": "Renamed"})
    after = await listener.get(LIST)

    assert written.headers["backline-watermark"] in written.headers["set-cookie"]
    assert state(after) == "fwd=bypass; detail=watermark; stored"
    assert after.json()["items"][0]["title"] == "Renamed"


async def test_another_session_sees_a_change_as_soon_as_it_was_answered(
    api: Api, listener: httpx.AsyncClient
) -> None:
    token = (await api.tokens("listener@example.org"))["access_token"]
    async with api.client(token) as other:
        track = (await other.get(LIST)).json()["items"][0]
        assert state(await other.get(LIST)) == HIT

        await listener.patch(f"{LIST}/{track['id']}", json={"title": "Renamed"})
        after = await other.get(LIST)

    assert state(after) == "fwd=uri-miss; stored"
    assert after.json()["items"][0]["title"] == "Renamed"


async def test_a_change_of_one_track_leaves_the_others_cached(
    api: Api, listener: httpx.AsyncClient
) -> None:
    token = (await api.tokens("listener@example.org"))["access_token"]
    async with api.client(token) as other:
        first, second, _ = (await other.get(LIST)).json()["items"]
        for track in (first, second):
            await other.get(f"{LIST}/{track['id']}")

        await listener.patch(f"{LIST}/{first['id']}", json={"title": "Renamed"})
        changed = await other.get(f"{LIST}/{first['id']}")
        unchanged = await other.get(f"{LIST}/{second['id']}")

    assert changed.json()["title"] == "Renamed"
    assert state(unchanged) == HIT


async def test_the_same_address_gives_each_person_their_own(
    api: Api, listener: httpx.AsyncClient
) -> None:
    async with await api.user("other@example.org") as other:
        await add_track(api, "other@example.org", "Mine")
        for client in (listener, other, listener, other):
            await client.get(LIST)

        theirs = await other.get(LIST)

    assert state(theirs) == HIT
    assert [track["title"] for track in theirs.json()["items"]] == ["Mine"]


async def test_two_authorizations_in_one_request_fill_nobodys_place(
    api: Api, listener: httpx.AsyncClient
) -> None:
    await api.register("other@example.org")
    token = (await api.tokens("other@example.org"))["access_token"]
    mine = listener.headers["authorization"]
    async with api.client() as client:
        for pair in ((mine, f"Bearer {token}"), (f"Bearer {token}", mine)):
            await client.get(LIST, headers=[("authorization", one) for one in pair])
        alone = await client.get(LIST, headers={"authorization": f"Bearer {token}"})

    assert alone.json()["items"] == []
    assert len((await listener.get(LIST)).json()["items"]) == 3


async def test_an_ended_session_gets_nothing_from_the_cache(api: Api) -> None:
    await api.register("guest@example.org")
    tokens = await api.tokens("guest@example.org")
    async with api.client(tokens["access_token"]) as client:
        await client.get(LIST)
        assert state(await client.get(LIST)) == HIT

        await client.post("/api/v1/auth/logout", json={"refresh_token": tokens["refresh_token"]})
        async with asyncio.timeout(30):
            while (after := await client.get(LIST)).status_code != 401:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    assert after.json()["type"] == "urn:backline:problem:unauthenticated"


async def test_the_order_of_parameters_makes_no_difference(listener: httpx.AsyncClient) -> None:
    await listener.get(f"{LIST}?limit=2&sort=title")

    again = await listener.get(f"{LIST}?sort=title&limit=2")

    assert state(again) == HIT


@pytest.mark.parametrize("encoding", ["zstd", "br", "gzip", "identity"])
async def test_every_encoding_holds_the_same_bytes_under_an_etag_of_its_own(
    listener: httpx.AsyncClient, encoding: str
) -> None:
    plain = await listener.get(LIST, headers={"accept-encoding": "identity"})
    unpack = {
        "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
        "br": brotli.decompress,
        "gzip": gzip.decompress,
        "identity": bytes,
    }[encoding]

    async with listener.stream("GET", LIST, headers={"accept-encoding": encoding}) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])

    assert state(answer) == HIT
    assert unpack(raw) == plain.content
    assert answer.headers.get("content-encoding", "identity") == encoding
    tag = plain.headers["etag"].strip('"')
    assert answer.headers["etag"].strip('"') in (tag, f"{tag}-{encoding}")
    assert "Accept-Encoding" in answer.headers["vary"]


async def test_what_a_client_has_already_is_not_sent_again(listener: httpx.AsyncClient) -> None:
    first = await listener.get(LIST, headers={"accept-encoding": "br"})
    again = await listener.get(
        LIST, headers={"accept-encoding": "gzip", "if-none-match": first.headers["etag"]}
    )
    other = await listener.get(LIST, headers={"if-none-match": '"another"'})

    assert (again.status_code, again.content, state(again)) == (304, b"", HIT)
    assert again.headers["cache-control"] == "private, no-cache"
    assert other.status_code == 200


async def test_the_etag_of_a_resource_begins_with_its_version(listener: httpx.AsyncClient) -> None:
    track = (await listener.get(LIST)).json()["items"][0]
    url = f"{LIST}/{track['id']}"

    before = await listener.get(url)
    written = await listener.patch(url, json={"title": "Renamed"})

    assert before.headers["etag"].startswith('"1.')
    assert written.headers["etag"].startswith('"2.')


async def test_no_cache_in_a_request_is_heeded(listener: httpx.AsyncClient) -> None:
    await listener.get(LIST)

    for said in ("no-cache", "No-Cache", "max-age=0, NO-CACHE"):
        answer = await listener.get(LIST, headers={"cache-control": said})

        assert state(answer) == "fwd=bypass; detail=asked; stored"


async def test_a_watermark_counts_in_whichever_line_of_cookies_it_comes(
    listener: httpx.AsyncClient,
) -> None:
    track = (await listener.get(LIST)).json()["items"][0]
    written = await listener.patch(f"{LIST}/{track['id']}", json={"title": "Renamed"})
    cookie = f"backline_watermark={written.headers['backline-watermark']}"
    listener.cookies.clear()
    await listener.get(LIST)

    answer = await listener.get(LIST, headers=[("cookie", cookie), ("cookie", "theme=dark")])

    assert state(answer) == "fwd=bypass; detail=watermark; stored"


async def test_what_is_not_there_is_looked_for_each_time(listener: httpx.AsyncClient) -> None:
    missing = f"{LIST}/0190b6a0-0000-7000-8000-000000000000"

    answers = [await listener.get(missing) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert all("cache-status" not in answer.headers for answer in answers)


async def test_many_at_once_make_one_query(listener: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(listener.get(f"{LIST}?limit=7") for _ in range(20)))

    states = [state(answer) for answer in answers]
    assert len({answer.content for answer in answers}) == 1
    assert states.count("fwd=uri-miss; stored") == 1
    assert set(states) <= {"fwd=uri-miss; stored", "fwd=uri-miss; collapsed", HIT}


async def test_a_watermark_that_is_not_ours_is_not_believed(listener: httpx.AsyncClient) -> None:
    await listener.get(LIST)
    forged = "17aaa30.ffffffffffff.6b8a840c.cpFgzv508flP4FIbvyxZeQ"

    answer = await listener.get(LIST, headers={"backline-watermark": forged})

    assert state(answer) == HIT


async def test_room_used_is_never_shown_from_before_an_upload(
    api: Api, listener: httpx.AsyncClient
) -> None:
    before = (await listener.get("/api/v1/users/me")).json()["storage"]["used_bytes"]
    token = (await api.tokens("listener@example.org"))["access_token"]

    file = ("a.wav", b"RIFF" + bytes(1_000), "audio/wav")
    uploaded = await listener.post(LIST, files={"file": file})
    async with api.client(token) as other:
        after = (await other.get("/api/v1/users/me")).json()["storage"]["used_bytes"]

    assert uploaded.status_code == 202, uploaded.text
    assert after == before + 1_004


async def test_an_administrator_can_empty_a_tag_and_nobody_else(
    api: Api, listener: httpx.AsyncClient
) -> None:
    await api.register("admin@example.org")
    async with api.platform.database.write() as tx:
        await tx.execute("UPDATE users SET role = 'admin' WHERE email_key = 'admin@example.org'")
    owner = (await listener.get(LIST)).json()["items"][0]["owner_id"].replace("-", "")
    token = (await api.tokens("admin@example.org"))["access_token"]
    clear = "/api/v1/admin/cache/clear"

    refused = await listener.post(clear, json={"tag": f"tracks:{owner}"})
    assert state(await listener.get(LIST)) == HIT
    async with api.client(token) as admin:
        done = await admin.post(clear, json={"tag": f"tracks:{owner}"})

    assert (refused.status_code, done.status_code) == (403, 204)
    assert state(await listener.get(LIST)) == "fwd=uri-miss; stored"


async def test_a_process_that_does_not_keep_up_passes_its_cache_by(
    api: Api, listener: httpx.AsyncClient
) -> None:
    await listener.get(LIST)
    await api.web.cache.close()

    answer = await listener.get(LIST)

    assert state(answer).startswith("fwd=bypass; detail=out-of-touch")
