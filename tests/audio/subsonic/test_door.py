"""`/rest`: who is let in, how they say who they are, and what they are told who aren't."""

import hashlib
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY

from tests.support.api import PASSWORD, Api
from tests.support.opensubsonic import needs_description, validate
from tests.support.subsonic import Player, app_password, player_of
from tests.support.things import Person

pytestmark = pytest.mark.slow


def statements() -> float:
    return REGISTRY.get_sample_value("backline_database_statements_total") or 0


async def code(player: Player, **params: Any) -> int | None:
    """The error that a ping ends with; None where it ends well."""
    answer = await player.client.get("/rest/ping", params={**params, "f": "json"})
    assert answer.status_code == 200, answer.text
    said = answer.json()
    validate("ping", said)
    return said["subsonic-response"].get("error", {}).get("code")


async def test_an_app_password_opens_in_each_way_that_it_can_be_shown(player: Player) -> None:
    name, password = player.name, player.password

    assert await code(player, **player.shown()) is None
    assert await code(player, **player.shown("other")) is None
    assert await code(player, u=name.upper(), p=password) is None
    assert await code(player, u=name, p=f"enc:{password.encode().hex()}") is None
    assert await code(player, apiKey=password) is None


async def test_a_form_is_as_good_as_the_address(player: Player) -> None:
    form = {**player.shown(), "f": "json"}

    answers = [
        await player.client.post("/rest/ping.view", data=form),
        await player.client.post("/rest/ping", params={"f": "json"}, data=player.shown()),
        await player.client.post("/rest/getUser", data={**form, "username": player.name}),
    ]

    assert [one.json()["subsonic-response"]["status"] for one in answers] == ["ok"] * 3
    assert '"rest"' in answers[0].headers["ratelimit-policy"]


async def test_whoever_is_not_let_in_is_told_why(player: Player) -> None:
    name, key = player.name, player.password

    assert await code(player) == 10
    assert await code(player, u=name) == 10
    assert await code(player, u=name, t="0" * 32) == 10
    assert await code(player, u=name, p="wrong") == 40
    assert await code(player, u=name, p=PASSWORD) == 40
    assert await code(player, u="nobody@example.org", p=key) == 40
    assert await code(player, u=name, apiKey=key) == 43
    assert await code(player, apiKey="wrong") == 44


async def test_wrong_ones_count_and_right_ones_are_let_in_all_the_same(player: Player) -> None:
    for _ in range(5):
        assert await code(player, u=player.name, p="wrong") == 40

    answer = await player.client.get(
        "/rest/ping", params={"u": player.name, "p": "wrong", "f": "json"}
    )

    assert "Too many" in answer.json()["subsonic-response"]["error"]["message"]
    assert await code(player, **player.shown()) is None


async def test_a_forgotten_program_does_not_lock_its_owner_out(player: Player, ada: Person) -> None:
    for _ in range(6):
        await code(player, u=player.name, p="wrong")

    assert "access_token" in await ada.api.tokens(ada.email)


async def test_a_revoked_password_opens_nothing_from_then_on(ada: Person) -> None:
    made = await app_password(ada)
    player, other = Player(ada.api, ada.email, made["password"]), await player_of(ada)
    assert await code(player, **player.shown()) is None
    assert await code(player, apiKey=made["password"]) is None

    answer = await ada.client.delete(f"/api/v1/users/me/app-passwords/{made['id']}")

    assert answer.status_code == 204
    assert await code(player, **player.shown()) == 40
    assert await code(player, apiKey=made["password"]) == 44
    assert await code(other, **other.shown()) is None


async def test_a_deleted_account_has_no_players(player: Player, ada: Person) -> None:
    assert await code(player, **player.shown()) is None

    form = {"password": PASSWORD}
    (await ada.client.request("DELETE", "/api/v1/users/me", json=form)).raise_for_status()

    assert await code(player, **player.shown()) == 40


async def test_known_players_cost_no_query(player: Player) -> None:
    await player("ping")
    before = statements()

    await player("ping")
    await player("getLicense")

    assert statements() == before


async def test_a_password_opens_no_more_than_it_was_made_for(ada: Person) -> None:
    reader, stranger = await player_of(ada, "audio:read"), await player_of(ada, "tasks:read")

    assert (await reader("getUser", username=reader.name))["playlistRole"] is False
    assert (await stranger.fails("ping"))["code"] == 50
    bearer = ada.api.client(reader.password)
    assert (await bearer.get("/api/v1/tracks")).status_code == 401


async def test_what_there_is_to_know_of_the_server(player: Player) -> None:
    user = await player("getUser", username=player.name)

    assert await player("ping") is None
    assert (await player("getLicense"))["valid"] is True
    assert await player("getMusicFolders") == {"musicFolder": [{"id": 1, "name": "Music"}]}
    assert (user["username"], user["adminRole"], user["streamRole"]) == (player.name, False, True)
    assert (await player.fails("getUser", username="bob@example.org"))["code"] == 50
    assert (await player.fails("getUser"))["code"] == 10
    answer = await player.client.get(
        "/rest/tokenInfo", params={"apiKey": player.password, "f": "json"}
    )
    validate("tokenInfo", answer.json())
    assert answer.json()["subsonic-response"]["tokenInfo"] == {"username": player.name}


async def test_strangers_may_know_what_the_server_can(api: Api) -> None:
    answer = await api.client().get("/rest/getOpenSubsonicExtensions.view", params={"f": "json"})

    validate("getOpenSubsonicExtensions", answer.json())
    found = answer.json()["subsonic-response"]["openSubsonicExtensions"]
    assert {"name": "formPost", "versions": [1]} in found


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/rest/getNothing", 404), ("GET", "/rest", 404), ("PUT", "/rest/ping", 405)],
)
async def test_what_cannot_be_called(player: Player, method: str, path: str, status: int) -> None:
    answer = await player.client.request(method, path, params=player.shown())

    assert answer.status_code == status
    assert 'status="failed"' in answer.text


async def test_odd_requests_are_answered(player: Player) -> None:
    shown = player.shown()
    form = {"content-type": "application/x-www-form-urlencoded"}

    async def post(body: bytes) -> httpx.Response:
        return await player.client.post("/rest/ping?f=json", content=body, headers=form)

    assert "NUL" in (await post(b"u=a%00b&p=c")).text
    assert "50000 parameters" in (await post(b"&".join([b"a=1"] * 50_001))).text
    assert '"code":40' in (await post(b"u=%ff%fe&p=%ed%a0%80")).text
    jsonp = {**shown, "f": "jsonp", "callback": "done"}
    assert (await player.client.get("/rest/ping", params=jsonp)).text.startswith("/**/done({")
    bad = await player.client.get("/rest/ping", params={**jsonp, "callback": "alert(1)"})
    assert bad.json()["subsonic-response"]["error"]["code"] == 10


@needs_description
async def test_answers_are_as_opensubsonic_describes_them(player: Player) -> None:
    with pytest.raises(AssertionError):
        validate("getUser", {"subsonic-response": {"status": "ok", "user": {}}})
    await player("getUser", username=player.name)


async def test_the_digest_is_that_of_the_protocol(player: Player) -> None:
    token = hashlib.md5(f"{player.password}abc".encode()).hexdigest()  # noqa: S324

    assert await code(player, u=player.name, t=token.upper(), s="abc") is None
