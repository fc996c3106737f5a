"""API tokens: shown once, kept as a hash, good for their scopes and no more, gone when deleted."""

import hashlib
from typing import Any

import asyncpg
import httpx
import pytest
from prometheus_client import REGISTRY

from backline.accounts.users import setup_token
from tests.support.api import PASSWORD, Api, serving_api
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow

ME, TOKENS = "/api/v1/users/me", "/api/v1/users/me/tokens"


async def make(client: httpx.AsyncClient, *scopes: str, **besides: object) -> dict[str, Any]:
    form = {"name": "Backup", "scopes": list(scopes), **besides}
    answer = await client.post(TOKENS, json=form)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def administrator(api: Api) -> httpx.AsyncClient:
    token = await setup_token(api.platform.database)
    form = {"token": token, "email": "root@example.com", "password": PASSWORD, "name": "Root"}
    async with api.client() as client:
        (await client.post("/api/v1/auth/setup", json=form)).raise_for_status()
    return api.client((await api.tokens("root@example.com"))["access_token"])


def statements() -> float:
    return REGISTRY.get_sample_value("backline_database_statements_total") or 0


async def everything_kept(dsn: str) -> str:
    """All rows of all tables, as text."""
    connection = await asyncpg.connect(dsn)
    names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = [
        await connection.fetchval(f"SELECT string_agg(t::text, ' ') FROM \"{name}\" t")  # noqa: S608
        for (name,) in names
    ]
    await connection.close()
    return " ".join(text for text in found if text)


async def test_a_token_is_told_once_and_kept_as_a_hash(api: Api, dsn: str) -> None:
    ada = await api.user("ada@example.com")

    made = await make(ada, "audio:read", expires_in_days=30)

    token = made.pop("token")
    listed = await ada.get(TOKENS)
    kept = await everything_kept(dsn)
    assert listed.json()["items"] == [made]
    assert token.startswith("bl_")
    assert made["hint"] == f"{token[:7]}…"
    assert hashlib.sha256(token.encode()).hexdigest() in kept
    assert token not in listed.text + kept


async def test_a_token_does_what_its_scopes_say_and_no_more(api: Api) -> None:
    ada = await api.user("ada@example.com")
    token = await make(ada, "audio:read", "accounts:read")
    program = api.client(token["token"])

    assert (await program.get("/api/v1/tracks")).status_code == 200
    assert (await program.get(ME)).json()["email"] == "ada@example.com"
    refused = await program.patch(ME, json={"name": "Eve"})
    assert refused.status_code == 403
    assert "accounts:write" in refused.json()["detail"]
    assert (await program.get("/api/v1/events")).status_code == 403


async def test_an_answer_from_the_cache_is_for_those_with_its_scope(api: Api) -> None:
    ada = await api.user("ada@example.com")
    may, other = [await make(ada, scope) for scope in ("accounts:read", "audio:read")]
    for _ in range(2):
        assert (await ada.get(ME)).status_code == 200

    refused = await api.client(other["token"]).get(ME)
    answers = [await api.client(may["token"]).get(ME) for _ in range(2)]

    assert refused.status_code == 403
    assert [one.status_code for one in answers] == [200, 200]
    assert "hit" in answers[1].headers["cache-status"]


async def test_events_are_for_tokens_that_may_read_what_they_tell(api: Api) -> None:
    ada = await api.user("ada@example.com")
    token = await make(ada, "platform:read")

    refused = await api.client(token["token"]).get("/api/v1/events?topics=jobs,tracks")

    assert refused.status_code == 403
    assert "audio:read" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", TOKENS, None),
        ("POST", TOKENS, {"name": "More", "scopes": ["audio:write"]}),
        ("GET", "/api/v1/users/me/sessions", None),
        ("DELETE", "/api/v1/users/me/sessions", None),
        ("POST", "/api/v1/users/me/totp", {"password": PASSWORD}),
        ("PATCH", ME, {"password": {"current": PASSWORD, "new": "another password"}}),
        ("DELETE", ME, None),
    ],
)
async def test_what_needs_a_person_is_not_for_tokens(
    api: Api, method: str, path: str, body: object
) -> None:
    root = await administrator(api)
    every = sorted(api.web.api.dependencies["accounts"].dependency().scopes)
    token = await make(root, *every)

    answer = await api.client(token["token"]).request(method, path, json=body)

    assert answer.status_code == 403, answer.text


async def test_only_administrators_make_tokens_that_administer(api: Api) -> None:
    ada = await api.user("ada@example.com")
    form = {"name": "Backup", "scopes": ["admin:read"]}

    assert (await ada.post(TOKENS, json=form)).status_code == 403


async def test_an_administrators_token_is_none_without_the_scope(api: Api) -> None:
    root = await administrator(api)
    without, reads = await make(root, "platform:read"), await make(root, "admin:read")

    plain, reader = api.client(without["token"]), api.client(reads["token"])

    assert (await plain.get("/api/v1/admin/users")).status_code == 403
    assert (await reader.get("/api/v1/admin/users")).status_code == 200
    assert (await reader.post("/api/v1/admin/cache/clear", json={"tag": "x"})).status_code == 403


async def test_an_unknown_scope_is_refused_with_those_that_there_are(api: Api) -> None:
    ada = await api.user("ada@example.com")

    answer = await ada.post(TOKENS, json={"name": "Backup", "scopes": ["audios:read"]})

    assert answer.status_code == 422
    assert "audio:read" in answer.json()["detail"]


