"""What is recorded of who did what, who may read it, and that it ends after 400 days."""

import ast
import re
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from backline.accounts.users import setup_token
from backline.main import program
from backline.platform import audit, jobs
from backline.platform.database import Database
from backline.platform.ids import uuid7
from tests.platform.jobs.working import ended, execute, working
from tests.support.api import PASSWORD, Api, serving_api
from tests.support.tree import ROOT, files


@pytest.fixture
async def api(dsn: str, tmp_path: Path) -> AsyncIterator[Api]:
    async with serving_api(dsn, tmp_path) as served:
        yield served


async def _administrator(api: Api) -> httpx.AsyncClient:
    token = await setup_token(api.platform.database)
    form = {"token": token, "email": "root@example.com", "password": PASSWORD, "name": "Root"}
    async with api.client() as client:
        await client.post("/api/v1/auth/setup", json=form)
    return api.client((await api.tokens("root@example.com"))["access_token"])


async def _actions(client: httpx.AsyncClient, path: str) -> list[str]:
    answer = await client.get(f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    return [entry["action"] for entry in answer.json()["items"]]


async def test_a_person_sees_what_they_did(api: Api) -> None:
    client = await api.user("ada@example.com")
    await client.patch(
        "/api/v1/users/me", json={"password": {"current": PASSWORD, "new": "a new password"}}
    )

    page = (await client.get("/api/v1/users/me/audit")).json()

    me = (await client.get("/api/v1/users/me")).json()
    assert [entry["action"] for entry in page["items"]][:2] == ["password.change", "session.login"]
    assert page["items"][0]["actor"] == {"id": me["id"], "name": "Somebody"}
    assert page["items"][0]["address"] == "127.0.0.1"
    assert page["items"][0]["details"] == {}


async def test_signing_out_is_recorded_once(api: Api) -> None:
    await api.register("ada@example.com")
    tokens = await api.tokens("ada@example.com")
    form = {"refresh_token": tokens["refresh_token"]}
    async with api.client() as client:
        await client.post("/api/v1/auth/logout", json=form)
        await client.post("/api/v1/auth/logout", json=form)

    after = api.client((await api.tokens("ada@example.com"))["access_token"])
    assert (await _actions(after, "/users/me/audit")).count("session.logout") == 1


async def test_what_an_administrator_does_is_theirs_and_shown_to_whom_it_concerns(
    api: Api,
) -> None:
    admin = await _administrator(api)
    ada, eve = await api.user("ada@example.com"), await api.user("eve@example.com")
    me = (await ada.get("/api/v1/users/me")).json()
    await admin.patch(f"/api/v1/admin/users/{me['id']}", json={"quota_bytes": 7})

    mine = (await ada.get("/api/v1/users/me/audit")).json()["items"][0]
    listed = (await admin.get("/api/v1/admin/audit?action=user.quota")).json()["items"]

    assert (mine["action"], mine["details"], mine["address"]) == (
        "user.quota",
        {"quota_bytes": 7},
        None,
    )
    assert mine["actor"]["name"] == "Root"
    assert [entry["subject"] for entry in listed] == [{"kind": "user", "id": me["id"]}]
    assert listed[0]["address"] == "127.0.0.1"
    assert "user.quota" not in await _actions(eve, "/users/me/audit")
    assert (await eve.get("/api/v1/admin/audit")).status_code == 403


async def test_an_administrators_changes_are_all_recorded(api: Api) -> None:
    admin = await _administrator(api)
    ada = (await (await api.user("ada@example.com")).get("/api/v1/users/me")).json()["id"]
    async with api.platform.database.write() as tx:
        job_id = await jobs.enqueue(tx, "audit.prune", jobs.Nothing())

    await admin.patch(f"/api/v1/admin/users/{ada}", json={"role": "admin"})
    await admin.patch(f"/api/v1/admin/users/{ada}", json={"disabled": True})
    await admin.patch(f"/api/v1/admin/users/{ada}", json={"disabled": False})
    await admin.delete(f"/api/v1/admin/users/{ada}")
    await admin.post("/api/v1/admin/cache/clear", json={"tag": "*"})
    await admin.post(f"/api/v1/admin/jobs/{job_id}/cancel")
    await admin.post(f"/api/v1/admin/jobs/{job_id}/requeue")

    root = (await admin.get("/api/v1/users/me")).json()["id"]
    done = await _actions(admin, f"/admin/audit?user_id={root}")
    assert done[:7] == [
        "job.requeue",
        "job.cancel",
        "cache.empty",
        "user.delete",
        "user.open",
        "user.close",
        "user.role",
    ]


async def test_what_was_refused_is_not_recorded(api: Api) -> None:
    admin = await _administrator(api)
    root = (await admin.get("/api/v1/users/me")).json()["id"]

    refused = await admin.patch(f"/api/v1/admin/users/{root}", json={"role": "user"})

    assert refused.status_code == 409
    assert "user.role" not in await _actions(admin, "/admin/audit")


def test_the_page_for_operators_names_every_action() -> None:
    recorded = {
        text.value
        for path in files("src/*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and _name(call.func) in {"record", "_record", "note"}
        for argument in call.args
        for text in ast.walk(argument)
        if isinstance(text, ast.Constant) and re.fullmatch(r"[a-z]+\.[a-z-]+", str(text.value))
    }
    page = (ROOT / "docs/audit.md").read_text("utf-8")

    assert len(recorded) > 20
    assert recorded == set(re.findall(r"`([a-z]+\.[a-z-]+)`", page))


def _name(function: ast.expr) -> str:
    return str(getattr(function, "attr", getattr(function, "id", "")))


async def test_pages_go_on_where_the_last_ended(database: Database) -> None:
    ada, eve = uuid7(), uuid7()
    async with database.write() as tx:
        for number in range(3):
            await audit.record(tx, ada, "test.did", number=number)
            await audit.record(tx, eve, "test.done", subject=("user", ada), number=number)
            await audit.record(tx, eve, "test.other")

    seen: list[str] = []
    before: UUID | None = None
    async with database.read() as read:
        while rows := await audit.page(read, user_id=ada, before=before, limit=2):
            seen += [row.details for row in rows]
            before = rows[-1].id

    assert seen == [f'{{"number": {n}}}' for n in (2, 2, 1, 1, 0, 0)]


async def test_long_texts_are_cut(database: Database) -> None:
    async with database.write() as tx:
        await audit.record(tx, None, "test.long", address="a" * 500, text="x\0" * 1_000)

    async with database.read() as read:
        [row] = await audit.page(read, limit=10)
    assert row.details == '{"text": "' + "x" * 300 + '"}'
    assert row.address == "a" * 64


async def test_what_is_older_than_400_days_is_removed(database: Database) -> None:
    async with database.write() as tx:
        await audit.record(tx, None, "test.old")
        await audit.record(tx, None, "test.young")
    await execute(
        database, "UPDATE audit SET at = now() - interval '401 days' WHERE action = 'test.old'"
    )
    await execute(
        database, "UPDATE audit SET at = now() - interval '399 days' WHERE action = 'test.young'"
    )
    database.declared = program().declared.jobs

    async with working(database):
        async with database.write() as tx:
            job_id = await jobs.enqueue(tx, "audit.prune", jobs.Nothing())
        await ended(database, job_id)

    async with database.read() as read:
        assert [row.action for row in await audit.page(read, limit=10)] == ["test.young"]
