"""What is revoked is refused here from the answer on, without a signal and without a poll."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from backline.accounts.users import setup_token
from tests.support.api import PASSWORD, Api, serving_api

pytestmark = pytest.mark.slow

ME, SESSIONS, TOKENS = "/api/v1/users/me", "/api/v1/users/me/sessions", "/api/v1/users/me/tokens"
ADA = "ada@example.org"


@pytest.fixture
async def api(dsn: str, tmp_path: Path) -> AsyncIterator[Api]:
    """A server that hears nothing of others, and so believes what it knows for ever."""
    async with serving_api(dsn, tmp_path, quiet=True) as served:
        yield served


class Scene:
    """Ada, signed in twice and with an API token, and an administrator."""

    def __init__(self, api: Api) -> None:
        self.api = api

    async def begin(self) -> None:
        form = {"email": "root@example.org", "password": PASSWORD, "name": "Root"}
        token = await setup_token(self.api.platform.database)
        async with self.api.client() as client:
            (
                await client.post("/api/v1/auth/setup", json={**form, "token": token})
            ).raise_for_status()
        self.root = self.api.client((await self.api.tokens(form["email"]))["access_token"])
        await self.api.register(ADA)
        self.first, second = await self.api.tokens(ADA), await self.api.tokens(ADA)
        self.ada, self.there = (
            self.api.client(one["access_token"]) for one in (self.first, second)
        )
        self.id = (await self.ada.get(ME)).json()["id"]
        form = {"name": "Program", "scopes": ["accounts:read"]}
        made = (await self.there.post(TOKENS, json=form)).json()
        self.token_id, self.program = made["id"], self.api.client(made["token"])

    async def ask(self, method: str, path: str, form: object = None, *, by: str) -> httpx.Response:
        client: httpx.AsyncClient = getattr(self, by)
        answer = await client.request(method, path, json=form)
        assert answer.is_success or answer.status_code == 401, answer.text
        return answer

    async def session_of_ada(self) -> str:
        listed = (await self.ada.get(SESSIONS)).json()["items"]
        return next(one["id"] for one in listed if one["current"])


Revoke = Callable[[Scene], Awaitable[object]]


async def reuse(scene: Scene) -> None:
    form = {"refresh_token": scene.first["refresh_token"]}
    second = (await scene.ask("POST", "/api/v1/auth/refresh", form, by="there")).json()
    await scene.ask(
        "POST", "/api/v1/auth/refresh", {"refresh_token": second["refresh_token"]}, by="there"
    )
    await scene.ask("POST", "/api/v1/auth/refresh", form, by="there")


async def one_of_the_list(scene: Scene) -> None:
    await scene.ask("DELETE", f"{SESSIONS}/{await scene.session_of_ada()}", by="there")


REVOKED: dict[str, tuple[str, Revoke]] = {
    "a sign-out": ("ada", lambda s: s.ask("POST", "/api/v1/auth/logout", by="ada")),
    "one of the list": ("ada", one_of_the_list),
    "all others": ("ada", lambda s: s.ask("DELETE", SESSIONS, by="there")),
    "a new password": (
        "ada",
        lambda s: s.ask(
            "PATCH", ME, {"password": {"current": PASSWORD, "new": "another one"}}, by="there"
        ),
    ),
    "a token used twice": ("ada", reuse),
    "a deleted account": ("ada", lambda s: s.ask("DELETE", ME, by="there")),
    "a closed account": (
        "ada",
        lambda s: s.ask("PATCH", f"/api/v1/admin/users/{s.id}", {"disabled": True}, by="root"),
    ),
    "a deleted token": ("program", lambda s: s.ask("DELETE", f"{TOKENS}/{s.token_id}", by="ada")),
    "a closed account's token": (
        "program",
        lambda s: s.ask("PATCH", f"/api/v1/admin/users/{s.id}", {"disabled": True}, by="root"),
    ),
}


@pytest.mark.parametrize("revoked", REVOKED)
async def test_the_request_after_the_answer_is_refused(api: Api, revoked: str) -> None:
    who, revoke = REVOKED[revoked]
    scene = Scene(api)
    await scene.begin()
    before = await scene.ask("GET", ME, by=who)

    await revoke(scene)

    after = await scene.ask("GET", ME, by=who)
    assert (before.status_code, after.status_code) == (200, 401)


async def test_a_role_that_was_taken_is_gone_with_the_answer(api: Api) -> None:
    scene = Scene(api)
    await scene.begin()
    path = f"/api/v1/admin/users/{scene.id}"
    await scene.ask("PATCH", path, {"role": "admin"}, by="root")
    before = await scene.ask("GET", "/api/v1/admin/users", by="ada")

    await scene.ask("PATCH", path, {"role": "user"}, by="root")

    after = await scene.ada.get("/api/v1/admin/users")
    assert (before.status_code, after.status_code) == (200, 403)
