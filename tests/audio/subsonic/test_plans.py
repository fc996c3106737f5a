"""Plans of what players ask most: a page, however deep, costs an index's entries; chance less."""

from collections import Counter
from uuid import UUID

import pytest

from backline.audio import picks_sql
from backline.platform.database import Database
from backline.platform.ids import uuid7
from tests.audio.test_plans import FILL
from tests.support.plans import plan

pytestmark = pytest.mark.slow

EACH = 4_000


@pytest.fixture
async def owner(database: Database) -> UUID:
    """One of two people, each with so many tracks."""
    owner, other = uuid7(), uuid7()
    async with database.write() as tx:
        for one in (owner, other):
            await tx.execute(FILL, one, EACH)
    async with database.write() as tx:
        await tx.execute("ANALYZE tracks")
    return owner


async def test_a_deep_page_walks_an_index_and_sorts_nothing(
    database: Database, owner: UUID
) -> None:
    text = await plan(database, picks_sql._BY_TITLE, (owner, EACH - 500, 500))

    assert "Index Only Scan using tracks_by_title" in text, text
    assert "Sort" not in text, text


async def test_chance_reads_pieces_of_an_index_and_leaves_nothing_out(
    database: Database, owner: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = await plan(database, picks_sql._PIECES, (owner, 100, 8, 64))
    found: Counter[object] = Counter()
    everything = {"genre_id": None, "from_year": None, "to_year": None}
    async with database.write() as tx:
        await tx.execute("SELECT setseed(0.25)")
        with monkeypatch.context() as without:
            without.setattr(picks_sql, "_RANDOM", "never asked where there are enough")
            for limit in (1, 10, *[500] * 160):
                ids = await picks_sql.random_tracks(tx, owner, limit, **everything)
                assert len(set(ids)) == len(ids) == limit
                found.update(ids)
        few = await picks_sql.random_tracks(tx, uuid7(), 10, **everything)
        whole = await picks_sql.random_tracks(tx, owner, EACH + 1, **everything)

    assert "Index Only Scan using tracks_by_chance" in text, text
    assert "Seq Scan" not in text, text
    # 20 times each, and nowhere near never or always.
    assert len(found) == EACH
    assert max(found.values()) < 60
    assert (list(few), len(whole)) == ([], EACH)
