"""The plans of what the upkeep asks for: by an index, however much there is."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
import pytest

from backline.live.sql import destinations, projects, samples, shows, streams

FILL = """
WITH owners AS (SELECT gen_random_uuid() AS owner_id FROM generate_series(1, 200)),
made AS (
  INSERT INTO live_projects (owner_id, id, name, hold_s, stream_key, key_digest)
  SELECT owner_id, gen_random_uuid(), 'P', 30, 'a:b'::bytea, owner_id::text::bytea
  FROM owners, generate_series(1, 10) RETURNING owner_id, id
)
INSERT INTO live_shows (owner_id, id, project_id, started_at, ended_at, ended_by)
SELECT owner_id, gen_random_uuid(), id, now() - n * interval '1 day',
  now() - n * interval '1 day', 'encoder'
FROM made, generate_series(1, 20) AS n
"""
MORE = """
INSERT INTO live_destinations (owner_id, id, project_id, name, preset, url, stream_key, enabled)
SELECT owner_id, gen_random_uuid(), id, 'D', 'custom', 'rtmp://a.example/b', 'a:b'::bytea, true
FROM live_projects
"""
MOST = """
INSERT INTO live_streams
  (owner_id, project_id, epoch, node, show_id, state, taken_at, lease_until)
SELECT owner_id, id, 1, 'a', gen_random_uuid(), 'ended', now(), now() FROM live_projects
"""
SAMPLED = """
WITH made AS (
  INSERT INTO live_samples (owner_id, show_id, at, bitrate_kbps, fps)
  SELECT owner_id, id, started_at, 6000, 25 FROM live_shows
)
INSERT INTO live_relay_samples (owner_id, show_id, at, destination_id, name, state, bitrate_kbps,
  lag_ms, dropped_frames)
SELECT w.owner_id, w.id, w.started_at, d.id, d.name, 'live', 6000, 40, 0
FROM live_shows w JOIN live_destinations d USING (owner_id, project_id)
"""
NOBODY = (UUID(int=0), UUID(int=0))


@pytest.fixture
async def full(dsn: str) -> str:
    """A database with two thousand projects and forty thousand shows."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(FILL)
        await connection.execute(MORE)
        await connection.execute(MOST)
        await connection.execute(SAMPLED)
        await connection.execute(
            "ANALYZE live_projects, live_shows, live_destinations, live_streams, live_samples, "
            "live_relay_samples"
        )
    finally:
        await connection.close()
    return dsn


async def plan(dsn: str, sql: str, arguments: Sequence[str] = ()) -> str:
    """How a statement would run with a generic plan, as the program has all of them."""
    given = f" ({', '.join(arguments)})" if arguments else ""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE asked AS {sql}")
        lines = await connection.fetch(f"EXPLAIN EXECUTE asked{given}")
    finally:
        await connection.close()
    return "\n".join(line[0] for line in lines)


@pytest.mark.slow
async def test_what_the_upkeep_asks_for_it_finds_by_an_index(full: str) -> None:
    some = ["ARRAY[gen_random_uuid()]", "ARRAY[gen_random_uuid()]"]
    after = [f"'{one}'" for one in NOBODY]
    asked = {
        "shows": (shows._PRUNE, ()),
        "lost": (streams._END_LOST, ()),
        "projects": (projects._PURGE, ["86400"]),
        "destinations": (destinations._PURGE, ["86400"]),
        "own keys": (projects._SEALED_BEFORE, [*after, "'b:'", "200"]),
        "samples": (samples._THIN, [*some, "86400"]),
        "samples of destinations": (samples._THIN_RELAYS, [*some, "86400"]),
        "their keys": (destinations._SEALED_BEFORE, [*after, "'b:'", "200"]),
    }
    for name, (sql, arguments) in asked.items():
        text = await plan(full, sql, arguments)

        assert "Seq Scan on live_" not in text, f"{name}:\n{text}"
        assert "Sort" not in text, f"{name}:\n{text}"
