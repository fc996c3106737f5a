"""Every partitioned table of every domain can be spread over machines (Citus) as it is.

Its key leads with the column that it is partitioned by, unique keys and foreign keys carry that,
there is one level of partitions, and no trigger.
"""

from backline.platform.database import Database

# Of each partitioned table: how it is partitioned, by which columns, in how many pieces.
PARTITIONED = """
SELECT c.relname AS name, p.partstrat::text AS strategy,
  ARRAY(SELECT a.attname::text FROM unnest(p.partattrs::smallint[]) AS number
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = number) AS columns,
  (SELECT count(*) FROM pg_inherits i WHERE i.inhparent = c.oid) AS pieces,
  (SELECT count(*) FROM pg_inherits i JOIN pg_class piece ON piece.oid = i.inhrelid
   WHERE i.inhparent = c.oid AND piece.relkind = 'p') AS nested
FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid ORDER BY 1
"""
# Their unique indexes and foreign keys, with the columns in order.
UNIQUE = """
SELECT c.relname AS name, i.indexrelid::regclass::text AS what,
  ARRAY(SELECT a.attname::text FROM unnest(i.indkey::smallint[]) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number ORDER BY place) AS columns
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relkind = 'p' AND i.indisunique
"""
FOREIGN = """
SELECT c.relname AS name, k.conname AS what,
  ARRAY(SELECT a.attname::text FROM unnest(k.conkey) AS number
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = number) AS columns
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE k.contype = 'f' AND c.relkind = 'p'
"""
TRIGGERS = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"


async def test_partitioned_tables_can_be_spread_over_machines(database: Database) -> None:
    async with database.read() as read:
        tables = await read._ask("fetch", PARTITIONED)
        unique = await read._ask("fetch", UNIQUE)
        foreign = await read._ask("fetch", FOREIGN)
        triggers = await read.fetch_value(TRIGGERS)

    key_of = {table["name"]: table["columns"][0] for table in tables}
    assert {"tasks", "archived_tasks", "task_counts", "memberships"} <= set(key_of)
    assert {table["strategy"] for table in tables} == {"h"}
    assert all(len(table["columns"]) == 1 for table in tables)
    assert {(table["pieces"], table["nested"]) for table in tables} == {(64, 0)}
    assert [one for one in unique if one["columns"][0] != key_of[one["name"]]] == []
    assert {one["name"] for one in unique} == set(key_of)
    assert [one for one in foreign if key_of[one["name"]] not in one["columns"]] == []
    assert triggers == 0
