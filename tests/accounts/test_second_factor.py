"""The second factor: asked for at sign-in, each code good once, and nothing of it readable."""

import asyncio
import base64
from typing import Any

import asyncpg
import httpx
import pytest

from tests.support.api import PASSWORD, Api
from tests.support.second_factor import code_now

pytestmark = pytest.mark.slow

EMAIL = "ada@example.com"
ME, TOTP, LOGIN = "/api/v1/users/me", "/api/v1/users/me/totp", "/api/v1/auth/login"


class Ada:
    """Somebody with the second factor on, and an authenticator."""

    def __init__(self, api: Api, client: httpx.AsyncClient, secret: str, codes: list[str]) -> None:
        self.api, self.client, self.secret, self.codes = api, client, secret, codes

    def code(self, steps: int = 1) -> str:
        """The code of so many steps after the present one; the present one turned it on."""
        return code_now(self.secret, steps)

    async def sign_in(self, code: str | None = None, password: str = PASSWORD) -> httpx.Response:
        form = {"email": EMAIL, "password": password, "transport": "body"}
        async with self.api.client() as client:
            return await client.post(LOGIN, json=form if code is None else {**form, "code": code})


def wrong_code(secret: str) -> str:
    """Six digits that are no code of these minutes."""
    right = {code_now(secret, steps) for steps in range(-4, 5)}
    return next(code for number in range(10) if (code := f"{number:06}") not in right)


