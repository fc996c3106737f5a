"""Databases that tests borrow: given back they are emptied, and lent again.

To copy the template's thousands of files takes longer than most tests do; to empty the few tables
that a test wrote to doesn't. What is lent again is to its borrower as a new copy: of its catalogs,
statistics and settings nothing has changed, its tables have the template's rows and not a block
more. It gets a name that nobody heard before, so whoever goes on after a test finds nothing there.
Where any of this can't be seen to be so, the database is dropped, and the next test gets a copy.
"""

import asyncio
import io
from collections.abc import Iterable
from typing import NamedTuple

import asyncpg

from tests.support.postgres import PrivatePostgres

# Emptying leaves dead rows in the catalogs, which nobody clears away.
MOST_LOANS = 50
# Whoever wrote to more tables than this has taken so long that a new copy doesn't matter.
MOST_TABLES = 120
_LIMIT_S = 30.0

_CUT_OFF = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1"
# All that is said of a database, but its name and what changes by itself.
_SETTINGS = """
SELECT (to_jsonb(d) - '{oid,datname,datfrozenxid,datminmxid}'::text[])::text
  || coalesce((SELECT jsonb_agg(s.setconfig ORDER BY s.setrole)::text
               FROM pg_db_role_setting s WHERE s.setdatabase = d.oid), '')
  || (SELECT count(*) FROM pg_prepared_xacts x WHERE x.database = d.datname)
FROM pg_database d WHERE datname = $1
"""
# What isn't empty, and what was written to or measured since it was copied or emptied: a session
# has told of all its writes, those that it took back as well, before it is gone. Sequences have
# their last value for a size.
_LOOK = """
SELECT * FROM (
  SELECT c.oid::regclass::text AS name, c.relkind::text AS kind,
    c.relnamespace = ANY ('{pg_catalog,information_schema}'::regnamespace[]) AS is_catalog,
    CASE c.relkind WHEN 'S' THEN coalesce(pg_sequence_last_value(c.oid), 0)
      ELSE pg_relation_size(c.oid) END AS size,
    pg_stat_get_tuples_inserted(c.oid) + pg_stat_get_tuples_updated(c.oid)
      + pg_stat_get_tuples_deleted(c.oid) AS writes,
    pg_stat_get_vacuum_count(c.oid) + pg_stat_get_autovacuum_count(c.oid)
      + pg_stat_get_analyze_count(c.oid) + pg_stat_get_autoanalyze_count(c.oid) AS measured
  FROM pg_class c WHERE c.relkind IN ('r', 'p', 'm', 'S') AND NOT c.relisshared
) AS found WHERE writes > 0 OR measured > 0 OR (size > 0 AND NOT is_catalog)
"""
_REFERENCES = """
SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'
"""
# What the planner believes of each table, what it keeps elsewhere, and the indexes of both.
_BELIEFS = """
WITH heap AS (
  SELECT oid AS of, unnest(ARRAY[oid, nullif(reltoastrelid, 0)]) AS oid FROM pg_class
  WHERE relkind = 'r' AND relnamespace <> ALL ('{pg_catalog,information_schema}'::regnamespace[])
), part AS (
  SELECT * FROM heap UNION ALL
  SELECT of, indexrelid FROM heap JOIN pg_index ON indrelid = heap.oid
)
SELECT of::regclass::text, oid::bigint, relpages, reltuples::float8
FROM part JOIN pg_class USING (oid)
"""
_BELIEVE = """
UPDATE pg_class c SET relpages = b.pages, reltuples = b.tuples
FROM unnest($1::bigint[], $2::int[], $3::float8[]) AS b (oid, pages, tuples)
WHERE c.oid = b.oid::oid AND (c.relpages <> b.pages OR c.reltuples <> b.tuples::float4)
"""


class Relation(NamedTuple):
    """A table or sequence that isn't empty, or that somebody wrote to or measured."""

    name: str
    kind: str
    is_catalog: bool
    size: int
    writes: int
    measured: int


class SpoiltError(Exception):
    """A database can't be lent again, and why."""


