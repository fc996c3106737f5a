"""Two people and an administrator in an API of their own, and a look at everything it keeps."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from backline.accounts.users import setup_token
from tests.support.api import PASSWORD, Api, serving_api
from tests.support.operations import Operation, request_of
from tests.support.things import Person

# What changes by being asked: nothing of anybody's.
UNCOMPARED = {"login_failures", "login_successes"}
UNCOMPARED_COLUMNS = ["last_seen_at", "last_used_at"]
# A partitioned table is looked at as one.
_TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
ORDER BY 1
"""
_DIGEST = """
SELECT md5(string_agg(line, ' ' ORDER BY line))
FROM (SELECT (to_jsonb(t) - $1::text[])::text AS line FROM "{}" t) lines
"""


class World:
    """Ada, Grace, and Root, who administers."""

    def __init__(self, api: Api, looking: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.api, self._looking = api, looking
        self.ada, self.grace = (Person(api, f"{name}@example.org") for name in ("ada", "grace"))
        self.root = Person(api, "root@example.org")

    async def begin(self) -> None:
        """Make them, and sign them in."""
        token = await setup_token(self.api.platform.database)
        form = {"token": token, "email": self.root.email, "password": PASSWORD, "name": "Root"}
        await self.root.post("/auth/setup", json=form)
        for person in (self.ada, self.grace, self.root):
            await person.sign_in()

    async def kept(self) -> dict[str, Any]:
        """Every row and file, condensed."""
        tables = [r[0] for r in await self._looking.fetch(_TABLES) if r[0] not in UNCOMPARED]
        rows = {
            name: await self._looking.fetchval(
                _DIGEST.format(name),
                UNCOMPARED_COLUMNS,
            )
            for name in tables
        }
        folder = self.api.platform.settings.media_dir
        files = {str(p): p.stat().st_size for p in folder.rglob("*") if p.is_file()}
        return {**rows, **files}


@pytest.fixture
async def world(dsn: str, tmp_path: Path) -> AsyncIterator[World]:
    """A world of this test's own."""
    connection = await asyncpg.connect(dsn)
    async with serving_api(dsn, tmp_path) as api:
        made = World(api, connection)
        await made.begin()
        yield made
    await connection.close()


async def ask(person: Person, operation: Operation, ids: dict[str, str]) -> httpx.Response:
    """Have somebody ask for an operation on these things."""
    return await person.client.request(**request_of(operation, ids))


def told(answer: httpx.Response) -> tuple[int, str]:
    """What an answer gives away: all but the request's own id."""
    if not answer.content:
        return answer.status_code, ""
    body = {k: v for k, v in answer.json().items() if k not in {"request_id", "instance"}}
    return answer.status_code, str(body)