async def test_a_deleted_token_is_refused(api: Api) -> None:
    ada = await api.user("ada@example.com")
    made = await make(ada, "accounts:read")
    program = api.client(made["token"])
    assert (await program.get(ME)).status_code == 200

    assert (await ada.delete(f"{TOKENS}/{made['id']}")).status_code == 204

    async def is_refused() -> bool:
        return (await program.get(ME)).status_code == 401

    await eventually(is_refused)
    assert (await ada.get(TOKENS)).json()["items"] == []


async def test_a_token_ends_when_its_time_is_up_also_where_it_is_known(api: Api, dsn: str) -> None:
    ada = await api.user("ada@example.com")
    made = await make(ada, "accounts:read", expires_in_days=1)
    program = api.client(made["token"])
    assert (await program.get(ME)).status_code == 200
    connection = await asyncpg.connect(dsn)
    await connection.execute("UPDATE api_tokens SET expires_at = now() - interval '1 second'")
    await connection.close()

    async def is_refused() -> bool:
        return (await program.get(ME)).status_code == 401

    await eventually(is_refused)


async def test_tokens_stay_when_the_password_changes(api: Api) -> None:
    ada = await api.user("ada@example.com")
    program = api.client((await make(ada, "accounts:read"))["token"])
    change = {"password": {"current": PASSWORD, "new": "another password"}}

    assert (await ada.patch(ME, json=change)).status_code == 200

    assert (await program.get(ME)).status_code == 200


async def test_fifty_tokens_are_the_most(api: Api) -> None:
    ada = await api.user("ada@example.com")
    for _ in range(50):
        await make(ada, "audio:read")

    answer = await ada.post(TOKENS, json={"name": "One more", "scopes": ["audio:read"]})

    assert answer.status_code == 409


async def test_a_known_token_costs_no_statement_and_neither_does_a_forged_one(
    dsn: str, tmp_path: Any
) -> None:
    async with serving_api(dsn, tmp_path, quiet=True) as api:
        ada = await api.user("ada@example.com")
        token = (await make(ada, "accounts:read"))["token"]
        program, forger = api.client(token), api.client(token[:-1] + "~")
        await program.get(ME)
        await ada.get(ME)

        began = statements()
        await ada.get(ME)
        by_session = statements() - began
        await program.get(ME)
        by_token = statements() - began - by_session
        forged = await forger.get(ME)

        assert by_token == by_session == statements() - began - by_token
        assert forged.status_code == 401


async def test_the_last_use_is_noted_soon_and_once(api: Api, dsn: str) -> None:
    ada = await api.user("ada@example.com")
    made = await make(ada, "accounts:read")
    program = api.client(made["token"])
    await program.get(ME)

    async def noted() -> str | None:
        return (await ada.get(TOKENS)).json()["items"][0]["last_used_at"]

    await eventually(noted)
    first = await noted()
    for _ in range(3):
        await program.get(ME)
        await api.presence._uses._write()

    assert await noted() == first
    connection = await asyncpg.connect(dsn)
    await connection.execute("UPDATE api_tokens SET last_used_at = now() - interval '61 seconds'")
    api.presence._uses._written_s.clear()
    await program.get(ME)
    await api.presence._uses._write()
    since = await connection.fetchval("SELECT now() - last_used_at FROM api_tokens")
    await connection.close()
    assert since.total_seconds() < 61


async def test_a_token_has_a_limit_of_its_own_below_its_owners(dsn: str, tmp_path: Any) -> None:
    limits = "register=1000,token=3"
    async with serving_api(dsn, tmp_path, BACKLINE_LIMITS=limits) as api:
        ada = await api.user("ada@example.com")
        wild, calm = [api.client((await make(ada, "accounts:read"))["token"]) for _ in "12"]

        statuses = [(await wild.get(ME)).status_code for _ in range(4)]
        refused = await wild.get(ME)

        assert statuses == [200, 200, 200, 429]
        assert refused.json()["violated-policies"] == ["token"]
        assert (await calm.get(ME)).status_code == 200
        assert (await ada.get(ME)).status_code == 200


async def test_what_a_token_has_no_scope_for_leaves_its_owners_limits_alone(
    dsn: str, tmp_path: Any
) -> None:
    told = {
        "BACKLINE_LIMIT_API_PER_MINUTE": "10",
        "BACKLINE_LIMITS": "register=1000,token=1000,second-factor=10",
    }
    asked = [("GET", ME), ("GET", "/api/v1//users/me/"), ("DELETE", ME), ("POST", f"{ME}/totp")]
    async with serving_api(dsn, tmp_path, **told) as api:
        ada = await api.user("ada@example.com")
        wild = api.client((await make(ada, "audio:read"))["token"])
        before = figures(await ada.get(ME))["api"]

        answers = [await wild.request(*asked[n % len(asked)]) for n in range(40)]

        assert {one.status_code for one in answers} == {403}
        assert {frozenset(figures(one)) for one in answers} == {frozenset({"token", "anonymous"})}
        assert figures(await ada.get(ME))["api"] >= before - 1
        assert (await ada.post(f"{ME}/totp", json={"password": "wrong"})).status_code == 422


def figures(answer: Any) -> dict[str, int]:
    """What an answer says that is left of each limit that counted it."""
    said = answer.headers["ratelimit"].split(",")
    return {one.split('"')[1]: int(one.partition("r=")[2].partition(";")[0]) for one in said}
