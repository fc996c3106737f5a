"""How a project is doing, asked at awkward moments."""

from typing import Any
from uuid import UUID

import pytest

from backline.live import shows
from backline.platform.actor import Actor
from backline.platform.database import Database, Read
from backline.platform.errors import NotFound
from backline.platform.ids import uuid7
from tests.support.api import Api
from tests.support.live_things import live_project
from tests.support.things import Person


class Interrupted(Read):
    """Before the list of what is known of a project, somebody deletes it."""

    def __init__(self, read: Read, database: Database) -> None:
        super().__init__(read._connection)
        self._database = database

    async def fetch(self, sql: Any, row: Any, *args: object) -> list[Any]:
        async with self._database.write() as tx:
            await tx.execute("UPDATE live_projects SET deleted_at = now()")
        return await super().fetch(sql, row, *args)


async def test_the_status_of_a_project_that_is_being_deleted_isnt_there(
    api: Api, ada: Person
) -> None:
    project_id = UUID(await live_project(ada))
    database, actor = api.platform.database, Actor(UUID(ada.id), "user", uuid7())

    async with database.read() as read:
        now = await shows.status(read, actor, project_id)
        with pytest.raises(NotFound):
            await shows.status(Interrupted(read, database), actor, project_id)

    assert (now.state, now.show_id, now.relays) == ("off", None, [])
