"""The plans of what is asked all the time: the reader's partition alone, by an index."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from backline.notifications import settings_sql, sql
from backline.platform.database import Database
from backline.platform.ids import uuid7
from tests.support.plans import people, plan, scanned

OWNERS, EACH = 200, 300
FILL = """
INSERT INTO notices (owner_id, id, kind, reason, title, text, path, is_shown, is_mailed, read_at)
SELECT $1, gen_random_uuid(), 'choir.sang', n::text, 'Song ' || n, '', '/', true, false,
  CASE WHEN n > 20 THEN now() END
FROM generate_series(1, $2::int) AS n
"""
CHOOSE = """
INSERT INTO notice_settings (owner_id, time_zone, is_digest, digest_hour, next_digest_at)
VALUES ($1, 'UTC', true, 8, now() + $2 * interval '1 minute')
"""


@pytest.fixture
async def owner(database: Database) -> UUID:
    """One of two hundred people who are told much, and all want a digest."""
    ids = people(OWNERS)
    async with database.write() as tx:
        for number, one in enumerate(ids):
            await tx.execute(FILL, one, EACH)
            await tx.execute(CHOOSE, one, number)
    async with database.write() as tx:
        await tx.execute("ANALYZE notices, notice_settings")
    return ids[0]


@pytest.mark.slow
async def test_lists_counts_and_marks_stay_in_the_readers_partition(
    database: Database, owner: UUID
) -> None:
    none: list[UUID] = []
    asked: dict[str, tuple[Any, tuple[object, ...]]] = {
        "page": (sql._PAGE, (owner, none, None, 21)),
        "unread page": (sql._UNREAD_PAGE, (owner, none, None, 21)),
        "unread": (sql._UNREAD, (owner, none)),
        "one": (sql._ONE, (owner, none, uuid7())),
        "mark": (sql._MARK, (owner, none, "true", None, None)),
    }
    for name, (statement, arguments) in asked.items():
        found = await plan(database, statement, arguments)

        assert len(scanned(found, "notices", "notice_settings")) == 1, (name, found)
        # What is marked is most of a small partition.
        assert name == "mark" or "Seq Scan" not in found, (name, found)


@pytest.mark.slow
async def test_telling_somebody_looks_into_their_partition_alone(
    database: Database, owner: UUID
) -> None:
    row = (owner, uuid7(), *("x" for _ in range(5)), None, None, None, None, "true", "false")
    arguments = tuple(f"{{{'NULL' if each is None else each}}}" for each in row)

    found = await plan(database, sql._INSERT, (*arguments, 600))

    assert len(scanned(found, "notices", "notice_settings")) <= 2, found


@pytest.mark.slow
async def test_whose_digest_is_due_is_found_without_looking_at_everybody(
    database: Database, owner: UUID
) -> None:
    found = await plan(database, settings_sql._DUE, (datetime.now(UTC), 500))

    assert owner
    assert "notice_settings" in found
    assert "Rows Removed by Filter" not in found, found
