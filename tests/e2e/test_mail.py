"""Mail by the whole program: kept for the administrator, or sent by the operator's mail server."""

import asyncio
import re
from collections.abc import Callable

import httpx
import pytest

from tests.support.installation import PASSWORD, Installation, wait_for
from tests.support.letters import token_in
from tests.support.smtp import mail_server

NEW = "another long password"

pytestmark = pytest.mark.accounts


def test_a_forgotten_password_by_way_of_the_administrator(
    installation: Installation, administrator: httpx.Client, user: httpx.Client
) -> None:
    email = user.get("/users/me").json()["email"]
    with installation.client() as anybody:
        anybody.post("/auth/forgot", json={"email": email}).raise_for_status()

        def written() -> list[str]:
            listed = administrator.get("/admin/outbox").raise_for_status().json()["items"]
            return [
                message["id"]
                for message in listed
                if message["to"] == email and message["subject"] == "Choose a new password"
            ]

        wait_for(written, "the message", context=installation.log)
        text = administrator.get(f"/admin/outbox/{written()[0]}").json()["text"]
        reset = {"token": token_in(text), "password": NEW}
        anybody.post("/auth/reset", json=reset).raise_for_status()

    assert re.search(re.escape(installation.url) + r"/reset#", text)
    installation.login(email, NEW).close()


async def test_an_address_confirmed_by_way_of_a_mail_server(
    prepare: Callable[..., Installation],
) -> None:
    async with mail_server() as server:
        started = prepare(BACKLINE_SMTP_URL=server.url)
        await asyncio.to_thread(started.start)
        await asyncio.to_thread(started.wait_until_ready)
        form = {"email": "ada@example.org", "password": PASSWORD}
        async with httpx.AsyncClient(base_url=f"{started.url}/api/v1", timeout=30) as client:
            await client.post("/auth/register", json={**form, "name": "Ada"})
            early = await client.post("/auth/login", json=form)
            body = (await server.message()).get_body(("plain",))
            assert body is not None
            token = token_in(body.get_content())
            confirmed = await client.post("/auth/verify", json={"token": token})
            late = await client.post("/auth/login", json=form)

        statuses = [answer.status_code for answer in (early, confirmed, late)]
        assert statuses == [401, 204, 200], started.log()
