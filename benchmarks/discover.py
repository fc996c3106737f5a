"""Recommendations in a large library: how long a whole comparison takes, and what is asked for.

`.venv/bin/python benchmarks/discover.py [TRACKS]`. The server has the first core; whatever asks,
and the comparison, have the second. Sounds are made up: of each genre a cloud of its own. Requests
go past the cache. Figures are medians in milliseconds, beside the 95th percentile.
"""

import asyncio
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import msgspec  # noqa: E402

from backline.audio.discover import neighboring, neighbors_sql, sounds_sql  # noqa: E402
from backline.audio.engine.kin import APART, Character  # noqa: E402
from backline.audio.engine.kinship import neighbors  # noqa: E402
from backline.platform import telemetry  # noqa: E402
from backline.platform.database import Database, connect  # noqa: E402
from benchmarks.rig import servers  # noqa: E402
from benchmarks.rig.library import FILL_S, Library, library  # noqa: E402

TRACKS, OFTEN, SEED = 50_000, 200, 19
GENRES, LOT = 20, 1_000
SITTINGS, HEARD = 2_000, 10
_PLAYS = """
INSERT INTO plays (user_id, track_id, played_at, key)
SELECT $1, t, now() - s * interval '5 hours' + n * interval '4 minutes', s || '-' || n
FROM unnest($2::uuid[], $3::int[], $4::int[]) AS heard(t, s, n)
"""
_IDS = "SELECT id FROM tracks WHERE owner_id = $1 ORDER BY id"
_ARTISTS = "SELECT id FROM artists WHERE owner_id = $1 ORDER BY id LIMIT 200"


def main() -> None:
    """Measure and print."""
    tracks = int(sys.argv[1]) if len(sys.argv) > 1 else TRACKS
    servers.take_second_core()
    telemetry.set_up_logging(level="warning", as_json=False)
    with library(tracks) as ours:
        track_ids, artist_ids = asyncio.run(_prepare(ours))
        chance = random.Random(SEED)
        for name, path in (
            ("similar, 30", lambda: f"/tracks/{chance.choice(track_ids)}/similar?limit=30"),
            ("radio of a track, 50", lambda: f"/tracks/{chance.choice(track_ids)}/radio?limit=50"),
            ("radio of an artist, 50", lambda: f"/artists/{chance.choice(artist_ids)}/radio"),
            ("discover", lambda: "/discover"),
        ):
            _print(name, [_asked(ours, path) for _ in range(OFTEN)])


def _asked(ours: Library, path: Callable[[], str]) -> float:
    began_s = time.perf_counter()
    ours.client.get(path(), headers={"Cache-Control": "no-cache"}).raise_for_status()
    return time.perf_counter() - began_s


def _print(name: str, figures: list[float]) -> None:
    tail = sorted(figures)[int(len(figures) * 0.95)]
    print(f"{name:24} {statistics.median(figures) * 1e3:8.1f} (p95 {tail * 1e3:8.1f})", flush=True)


async def _prepare(ours: Library) -> tuple[list[UUID], list[UUID]]:
    """Sounds, plays and neighbours; the ids of all tracks and of some artists."""
    database = await connect(ours.dsn, max_size=1, statement_timeout_s=FILL_S)
    async with database.read() as read:
        track_ids = await read.fetch_values(_IDS, ours.owner_id)
        artist_ids = await read.fetch_values(_ARTISTS, ours.owner_id)
    await _describe(database, ours.owner_id, track_ids)
    await _hear(database, ours.owner_id, track_ids)
    circle, known = await neighboring.circle_of(database, ours.owner_id)
    began_s = time.perf_counter()
    found = list(neighbors(msgspec.structs.replace(circle, wanted=list(range(len(known))))))
    print(f"{len(found)} tracks compared in {time.perf_counter() - began_s:.1f} s", flush=True)
    fewest = min(len(one.items) for one in found)
    if not fewest:
        sys.exit("Some have no neighbours: there is nothing to measure.")
    began_s = time.perf_counter()
    async with database.read() as read:
        now = await neighbors_sql.now(read)
    for at in range(0, len(found), LOT):
        async with database.write() as tx:
            rows = [neighboring.found_of(known, one) for one in found[at : at + LOT]]
            await neighbors_sql.keep(tx, ours.owner_id, rows, now)
    print(f"kept in {time.perf_counter() - began_s:.1f} s", flush=True)
    async with database.write() as tx:
        await tx.execute("ANALYZE")
    await database.close()
    return track_ids, artist_ids


async def _describe(database: Database, owner_id: UUID, track_ids: list[UUID]) -> None:
    chance = random.Random(SEED)
    clouds = [[chance.gauss(0, one) for one in APART] for _ in range(GENRES)]
    for at in range(0, len(track_ids), LOT):
        some = track_ids[at : at + LOT]
        made = [_within(clouds[n % GENRES], chance) for n in range(at, at + len(some))]
        async with database.write() as tx:
            await sounds_sql.want(tx, owner_id, some, anew=False)
            await sounds_sql.describe(tx, owner_id, zip(some, made, strict=True))


def _within(cloud: list[float], chance: random.Random) -> Character:
    spread = zip(cloud, APART, strict=True)
    return Character([middle + chance.gauss(0, apart / 2) for middle, apart in spread])


async def _hear(database: Database, owner_id: UUID, track_ids: list[UUID]) -> None:
    chance = random.Random(SEED)
    places = [(sitting, n) for sitting in range(SITTINGS) for n in range(HEARD)]
    heard = [chance.choice(track_ids) for _ in places]
    async with database.write() as tx:
        await tx.execute(
            _PLAYS, owner_id, heard, [one for one, _ in places], [n for _, n in places]
        )


if __name__ == "__main__":
    main()