def kind(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


@pytest.fixture
async def ada(api: Api) -> Ada:
    client = await api.user(EMAIL)
    offered = (await client.post(TOTP, json={"password": PASSWORD})).json()
    confirmed = await client.post(f"{TOTP}/confirm", json={"code": code_now(offered["secret"])})
    assert confirmed.status_code == 200, confirmed.text
    return Ada(api, client, offered["secret"], confirmed.json()["recovery_codes"])


async def ask(dsn: str, query: str) -> Any:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_it_is_on_once_a_code_was_shown(api: Api) -> None:
    client = await api.user(EMAIL)
    assert (await client.get(ME)).json()["totp"] is False
    offered = (await client.post(TOTP, json={"password": PASSWORD})).json()

    wrong = await client.post(f"{TOTP}/confirm", json={"code": wrong_code(offered["secret"])})
    still_off = (await client.get(ME)).json()["totp"]
    right = await client.post(f"{TOTP}/confirm", json={"code": code_now(offered["secret"])})

    assert (wrong.status_code, still_off, right.status_code) == (422, False, 200)
    assert wrong.json()["errors"][0]["field"] == "code"
    assert len(set(right.json()["recovery_codes"])) == 10
    assert (await client.get(ME)).json()["totp"] is True
    assert offered["qr_svg"].startswith("<svg")
    assert offered["secret"] in offered["uri"]


async def test_a_sign_in_wants_a_code(ada: Ada) -> None:
    without = await ada.sign_in()
    wrong_password = await ada.sign_in(ada.code(), "not the password")
    right = await ada.sign_in(ada.code())

    assert (without.status_code, kind(without)) == (401, "second-factor-required")
    assert (wrong_password.status_code, kind(wrong_password)) == (401, "unauthenticated")
    assert right.status_code == 200


async def test_a_code_counts_once(ada: Ada) -> None:
    code = ada.code()

    first, second = await ada.sign_in(code), await ada.sign_in(code)

    assert first.status_code == 200
    assert (second.status_code, kind(second)) == (401, "wrong-code")


async def test_the_code_that_turned_it_on_does_not_sign_in(api: Api) -> None:
    client = await api.user(EMAIL)
    secret = (await client.post(TOTP, json={"password": PASSWORD})).json()["secret"]
    code = code_now(secret)
    codes = (await client.post(f"{TOTP}/confirm", json={"code": code})).json()["recovery_codes"]

    answer = await Ada(api, client, secret, codes).sign_in(code)

    assert kind(answer) == "wrong-code"


async def test_of_two_with_one_code_at_once_one_gets_in(ada: Ada) -> None:
    code = ada.code()

    answers = await asyncio.gather(*(ada.sign_in(code) for _ in range(4)))

    assert sorted(one.status_code for one in answers) == [200, 401, 401, 401]


async def test_a_recovery_code_counts_once_also_at_once(ada: Ada) -> None:
    answers = await asyncio.gather(*(ada.sign_in(ada.codes[0]) for _ in range(4)))
    other = await ada.sign_in(ada.codes[1].upper().replace("-", " "))

    assert sorted(one.status_code for one in answers) == [200, 401, 401, 401]
    assert other.status_code == 200


async def test_wrong_codes_close_the_account_also_when_they_come_at_once(
    ada: Ada, dsn: str
) -> None:
    wrong = wrong_code(ada.secret)

    answers = await asyncio.gather(*(ada.sign_in(wrong) for _ in range(12)))
    right = await ada.sign_in(ada.code())

    assert {one.status_code for one in answers} <= {401, 429}
    assert await ask(dsn, "SELECT count(*) FROM login_failures") == 5
    assert right.status_code == 429


async def test_a_right_password_alone_is_no_failure(ada: Ada, dsn: str) -> None:
    for _ in range(6):
        assert kind(await ada.sign_in()) == "second-factor-required"

    assert await ask(dsn, "SELECT count(*) FROM login_failures") == 0


async def test_turning_it_off_wants_password_and_code(ada: Ada, dsn: str) -> None:
    async def disable(password: str, code: str) -> int:
        form = {"password": password, "code": code}
        return (await ada.client.post(f"{TOTP}/disable", json=form)).status_code

    assert await disable("not the password", ada.code()) == 422
    assert await disable(PASSWORD, wrong_code(ada.secret)) == 422
    assert await disable(PASSWORD, ada.codes[3]) == 204
    assert await disable(PASSWORD, ada.code()) == 409

    assert (await ada.sign_in()).status_code == 200
    assert await ask(dsn, "SELECT count(*) FROM recovery_codes") == 0
    actions = "SELECT string_agg(action, ' ' ORDER BY id) FROM audit WHERE action LIKE 'totp.%'"
    assert await ask(dsn, actions) == "totp.enable totp.disable"


async def test_new_recovery_codes_end_the_old_ones(ada: Ada) -> None:
    form = {"password": PASSWORD, "code": ada.code()}

    fresh = await ada.client.post(f"{TOTP}/recovery-codes", json=form)

    assert fresh.status_code == 200
    assert kind(await ada.sign_in(ada.codes[0])) == "wrong-code"
    assert (await ada.sign_in(fresh.json()["recovery_codes"][0])).status_code == 200


async def test_it_can_not_be_set_up_anew_while_it_is_on(ada: Ada) -> None:
    assert (await ada.client.post(TOTP, json={"password": PASSWORD})).status_code == 409
    assert (await ada.client.post(f"{TOTP}/confirm", json={"code": ada.code()})).status_code == 409


async def test_nothing_that_is_kept_makes_a_code(ada: Ada, dsn: str) -> None:
    kept = await ask(dsn, "SELECT string_agg(t::text, ' ') FROM totp t")
    digests = await ask(dsn, "SELECT string_agg(r::text, ' ') FROM recovery_codes r")

    secret = base64.b32decode(ada.secret)
    assert ada.secret not in kept
    assert secret.hex() not in kept
    for code in ada.codes:
        assert code not in digests
        assert code.replace("-", "").encode().hex() not in digests


async def test_a_deleted_account_leaves_no_secret(ada: Ada, dsn: str) -> None:
    assert (await ada.client.delete(ME)).status_code == 204

    assert await ask(dsn, "SELECT count(*) FROM totp") == 0
    assert await ask(dsn, "SELECT count(*) FROM recovery_codes") == 0


async def test_an_administrator_can_turn_it_off_for_somebody_who_lost_it(
    ada: Ada, dsn: str
) -> None:
    user_id = (await ada.client.get(ME)).json()["id"]
    url = f"/api/v1/admin/users/{user_id}"
    assert (await ada.client.patch(url, json={"totp": False})).status_code == 403
    await ask(dsn, "UPDATE users SET role = 'admin'")
    root = ada.api.client((await ada.sign_in(ada.codes[0])).json()["access_token"])

    on = await root.patch(url, json={"totp": True})
    off = await root.patch(url, json={"totp": False})

    assert (on.status_code, off.status_code) == (422, 200)
    assert off.json()["totp"] is False
    assert (await ada.sign_in()).status_code == 200
