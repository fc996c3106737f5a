"""Having a CDN forget what is deleted: noted in a table, told by a job, some tags a call.

A tag is noted before its files are removed, so that no crash loses it. What couldn't be told for
three hours is left: no URL is good for so long, so the copies have ended by themselves.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
import structlog
from prometheus_client import Counter

from backline import __version__
from backline.platform.database import Database, Read, Write
from backline.platform.errors import Unavailable
from backline.platform.jobs import GiveUp, Job, JobContext, Nothing, Schedule, enqueue
from backline.platform.outside.client import Away, OutsideClient
from backline.platform.storage.cdn import calls
from backline.platform.storage.cdn.settings import Cdn
from backline.platform.storage.cdn.tags import tag_of

Forget = Callable[[str], Awaitable[None]]
PURGE: Final = "storage.cdn-purge"
# Servers remember for two seconds where a file lay (`media.lookup`).
_WAIT_S: Final = 3.0
_SERVICE: Final = "The CDN"
_log = structlog.get_logger()
_TAGS: Final = Counter(
    "backline_cdn_purged_tags_total", "Tags that a CDN was told to forget", ["outcome"]
)
_NOTE: Final = """
INSERT INTO cdn_tags (tag) VALUES ($1) ON CONFLICT (tag) DO UPDATE SET asked_at = now()
"""
_NEXT: Final = """
SELECT tag, asked_at FROM cdn_tags WHERE asked_at <= now() - make_interval(secs => $2)
ORDER BY asked_at, tag LIMIT $1
"""
_DONE: Final = """
DELETE FROM cdn_tags t USING unnest($1::text[], $2::timestamptz[]) AS told(tag, asked_at)
WHERE t.tag = told.tag AND t.asked_at = told.asked_at
"""
_EXPIRE: Final = "DELETE FROM cdn_tags WHERE asked_at < now() - interval '3 hours'"


class Waiting(msgspec.Struct, frozen=True):
    """A tag that is to be told, and since when."""

    tag: str
    asked_at: datetime


def forget(cdn: Cdn | None, database: Database) -> Forget | None:
    """What a storage calls before it deletes what lies beneath a prefix; None without a CDN."""
    if cdn is None:
        return None

    async def note(prefix: str) -> None:
        tag = tag_of(prefix)
        if tag is None:
            return
        async with database.write() as tx:
            await tx.execute(_NOTE, tag)
            run_at = datetime.now(UTC) + timedelta(seconds=_WAIT_S)
            await enqueue(tx, PURGE, Nothing(), run_at=run_at, unique_key=PURGE)

    return note


async def purge(context: JobContext, _payload: Nothing, cdn: Cdn | None) -> None:
    """Tell the CDN all that waits; whatever it took is forgotten here, too.

    Raises:
        Unavailable: it doesn't answer, or wants to be asked later.
        GiveUp: it refuses; what waits is tried again by the clock.
    """
    if cdn is None:
        return
    await _expire(context.database)
    async with opened() as client:
        while waiting := await _next(context.database, calls.MOST_TAGS[cdn.kind]):
            tags = [one.tag for one in waiting]
            try:
                calls.check(cdn, await client.ask(_SERVICE, calls.call_of(cdn, tags)))
            except calls.Refused as fault:
                _TAGS.labels("refused").inc(len(tags))
                _log.error("cdn_refuses", kind=cdn.kind, fault=str(fault), tags=len(tags))
                raise GiveUp(str(fault)) from fault
            except (calls.NotYet, Away) as fault:
                _TAGS.labels("deferred").inc(len(tags))
                _log.warning("cdn_not_told", kind=cdn.kind, fault=type(fault).__name__)
                raise Unavailable("The CDN doesn't take purges just now.") from fault
            async with context.database.write() as tx:
                await _done(tx, waiting)
            _TAGS.labels("purged").inc(len(tags))


@asynccontextmanager
async def opened() -> AsyncGenerator[OutsideClient]:
    """Connections to the CDN's API, for a while."""
    client = OutsideClient(f"Backline/{__version__}")
    try:
        yield client
    finally:
        await client.close()


async def _expire(database: Database) -> None:
    async with database.write() as tx:
        given_up = await tx.execute(_EXPIRE)
    if given_up:
        _TAGS.labels("given_up").inc(given_up)
        _log.error("cdn_not_told_in_time", tags=given_up)


async def _next(database: Database, most: int) -> Sequence[Waiting]:
    async with database.write() as tx:  # a replica may not have them yet
        return await _waiting(tx, most)


async def _waiting(read: Read, most: int) -> Sequence[Waiting]:
    return await read.fetch(_NEXT, Waiting, most, _WAIT_S - 1)


async def _done(tx: Write, told: Sequence[Waiting]) -> None:
    await tx.execute(_DONE, [one.tag for one in told], [one.asked_at for one in told])


# What is noted while the job ends is found by the clock.
JOBS: Final = (
    Job(
        PURGE,
        purge,
        max_attempts=8,
        timeout_s=300.0,
        concurrency=1,
        backoff_s=5.0,
        backoff_cap_s=300.0,
    ),
)
SCHEDULES: Final = (Schedule(PURGE, every_s=60),)
