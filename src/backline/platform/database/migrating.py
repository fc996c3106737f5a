"""Schema changes: plain SQL files, up only, each in a transaction of its own under one lock.

The files of a package lie in its `migrations` folder as `0001_<what>.sql`. Packages run in the
order given, each from its first file. What has run is remembered with its hash, so that a file
changed after its release is noticed.
"""

import hashlib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import asyncpg
import msgspec
import structlog

_log = structlog.get_logger()
_LOCK_KEY = 0x6261636B6C696E65  # "backline" in ASCII
_CREATE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
  package text NOT NULL,
  name text NOT NULL,
  sha256 text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (package, name)
)
"""


class SchemaFault(Exception):
    """The database's schema and this program don't belong together; the text says how."""


class Migration(msgspec.Struct, frozen=True):
    """One file: `package` is the short name (`audio`), `name` the file's without its ending."""

    package: str
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """The hash that tells whether the file is still what was applied."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def find(packages: Sequence[str]) -> list[Migration]:
    """All migrations of the packages (`backline.accounts`, …) in the order they run."""
    found: list[Migration] = []
    for package in packages:
        # Located without being imported: whoever migrates needs nothing of a domain but its SQL.
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            continue
        folder = Path(spec.submodule_search_locations[0]) / "migrations"
        short = package.rpartition(".")[2]
        found += [
            Migration(short, file.stem, file.read_text("utf-8"))
            for file in sorted(folder.glob("*.sql"))
        ]
    return found


async def migrate(dsn: str, migrations: Sequence[Migration]) -> list[Migration]:
    """Bring the schema up to date; what was applied now.

    Several processes may call it at once: one works, the others wait up to ten minutes.

    Raises:
        SchemaFault: an applied file was changed, or the schema is newer than this program.
    """
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        await connection.execute("SET statement_timeout = 0")  # the role may have one for requests
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK_KEY, timeout=600)
        await connection.execute(_CREATE)
        pending = _pending(migrations, await _applied(connection))
        for migration in pending:
            await _apply(connection, migration)
        return pending
    finally:
        await connection.close(timeout=5)


async def pending(dsn: str, migrations: Sequence[Migration]) -> list[Migration]:
    """What `migrate` would apply; the schema is current when that is nothing."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        if await connection.fetchval("SELECT to_regclass('schema_migrations')") is None:
            return list(migrations)
        return _pending(migrations, await _applied(connection))
    finally:
        await connection.close(timeout=5)


async def _applied(
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> dict[tuple[str, str], str]:
    rows = await connection.fetch("SELECT package, name, sha256 FROM schema_migrations")
    return {(row[0], row[1]): row[2] for row in rows}


async def _apply(connection: "asyncpg.Connection[asyncpg.Record]", migration: Migration) -> None:
    async with connection.transaction():
        await connection.execute(migration.sql)
        await connection.execute(
            "INSERT INTO schema_migrations (package, name, sha256) VALUES ($1, $2, $3)",
            migration.package,
            migration.name,
            migration.sha256,
        )
    _log.debug("migration_applied", package=migration.package, name=migration.name)


def _pending(
    migrations: Sequence[Migration], applied: dict[tuple[str, str], str]
) -> list[Migration]:
    known = {(m.package, m.name) for m in migrations}
    unknown = sorted(set(applied) - known)
    if unknown:
        package, name = unknown[0]
        raise SchemaFault(
            f"The database was made by a newer Backline (it has {package}/{name}). "
            "Install that version again, or restore a backup from before it."
        )
    for migration in migrations:
        sha256 = applied.get((migration.package, migration.name))
        if sha256 is not None and sha256 != migration.sha256:
            raise SchemaFault(
                f"{migration.package}/{migration.name}.sql was changed after it had been applied. "
                "Put the file back as it was and add a new one with the change."
            )
    return [m for m in migrations if (m.package, m.name) not in applied]
