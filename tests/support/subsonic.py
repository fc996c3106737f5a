"""A player of somebody's: calls `/rest` by an app password, and looks at each answer twice."""

import hashlib
import json
from typing import Any

import httpx

from tests.support.api import Api
from tests.support.opensubsonic import assert_twins, validate
from tests.support.things import Person

SCOPES = ["audio:read", "audio:write"]


class Player:
    """A program that knows a name and an app password."""

    def __init__(self, api: Api, name: str, password: str) -> None:
        self.name, self.password = name, password
        self.client = api.client()

    def shown(self, salt: str = "c0ffee") -> dict[str, str]:
        """Its credentials, as a digest."""
        token = hashlib.md5((self.password + salt).encode()).hexdigest()  # noqa: S324
        return {"u": self.name, "t": token, "s": salt, "v": "1.16.1", "c": "tests"}

    async def raw(self, call: str, **params: Any) -> httpx.Response:
        """An answer as it comes."""
        return await self.client.get(f"/rest/{call}", params={**self.shown(), **params})

    async def fails(self, call: str, **params: Any) -> dict[str, Any]:
        """The error that a call ends with."""
        answer = await self._both(call, params)
        assert answer["status"] == "failed", answer
        return answer["error"]

    async def once(self, call: str, **params: Any) -> Any:
        """What a call answers that changes something, or answers otherwise each time."""
        answer = await self.raw(call, **params, f="json")
        return _content(call, answer.text)

    async def __call__(self, call: str, **params: Any) -> Any:
        """What a call answers, the same in XML as in JSON."""
        answer = await self._both(call, params)
        assert answer["status"] == "ok", answer
        return _inner(answer)

    async def _both(self, call: str, params: dict[str, Any]) -> dict[str, Any]:
        as_json = await self.raw(call, **params, f="json")
        as_xml = await self.raw(f"{call}.view", **params)
        assert as_xml.status_code == as_json.status_code == 200, as_json.text
        answer = as_json.json()
        validate(call, answer)
        assert_twins(answer, as_xml.text)
        return answer["subsonic-response"]


def _content(call: str, text: str) -> Any:
    answer = json.loads(text)
    validate(call, answer)
    assert answer["subsonic-response"]["status"] == "ok", answer
    return _inner(answer["subsonic-response"])


def _inner(answer: dict[str, Any]) -> Any:
    head = {"status", "version", "type", "serverVersion", "openSubsonic"}
    return next((value for key, value in answer.items() if key not in head), None)


async def app_password(person: Person, *scopes: str, name: str = "Player") -> dict[str, Any]:
    """A new app password, as it is told."""
    form = {"name": name, "scopes": list(scopes) or SCOPES}
    return (await person.post("/users/me/app-passwords", json=form)).json()


async def player_of(person: Person, *scopes: str) -> Player:
    """A player of somebody's library."""
    made = await app_password(person, *scopes)
    return Player(person.api, person.email, made["password"])
