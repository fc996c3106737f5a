"""The outbox as administrators see it, and nobody else."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from backline.accounts.users import setup_token
from backline.platform.ids import uuid7
from backline.platform.mail import Message, enqueue, mail_settings, outbox
from tests.platform.jobs.working import value
from tests.support.api import PASSWORD, Api, serving_api

SMTP = {"BACKLINE_SMTP_URL": "smtp://127.0.0.1:1?from=music@example.org"}


@pytest.fixture
async def api(dsn: str, tmp_path: Path) -> AsyncIterator[Api]:
    async with serving_api(dsn, tmp_path, **SMTP) as served:
        yield served


async def _administrator(api: Api) -> httpx.AsyncClient:
    token = await setup_token(api.platform.database)
    form = {"token": token, "email": "root@example.com", "password": PASSWORD, "name": "Root"}
    async with api.client() as client:
        await client.post("/api/v1/auth/setup", json=form)
    return api.client((await api.tokens("root@example.com"))["access_token"])


async def _write(api: Api, number: int = 0) -> UUID:
    message = Message("test", f"u{number}@example.org", "Hello", "A secret link\n")
    async with api.platform.database.write() as tx:
        return await enqueue(tx, mail_settings(api.platform.settings), message)


async def test_a_list_in_pages_without_texts(api: Api) -> None:
    admin = await _administrator(api)
    for number in range(3):
        await _write(api, number)

    first = (await admin.get("/api/v1/admin/outbox?limit=2")).json()
    cursor = first["next_cursor"]
    second = (await admin.get(f"/api/v1/admin/outbox?limit=2&cursor={cursor}")).json()

    seen = first["items"] + second["items"]
    assert [item["to"] for item in seen] == [f"u{n}@example.org" for n in (2, 1, 0)]
    assert second["next_cursor"] is None
    assert {frozenset(item) for item in seen} == {
        frozenset({"id", "to", "subject", "state", "error", "created_at", "sent_at"})
    }


async def test_reading_a_text_is_recorded(api: Api) -> None:
    admin = await _administrator(api)
    message_id = await _write(api)

    message = (await admin.get(f"/api/v1/admin/outbox/{message_id}")).json()

    audit = (await admin.get("/api/v1/admin/audit?action=outbox.read")).json()["items"]
    assert (message["text"], message["state"]) == ("A secret link\n", "queued")
    assert [entry["subject"] for entry in audit] == [{"kind": "message", "id": str(message_id)}]


async def test_only_what_failed_is_sent_again(api: Api) -> None:
    admin = await _administrator(api)
    message_id = await _write(api)
    queued = await admin.post(f"/api/v1/admin/outbox/{message_id}/retry")
    async with api.platform.database.write() as tx:
        await tx.execute("UPDATE jobs SET state = 'dead', finished_at = now()")
        await outbox.mark_failed(tx, message_id, "550 No")

    failed = (await admin.get("/api/v1/admin/outbox")).json()["items"][0]
    again = await admin.post(f"/api/v1/admin/outbox/{message_id}/retry")

    assert queued.status_code == 409
    assert (failed["state"], failed["error"]) == ("failed", "550 No")
    assert (again.status_code, again.json()["state"], again.json()["error"]) == (
        200,
        "queued",
        None,
    )
    live = "SELECT count(*) FROM jobs WHERE kind = 'mail.send' AND state = 'queued'"
    assert await value(api.platform.database, live) == 1


async def test_others_see_nothing_of_it(api: Api) -> None:
    message_id = await _write(api)
    admin = await _administrator(api)
    ada = await _person(api)

    answers = [
        await ada.get("/api/v1/admin/outbox"),
        await ada.get(f"/api/v1/admin/outbox/{message_id}"),
        await ada.post(f"/api/v1/admin/outbox/{message_id}/retry"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert (await admin.get(f"/api/v1/admin/outbox/{uuid7()}")).status_code == 404


async def _person(api: Api) -> httpx.AsyncClient:
    await api.register("ada@example.com")
    async with api.platform.database.write() as tx:
        await tx.execute("UPDATE users SET must_verify = false")
    return api.client((await api.tokens("ada@example.com"))["access_token"])
