"""Forgotten passwords: links work once, for an hour, and for nobody else."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from backline.accounts.users import setup_token
from tests.platform.jobs.working import eventually, execute, value
from tests.support.api import PASSWORD, Api, serving_api
from tests.support.asking import ADA, NEW, THIEVES, age, login, post, type_of, worker
from tests.support.letters import letters, token_in

pytestmark = pytest.mark.slow


@pytest.fixture
async def api(dsn: str, tmp_path: Path) -> AsyncIterator[Api]:
    """Without a mail server: messages are kept."""
    async with serving_api(dsn, tmp_path) as served, worker(served):
        yield served


async def _reset_token(api: Api) -> str:
    await post(api, "/auth/forgot", email=ADA)
    return token_in((await letters(api.platform.database, ADA, "reset"))[-1])


async def test_a_forgotten_password_is_replaced_by_the_link(api: Api) -> None:
    ada = await api.user(ADA)
    other = await api.tokens(ADA)
    token = await _reset_token(api)

    answer = await post(api, "/auth/reset", token=token, password=NEW)

    assert answer.status_code == 204
    assert (await login(api)).status_code == 401
    signed_in = await login(api, NEW)
    assert signed_in.status_code == 200
    gone = await post(api, "/auth/refresh", refresh_token=other["refresh_token"])
    assert gone.status_code == 401
    assert (await _status_once_told(ada)) == 401
    me = api.client(signed_in.json()["access_token"])
    assert (await me.get("/api/v1/users/me")).json()["email_verified"] is True
    recorded = (await me.get("/api/v1/users/me/audit")).json()["items"]
    assert [entry["action"] for entry in recorded[:3]] == [
        "session.login",
        "password.reset",
        "password.forgot",
    ]
    assert len(await letters(api.platform.database, ADA, "was-reset")) == 1


async def test_the_link_works_once(api: Api) -> None:
    await api.register(ADA)
    token = await _reset_token(api)

    first = await post(api, "/auth/reset", token=token, password=NEW)
    second = await post(api, "/auth/reset", token=token, password=THIEVES)

    assert first.status_code == 204
    assert (second.status_code, type_of(second)) == (403, "link-expired")
    assert (await login(api, NEW)).status_code == 200


async def test_of_two_resets_at_once_one_counts(api: Api) -> None:
    await api.register(ADA)
    tokens = [await _reset_token(api), await _reset_token(api)]
    passwords = [f"password number {number}" for number in range(6)]

    answers = await asyncio.gather(
        *(
            post(api, "/auth/reset", token=tokens[number % 2], password=password)
            for number, password in enumerate(passwords)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [204] + [403] * 5
    counted = [answer.status_code for answer in answers].index(204)
    assert (await login(api, passwords[counted])).status_code == 200
    assert len(await letters(api.platform.database, ADA, "was-reset")) == 1


async def test_the_link_works_for_an_hour(api: Api) -> None:
    await api.register(ADA)
    in_time, late = await _reset_token(api), await _reset_token(api)
    await age(api, in_time, "59 minutes")
    await age(api, late, "61 minutes")

    too_late = await post(api, "/auth/reset", token=late, password=NEW)
    in_the_end = await post(api, "/auth/reset", token=in_time, password=NEW)

    assert (too_late.status_code, type_of(too_late)) == (403, "link-expired")
    assert in_the_end.status_code == 204


async def test_one_persons_link_changes_nothing_of_anothers(api: Api) -> None:
    await api.register(ADA)
    await api.register("eve@example.org")
    token = await _reset_token(api)

    await post(api, "/auth/reset", token=token, password=NEW)

    assert (await login(api, email="eve@example.org")).status_code == 200


async def test_a_link_for_one_purpose_is_none_for_another(api: Api) -> None:
    await api.register(ADA)
    [welcome] = await letters(api.platform.database, ADA, "verify")
    verification, reset = token_in(welcome), await _reset_token(api)

    crossed = [
        await post(api, "/auth/reset", token=verification, password=NEW),
        await post(api, "/auth/verify", token=reset),
    ]

    assert [answer.status_code for answer in crossed] == [403, 403]


async def test_a_guessed_token_is_refused(api: Api) -> None:
    answer = await post(api, "/auth/reset", token="x" * 43, password=NEW)

    assert (answer.status_code, type_of(answer)) == (403, "link-expired")


async def test_a_new_password_ends_links_that_are_on_their_way(api: Api) -> None:
    ada = await api.user(ADA)
    token = await _reset_token(api)

    await ada.patch("/api/v1/users/me", json={"password": {"current": PASSWORD, "new": NEW}})

    answer = await post(api, "/auth/reset", token=token, password=THIEVES)
    assert answer.status_code == 403


async def test_a_login_that_was_under_way_does_not_outlive_a_reset(api: Api, dsn: str) -> None:
    await api.register(ADA)
    token = await _reset_token(api)
    holder = await asyncpg.connect(dsn)
    holding = holder.transaction()
    await holding.start()
    await holder.execute("SELECT 1 FROM users FOR UPDATE")
    # The reset comes first in the line for the account, the login with its checked password next.
    resetting = asyncio.create_task(post(api, "/auth/reset", token=token, password=NEW))
    await _waiting(api, 1)
    signing_in = asyncio.create_task(login(api))
    await _waiting(api, 2)

    await holding.rollback()
    await holder.close()

    assert (await resetting).status_code == 204
    assert (await signing_in).status_code == 401
    live = "SELECT count(*) FROM sessions WHERE ended_at IS NULL"
    assert await value(api.platform.database, live) == 0


async def _waiting(api: Api, count: int) -> None:
    """Until so many wait for a lock in this database."""
    waits = """SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'"""

    async def are_waiting() -> bool:
        return await value(api.platform.database, waits) == count

    await eventually(are_waiting)


