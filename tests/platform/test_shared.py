"""What is shared, end to end: kept answers, keyed writes and live events follow the rank."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from backline.platform.database.migrating import migrate
from tests.support.api import Api, serving_api
from tests.support.boards.wiring import migrations, program
from tests.support.things import Person

pytestmark = pytest.mark.slow

KEY = {"idempotency-key": "once"}


@pytest.fixture
async def api(dsn: str, tmp_path: Path) -> AsyncIterator[Api]:
    await migrate(dsn, migrations())
    async with serving_api(dsn, tmp_path, everything=program()) as opened:
        yield opened


@pytest.fixture
async def ada(api: Api) -> Person:
    return await signed_in(api, "ada")


@pytest.fixture
async def bob(api: Api) -> Person:
    return await signed_in(api, "bob")


@pytest.fixture
async def board(ada: Person) -> str:
    return (await ada.post("/boards", json={"text": "first"})).json()["id"]


async def signed_in(api: Api, name: str) -> Person:
    person = Person(api, f"{name}@example.org")
    await person.sign_in()
    return person


async def let_in(owner: Person, board: str, member: Person, rank: str) -> None:
    path = f"/api/v1/boards/{board}/members/{member.id}"
    (await owner.client.put(path, json={"rank": rank})).raise_for_status()


async def put_out(owner: Person, board: str, member: Person) -> None:
    path = f"/api/v1/boards/{board}/members/{member.id}"
    (await owner.client.delete(path)).raise_for_status()


async def write(person: Person, board: str, text: str, **headers: str) -> httpx.Response:
    return await person.client.patch(
        f"/api/v1/boards/{board}", json={"text": text}, headers={**KEY, **headers}
    )


async def test_a_keyed_write_is_replayed_to_who_is_still_an_editor(
    ada: Person, bob: Person, board: str
) -> None:
    await let_in(ada, board, bob, "editor")
    first = await write(bob, board, "by Bob")

    again = await write(bob, board, "by Bob")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == first.json()
    assert (await ada.get(f"/boards/{board}")).json()["version"] == 2


async def test_a_keyed_write_is_replayed_to_nobody_who_was_put_out(
    ada: Person, bob: Person, board: str
) -> None:
    await let_in(ada, board, bob, "editor")
    assert (await write(bob, board, "by Bob")).status_code == 200
    await put_out(ada, board, bob)

    again = await write(bob, board, "by Bob")

    assert again.status_code == 403
    assert "by Bob" not in again.text
    assert "idempotency-replayed" not in again.headers


async def test_a_keyed_write_is_replayed_to_nobody_of_a_lower_rank(
    ada: Person, bob: Person, board: str
) -> None:
    await let_in(ada, board, bob, "editor")
    assert (await write(bob, board, "by Bob")).status_code == 200
    await let_in(ada, board, bob, "viewer")

    assert (await write(bob, board, "by Bob")).status_code == 403
    await let_in(ada, board, bob, "editor")
    assert (await write(bob, board, "by Bob")).status_code == 200


@pytest.mark.parametrize("path", ["/boards", "/boards/{board}", "/boards/{board}/members"])
async def test_what_was_kept_for_a_member_ends_with_their_membership(
    ada: Person, bob: Person, board: str, path: str
) -> None:
    await let_in(ada, board, bob, "viewer")
    path = path.format(board=board)
    for said in ("stored", "hit"):
        bob.client.cookies.clear()
        assert said in (await bob.get(path)).headers["cache-status"]

    await put_out(ada, board, bob)
    after = await bob.client.get("/api/v1" + path)

    assert after.json().get("items", []) == []
    assert after.status_code == (200 if path == "/boards" else 404)
