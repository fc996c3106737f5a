"""Whoever changes many photos takes them by their ids, so that two wait for each other in turn."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec
import pytest

from backline.concerts.drive import files_sql, reading
from backline.concerts.sql import alike, cutting, judging, moving, sessions
from backline.concerts.sql.alike import Grouped
from backline.concerts.sql.cutting import Cut, Placed
from backline.concerts.sql.judging import Outcome
from backline.platform.database import Database, Write
from backline.platform.ids import uuid7
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow

Change = Callable[[Write], Awaitable[None]]
EVENING = datetime.fromisoformat("2024-05-01T20:00")
OWNER, SESSION, CONCERT, SOURCE = uuid7(), uuid7(), uuid7(), uuid7()
PHOTOS = sorted(uuid7() for _ in range(3))

# The last one lies first in the table, and is named first: without an order it is taken first.
ADD = """
INSERT INTO photos (owner_id, id, source, filename, sha256, size_bytes, status, session_id,
  concert_id, source_id)
SELECT $1, n.id, 'drive', 'a.jpg', uuid_send(n.id), 1, 'ready', $3, $4, $5
FROM unnest($2::uuid[]) WITH ORDINALITY AS n (id, position) ORDER BY n.position
"""
CHANGED = "SELECT count(*) FROM photos WHERE version = 2"
WAITS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def group(tx: Write) -> None:
    await alike.set_groups(tx, OWNER, [Grouped(one, PHOTOS[0], False) for one in PHOTOS[::-1]])


async def place(tx: Write) -> None:
    await cutting.place(tx, OWNER, [Placed(one, SESSION) for one in PHOTOS[::-1]])


async def settle(tx: Write) -> None:
    await judging.settle(tx, OWNER, SESSION, Outcome("none", "[]", None, False, 1, 60.0))


async def decide(tx: Write) -> None:
    await sessions.decide(tx, OWNER, SESSION, "dismissed", None, made_concert=False, by_person=True)


async def let_go(tx: Write) -> None:
    await sessions.let_go(tx, OWNER, CONCERT)


async def refresh(tx: Write) -> None:
    raw = [
        msgspec.Raw(msgspec.json.encode({"id": f"file-{n}", "name": "a.jpg", "size": "1",
          "mimeType": "image/jpeg", "modifiedTime": "2024-05-01T20:00:00Z"}))
        for n in range(len(PHOTOS))
    ]  # fmt: skip
    listed = [
        files_sql.ListedPhoto(one, file)
        for one, file in zip(PHOTOS[::-1], reading.read(raw, None), strict=True)
    ]
    await files_sql.refresh(tx, OWNER, SOURCE, listed)


@pytest.mark.parametrize("change", [group, place, settle, decide, let_go, refresh])
async def test_a_change_of_many_photos_and_a_move_wait_for_each_other(
    database: Database, change: Change
) -> None:
    async with database.write() as tx:
        cut = Cut(SESSION, EVENING, EVENING, None, None, None, None, len(PHOTOS), b"", [])
        await cutting.write(tx, OWNER, [cut])
        await tx.execute(ADD, OWNER, PHOTOS[::-1], SESSION, CONCERT, SOURCE)
    async with database.write() as tx:
        await tx.execute("ANALYZE photos, photo_sessions")  # plans as of a library in use

    async with database.write() as tx:
        await moving.lock(tx, OWNER, PHOTOS[:1])
        beside = asyncio.create_task(_written(database, change))
        await eventually(lambda: _waits(database))
        await moving.lock(tx, OWNER, PHOTOS)
    await beside

    assert await _changed(database) == len(PHOTOS)


async def _written(database: Database, change: Change) -> None:
    async with database.write() as tx:
        await change(tx)


async def _waits(database: Database) -> bool:
    async with database.read() as read:
        return bool(await read.fetch_value(WAITS))


async def _changed(database: Database) -> int:
    async with database.read() as read:
        return await read.fetch_value(CHANGED)
