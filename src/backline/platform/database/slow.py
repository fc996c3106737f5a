"""Statements that take long: counted, and logged with the plan that PostgreSQL makes for them.

The plan comes afterwards, from a connection of its own, without running the statement and
without its arguments, which are never logged.
"""

import asyncio
import contextlib
import re
import time
from typing import Final

import asyncpg
import structlog
from prometheus_client import Counter

from backline.platform.database.pool import FAULTS

EACH_S: Final = 60.0
_TEXTS = 1_000
_LONGEST = 2_000
_LONGEST_PLAN = 8_000
_EXPLAIN_S = 5.0
_SPACE = re.compile(r"\s+")
_EXPLAINED = re.compile(r"\s*(select|with|insert|update|delete|values|merge)\b", re.IGNORECASE)
_EXPLAIN = "EXPLAIN EXECUTE slow"
_SETTINGS = {"application_name": "backline slow", "plan_cache_mode": "force_generic_plan"}
_SLOW = Counter("backline_slow_statements_total", "Statements that took longer than the setting")
_log = structlog.get_logger()


class SlowStatements:
    """Hears of every statement that took over `limit_s`; tells of each text once a minute.

    `dsn` is where plans are asked for; it has to know the same tables.
    """

    def __init__(self, dsn: str, limit_s: float) -> None:
        self.limit_s = limit_s
        self._dsn = dsn
        self._told_s: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._one_at_a_time = asyncio.Lock()

    def note(self, sql: str, took_s: float) -> None:
        """Count a statement, and log it unless that was done within the last minute."""
        _SLOW.inc()
        now_s = time.monotonic()
        told_s = self._told_s.get(sql)
        if told_s is not None and now_s - told_s < EACH_S:
            return
        if len(self._told_s) >= _TEXTS:
            del self._told_s[next(iter(self._told_s))]
        self._told_s[sql] = now_s
        task = asyncio.get_running_loop().create_task(self._tell(sql, took_s), name="slow")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Ask for no more plans."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _tell(self, sql: str, took_s: float) -> None:
        plan: str | None = None
        with contextlib.suppress(*FAULTS):
            async with self._one_at_a_time, asyncio.timeout(_EXPLAIN_S):
                plan = await _plan(self._dsn, sql)
        text = _SPACE.sub(" ", sql).strip()[:_LONGEST]
        _log.warning("slow_statement", took_s=round(took_s, 3), sql=text, plan=plan)


async def _plan(dsn: str, sql: str) -> str | None:
    """The generic plan of a statement, which isn't run."""
    if not _EXPLAINED.match(sql):
        return None
    connection = await asyncpg.connect(dsn, timeout=2, server_settings=_SETTINGS)
    try:
        count = len((await connection.prepare(sql)).get_parameters())
        await connection.execute("PREPARE slow AS " + sql)  # one of our own, as it was run
        # The parameters need a value each, but a generic plan looks at none of them.
        nothing = f"({', '.join(['NULL'] * count)})" if count else ""
        lines = [str(record[0]) for record in await connection.fetch(_EXPLAIN + nothing)]
    finally:
        connection.terminate()
    return "\n".join(lines)[:_LONGEST_PLAN]