class Lending:
    """The databases of a server that tests borrow: copies of `template`, which stays as it is."""

    def __init__(self, server: PrivatePostgres, template: str) -> None:
        self._server, self._template = server, template
        self._free: list[str] = []
        self._loans: dict[str, int] = {}
        self.spoilt: list[str] = []
        asyncio.run(self._note())

    def lend(self) -> str:
        """The name of a database that is as the template."""
        name = self._free.pop() if self._free else self._server.create(self._template)
        self._loans[name] = self._loans.get(name, 0) + 1
        return name

    def give_back(self, name: str) -> None:
        """End whatever goes on in a database; lend it again later if that can be."""
        asyncio.run(self._take(name))

    async def _note(self) -> None:
        """What a database is like that can be lent."""
        connection = await _connect(self._server.dsn(self._template))
        try:
            self._settings = await connection.fetchval(_SETTINGS, self._template)
            self._references = [tuple(row) for row in await connection.fetch(_REFERENCES)]
            self._beliefs: dict[str, list[tuple[int, int, float]]] = {}
            for of, *belief in await connection.fetch(_BELIEFS):
                self._beliefs.setdefault(of, []).append(tuple(belief))
            filled = [one for one in await _look(connection) if one.size and not one.is_catalog]
            self._sizes = {one.name: one.size for one in filled}
            self._rows: dict[str, bytes] = {}
            for one in filled:
                if one.kind == "r":
                    rows = io.BytesIO()
                    await connection.copy_from_table(one.name, output=rows, format="binary")
                    self._rows[one.name] = rows.getvalue()
        finally:
            await connection.close(timeout=_LIMIT_S)
        desk = await _connect(self._server.dsn())
        try:
            await self._cut_off(desk, self._template)
        finally:
            await desk.close(timeout=_LIMIT_S)

    async def _take(self, name: str) -> None:
        desk = await _connect(self._server.dsn())
        try:
            await self._look_after(desk, name)
        finally:
            await desk.close(timeout=_LIMIT_S)

    async def _look_after(self, desk: asyncpg.Connection, name: str) -> None:
        loans, fresh = self._loans.pop(name), self._server.new_name()
        try:
            await self._cut_off(desk, name)
            await desk.execute(f'ALTER DATABASE "{name}" RENAME TO "{fresh}"')
            name = fresh
            await self._empty(desk, name, loans)
        except (SpoiltError, asyncpg.PostgresError, OSError) as fault:
            self.spoilt.append(str(fault))
            await desk.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        else:
            self._free.append(name)
            self._loans[name] = loans

    async def _empty(self, desk: asyncpg.Connection, name: str, loans: int) -> None:
        if loans >= MOST_LOANS:
            raise SpoiltError("it was lent often enough")
        if await desk.fetchval(_SETTINGS, name) != self._settings:
            raise SpoiltError("its settings are others")
        connection = await _connect(self._server.dsn(name))
        try:
            written = self._written(await _look(connection))
            if written:
                await self._restore(connection, written)
                left = self._written(await _look(connection))
                if left:
                    raise SpoiltError(f"not emptied: {', '.join(sorted(left))}")
        finally:
            await connection.close(timeout=_LIMIT_S)
        # Nobody shall meet the one who emptied.
        await self._cut_off(desk, name)

    def _written(self, found: Iterable[Relation]) -> dict[str, Relation]:
        """What isn't as in the template.

        Raises:
            SpoiltError: it is something other than rows.
        """
        found = {one.name: one for one in found}
        for one in found.values():
            if one.measured or (one.writes and (one.is_catalog or one.kind != "r")):
                raise SpoiltError(f"{one.name} is another")
        gone = [name for name in self._sizes if name not in found]
        if gone:
            raise SpoiltError(f"{', '.join(gone)}: rows of the template are missing")
        return {
            name: one
            for name, one in found.items()
            if not one.is_catalog and (one.writes or one.size != self._sizes.get(name, 0))
        }

    async def _restore(self, connection: asyncpg.Connection, written: dict[str, Relation]) -> None:
        tables = {name for name, one in written.items() if one.kind == "r"}
        # Whatever refers to a table is emptied with it, or neither can be.
        while more := {by for by, to in self._references if to in tables} - tables:
            tables |= more
        if len(tables) > MOST_TABLES:
            raise SpoiltError(f"{len(tables)} tables were written to")
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            for name in written.keys() - tables:
                value = self._sizes.get(name)
                await connection.execute(
                    "SELECT setval(seqrelid, coalesce($2, seqstart), $2 IS NOT NULL)"
                    " FROM pg_sequence WHERE seqrelid = $1::text::regclass",
                    name,
                    value,
                )
            if tables:
                await connection.execute(f"TRUNCATE ONLY {', '.join(sorted(tables))}")
                beliefs = [belief for name in tables for belief in self._beliefs[name]]
                await connection.execute(_BELIEVE, *zip(*beliefs, strict=True))
            for name in tables & self._rows.keys():
                rows = io.BytesIO(self._rows[name])
                await connection.copy_to_table(name, source=rows, format="binary")
        # What this session wrote is told and forgotten, so that the next look sees what is new.
        await connection.execute("SELECT pg_stat_force_next_flush()")
        await connection.execute("SELECT pg_stat_reset()")

    async def _cut_off(self, desk: asyncpg.Connection, name: str) -> None:
        """End all sessions of a database and wait until they are gone."""
        async with asyncio.timeout(_LIMIT_S):
            while await desk.fetchval(_CUT_OFF, name):  # noqa: ASYNC110  # it lies outside
                await asyncio.sleep(0.002)


async def _connect(dsn: str) -> asyncpg.Connection:
    return await asyncpg.connect(dsn, timeout=_LIMIT_S, command_timeout=_LIMIT_S)


async def _look(connection: asyncpg.Connection) -> list[Relation]:
    return [Relation(*row) for row in await connection.fetch(_LOOK)]
