"""Confirming addresses and forgotten passwords: links work once, and answers tell nothing."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY

from backline.accounts.users import setup_token
from backline.platform.mail import mail_settings
from tests.platform.jobs.working import execute, value, working
from tests.support.api import PASSWORD, Api, serving_api
from tests.support.letters import letters, token_in
from tests.support.smtp import MailServer, mail_server

ADA = "ada@example.org"
NEW, THIEVES = "another long password", "the password of a thief"


@pytest.fixture
async def api(dsn: str, tmp_path: Path) -> AsyncIterator[Api]:
    """Without a mail server: messages are kept."""
    async with serving_api(dsn, tmp_path) as served, _worker(served):
        yield served


@pytest.fixture
async def smtp() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
async def mailing(dsn: str, tmp_path: Path, smtp: MailServer) -> AsyncIterator[Api]:
    """With one: addresses have to be confirmed first."""
    environ = {"BACKLINE_SMTP_URL": smtp.url}
    async with serving_api(dsn, tmp_path, **environ) as served, _worker(served):
        yield served


def _worker(api: Api) -> Any:
    return working(api.platform.database, services=[mail_settings(api.platform.settings)])


async def _post(api: Api, path: str, **body: object) -> httpx.Response:
    async with api.client() as client:
        return await client.post(f"/api/v1{path}", json=body)


async def _login(api: Api, password: str = PASSWORD, email: str = ADA) -> httpx.Response:
    return await _post(api, "/auth/login", email=email, password=password, transport="body")


async def _reset_token(api: Api) -> str:
    await _post(api, "/auth/forgot", email=ADA)
    return token_in((await letters(api.platform.database, ADA, "reset"))[-1])


async def test_a_forgotten_password_is_replaced_by_the_link(api: Api) -> None:
    ada = await api.user(ADA)
    other = await api.tokens(ADA)
    token = await _reset_token(api)

    answer = await _post(api, "/auth/reset", token=token, password=NEW)

    assert answer.status_code == 204
    assert (await _login(api)).status_code == 401
    signed_in = await _login(api, NEW)
    assert signed_in.status_code == 200
    gone = await _post(api, "/auth/refresh", refresh_token=other["refresh_token"])
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

    first = await _post(api, "/auth/reset", token=token, password=NEW)
    second = await _post(api, "/auth/reset", token=token, password=THIEVES)

    assert first.status_code == 204
    assert (second.status_code, _type(second)) == (403, "link-expired")
    assert (await _login(api, NEW)).status_code == 200


async def test_of_two_resets_at_once_one_counts(api: Api) -> None:
    await api.register(ADA)
    tokens = [await _reset_token(api), await _reset_token(api)]
    passwords = [f"password number {number}" for number in range(6)]

    answers = await asyncio.gather(
        *(
            _post(api, "/auth/reset", token=tokens[number % 2], password=password)
            for number, password in enumerate(passwords)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [204] + [403] * 5
    counted = [answer.status_code for answer in answers].index(204)
    assert (await _login(api, passwords[counted])).status_code == 200
    assert len(await letters(api.platform.database, ADA, "was-reset")) == 1


async def test_the_link_works_for_an_hour(api: Api) -> None:
    await api.register(ADA)
    in_time, late = await _reset_token(api), await _reset_token(api)
    await _age(api, in_time, "59 minutes")
    await _age(api, late, "61 minutes")

    too_late = await _post(api, "/auth/reset", token=late, password=NEW)
    in_the_end = await _post(api, "/auth/reset", token=in_time, password=NEW)

    assert (too_late.status_code, _type(too_late)) == (403, "link-expired")
    assert in_the_end.status_code == 204


async def test_one_persons_link_changes_nothing_of_anothers(api: Api) -> None:
    await api.register(ADA)
    await api.register("eve@example.org")
    token = await _reset_token(api)

    await _post(api, "/auth/reset", token=token, password=NEW)

    assert (await _login(api, email="eve@example.org")).status_code == 200


async def test_a_link_for_one_purpose_is_none_for_another(api: Api) -> None:
    await api.register(ADA)
    [welcome] = await letters(api.platform.database, ADA, "verify")
    verification, reset = token_in(welcome), await _reset_token(api)

    crossed = [
        await _post(api, "/auth/reset", token=verification, password=NEW),
        await _post(api, "/auth/verify", token=reset),
    ]

    assert [answer.status_code for answer in crossed] == [403, 403]


async def test_a_guessed_token_costs_no_password_hash(api: Api) -> None:
    answer = await _post(api, "/auth/reset", token="x" * 43, password=NEW)

    assert (answer.status_code, _type(answer)) == (403, "link-expired")


async def test_a_new_password_ends_links_that_are_on_their_way(api: Api) -> None:
    ada = await api.user(ADA)
    token = await _reset_token(api)

    await ada.patch("/api/v1/users/me", json={"password": {"current": PASSWORD, "new": NEW}})

    answer = await _post(api, "/auth/reset", token=token, password=THIEVES)
    assert answer.status_code == 403


async def test_a_deleted_account_has_no_link(api: Api) -> None:
    ada = await api.user(ADA)
    token = await _reset_token(api)
    await ada.delete("/api/v1/users/me")

    answer = await _post(api, "/auth/reset", token=token, password=NEW)

    assert answer.status_code == 403


async def test_only_the_hash_of_a_token_is_stored(api: Api) -> None:
    await api.register(ADA)
    token = await _reset_token(api)

    hashes = await value(api.platform.database, "SELECT array_agg(token_sha256) FROM mail_tokens")

    assert hashlib.sha256(token.encode()).digest() in hashes
    kept = await value(api.platform.database, "SELECT string_agg(t::text, '') FROM mail_tokens t")
    assert token not in kept


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


async def test_nobody_is_written_to_who_has_no_account(api: Api) -> None:
    await _post(api, "/auth/forgot", email=ADA)

    assert await letters(api.platform.database, ADA, "reset") == []
    assert await value(api.platform.database, "SELECT count(*) FROM outbox") == 0


async def test_five_messages_an_hour_reach_an_address(api: Api) -> None:
    await api.register(ADA)
    for _ in range(7):
        answer = await _post(api, "/auth/forgot", email=ADA)
        assert answer.status_code == 202
    assert len(await letters(api.platform.database, ADA, "reset")) == 5

    await execute(
        api.platform.database, "UPDATE outbox SET created_at = now() - interval '61 minutes'"
    )
    await _post(api, "/auth/forgot", email=ADA)
    assert len(await letters(api.platform.database, ADA, "reset")) == 6


async def test_without_a_mail_server_nobody_waits_for_mail(api: Api) -> None:
    ada = await api.user(ADA)
    before = (await ada.get("/api/v1/users/me")).json()["email_verified"]
    [welcome] = await letters(api.platform.database, ADA, "verify")

    answer = await _post(api, "/auth/verify", token=token_in(welcome))

    assert (before, answer.status_code) == (False, 204)
    assert await _verified(ada)


async def test_with_one_they_confirm_the_address_first(mailing: Api, smtp: MailServer) -> None:
    await mailing.register(ADA)
    early = await _login(mailing)
    wrong = await _login(mailing, "not the password")
    token = token_in(_text(await smtp.message()))

    answer = await _post(mailing, "/auth/verify", token=token)

    assert (early.status_code, _type(early)) == (403, "email-unverified")
    assert wrong.status_code == 401
    assert answer.status_code == 204
    assert (await _login(mailing)).status_code == 200
    assert smtp.received[0]["To"] == ADA


async def test_confirming_twice_is_fine(mailing: Api, smtp: MailServer) -> None:
    await mailing.register(ADA)
    token = token_in(_text(await smtp.message()))

    answers = [await _post(mailing, "/auth/verify", token=token) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]


async def test_a_link_to_confirm_works_for_three_days(mailing: Api, smtp: MailServer) -> None:
    await mailing.register(ADA)
    token = token_in(_text(await smtp.message()))
    await _age(mailing, token, "73 hours")

    late = await _post(mailing, "/auth/verify", token=token)
    await mailing.register(ADA)
    another = token_in(_text(await smtp.message(2)))

    assert (late.status_code, _type(late)) == (403, "link-expired")
    assert (await _post(mailing, "/auth/verify", token=another)).status_code == 204


async def test_an_account_is_theirs_who_opened_their_own_link(
    mailing: Api, smtp: MailServer
) -> None:
    form = {"email": ADA, "name": "Somebody"}
    await _post(mailing, "/auth/register", **form, password=THIEVES)
    await smtp.message()
    await _post(mailing, "/auth/register", **form, password=NEW)
    await smtp.message(2)
    await _post(mailing, "/auth/register", **form, password=THIEVES)
    await smtp.message(3)

    await _post(mailing, "/auth/verify", token=token_in(_text(smtp.received[1])))
    for other in (0, 2):
        await _post(mailing, "/auth/verify", token=token_in(_text(smtp.received[other])))

    assert (await _login(mailing, NEW)).status_code == 200
    assert (await _login(mailing, THIEVES)).status_code == 401


async def test_the_owner_hears_of_a_second_registration(mailing: Api, smtp: MailServer) -> None:
    await mailing.register(ADA)
    await _post(mailing, "/auth/verify", token=token_in(_text(await smtp.message())))

    await _post(mailing, "/auth/register", email=ADA.upper(), password=NEW, name="Buy at x.example")

    told = await smtp.message(2)
    assert (told["Subject"], told["To"]) == ("You have an account already", ADA)
    assert "x.example" not in _text(told)
    assert (await _login(mailing, NEW)).status_code == 401
    assert (await _login(mailing)).status_code == 200


async def test_a_reset_confirms_the_address_too(mailing: Api, smtp: MailServer) -> None:
    await mailing.register(ADA)
    await smtp.message()
    await _post(mailing, "/auth/forgot", email=ADA)
    token = token_in(_text(await smtp.message(2)))

    await _post(mailing, "/auth/reset", token=token, password=NEW)

    assert (await _login(mailing, NEW)).status_code == 200
    await _post(mailing, "/auth/verify", token=token_in(_text(smtp.received[0])))
    assert (await _login(mailing, NEW)).status_code == 200


async def test_those_who_registered_without_a_mail_server_go_on(
    dsn: str, tmp_path: Path, smtp: MailServer
) -> None:
    async with serving_api(dsn, tmp_path) as before:
        await before.register(ADA)
    async with serving_api(dsn, tmp_path, BACKLINE_SMTP_URL=smtp.url) as after:
        assert (await _login(after)).status_code == 200


async def test_another_link_to_confirm_can_be_had(api: Api) -> None:
    ada = await api.user(ADA)
    await letters(api.platform.database, ADA, "verify")

    asked = [await ada.post("/api/v1/users/me/verify") for _ in range(5)]

    written = await letters(api.platform.database, ADA, "verify")
    assert [answer.status_code for answer in asked] == [202] * 4 + [429]
    assert len(written) == 5
    for text in (written[-1], written[0]):
        assert (await _post(api, "/auth/verify", token=token_in(text))).status_code == 204
    assert (await ada.post("/api/v1/users/me/verify")).status_code == 202
    assert len(await letters(api.platform.database, ADA, "verify")) == 5


async def test_a_closed_account_is_not_written_to(api: Api) -> None:
    await api.register(ADA)
    await letters(api.platform.database, ADA, "verify")
    await execute(api.platform.database, "UPDATE users SET disabled_at = now()")

    await _post(api, "/auth/forgot", email=ADA)

    assert await letters(api.platform.database, ADA, "reset") == []


async def test_the_administrator_finds_the_link_in_the_outbox(api: Api) -> None:
    form = {"token": await setup_token(api.platform.database), "email": "root@example.org"}
    await _post(api, "/auth/setup", **form, password=PASSWORD, name="Root")
    root = api.client((await api.tokens("root@example.org"))["access_token"])
    await api.register(ADA)
    await _reset_token(api)

    listed = (await root.get("/api/v1/admin/outbox")).json()["items"]
    [reset] = [message for message in listed if message["subject"] == "Choose a new password"]
    text = (await root.get(f"/api/v1/admin/outbox/{reset['id']}")).json()["text"]

    assert reset["state"] == "kept"
    answer = await _post(api, "/auth/reset", token=token_in(text), password=NEW)
    assert answer.status_code == 204


async def test_what_was_typed_is_not_kept_for_long(api: Api) -> None:
    await api.register(ADA)
    await letters(api.platform.database, ADA, "verify")

    assert await value(api.platform.database, "SELECT count(*) FROM registrations") == 0
    payloads = "SELECT string_agg(payload::text, ' ') FROM jobs"
    assert "argon2" not in await value(api.platform.database, payloads)


async def test_each_address_may_ask_ten_times_an_hour(dsn: str, tmp_path: Path) -> None:
    async with serving_api(dsn, tmp_path, BACKLINE_LIMITS="") as api:
        answers = [await _post(api, "/auth/forgot", email=f"u{n}@x.org") for n in range(11)]

    assert [answer.status_code for answer in answers] == [202] * 10 + [429]
    assert answers[-1].json()["violated-policies"] == ["forgot"]


def _type(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


def _text(message: Any) -> str:
    return str(message.get_body(("plain",)).get_content())


async def _age(api: Api, token: str, by: str) -> None:
    digest = hashlib.sha256(token.encode()).digest()
    aged = await execute(
        api.platform.database,
        "UPDATE mail_tokens SET expires_at = expires_at - $2::text::interval "
        "WHERE token_sha256 = $1",
        digest,
        by,
    )
    assert aged == 1


async def _counted(api: Api, path: str, **body: object) -> tuple[httpx.Response, float]:
    """An answer, and how many statements it took."""
    before = REGISTRY.get_sample_value("backline_database_statements_total") or 0
    answer = await _post(api, path, **body)
    return answer, (REGISTRY.get_sample_value("backline_database_statements_total") or 0) - before


async def _verified(client: httpx.AsyncClient) -> bool:
    """Whether they are, as soon as their process knows."""
    for _ in range(600):
        if (await client.get("/api/v1/users/me")).json()["email_verified"]:
            return True
        await asyncio.sleep(0.05)
    return False


async def _status_once_told(client: httpx.AsyncClient) -> int:
    """What they are answered, as soon as their process knows that the session ended."""
    status = 200
    for _ in range(600):
        status = (await client.get("/api/v1/users/me")).status_code
        if status != 200:
            break
        await asyncio.sleep(0.05)
    return status
