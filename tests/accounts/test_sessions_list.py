"""Where somebody is signed in: shown to them, and ended by them."""

from uuid import UUID

import asyncpg
import httpx

from backline.accounts import sql
from backline.accounts.sessions import MOST
from backline.platform.ids import uuid7
from tests.support.api import Api
from tests.support.waiting import eventually

LIST = "/api/v1/users/me/sessions"


async def signed_in_twice(api: Api) -> tuple[httpx.AsyncClient, dict[str, str]]:
    """A client of Ada's, and the tokens of another session of hers."""
    client = await api.user("ada@example.com")
    return client, await api.tokens("ada@example.com")


async def is_refused(client: httpx.AsyncClient) -> bool:
    return (await client.get("/api/v1/users/me")).status_code == 401


async def test_the_list_says_which_session_is_asking(api: Api) -> None:
    ada, _ = await signed_in_twice(api)
    await api.user("grace@example.com")

    items = (await ada.get(LIST)).json()["items"]

    assert [one["current"] for one in items] == [False, True]
    assert all(one["address"] and one["user_agent"].startswith("python-httpx") for one in items)
    assert all(one["created_at"] <= one["last_seen_at"] < one["expires_at"] for one in items)


async def test_an_ended_session_is_refused_and_can_not_be_carried_on(api: Api) -> None:
    ada, tokens = await signed_in_twice(api)
    other = api.client(tokens["access_token"])
    assert (await other.get("/api/v1/users/me")).status_code == 200
    there = next(one for one in (await ada.get(LIST)).json()["items"] if not one["current"])

    ended = await ada.delete(f"{LIST}/{there['id']}")

    assert ended.status_code == 204
    await eventually(lambda: is_refused(other))
    form = {"refresh_token": tokens["refresh_token"]}
    assert (await other.post("/api/v1/auth/refresh", json=form)).status_code == 401
    assert [one["current"] for one in (await ada.get(LIST)).json()["items"]] == [True]
    assert (await ada.delete(f"{LIST}/{there['id']}")).status_code == 404


async def test_signing_out_everywhere_else_leaves_this_session_and_tokens(api: Api) -> None:
    ada, tokens = await signed_in_twice(api)
    form = {"name": "Backup", "scopes": ["accounts:read"]}
    token = (await ada.post("/api/v1/users/me/tokens", json=form)).json()["token"]
    other = api.client(tokens["access_token"])

    assert (await ada.delete(LIST)).status_code == 204

    await eventually(lambda: is_refused(other))
    assert (await ada.get("/api/v1/users/me")).status_code == 200
    assert (await api.client(token).get("/api/v1/users/me")).status_code == 200


async def test_ending_sessions_is_recorded(api: Api, dsn: str) -> None:
    ada, _ = await signed_in_twice(api)
    there = (await ada.get(LIST)).json()["items"][0]["id"]

    await ada.delete(f"{LIST}/{there}")

    connection = await asyncpg.connect(dsn)
    row = await connection.fetchrow("SELECT * FROM audit WHERE action = 'session.revoke'")
    await connection.close()
    assert row is not None
    assert (row["subject_kind"], str(row["subject_id"])) == ("session", there)


async def test_the_session_past_the_two_hundredth_ends_the_one_seen_longest_ago(api: Api) -> None:
    ada, tokens = await signed_in_twice(api)
    other = api.client(tokens["access_token"])
    me = UUID((await ada.get("/api/v1/users/me")).json()["id"])
    async with api.platform.database.write() as tx:
        await tx.execute("UPDATE sessions SET last_seen_at = now() - interval '1 day'")
        for _ in range(MOST - 2):
            await sql.insert_session(tx, uuid7(), me, 3600, "", "::1", beside=MOST)
    mine = next(one for one in (await ada.get(LIST)).json()["items"] if one["current"])
    async with api.platform.database.write() as tx:
        await tx.execute("UPDATE sessions SET last_seen_at = now() WHERE id = $1", UUID(mine["id"]))
    assert (await other.get("/api/v1/users/me")).status_code == 200

    await api.tokens("ada@example.com")

    await eventually(lambda: is_refused(other))
    assert len((await ada.get(LIST)).json()["items"]) == MOST
