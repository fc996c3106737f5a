"""Keys of people for their programs that operations are asked for in tests; `things` names them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.things import Person

MANY_TOKENS = 40  # nobody can have more than 50


async def app_password(person: "Person") -> str:
    """An app password; one of those that are there already once there are many."""
    there = (await person.get("/users/me/app-passwords")).json()["items"]
    if len(there) >= MANY_TOKENS:
        return there[0]["id"]
    form = {"name": "Player", "scopes": ["audio:read"]}
    return (await person.post("/users/me/app-passwords", json=form)).json()["id"]


async def token(person: "Person") -> str:
    """An API token; one of those that are there already once there are many."""
    there = (await person.get("/users/me/tokens")).json()["items"]
    if len(there) >= MANY_TOKENS:
        return there[0]["id"]
    form = {"name": "Backup", "scopes": ["audio:read"]}
    return (await person.post("/users/me/tokens", json=form)).json()["id"]
