"""PostgreSQL for everyone: the two things a query can be given, `Read` and `Write`.

A `Write` is a transaction and also a `Read`; a type checker thereby keeps writes off whatever
hands out only a `Read`. Both take `LiteralString`, so it refuses SQL that was put together from
outside text. Rows become Structs by position.
"""

import inspect
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import TracebackType
from typing import Any, LiteralString, Protocol, TypeVar
from uuid import UUID

import asyncpg
import msgspec
import structlog
from prometheus_client import Counter

from backline.platform.database.pool import LOST, Pool, open_pool
from backline.platform.database.slow import SlowStatements
from backline.platform.errors import Unavailable

RowT = TypeVar("RowT", bound=msgspec.Struct)
BeforeCommit = Callable[[], Awaitable[None]]
AfterCommit = Callable[[], Awaitable[None] | None]
Publish = Callable[[str], Awaitable[None]]

_log = structlog.get_logger()
_SILENT = "The database doesn't answer. Please try again shortly."
# What was at work for longer when its connection was lost isn't begun again.
_REPEATED_S = 5.0
_STATEMENTS = Counter("backline_database_statements_total", "Statements sent to PostgreSQL")

_NOTIFY = "SELECT pg_notify('backline', notice) FROM unnest($1::text[]) AS notice"
# (query, Struct) pairs whose column names were compared with the Struct's fields.
_checked: set[tuple[str, type[msgspec.Struct]]] = set()


class Source(Protocol):
    """Where a `Read` has its connection from, and may get another one."""

    async def instead(
        self, fault: Exception, took_s: float
    ) -> "asyncpg.Connection[asyncpg.Record] | None":
        """A connection on which a statement may be repeated that gave nothing but `fault`."""
        ...


class Read:
    """Statements that change nothing. Lives as long as the `async with` that gave it."""

    def __init__(
        self,
        connection: "asyncpg.Connection[asyncpg.Record]",
        source: Source | None = None,
        slow: SlowStatements | None = None,
    ) -> None:
        self._connection, self._source, self._slow = connection, source, slow

    async def fetch(self, sql: LiteralString, row: type[RowT], *args: object) -> list[RowT]:
        """All rows, each as a `row`; the query's columns stand in the order of its fields."""
        records = await self._ask("fetch", sql, *args)
        if records:
            _check_columns(sql, row, records[0])
        return [row(*record) for record in records]

    async def fetch_one(self, sql: LiteralString, row: type[RowT], *args: object) -> RowT | None:
        """The first row, or None."""
        record = await self._ask("fetchrow", sql, *args)
        if record is None:
            return None
        _check_columns(sql, row, record)
        return row(*record)

    async def fetch_value(self, sql: LiteralString, *args: object) -> Any:
        """The first column of the first row, or None."""
        return await self._ask("fetchval", sql, *args)

    async def fetch_values(self, sql: LiteralString, *args: object) -> list[Any]:
        """The first column of all rows."""
        return [record[0] for record in await self._ask("fetch", sql, *args)]

    async def _ask(self, how: str, sql: str, *args: Any, **options: Any) -> Any:
        """Have the connection do `how` with a statement, and do it again where that helps.

        Raises:
            Unavailable: nothing came for five seconds more than the statement may take.
        """
        _STATEMENTS.inc()
        began_s = time.perf_counter()
        try:
            return await getattr(self._connection, how)(sql, *args, **options)
        except Exception as fault:
            took_s = time.perf_counter() - began_s
            other = await self._source.instead(fault, took_s) if self._source else None
            if other is None:
                if isinstance(fault, TimeoutError):
                    raise Unavailable(_SILENT) from fault
                raise
            self._connection = other
        finally:
            if self._slow is not None:
                took_s = time.perf_counter() - began_s
                if took_s > self._slow.limit_s:
                    self._slow.note(sql, took_s)
        return await self._ask(how, sql, *args, **options)


