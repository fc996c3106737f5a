"""What somebody's tasks cost among 10,000 tasks and among 1,000,000: list, search, statistics.

Two databases of the same server, one after the other asked for the same person's hundred tasks,
so that noise of the machine is in both. Run it with the environment of the tests:
`.venv/bin/python benchmarks/scale.py [TASKS]`.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID, uuid4

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from backline import main as program  # noqa: E402
from backline.platform import telemetry  # noqa: E402
from backline.platform.actor import Actor  # noqa: E402
from backline.platform.database import Database, Read, connect  # noqa: E402
from backline.platform.database.migrating import migrate  # noqa: E402
from backline.tasks import lists, tasks  # noqa: E402
from backline.tasks import statistics as figures  # noqa: E402
from backline.tasks.models import Filters  # noqa: E402
from tests.support import postgres  # noqa: E402

EACH = 100
FEW, MANY = 10_000, 1_000_000
ROUNDS = 300
AT_ONCE = 500  # people that one statement gives their tasks
_FILL = """
INSERT INTO tasks (owner_id, id, title, status, priority, labels, position, due_at, created_by,
  completed_at, created_at, title_key, search)
SELECT owner, uuidv7(), 'Task number ' || n, CASE WHEN n % 3 = 2 THEN 'done' ELSE 'todo' END,
  n % 4, ARRAY['gear'], lpad(n::text, 9, '0'), now() + (n - 50) * interval '1 hour', owner,
  CASE WHEN n % 3 = 2 THEN now() END, now() - n * interval '1 minute', 'task number ' || n,
  array_to_tsvector(ARRAY[mark || ':task', mark || ':number', mark || ':' || n, mark || '#gear'])
FROM unnest($1::uuid[]) AS owner, generate_series(1, $2) AS n,
  LATERAL (SELECT right(replace(owner::text, '-', ''), 10) AS mark) marks
"""
_COUNT = """
INSERT INTO task_counts (owner_id, project_id, measure, key, n)
SELECT owner_id, '00000000-0000-0000-0000-000000000000', 'status', status, count(*)
FROM tasks GROUP BY owner_id, status
"""
Asked = Callable[[Read, Actor], Awaitable[object]]


async def _list(read: Read, actor: Actor) -> object:
    return await lists.page(read, actor, Filters(), after=None, limit=21)


async def _due(read: Read, actor: Actor) -> object:
    filters = Filters(status=["todo"], sort="due_at")
    return await lists.page(read, actor, filters, after=None, limit=21)


async def _search(read: Read, actor: Actor) -> object:
    return await lists.page(read, actor, Filters(q="number 7"), after=None, limit=21)


async def _stats(read: Read, actor: Actor) -> object:
    return await figures.stats(read, await lists.scope_of(read, actor, Filters()))


async def _one(read: Read, actor: Actor) -> object:
    found = await lists.page(read, actor, Filters(), after=None, limit=1)
    return await tasks.get(read, actor, found[0].id)


ASKED: dict[str, Asked] = {
    "list of 20": _list,
    "list of 20, to do, by due time": _due,
    "search": _search,
    "statistics": _stats,
    "newest, then by its id": _one,
}


async def main(many: int) -> None:
    telemetry.set_up_logging(level="warning", as_json=False)
    postgres._SETTINGS.update({"shared_buffers": "512MB", "autovacuum": "on"})  # noqa: SLF001
    with postgres.running() as server:
        databases = {count: await _filled(server, count) for count in (FEW, many)}
        print(f"{EACH} tasks of one person, among {FEW:,} and among {many:,} tasks; ms, medians\n")
        print(f"{'':34}{FEW:>10,}{many:>12,}   ratio")
        for name, asked in ASKED.items():
            took = await _measured(databases, asked)
            few, more = (statistics.median(took[count]) * 1000 for count in (FEW, many))
            print(f"{name:34}{few:10.2f}{more:12.2f}   {more / few:.2f}")
        for database, _ in databases.values():
            await database.close()


async def _filled(server: postgres.PrivatePostgres, count: int) -> tuple[Database, list[Actor]]:
    """A database with so many tasks, and some of the people that they belong to."""
    name = f"scale_{count}"
    await postgres._execute(server.dsn(), f'CREATE DATABASE "{name}"')  # noqa: SLF001
    dsn = server.dsn(name)
    await migrate(dsn, program.migrations())
    database = await connect(dsn, max_size=1, statement_timeout_s=600)
    people: list[UUID] = [uuid4() for _ in range(count // EACH)]
    began_s = time.monotonic()
    for first in range(0, len(people), AT_ONCE):
        async with database.write() as tx:
            await tx.execute(_FILL, people[first : first + AT_ONCE], EACH)
    async with database.write() as tx:
        await tx.execute(_COUNT)
        await tx.execute("ANALYZE")
    print(f"{count:,} tasks were written in {time.monotonic() - began_s:.0f} s.", file=sys.stderr)
    actors = [Actor(one, "user", one) for one in people[:: max(1, len(people) // 50)]]
    return database, actors


async def _measured(
    databases: dict[int, tuple[Database, list[Actor]]], asked: Asked
) -> dict[int, list[float]]:
    """Seconds that it took, in turn in each database."""
    took: dict[int, list[float]] = {count: [] for count in databases}
    for number in range(-20, ROUNDS):
        for count, (database, actors) in databases.items():
            async with database.read() as read:
                began_s = time.perf_counter()
                await asked(read, actors[number % len(actors)])
                if number >= 0:
                    took[count].append(time.perf_counter() - began_s)
    return took


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else MANY))
