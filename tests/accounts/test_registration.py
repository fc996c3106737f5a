"""Registering with and without a mail server, and confirming the address."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY

from tests.platform.jobs.working import value
from tests.support.api import PASSWORD, Api, serving_api
from tests.support.asking import ADA, NEW, THIEVES, age, login, post, text_of, type_of, worker
from tests.support.letters import letters, token_in
from tests.support.smtp import MailServer, mail_server

pytestmark = pytest.mark.slow


@pytest.fixture
async def api(dsn: str, tmp_path: Path) -> AsyncIterator[Api]:
    """Without a mail server: messages are kept."""
    async with serving_api(dsn, tmp_path) as served, worker(served):
        yield served


@pytest.fixture
async def smtp() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
async def mailing(dsn: str, tmp_path: Path, smtp: MailServer) -> AsyncIterator[Api]:
    """With one: addresses have to be confirmed first."""
    environ = {"BACKLINE_SMTP_URL": smtp.url}
    async with serving_api(dsn, tmp_path, **environ) as served, worker(served):
        yield served


async def test_without_a_mail_server_nobody_waits_for_mail(api: Api) -> None:
    ada = await api.user(ADA)
    before = (await ada.get("/api/v1/users/me")).json()["email_verified"]
    [welcome] = await letters(api.platform.database, ADA, "verify")

    answer = await post(api, "/auth/verify", token=token_in(welcome))

    assert (before, answer.status_code) == (False, 204)
    assert await _verified(ada)


async def test_with_one_they_confirm_the_address_first(mailing: Api, smtp: MailServer) -> None:
    await mailing.register(ADA)
    early = await login(mailing)
    wrong = await login(mailing, "not the password")
    token = token_in(text_of(await smtp.message()))

    answer = await post(mailing, "/auth/verify", token=token)

    assert early.status_code == 401
    assert "open the link in our mail first" in early.json()["detail"]
    assert _without_id(early) == _without_id(wrong)
    assert answer.status_code == 204
    assert (await login(mailing)).status_code == 200
    assert smtp.received[0]["To"] == ADA


async def test_signing_in_tells_nobody_whether_an_address_was_known(mailing: Api) -> None:
    await mailing.register(ADA)
    await mailing.register("jonas@example.org")
    async with mailing.platform.database.write() as tx:
        await tx.execute("UPDATE users SET email_verified_at = now() WHERE email_key = $1", ADA)

    # Somebody registers both, the one that is in use and the one that nobody confirmed.
    async with mailing.client() as client:
        for email in (ADA, "jonas@example.org"):
            form = {"email": email, "password": "a password of mine", "name": "Mallory"}
            await client.post("/api/v1/auth/register", json=form)
        answers = [
            await client.post(
                "/api/v1/auth/login", json={"email": email, "password": "a password of mine"}
            )
            for email in (ADA, "jonas@example.org")
        ]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert _without_id(answers[0]) == _without_id(answers[1])


def _without_id(answer: httpx.Response) -> dict[str, Any]:
    return {key: value for key, value in answer.json().items() if key != "request_id"}


async def test_confirming_twice_is_fine(mailing: Api, smtp: MailServer) -> None:
    await mailing.register(ADA)
    token = token_in(text_of(await smtp.message()))

    answers = [await post(mailing, "/auth/verify", token=token) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]


async def test_a_link_to_confirm_works_for_three_days(mailing: Api, smtp: MailServer) -> None:
    await mailing.register(ADA)
    token = token_in(text_of(await smtp.message()))
    await age(mailing, token, "73 hours")

    late = await post(mailing, "/auth/verify", token=token)
    await mailing.register(ADA)
    another = token_in(text_of(await smtp.message(2)))

    assert (late.status_code, type_of(late)) == (403, "link-expired")
    assert (await post(mailing, "/auth/verify", token=another)).status_code == 204


async def test_an_account_is_theirs_who_opened_their_own_link(
    mailing: Api, smtp: MailServer
) -> None:
    form = {"email": ADA, "name": "Somebody"}
    await post(mailing, "/auth/register", **form, password=THIEVES)
    await smtp.message()
    await post(mailing, "/auth/register", **form, password=NEW)
    await smtp.message(2)
    await post(mailing, "/auth/register", **form, password=THIEVES)
    await smtp.message(3)

    await post(mailing, "/auth/verify", token=token_in(text_of(smtp.received[1])))
    for other in (0, 2):
        await post(mailing, "/auth/verify", token=token_in(text_of(smtp.received[other])))

    assert (await login(mailing, NEW)).status_code == 200
    assert (await login(mailing, THIEVES)).status_code == 401


async def test_the_owner_hears_of_a_second_registration(mailing: Api, smtp: MailServer) -> None:
    await mailing.register(ADA)
    await post(mailing, "/auth/verify", token=token_in(text_of(await smtp.message())))

    await post(mailing, "/auth/register", email=ADA.upper(), password=NEW, name="Buy at x.example")

    told = await smtp.message(2)
    assert (told["Subject"], told["To"]) == ("You have an account already", ADA)
    assert "x.example" not in text_of(told)
    assert (await login(mailing, NEW)).status_code == 401
    assert (await login(mailing)).status_code == 200


async def test_a_reset_confirms_the_address_too(mailing: Api, smtp: MailServer) -> None:
    await mailing.register(ADA)
    await smtp.message()
    await post(mailing, "/auth/forgot", email=ADA)
    token = token_in(text_of(await smtp.message(2)))

    await post(mailing, "/auth/reset", token=token, password=NEW)

    assert (await login(mailing, NEW)).status_code == 200
    await post(mailing, "/auth/verify", token=token_in(text_of(smtp.received[0])))
    assert (await login(mailing, NEW)).status_code == 200


async def test_those_who_registered_without_a_mail_server_go_on(
    dsn: str, tmp_path: Path, smtp: MailServer
) -> None:
    async with serving_api(dsn, tmp_path) as before:
        await before.register(ADA)
    async with serving_api(dsn, tmp_path, BACKLINE_SMTP_URL=smtp.url) as after:
        assert (await login(after)).status_code == 200


async def test_another_link_to_confirm_can_be_had(api: Api) -> None:
    ada = await api.user(ADA)
    await letters(api.platform.database, ADA, "verify")

    asked = [await ada.post("/api/v1/users/me/verify") for _ in range(5)]

    written = await letters(api.platform.database, ADA, "verify")
    assert [answer.status_code for answer in asked] == [202] * 4 + [429]
    assert len(written) == 5
    for text in (written[-1], written[0]):
        assert (await post(api, "/auth/verify", token=token_in(text))).status_code == 204
    assert (await ada.post("/api/v1/users/me/verify")).status_code == 202
    assert len(await letters(api.platform.database, ADA, "verify")) == 5


async def test_what_was_typed_is_not_kept_for_long(api: Api) -> None:
    await api.register(ADA)
    await letters(api.platform.database, ADA, "verify")

    assert await value(api.platform.database, "SELECT count(*) FROM registrations") == 0
    payloads = "SELECT string_agg(payload::text, ' ') FROM jobs"
    assert "argon2" not in await value(api.platform.database, payloads)


@pytest.mark.parametrize("url", ["", "smtp://127.0.0.1:1"])
@pytest.mark.parametrize("path", ["/auth/forgot", "/auth/register"])
async def test_an_answer_tells_nothing_of_who_has_an_account(
    dsn: str, tmp_path: Path, path: str, url: str
) -> None:
    environ = {"BACKLINE_SMTP_URL": url}
    form = {"password": PASSWORD, "name": "Ada"} if path == "/auth/register" else {}
    # Nobody else asks anything meanwhile, so that statements can be counted.
    async with serving_api(dsn, tmp_path, quiet=True, **environ) as api:
        await api.register(ADA)

        known, known_cost = await _counted(api, path, email=ADA, **form)
        unknown, unknown_cost = await _counted(api, path, email="b@example.org", **form)

    assert (known.status_code, known.content) == (202, unknown.content)
    assert sorted(known.headers) == sorted(unknown.headers)
    assert known_cost == unknown_cost > 0


async def _counted(api: Api, path: str, **body: object) -> tuple[httpx.Response, float]:
    """An answer, and how many statements it took."""
    before = REGISTRY.get_sample_value("backline_database_statements_total") or 0
    answer = await post(api, path, **body)
    return answer, (REGISTRY.get_sample_value("backline_database_statements_total") or 0) - before


async def _verified(client: httpx.AsyncClient) -> bool:
    """Whether they are, as soon as their process knows."""
    for _ in range(600):
        if (await client.get("/api/v1/users/me")).json()["email_verified"]:
            return True
        await asyncio.sleep(0.05)
    return False
