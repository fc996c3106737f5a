"""The plans of the gazetteer's lookups: by an index alone, with many venues and cities."""

import pytest

from backline.concerts.gazetteer import naming
from backline.concerts.gazetteer.grid import CITIES, VENUES
from backline.concerts.gazetteer.sql import cities, venues
from backline.platform.database import Database
from tests.support.plans import plan

# Spread over Europe, as many as an import of some countries has; the cells are as good as any.
VENUES_FILL = """
INSERT INTO venues (id, source, source_id, is_imported, kind, name, other_names, search, latitude,
  longitude, cell, reach_m, outline, city_id, country_code)
SELECT gen_random_uuid(), 'osm', 'node/' || n, true, 'theatre', 'Venue ' || n, '{}',
  ' venue ' || n || ' |', 40 + n % 20, n % 23, n % 2000 * 7, 30, '{}', n % 500, 'DE'
FROM generate_series(1, 60000) AS n
"""
NAMES_FILL = """
INSERT INTO venue_names (key, venue_id) SELECT substr(search, 8, 10), id FROM venues
"""
CITIES_FILL = """
INSERT INTO cities (id, name, country_code, region, zone, latitude, longitude, population, cell)
SELECT n, 'City ' || n, 'DE', '', 'UTC', 40 + n % 20, n % 23, n, n % 5000
FROM generate_series(1, 60000) AS n
"""
CITY_NAMES_FILL = """
INSERT INTO city_names (key, city_id, population) SELECT md5(n::text), n, n
FROM generate_series(1, 60000) AS n
"""
AT = (52.5, 13.4)


@pytest.fixture(params=["just filled", "analyzed"])
async def full(database: Database, request: pytest.FixtureRequest) -> Database:
    """With and without what autovacuum finds out after a while."""
    async with database.write() as tx:
        for table in ("venues", "venue_names", "cities", "city_names"):
            await tx._connection.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
        for sql in (VENUES_FILL, NAMES_FILL, CITIES_FILL, CITY_NAMES_FILL):
            await tx.execute(sql)
    if request.param == "analyzed":
        async with database.write() as tx:
            await tx.execute("ANALYZE venues, venue_names, cities, city_names")
    return database


@pytest.mark.slow
async def test_lookups_read_by_an_index(full: Database) -> None:
    around = VENUES.around(*AT, 1_500)
    wide = VENUES.around(*AT, 30_000)
    patterns = naming.stems("Columbiahalle Berlin")
    cells = CITIES.around(*AT, 25_000)
    places = [(1, cell, *AT) for cell in cells]
    asked: dict[str, tuple[str, tuple[object, ...]]] = {
        "near": (venues._NEAR, (around, *AT, 1_500.0, [], 300, False)),
        "called": (venues._NEAR, (wide, *AT, 30_000.0, patterns, 500, False)),
        "unplaced": (venues._WITHOUT_PLACE, (17, patterns, 500)),
        "typed": (venues._BEGINNING, ("17", "18", 80)),
        "source": (venues._BY_SOURCE, ("osm", "node/17")),
        "unsettled": (venues._UNSETTLED, ("00000000-0000-0000-0000-000000000000", 200)),
        "astray": (venues._ASTRAY, ("00000000-0000-0000-0000-000000000000", 200)),
        "cities": (cities._NEAR, (cells, *AT, 30_000.0, 0, 100)),
        "city": (cities._AT, (*map(list, zip(*places, strict=True)), 25_000.0)),
        "two": (cities._BY_TWO, ("be", 400, 20)),
        "three": (cities._BY_THREE, ("ber", 400, 20)),
    }
    for name, (sql, arguments) in asked.items():
        text = await plan(full, sql, arguments)

        for table in ("venues", "venue_names", "cities", "city_names"):
            assert f"Seq Scan on {table}" not in text, f"{name}\n{text}"


@pytest.mark.slow
async def test_a_circle_reads_its_cells_and_no_more(full: Database) -> None:
    around = VENUES.around(*AT, 1_500)

    text = await plan(full, venues._NEAR, (around, *AT, 1_500.0, [], 300, False))

    assert "venues_by_cell" in text
    found = [line for line in text.splitlines() if "Rows Removed by Filter" in line]
    assert sum(int(line.rpartition(" ")[2]) for line in found) <= 60_000 // 2_000 * len(around)


@pytest.mark.slow
async def test_two_letters_read_a_page_in_the_order_of_people(full: Database) -> None:
    text = await plan(full, cities._BY_TWO, ("a1", 400, 20))

    assert "city_names_by_two" in text
    assert "Sort Key: city_names.population" not in text
