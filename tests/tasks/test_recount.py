"""What is counted is what there is, whatever several people do to the same tasks at the same time.

Each run is another walk, and a failure tells its seed.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx

from tests.support.things import Person
from tests.tasks.sharing import add, project, share

STEPS, WALKERS = 25, 4
ALL = """
  SELECT * FROM tasks WHERE owner_id = $1 UNION ALL
  SELECT * FROM archived_tasks WHERE owner_id = $1
"""
# Counts that are no more than nought are as if they weren't there.
COUNTED = """
SELECT format('%s %s %s %s', project_id, measure, key, n) FROM task_counts
WHERE owner_id = $1 AND n <> 0 ORDER BY 1
"""
RECOUNTED = f"""
WITH t AS (
  SELECT *, coalesce(project_id, '00000000-0000-0000-0000-000000000000') AS place FROM ({ALL}) a
  WHERE deleted_at IS NULL
)
SELECT format('%s %s %s %s', place, measure, key, count(*)) FROM (
  SELECT place, 'status' AS measure, status AS key FROM t
  UNION ALL SELECT place, 'created', to_char(created_at AT TIME ZONE 'UTC', 'IYYY-"W"IW') FROM t
  UNION ALL
  SELECT place, 'completed', to_char(completed_at AT TIME ZONE 'UTC', 'IYYY-"W"IW') FROM t
  WHERE completed_at IS NOT NULL
  UNION ALL
  SELECT place, 'open', (ARRAY['low', 'medium', 'high', 'urgent'])[priority + 1] FROM t
  WHERE status IN ('todo', 'doing')
) m GROUP BY place, measure, key ORDER BY 1
"""  # noqa: S608  # literals alone
STANDING = f"""
SELECT format('%s %s %s %s', id, subtasks_total, subtasks_done, comment_count) FROM ({ALL}) t
WHERE parent_id IS NULL ORDER BY 1
"""  # noqa: S608  # literals alone
STANDING_ANEW = f"""
WITH t AS ({ALL})
SELECT format('%s %s %s %s', id,
  (SELECT count(*) FROM t p WHERE p.parent_id = t.id AND p.deleted_at IS NULL),
  (SELECT count(p.completed_at) FROM t p WHERE p.parent_id = t.id AND p.deleted_at IS NULL),
  (SELECT count(*) FROM task_comments c WHERE c.owner_id = $1 AND c.task_id = t.id))
FROM t WHERE parent_id IS NULL ORDER BY 1
"""  # noqa: S608  # literals alone
ASTRAY = f"""
WITH t AS ({ALL})
SELECT count(*) FROM t LEFT JOIN t w ON w.id = t.parent_id
WHERE t.parent_id IS NOT NULL AND t.deleted_at IS NULL AND (w.id IS NULL
  OR w.parent_id IS NOT NULL OR w.deleted_at IS NOT NULL
  OR w.project_id IS DISTINCT FROM t.project_id)
"""  # noqa: S608  # literals alone


class Walk:
    """Somebody who does this and that to tasks that others change as well."""

    def __init__(self, person: Person, ids: list[str], places: list[str], seed: str) -> None:
        self._person, self._ids, self._places = person, ids, places
        self._random = random.Random(seed)  # noqa: S311  # a walk, no secret

    async def take(self) -> list[int]:
        """Go some steps; how each was answered."""
        ways: list[Callable[[str], Awaitable[httpx.Response]]] = [
            self._change,
            self._change,
            self._delete,
            self._restore,
            self._move,
            self._put,
            self._batch,
            self._say,
            self._part,
        ]
        return [
            (await self._random.choice(ways)(self._random.choice(self._ids))).status_code
            for _ in range(STEPS)
        ]

    async def _send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return await self._person.client.request(method, f"/api/v1{path}", json=body)

    def _patch(self) -> dict[str, Any]:
        status = self._random.choice(["todo", "doing", "done", "archived"])
        return {"status": status, "priority": self._random.choice(["low", "high"])}

    async def _change(self, one: str) -> httpx.Response:
        return await self._send("PATCH", f"/tasks/{one}", self._patch())

    async def _delete(self, one: str) -> httpx.Response:
        return await self._send("DELETE", f"/tasks/{one}")

    async def _restore(self, one: str) -> httpx.Response:
        return await self._send("POST", f"/tasks/{one}/restore")

    async def _move(self, one: str) -> httpx.Response:
        body = {"project_id": self._random.choice(self._places)}
        return await self._send("PATCH", f"/tasks/{one}", body)

    async def _put(self, one: str) -> httpx.Response:
        whole = self._random.choice([None, *self._ids])
        return await self._send("PUT", f"/tasks/{one}/parent", {"parent_id": whole})

    async def _batch(self, _one: str) -> httpx.Response:
        several = self._random.sample(self._ids, 4)
        ops = [{"op": self._random.choice(["delete", "restore"]), "id": one} for one in several]
        ops += [{"op": "update", "id": one, "patch": self._patch()} for one in several[:2]]
        return await self._send("POST", "/tasks/batch", {"operations": ops})

    async def _say(self, one: str) -> httpx.Response:
        return await self._send("POST", f"/tasks/{one}/comments", {"text": "Well"})

    async def _part(self, one: str) -> httpx.Response:
        made = await self._send("POST", f"/tasks/{one}/subtasks", {"title": "Part"})
        if made.is_success:
            self._ids.append(made.json()["id"])
        return made


async def test_counts_are_what_there_is_after_anything(ada: Person, ben: Person) -> None:
    places = [await project(ada), await project(ada, "Studio")]
    for place in places:
        await share(ada, place, ben, "editor")
    ids = [(await add(ada, places[0], f"Task {number}"))["id"] for number in range(8)]
    seed = random.randrange(2**32)  # noqa: S311  # no secret
    walks = [
        Walk(person, ids, places, f"{seed} {number}")
        for number, person in enumerate([ada, ben] * (WALKERS // 2))
    ]

    answers = await asyncio.gather(*(walk.take() for walk in walks))

    owner = UUID(ada.id)
    async with ada.api.platform.database.read() as read:
        counted = await read.fetch_values(COUNTED, owner)
        recounted = await read.fetch_values(RECOUNTED, owner)
        standing = await read.fetch_values(STANDING, owner)
        anew = await read.fetch_values(STANDING_ANEW, owner)
        astray = await read.fetch_value(ASTRAY, owner)
    assert counted == recounted, seed
    assert standing == anew, seed
    assert astray == 0, seed
    assert not {status for one in answers for status in one} - {200, 201, 204, 404, 409}, seed
