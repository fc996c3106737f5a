"""Projects in tests of tasks: made, shared, and what is asked of them."""

from typing import Any
from uuid import UUID

from backline import accounts
from backline.accounts import Container, MemberRank
from backline.tasks.access import KIND
from tests.support.things import Person


async def project(owner: Person, name: str = "Autumn tour") -> str:
    """A project of somebody's."""
    return str((await owner.post("/projects", json={"name": name})).json()["id"])


async def share(owner: Person, project_id: str, person: Person, rank: MemberRank) -> None:
    """Let somebody in, or give them another rank."""
    where = Container(UUID(owner.id), UUID(project_id), KIND)
    async with owner.api.platform.database.write() as tx:
        if not await accounts.add_member(tx, where, UUID(person.id), rank):
            await accounts.change_member(tx, where, UUID(person.id), rank)


async def add(person: Person, project_id: str | None, title: str, **said: Any) -> dict[str, Any]:
    """A task in a project."""
    form = {"title": title, "project_id": project_id, **said}
    return dict((await person.post("/tasks", json=form)).json())


async def titles(person: Person, query: str = "") -> list[str]:
    """What somebody's list shows."""
    return [one["title"] for one in (await person.get(f"/tasks?{query}")).json()["items"]]
