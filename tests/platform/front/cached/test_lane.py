"""The short way of a hit: whose answer it gives, until when, and how old it may be."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from backline.accounts.tokens import Access
from backline.platform.cache.tags import EVERYTHING, invalidate
from tests.support.api import Api
from tests.support.lane import (
    ASK_OFTEN,
    LIST,
    ME,
    TOKENS,
    House,
    Wire,
    get,
    token_of,
)
from tests.support.things import Person
from tests.support.waiting import WAIT_S, eventually

pytestmark = pytest.mark.slow

# Whose answer it is


async def test_everybody_gets_their_own_answer(house: House, ada: Person, wire: Wire) -> None:
    eve = await house.person("eve@example.org")

    hers = await wire.by_lane(get(ME, token_of(ada)))
    others = await wire.by_lane(get(ME, token_of(eve)))

    assert hers.json()["email"] == "ada@example.org"
    assert others.json()["email"] == "eve@example.org"


async def test_a_head_without_its_token_is_a_strangers(
    house: House, ada: Person, wire: Wire
) -> None:
    head = get(ME, token_of(ada))
    await wire.by_lane(head)
    stripped = re.sub(rb"Authorization: .*?\r\n", b"", head)

    answers = [await wire.ask(stripped) for _ in range(ASK_OFTEN)]

    assert {(one.status, one.by_lane) for one in answers} == {(401, False)}


async def test_a_token_with_other_scopes_has_an_answer_of_its_own(
    house: House, ada: Person, wire: Wire
) -> None:
    form = {"name": "Program", "scopes": ["audio:read"]}
    token = (await ada.post("/users/me/tokens", json=form)).json()["token"]
    await wire.by_lane(get(ME, token_of(ada)))
    await wire.by_lane(get(LIST, token))

    answers = [await wire.ask(get(ME, token)) for _ in range(ASK_OFTEN)]

    assert {(one.status, one.by_lane) for one in answers} == {(403, False)}


# Until when somebody may ask


async def _sign_out(somebody: Person) -> None:
    (await somebody.client.delete("/api/v1/users/me/sessions")).raise_for_status()
    sessions = (await somebody.get("/users/me/sessions")).json()["items"]
    for one in sessions:
        await somebody.client.delete(f"/api/v1/users/me/sessions/{one['id']}")


async def _change_password(somebody: Person) -> None:
    form = {"password": {"current": "correct horse battery", "new": "another long password"}}
    (await somebody.client.patch(ME, json=form)).raise_for_status()


async def _delete_account(somebody: Person) -> None:
    form = {"password": "correct horse battery"}
    answer = await somebody.client.request("DELETE", ME, json=form)
    answer.raise_for_status()


async def _disable(somebody: Person) -> None:
    admin = await _administrator(somebody.api)
    patched = await admin.client.patch(
        f"/api/v1/admin/users/{somebody.id}", json={"disabled": True}
    )
    patched.raise_for_status()


async def _administrator(api: Api) -> Person:
    admin = Person(api, "root@example.org")
    await admin.sign_in()
    async with api.platform.database.write() as tx:
        await tx.execute("UPDATE users SET role = 'admin' WHERE id = $1", UUID(admin.id))
    admin.client = api.client((await api.tokens("root@example.org"))["access_token"])
    return admin


@pytest.mark.parametrize("end", [_sign_out, _change_password, _delete_account, _disable])
async def test_a_session_that_ended_is_refused(
    house: House, ada: Person, wire: Wire, end: Callable[[Person], Awaitable[None]]
) -> None:
    # Another session of hers than the one that ends it.
    head = get(ME, (await house.api.tokens("ada@example.org"))["access_token"])
    await wire.by_lane(head)

    await end(ada)

    await eventually(lambda: _is_refused(wire, head))
    assert not (await wire.ask(head)).by_lane


async def test_an_api_token_that_was_deleted_is_refused(ada: Person, wire: Wire) -> None:
    form = {"name": "Program", "scopes": ["accounts:read"]}
    made = (await ada.post("/users/me/tokens", json=form)).json()
    head = get(ME, made["token"])
    await wire.by_lane(head)

    await ada.client.delete(f"{TOKENS}/{made['id']}")

    await eventually(lambda: _is_refused(wire, head))
    assert not (await wire.ask(head)).by_lane


async def _is_refused(wire: Wire, head: bytes) -> bool:
    return (await wire.ask(head)).status == 401


async def test_an_access_token_past_its_time_goes_the_whole_way(
    house: House, ada: Person, wire: Wire
) -> None:
    head = get(ME, token_of(ada))
    await wire.by_lane(head)
    known = house.api.presence._tokens

    access = known.get(token_of(ada))
    assert access is not None
    known.keep(token_of(ada), Access(access.session_id, time.time()))

    assert not (await wire.ask(head)).by_lane


async def test_a_process_that_is_told_of_no_revocations_asks_the_database_each_time(
    house: House, ada: Person, wire: Wire
) -> None:
    head = get(ME, token_of(ada))
    await wire.by_lane(head)
    await house.api.presence.close()
    house.api.presence._polled_s = float("-inf")

    answers = [await wire.ask(head) for _ in range(ASK_OFTEN)]

    assert {(one.status, one.by_lane) for one in answers} == {(200, False)}


async def test_another_role_has_another_answer(house: House, ada: Person, wire: Wire) -> None:
    admin = await _administrator(house.api)
    head = get(ME, token_of(ada))
    assert (await wire.by_lane(head)).json()["role"] == "user"

    await admin.client.patch(f"/api/v1/admin/users/{ada.id}", json={"role": "admin"})

    assert (await wire.ask(head)).json()["role"] == "admin"
    assert (await wire.by_lane(head)).json()["role"] == "admin"


async def test_whoever_became_another_gets_no_answer_of_the_former(
    house: House, ada: Person, wire: Wire
) -> None:
    head = get(ME, token_of(ada))
    await wire.by_lane(head)

    # No cache is told of it: what was kept for her as a user would still hold.
    async with house.api.platform.database.write() as tx:
        await tx.execute("UPDATE users SET role = 'admin' WHERE id = $1", UUID(ada.id))
        await tx.execute("UPDATE sessions SET changed_at = now() WHERE user_id = $1", UUID(ada.id))

    async def is_admin() -> bool:
        return (await wire.ask(head)).json()["role"] == "admin"

    await eventually(is_admin)
    assert [await is_admin() for _ in range(ASK_OFTEN)] == [True] * ASK_OFTEN
    assert (await wire.by_lane(head)).json()["role"] == "admin"


# How old an answer may be


async def test_a_change_is_in_the_next_answer(ada: Person, wire: Wire) -> None:
    head = get(LIST, token_of(ada))
    track = (await wire.by_lane(head)).json()["items"][0]

    (await ada.client.patch(f"{LIST}/{track['id']}", json={"title": "New"})).raise_for_status()
    after = await wire.ask(head)

    assert after.json()["items"][0]["title"] == "New"
    assert not after.by_lane
    assert (await wire.by_lane(head)).json()["items"][0]["title"] == "New"


@pytest.mark.parametrize("line", ["Backline-Watermark: {}", "Cookie: a=b; backline_watermark={}"])
async def test_whoever_bears_a_watermark_is_answered_the_whole_way(
    ada: Person, wire: Wire, line: str
) -> None:
    written = (await ada.client.patch(ME, json={"name": "Ada"})).raise_for_status()
    head = get(ME, token_of(ada), line.format(written.headers["backline-watermark"]))

    await wire.whole_way(head)  # once the watermark is old
    answers = [await wire.ask(head) for _ in range(ASK_OFTEN)]

    assert not any(one.by_lane for one in answers)


async def test_a_change_that_no_signal_told_of_is_seen_within_a_second(
    house: House, ada: Person, wire: Wire
) -> None:
    head = get(ME, token_of(ada))
    await wire.by_lane(head)

    async with house.api.platform.database.write() as tx:
        await tx.execute("UPDATE users SET name = 'New' WHERE id = $1", UUID(ada.id))
        tag = f"user:{UUID(ada.id).hex}"
        await tx.execute("INSERT INTO cache_invalidations (tag) VALUES ($1)", tag)
    committed_s = last_old_s = time.monotonic()
    async with asyncio.timeout(WAIT_S):
        while True:
            asked_s = time.monotonic()
            if (await wire.ask(head)).json()["name"] == "New":
                break
            last_old_s = asked_s

    assert last_old_s - committed_s < 1
    assert (await wire.by_lane(head)).json()["name"] == "New"


async def test_after_everything_was_emptied_the_answer_is_made_anew(
    house: House, ada: Person, wire: Wire
) -> None:
    head = get(ME, token_of(ada))
    await wire.by_lane(head)

    async with house.api.platform.database.write() as tx:
        invalidate(tx, EVERYTHING)

    assert (await wire.ask(head)).state == "fwd=uri-miss; stored"


async def test_a_process_out_of_touch_with_the_database_passes_the_lane_by(
    house: House, ada: Person, wire: Wire
) -> None:
    head = get(ME, token_of(ada))
    await wire.by_lane(head)
    await house.api.web.cache.close()

    answers = [await wire.ask(head) for _ in range(ASK_OFTEN)]

    assert {one.state for one in answers} == {"fwd=bypass; detail=out-of-touch; stored"}


async def test_an_answer_past_its_time_is_made_anew(house: House, ada: Person, wire: Wire) -> None:
    head = get(LIST, token_of(ada))
    await wire.by_lane(head)

    for entry in house.api.web.cache.app._store._again.values():
        entry.expires_s = time.monotonic()

    assert (await wire.ask(head)).state == "fwd=uri-miss; stored"
