"""One consistent view of the whole database, which other sessions such as pg_dump's can share."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import asyncpg
import msgspec

from backline.platform.database.access import Read

_TABLES = """
SELECT schemaname, tablename FROM pg_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
"""
_SCHEMA = "SELECT package || '/' || name FROM schema_migrations ORDER BY 1"
_CONNECT_S = 10.0
# pg_dump and the reading of long lists take as long as they take.
_SETTINGS = {
    "application_name": "backline",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "timezone": "UTC",
}


class Snapshot(msgspec.Struct, frozen=True):
    """A view that stays the same while it is open. `id` is for `pg_dump --snapshot`.

    `server_version` is as PostgreSQL numbers it (180004), `schema` the applied migrations,
    `rows` the number of rows by table.
    """

    read: Read
    id: str
    server_version: int
    schema: list[str]
    rows: dict[str, int]


@asynccontextmanager
async def open_snapshot(dsn: str) -> AsyncGenerator[Snapshot]:
    """Open a view of the database at `dsn`, which mustn't be behind a pooler.

    Raises:
        OSError, asyncpg.PostgresError: the database doesn't answer.
    """
    connection = await asyncpg.connect(dsn, timeout=_CONNECT_S, server_settings=_SETTINGS)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            yield Snapshot(
                Read(connection),
                await connection.fetchval("SELECT pg_export_snapshot()"),
                await server_version(connection),
                [row[0] for row in await connection.fetch(_SCHEMA)],
                await _rows(connection),
            )
    finally:
        await connection.close(timeout=5)


async def server_version(connection: "asyncpg.Connection[asyncpg.Record]") -> int:
    """The server's version as PostgreSQL numbers it."""
    return int(await connection.fetchval("SELECT current_setting('server_version_num')"))


async def row_counts(dsn: str) -> dict[str, int]:
    """The number of rows of each table; a new database has none of them."""
    connection = await asyncpg.connect(dsn, timeout=_CONNECT_S, server_settings=_SETTINGS)
    try:
        return await _rows(connection)
    finally:
        await connection.close(timeout=5)


async def is_answering(dsn: str) -> bool:
    """Whether a database takes connections there now."""
    try:
        connection = await asyncpg.connect(dsn, timeout=_CONNECT_S)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    await connection.close(timeout=5)
    return True


async def version_of(dsn: str) -> int:
    """The server's version as PostgreSQL numbers it."""
    connection = await asyncpg.connect(dsn, timeout=_CONNECT_S)
    try:
        return await server_version(connection)
    finally:
        await connection.close(timeout=5)


async def analyze(dsn: str) -> None:
    """Have PostgreSQL count what is in the tables, so that it plans well from the first query."""
    connection = await asyncpg.connect(dsn, timeout=_CONNECT_S, server_settings=_SETTINGS)
    try:
        await connection.execute("ANALYZE")
    finally:
        await connection.close(timeout=5)


async def _rows(connection: "asyncpg.Connection[asyncpg.Record]") -> dict[str, int]:
    counts: dict[str, int] = {}
    for schema, table in await connection.fetch(_TABLES):
        # Names can't be parameters; these come from the catalogue and are quoted.
        name = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, table))
        counted = await connection.fetchval("SELECT count(*) FROM " + name)  # noqa: S608
        counts[f"{schema}.{table}"] = int(counted)
    return counts