class Write(Read):
    """One transaction: committed when its `async with` ends, rolled back if that raises.

    `publish` sends a signal where that doesn't go through PostgreSQL; where it does, `notices`
    gathers them, and they go out in one statement just before the COMMIT. `tags` gathers what
    caches have to forget, see `platform/cache/tags`; `ranks` which rank of whoever acts was asked
    for in which container. `declared` is the database's.
    """

    def __init__(
        self,
        connection: "asyncpg.Connection[asyncpg.Record]",
        publish: Publish | None = None,
        slow: SlowStatements | None = None,
        declared: object = None,
    ) -> None:
        super().__init__(connection, None, slow)
        self.publish, self.declared = publish, declared
        self.notices: list[str] = []
        self.tags: dict[str, None] = {}
        self.ranks: dict[UUID, str] = {}
        self._before_commit: list[BeforeCommit] = []
        self._after_commit: list[AfterCommit] = []

    async def execute(self, sql: LiteralString, *args: object) -> int:
        """Run one statement; the number of rows that it touched (0 where it touches none)."""
        status: str = await self._ask("execute", sql, *args)
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def execute_many(self, sql: LiteralString, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row, in one round trip."""
        await self._ask("executemany", sql, rows)

    async def copy_rows(
        self, table: LiteralString, columns: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Append many rows by COPY: the fastest way in, without conflict handling."""
        await self._ask("copy_records_to_table", table, columns=list(columns), records=rows)

    @asynccontextmanager
    async def savepoint(self) -> AsyncGenerator[None]:
        """A part that can fail without ending the transaction."""
        noticed, tags = len(self.notices), dict(self.tags)
        try:
            async with self._connection.transaction():
                yield
        except BaseException:
            del self.notices[noticed:]
            self.tags = tags
            raise

    def before_commit(self, callback: BeforeCommit) -> None:
        """Have `callback` run as the transaction's last word."""
        self._before_commit.append(callback)

    async def finish(self) -> None:
        """Say what there is to say, just before the COMMIT."""
        for callback in self._before_commit:
            await callback()
        if self.notices:
            await self.execute(_NOTIFY, self.notices)

    def after_commit(self, callback: AfterCommit, *, first: bool = False) -> None:
        """Have `callback` run once the transaction is durable, and not at all if it isn't."""
        self._after_commit.insert(0 if first else len(self._after_commit), callback)

    async def run_after_commit(self) -> None:
        """Run what was registered; a failure is logged, since the data is already safe."""
        for callback in self._after_commit:
            try:
                result = callback()
                if inspect.isawaitable(result):
                    await result
            except Exception:  # noqa: BLE001  # whatever it is, the commit stands
                _log.exception("after_commit_failed", callback=repr(callback))


Reads = Callable[[], AbstractAsyncContextManager[Read]]
Writes = Callable[[], AbstractAsyncContextManager[Write]]


class Database:
    """The database of one process. Made by `connect`, ended by `close`.

    `read()` gives a connection for statements that change nothing, `write()` one transaction;
    what `after_commit` registered runs after its COMMIT. Both raise `Unavailable` where there is
    no connection within 5 s or it was lost on the way, `write` also `Conflict` where PostgreSQL
    ended the transaction in favour of another. How they do it may be given, see `view`.

    `declared` is what the program declares of jobs: transactions carry it, and only
    `platform/jobs` looks at it.
    """

    def __init__(
        self,
        pool: Pool,
        dsn: str,
        slow: SlowStatements | None = None,
        *,
        read: Reads | None = None,
        write: Writes | None = None,
    ) -> None:
        self._pool, self._slow = pool, slow
        self.dsn = dsn
        self.publish: Publish | None = None
        self.declared: object = None
        self.read: Reads = read or self.reading
        self.write: Writes = write or self._writing

    def view(self, *, read: Reads | None = None, write: Writes | None = None) -> "Database":
        """This database, read or written in another way; what isn't given stays as it is here."""
        read, write = read or self.read, write or self.write
        return Database(self._pool, self.dsn, self._slow, read=read, write=write)

    def reading(self) -> "Reading":
        """A read of the primary, whatever way `read` goes."""
        return Reading(self._pool, self._slow)

    def read_on(self, connection: "asyncpg.Connection[asyncpg.Record]", source: Source) -> Read:
        """A read on a connection of `source`."""
        return Read(connection, source, self._slow)

    @asynccontextmanager
    async def _writing(self) -> AsyncGenerator[Write]:
        async with self._pool.connection() as connection, connection.transaction():
            write = Write(connection, self.publish, self._slow, self.declared)
            yield write
            await write.finish()
        await write.run_after_commit()

    async def ping(self) -> float:
        """Seconds that a round trip took.

        Raises:
            Unavailable: as `read`.
        """
        began_s = time.perf_counter()
        async with self.read() as read:
            await read.fetch_value("SELECT 1")
        self._pool.measure()
        return time.perf_counter() - began_s

    async def close(self) -> None:
        """Return all connections, waiting a few seconds for those in use."""
        if self._slow is not None:
            await self._slow.close()
        await self._pool.close()


class Reading:
    """What `Database.read` gives; a class, since it is on every request's way."""

    __slots__ = ("_is_repeated", "_lent", "_pool", "_slow")

    def __init__(self, pool: Pool, slow: SlowStatements | None) -> None:
        self._pool, self._slow, self._is_repeated = pool, slow, False
        self._lent = pool.connection()

    async def __aenter__(self) -> Read:
        return Read(await self._lent.__aenter__(), self, self._slow)

    async def lend(self) -> "asyncpg.Connection[asyncpg.Record]":
        """Begin as `async with` does, but with the bare connection."""
        return await self._lent.__aenter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._lent.__aexit__(kind, fault, at)

    async def instead(
        self, fault: Exception, took_s: float
    ) -> "asyncpg.Connection[asyncpg.Record] | None":
        """Another connection, once, where the first was lost: PostgreSQL may just restart."""
        if self._is_repeated or took_s > _REPEATED_S or not isinstance(fault, LOST):
            return None
        self._is_repeated = True
        self._lent.give_back()
        self._lent = self._pool.connection()
        return await self._lent.__aenter__()


async def connect(
    dsn: str,
    *,
    max_size: int = 20,
    statement_timeout_s: int = 30,
    slow_s: float | None = None,
    direct_dsn: str | None = None,
) -> Database:
    """Open a pool of up to `max_size` connections to the primary named by `dsn`.

    Statements that take over `slow_s` are logged, with plans from `direct_dsn`.
    """
    pool = await open_pool(dsn, size=max_size, statement_timeout_s=statement_timeout_s)
    slow = SlowStatements(direct_dsn or dsn, slow_s) if slow_s is not None else None
    return Database(pool, dsn, slow)


def _check_columns(sql: str, row: type[msgspec.Struct], record: asyncpg.Record) -> None:
    """Refuse a query whose columns don't stand as the Struct's fields do (once per query)."""
    if (sql, row) in _checked:
        return
    columns = tuple(record.keys())
    fields = row.__struct_fields__[: len(columns)]
    if columns != fields:
        raise TypeError(f"{row.__name__} has {fields}, but the query gives {columns}")
    _checked.add((sql, row))
