"""What tests of accounts ask for, and what they read in the answers."""

import hashlib
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx

from backline.accounts.wiring import DOMAIN as ACCOUNTS
from backline.platform.mail import mail_settings
from backline.platform.wiring import DOMAIN as PLATFORM
from tests.platform.jobs.working import execute, working
from tests.support.api import PASSWORD, Api

ADA = "ada@example.org"
NEW, THIEVES = "another long password", "the password of a thief"


def worker(api: Api) -> AbstractAsyncContextManager[object]:
    """Does what requests leave to jobs."""
    mail = mail_settings(api.platform.settings)
    services = {job.kind: mail for job in (*ACCOUNTS.jobs, *PLATFORM.jobs)}
    return working(api.platform.database, services=services)


async def post(api: Api, path: str, **body: object) -> httpx.Response:
    async with api.client() as client:
        return await client.post(f"/api/v1{path}", json=body)


async def login(api: Api, password: str = PASSWORD, email: str = ADA) -> httpx.Response:
    return await post(api, "/auth/login", email=email, password=password, transport="body")


def type_of(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


def text_of(message: Any) -> str:
    return str(message.get_body(("plain",)).get_content())


async def age(api: Api, token: str, by: str) -> None:
    digest = hashlib.sha256(token.encode()).digest()
    aged = await execute(
        api.platform.database,
        "UPDATE mail_tokens SET expires_at = expires_at - $2::text::interval "
        "WHERE token_sha256 = $1",
        digest,
        by,
    )
    assert aged == 1