async def test_a_deleted_account_has_no_link(api: Api) -> None:
    ada = await api.user(ADA)
    token = await _reset_token(api)
    await ada.delete("/api/v1/users/me")

    answer = await post(api, "/auth/reset", token=token, password=NEW)

    assert answer.status_code == 403


async def test_only_the_hash_of_a_token_is_stored(api: Api) -> None:
    await api.register(ADA)
    token = await _reset_token(api)

    hashes = await value(api.platform.database, "SELECT array_agg(token_sha256) FROM mail_tokens")

    assert hashlib.sha256(token.encode()).digest() in hashes
    kept = await value(api.platform.database, "SELECT string_agg(t::text, '') FROM mail_tokens t")
    assert token not in kept


async def test_nobody_is_written_to_who_has_no_account(api: Api) -> None:
    await post(api, "/auth/forgot", email=ADA)

    assert await letters(api.platform.database, ADA, "reset") == []
    assert await value(api.platform.database, "SELECT count(*) FROM outbox") == 0


async def test_five_messages_an_hour_reach_an_address(api: Api) -> None:
    await api.register(ADA)
    for _ in range(7):
        answer = await post(api, "/auth/forgot", email=ADA)
        assert answer.status_code == 202
    assert len(await letters(api.platform.database, ADA, "reset")) == 5

    await execute(
        api.platform.database, "UPDATE outbox SET created_at = now() - interval '61 minutes'"
    )
    await post(api, "/auth/forgot", email=ADA)
    assert len(await letters(api.platform.database, ADA, "reset")) == 6


async def test_a_closed_account_is_not_written_to(api: Api) -> None:
    await api.register(ADA)
    await letters(api.platform.database, ADA, "verify")
    await execute(api.platform.database, "UPDATE users SET disabled_at = now()")

    await post(api, "/auth/forgot", email=ADA)

    assert await letters(api.platform.database, ADA, "reset") == []


async def test_the_administrator_finds_the_link_in_the_outbox(api: Api) -> None:
    form = {"token": await setup_token(api.platform.database), "email": "root@example.org"}
    await post(api, "/auth/setup", **form, password=PASSWORD, name="Root")
    root = api.client((await api.tokens("root@example.org"))["access_token"])
    await api.register(ADA)
    await _reset_token(api)

    listed = (await root.get("/api/v1/admin/outbox")).json()["items"]
    [reset] = [message for message in listed if message["subject"] == "Choose a new password"]
    text = (await root.get(f"/api/v1/admin/outbox/{reset['id']}")).json()["text"]

    assert reset["state"] == "kept"
    answer = await post(api, "/auth/reset", token=token_in(text), password=NEW)
    assert answer.status_code == 204


async def test_each_address_may_ask_ten_times_an_hour(dsn: str, tmp_path: Path) -> None:
    async with serving_api(dsn, tmp_path, BACKLINE_LIMITS="") as api:
        answers = [await post(api, "/auth/forgot", email=f"u{n}@x.org") for n in range(11)]

    assert [answer.status_code for answer in answers] == [202] * 10 + [429]
    assert answers[-1].json()["violated-policies"] == ["forgot"]


async def _status_once_told(client: httpx.AsyncClient) -> int:
    """What they are answered, as soon as their process knows that the session ended."""
    status = 200
    for _ in range(600):
        status = (await client.get("/api/v1/users/me")).status_code
        if status != 200:
            break
        await asyncio.sleep(0.05)
    return status
