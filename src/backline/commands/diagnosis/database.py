"""The database: version, schema, damaged pages, jobs that died or wait, and the clock."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Final

from backline.commands.diagnosis.findings import Finding, fault, ok, warning
from backline.commands.ground import Ground
from backline.main import migrations
from backline.platform.database import Read, checkup, connect
from backline.platform.database.migrating import SchemaFault, pending
from backline.platform.database.snapshot import version_of

_OLDEST: Final = 16
_OVERDUE_S: Final = 600
_APART: Final = timedelta(seconds=5)
_AHEAD: Final = timedelta(minutes=1)


async def examine(ground: Ground) -> list[Finding]:
    """Everything that the database itself can tell."""
    version = await version_of(ground.dsn)
    found = [_version(version)]
    schema = await _schema(ground)
    found.append(schema)
    database = await connect(ground.dsn, max_size=1)
    try:
        async with database.read() as read:
            found.append(await _checksums(read, ground))
            if schema.level == "ok":  # else the queries may not fit
                found += [finding async for finding in _jobs(read, ground)]
                found.append(await _clock(read))
    finally:
        await database.close()
    return found


def _version(version: int) -> Finding:
    text = f"{version // 10_000}.{version % 10_000}"
    if version < _OLDEST * 10_000:
        return fault(
            "database",
            f"The database is PostgreSQL {text}",
            f"Backline needs PostgreSQL {_OLDEST} or newer.",
            "Upgrade it, or have BACKLINE_DATABASE_URL name a newer one.",
        )
    return ok("database", f"PostgreSQL {text} answers")


async def _schema(ground: Ground) -> Finding:
    try:
        missing = await pending(ground.dsn, migrations())
    except SchemaFault as found:
        why = "The database and this Backline don't belong together."
        return fault("schema", str(found), why, "Install the Backline that the database needs.")
    if not missing:
        return ok("schema", "The schema is up to date")
    names = ", ".join(f"{migration.package}/{migration.name}" for migration in missing)
    return warning(
        "schema",
        f"{len(missing)} changes of the schema are to come: {names}",
        "The server isn't ready before they are made.",
        "`backline up` makes them at its next start; otherwise run `backline migrate`.",
    )


async def _checksums(read: Read, ground: Ground) -> Finding:
    if not await checkup.has_checksums(read):
        what = "The database has no checksums of its pages"
        why = "Damage by a failing disk would go unnoticed."
        if ground.settings.database_url is not None:
            return warning("checksums", what, why, "Stop it and run pg_checksums --enable.")
        return warning("checksums", what, why, "Back up, and restore into a new folder.")
    failures = await checkup.checksum_failures(read)
    if failures:
        return fault(
            "checksums",
            f"{failures} damaged pages were met in the database",
            "The disk or the memory of this machine is failing.",
            "Restore the latest backup on another disk, and have this machine looked at.",
        )
    return ok("checksums", "No damaged page was met")


async def _jobs(read: Read, ground: Ground) -> AsyncIterator[Finding]:
    dead = await checkup.dead_jobs(read)
    for jobs in dead:
        yield warning(
            "jobs",
            f"{jobs.count} jobs of kind {jobs.kind} have failed for good",
            jobs.error or "They don't say why.",
            "See them under Administration; there they can be tried again.",
        )
    if not dead:
        yield ok("jobs", "No job has failed for good")
    overdue = await checkup.overdue_jobs(read, _OVERDUE_S)
    if overdue and ground.is_running:
        yield warning(
            "jobs",
            f"{overdue} jobs have waited for more than {_OVERDUE_S // 60} minutes",
            "No worker takes them, or there is more to do than can be done.",
            "See that `backline work` runs; with more cores raise BACKLINE_WORKERS.",
        )


async def _clock(read: Read) -> Finding:
    apart = await checkup.now(read) - datetime.now(UTC)
    latest = await checkup.latest_job(read)
    mend = "Have the clocks kept by NTP, for instance: timedatectl set-ntp true"
    if abs(apart) > _APART:
        what = f"The clocks of this machine and of the database are {abs(apart)} apart"
        return warning("clock", what, "Sessions and links end too early or too late.", mend)
    if latest is not None and latest > datetime.now(UTC) + _AHEAD:
        what = f"The clock is behind: a job was queued at {latest:%Y-%m-%d %H:%M} UTC"
        return warning("clock", what, "What is due by the clock comes late.", mend)
    return ok("clock", f"It is {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
