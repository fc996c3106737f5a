"""Guessing: however many guesses come at once, and wherever, five are judged."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.support.api import PASSWORD, Api, serving_api
from tests.support.second_factor import code_now

pytestmark = pytest.mark.slow

EMAIL = "ada@example.com"
ME, TOTP, LOGIN = "/api/v1/users/me", "/api/v1/users/me/totp", "/api/v1/auth/login"
AT_ONCE, ALLOWED = 60, 5
JUDGED = {200, 401, 403, 422}


@pytest.fixture
async def other(dsn: str, tmp_path: Path) -> AsyncIterator[Api]:
    """Another server on the same database, as another process has it."""
    async with serving_api(dsn, tmp_path) as served:
        yield served


async def guess(api: Api, password: str, **more: str) -> int:
    form = {"email": EMAIL, "password": password, "transport": "body", **more}
    async with api.client() as client:
        return (await client.post(LOGIN, json=form)).status_code


def judged(statuses: list[int]) -> int:
    assert set(statuses) <= {*JUDGED, 429}, Counter(statuses)
    return sum(status in JUDGED for status in statuses)


@pytest.mark.parametrize("place", [0, 3, 30, None])
async def test_of_sixty_guesses_at_once_five_are_judged(
    api: Api, other: Api, place: int | None
) -> None:
    await api.register(EMAIL)
    guesses = [PASSWORD if number == place else f"guess {number}" for number in range(AT_ONCE)]
    servers = (api, other)

    statuses = await asyncio.gather(
        *(guess(servers[number % 2], one) for number, one in enumerate(guesses))
    )

    assert 0 < judged(statuses) <= ALLOWED


async def test_of_sixty_guesses_of_a_password_with_a_second_factor_five_are_judged(
    api: Api,
) -> None:
    client = await api.user(EMAIL)
    offered = (await client.post(TOTP, json={"password": PASSWORD})).json()
    await client.post(f"{TOTP}/confirm", json={"code": code_now(offered["secret"])})

    statuses = await asyncio.gather(
        *(guess(api, PASSWORD if number == 20 else f"guess {number}") for number in range(AT_ONCE))
    )

    assert 0 < judged(statuses) <= ALLOWED


async def test_many_sign_ins_of_one_person_at_once_succeed(api: Api) -> None:
    await api.register(EMAIL)

    statuses = await asyncio.gather(*(guess(api, PASSWORD) for _ in range(12)))

    assert set(statuses) == {200}


async def test_a_success_forgives_what_failed_before_it(api: Api) -> None:
    await api.register(EMAIL)

    statuses = [
        await guess(api, PASSWORD if number % 5 == 4 else "wrong") for number in range(4 * 5)
    ]

    assert statuses == [401, 401, 401, 401, 200] * 4


@contextlib.asynccontextmanager
async def signed_in(api: Api, *, with_factor: bool) -> AsyncIterator[httpx.AsyncClient]:
    async with await api.user(EMAIL) as client:
        offered = (await client.post(TOTP, json={"password": PASSWORD})).json()
        if with_factor:
            code = code_now(offered["secret"])
            assert (await client.post(f"{TOTP}/confirm", json={"code": code})).status_code == 200
        yield client


ORACLES = {
    "the present password": (
        "PATCH",
        ME,
        {"password": {"current": "?", "new": "another password"}},
        False,
    ),
    "the password of a second factor": ("POST", TOTP, {"password": "?"}, False),
    "the first code": ("POST", f"{TOTP}/confirm", {"code": "?"}, False),
    "the password of new codes": (
        "POST",
        f"{TOTP}/recovery-codes",
        {"password": "?", "code": "123456"},
        True,
    ),
    "the code of new codes": (
        "POST",
        f"{TOTP}/recovery-codes",
        {"password": PASSWORD, "code": "?"},
        True,
    ),
    "the password of turning it off": (
        "POST",
        f"{TOTP}/disable",
        {"password": "?", "code": "123456"},
        True,
    ),
    "the code of turning it off": (
        "POST",
        f"{TOTP}/disable",
        {"password": PASSWORD, "code": "?"},
        True,
    ),
}


def filled(form: object, number: int) -> object:
    if isinstance(form, dict):
        return {name: filled(value, number) for name, value in form.items()}
    return f"wrong{number:05}" if form == "?" else form


@pytest.mark.parametrize("oracle", ORACLES)
async def test_a_secret_behind_the_sign_in_is_guessed_as_rarely(api: Api, oracle: str) -> None:
    method, path, form, with_factor = ORACLES[oracle]
    async with signed_in(api, with_factor=with_factor) as client:
        answers = await asyncio.gather(
            *(client.request(method, path, json=filled(form, n)) for n in range(2 * ALLOWED))
        )
        at_once = judged([one.status_code for one in answers])
        later = [
            (await client.request(method, path, json=filled(form, 90 + n))).status_code
            for n in range(ALLOWED)
        ]

    assert 0 < at_once <= ALLOWED
    assert at_once + judged(later) == ALLOWED
    assert await guess(api, PASSWORD) == 429


async def test_failed_sign_ins_keep_from_guessing_behind_it(api: Api) -> None:
    async with signed_in(api, with_factor=False) as client:
        for _ in range(ALLOWED):
            await guess(api, "wrong")
        form = {"password": {"current": PASSWORD, "new": "another password"}}

        answer = await client.patch(ME, json=form)

    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) <= 901
