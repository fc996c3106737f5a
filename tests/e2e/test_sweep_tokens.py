"""What API tokens may do: each operation with the scope that its description names, no more."""

import pytest

from tests.support.operations import Operation, operations
from tests.support.things import Person, ids_of
from tests.support.world import World, ask

ALL = [one for one in operations() if not one.is_public]
# Its answer has no end.
ENDLESS = "GET /api/v1/events"

pytestmark = pytest.mark.every


class Bearers:
    """People as their API tokens let them be, one for each set of scopes."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, frozenset[str]], Person] = {}

    async def of(self, person: Person, scopes: set[str]) -> Person:
        """The same person, with a token of these scopes."""
        key = (person.id, frozenset(scopes))
        if key not in self._made:
            form = {"name": "Sweep", "scopes": sorted(scopes)}
            token = (await person.post("/users/me/tokens", json=form)).json()["token"]
            self._made[key] = Person(person.api, person.email)
            self._made[key].id = person.id
            self._made[key].client = person.api.client(token)
        return self._made[key]


def scopes_for(person: Person, world: World) -> set[str]:
    """All that somebody's token can have."""
    known = {one.scope for one in ALL if one.scope is not None}
    return {one for one in known if person is world.root or not one.startswith("admin:")}


def owner_of(operation: Operation, world: World) -> Person:
    return world.root if operation.is_admin else world.ada


async def test_a_token_without_the_scope_is_refused(world: World) -> None:
    bearers = Bearers()
    assert {one.scope for one in ALL} - {None}
    for operation in ALL:
        owner = owner_of(operation, world)
        scopes = scopes_for(owner, world) - {operation.scope or ""}
        bearer = await bearers.of(owner, scopes)
        ids = await ids_of(operation, world.ada)
        before = await world.kept()

        answer = await ask(bearer, operation, ids)

        assert answer.status_code == 403, f"{operation.label} with {scopes}: {answer.text}"
        assert await world.kept() == before, f"{operation.label} changed something"


async def test_a_token_with_only_the_scope_is_let_in(world: World) -> None:
    bearers = Bearers()
    for operation in ALL:
        if operation.scope is None or operation.label == ENDLESS:
            continue
        bearer = await bearers.of(owner_of(operation, world), {operation.scope})
        ids = await ids_of(operation, world.grace if operation.is_admin else world.ada)

        answer = await ask(bearer, operation, ids)

        assert answer.status_code not in {401, 403}, f"{operation.label}: {answer.text}"
        await world.grace.renew()


async def test_a_token_of_another_gets_nothing(world: World) -> None:
    bearers = Bearers()
    for operation in ALL:
        if not operation.ids or operation.is_admin:
            continue
        bearer = await bearers.of(world.grace, scopes_for(world.grace, world))
        ids = await ids_of(operation, world.ada)
        before = await world.kept()

        answer = await ask(bearer, operation, ids)

        assert answer.status_code in {403, 404}, f"{operation.label}: {answer.text}"
        assert await world.kept() == before, f"{operation.label} changed something"


async def test_nobody_gives_a_token_more_than_they_may(world: World) -> None:
    form = {"name": "Sweep", "scopes": ["admin:read"]}

    refused = await world.ada.client.post("/api/v1/users/me/tokens", json=form)

    assert refused.status_code in {403, 422}
