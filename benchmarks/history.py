"""What somebody's photos and concerts cost alone, and among 5,000,000 photos of 10,000 people.

    .venv/bin/python benchmarks/history.py [--photos 5000000] [--people 10000] [--no-whole]

Two installations as `backline up` starts them, on disk: one with a few people's photos and the
other with the same people's among all. Most have 400 photos, one of a hundred ten times as many,
one of a thousand a hundred times. Both are asked the same in turn by HTTP, past the cache;
figures are milliseconds. Then the same rows are copied into tables without partitions, with the
same indexes, where the same statements are run in turn with those on the partitions.
"""

import argparse
import asyncio
import functools
import re
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, UUID, uuid5

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import httpx  # noqa: E402

from backline.concerts.sql import history_lists, lists, upkeep  # noqa: E402
from backline.concerts.sql import statistics as figures  # noqa: E402
from backline.concerts.sql.lists import Condition  # noqa: E402
from backline.platform.database import Database, Write, connect  # noqa: E402
from backline.platform.postgres.cluster import dsn_of  # noqa: E402
from benchmarks.rig import histories  # noqa: E402
from tests.support import installation as installations  # noqa: E402
from tests.support import photos  # noqa: E402
from tests.support.installation import Installation, running, wait_for  # noqa: E402
from tests.support.plans import plan, spread  # noqa: E402
from tests.support.quick import quick_folder  # noqa: E402

SIZES = {"usual": 1, "large": 10, "largest": 100}
OFTEN = {"usual": 0.989, "large": 0.01, "largest": 0.001}
ASKED_EACH, ROUNDS = 2, 25
VISIT_THAT_CHANGES, PAUSE_S = 2, 2.1
PAST = {"Cache-Control": "no-cache"}
COMPARED = {
    "list": "/photos",
    "map": "/photos/places",
    "concerts": "/concerts",
    "map of concerts": "/concerts/map",
    "statistics": "/concerts/statistics",
}


class Person(NamedTuple):
    """Somebody who is asked, in one of the installations."""

    id: UUID
    size: str
    photos: int
    client: httpx.Client


def main(total: int, people: int, *, whole: bool) -> None:
    """Measure and print."""
    on_disk = functools.partial(quick_folder, least_free_bytes=1 << 60)
    installations.quick_folder = on_disk
    share = sum(OFTEN[size] * SIZES[size] for size in SIZES)
    usual = round(total / people / share)
    with running() as alone, running() as among:
        asked = [(size, usual * SIZES[size]) for size in SIZES for _ in range(ASKED_EACH)]
        few, many = _people(alone, asked), _people(among, asked)
        others = [
            (uuid5(NAMESPACE_OID, f"person {n}"), usual * SIZES[_size(n)])
            for n in range(people - len(many))
        ]
        dsn = dsn_of(among.data, None)
        asyncio.run(histories.fill(dsn_of(alone.data, None), [(one.id, one.photos) for one in few]))
        began_s = time.monotonic()
        asyncio.run(histories.fill(dsn, [*others, *((one.id, one.photos) for one in many)]))
        made = sum(n for _, n in others) + sum(one.photos for one in many)
        print(f"{made:,} photos of {people:,} people in {time.monotonic() - began_s:.0f} s")
        _compare(few, many)
        _endpoints(many)
        _variants(among, many[0])
        _visits(many)
        asyncio.run(_plans(dsn, many))
        if whole:
            asyncio.run(_without_partitions(dsn, many))


def _size(n: int) -> str:
    return "largest" if n % 1_000 == 0 else "large" if n % 100 == 1 else "usual"


def _people(installation: Installation, asked: list[tuple[str, int]]) -> list[Person]:
    made: list[Person] = []
    for size, count in asked:
        client = installation.add_user()
        me = client.get("/users/me").raise_for_status().json()
        made.append(Person(UUID(me["id"]), size, count, client))
    return made


def _ask(person: Person, path: str) -> float:
    began_s = time.perf_counter()
    person.client.get(path, headers=PAST).raise_for_status()
    return (time.perf_counter() - began_s) * 1e3


def _p95(took: list[float]) -> float:
    return sorted(took)[int(len(took) * 0.95)]


def _compare(few: list[Person], many: list[Person]) -> None:
    """The same rows alone and among others', in turn."""
    print(f"\n{'':40}{'alone':>8}{'among':>8}{'p95':>8}{'p95':>8}   ratios")
    for size in SIZES:
        pairs = [each for each in zip(few, many, strict=True) if each[0].size == size]
        for name, path in COMPARED.items():
            took: tuple[list[float], list[float]] = ([], [])
            for number in range(-4, ROUNDS * 2):
                for pair in pairs:
                    for kept, person in zip(took, pair, strict=True):
                        spent = _ask(person, path)
                        if number >= 0:
                            kept.append(spent)
            medians = [statistics.median(each) for each in took]
            tails = [_p95(each) for each in took]
            print(
                f"{name} ({pairs[0][0].photos:,} photos)".ljust(40)
                + "".join(f"{each:8.1f}" for each in (*medians, *tails))
                + f"   {medians[1] / medians[0]:.2f} {tails[1] / tails[0]:.2f}",
                flush=True,
            )


def _paths(person: Person) -> list[str]:
    """Every GET of the domain that a history answers."""
    listed = {
        name: person.client.get(path).raise_for_status().json()["items"][0]["id"]
        for name, path in (
            ("photo", "/photos"),
            ("concert", "/concerts"),
            ("artist", "/concerts/artists"),
            ("venue", "/concerts/venues"),
        )
    }
    reviews = person.client.get("/concerts/reviews").raise_for_status().json()["items"]
    day = person.client.get("/photos/days").raise_for_status().json()["days"][0]["day"]
    return [
        *("/photos", "/photos?limit=100", f"/photos?day={day}", "/photos?starred=true"),
        *("/photos?within=48,9,48.5,9.5", "/photos/days", "/photos/places", "/photos/groups"),
        *(f"/photos/{listed['photo']}", "/photos/drive", "/scans"),
        *("/concerts", "/concerts?limit=100", "/concerts?q=band+7", "/concerts?sort=held_on"),
        *(f"/concerts?artist_id={listed['artist']}", f"/concerts?venue_id={listed['venue']}"),
        *(f"/concerts/{listed['concert']}", f"/concerts/{listed['concert']}/photos"),
        *("/concerts/artists", f"/concerts/artists/{listed['artist']}"),
        *("/concerts/venues", f"/concerts/venues/{listed['venue']}"),
        *("/concerts/timeline", "/concerts/map", "/concerts/statistics", "/concerts/matching"),
        *("/concerts/reviews", *(f"/concerts/reviews/{one['id']}" for one in reviews[:1])),
        *("/concerts/exports", "/concerts/imports", "/venues?q=ven", "/cities?q=ber"),
    ]


def _endpoints(many: list[Person]) -> None:
    """How long each takes, by the largest of those who are asked."""
    took: dict[str, list[float]] = {}
    for person in many:
        paths = _paths(person)
        for number in range(-1, ROUNDS):
            for path in paths:
                spent = _ask(person, path)
                if number >= 0:
                    name = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", path)
                    took.setdefault(f"{name} {person.size}", []).append(spent)
    slowest = sorted(took, key=lambda name: -_p95(took[name]))
    print(f"\n{len(took)} endpoints and sizes; the slowest by their 95th percentile, ms:")
    for name in slowest[:8]:
        print(f"{name:60}{statistics.median(took[name]):8.1f}{_p95(took[name]):8.1f}")
    every = [one for each in took.values() for one in each]
    print(f"{'all':60}{statistics.median(every):8.1f}{_p95(every):8.1f}", flush=True)


def _variants(installation: Installation, person: Person) -> None:
    """Pictures of an uploaded photo, from the request on."""
    data = photos.jpeg(width=4_000, height=3_000)
    body = {"file": ("photo.jpg", data)}
    photo_id = person.client.post("/photos", files=body).raise_for_status().json()["id"]
    seen: dict[str, Any] = {}

    def is_ready() -> bool:
        seen.update(person.client.get(f"/photos/{photo_id}").raise_for_status().json())
        return seen["status"] == "ready"

    wait_for(is_ready, "variants", limit_s=300, context=installation.log)
    took: list[float] = []
    with httpx.Client(base_url=installation.url, timeout=30) as visitor:
        for _ in range(ROUNDS):
            for variant in seen["variants"]:
                began_s = time.perf_counter()
                visitor.get(variant["url"]).raise_for_status()
                took.append((time.perf_counter() - began_s) * 1e3)
    print(f"\nvariants of a photo: {statistics.median(took):.1f} ms, p95 {_p95(took):.1f}")


def _visits(many: list[Person]) -> None:
    """The share of reads that the cache answers, as people who were here before come again.

    They look at everything twice, and in one visit of four write what is on a photo between. After
    that comes a pause, as in `cases/journey`: for two seconds somebody's own reads aren't cached.
    """
    hits = cacheable = 0
    for person in many:
        paths = [path for path in _paths(person) if "limit=" not in path]
        photo = (
            f"/photos/{person.client.get('/photos').raise_for_status().json()['items'][0]['id']}"
        )
        for visit in range(5):
            for number, path in enumerate((*paths, *paths)):
                if visit == VISIT_THAT_CHANGES and number == len(paths):
                    version = person.client.get(photo).headers["etag"]
                    headers, change = {"If-Match": version}, {"alt_text": "The encore"}
                    person.client.patch(photo, json=change, headers=headers).raise_for_status()
                    time.sleep(PAUSE_S)
                told = person.client.get(path).raise_for_status().headers.get("cache-status")
                if visit and told:
                    hits += "hit" in told
                    cacheable += 1
    print(f"\n{hits / cacheable:.1%} of {cacheable:,} reads were answered from the cache")


Statement = Callable[[Write, UUID], Awaitable[object]]


async def _list(tx: Write, owner_id: UUID) -> object:
    return await lists.page(tx, owner_id, Condition(), None, 21)


async def _history(tx: Write, owner_id: UUID) -> object:
    condition = history_lists.Condition()
    return await history_lists.page(tx, owner_id, condition, sort="-held_on", after=None, limit=21)


async def _figures(tx: Write, owner_id: UUID) -> object:
    return await figures.figures(tx, owner_id)


async def _places(tx: Write, owner_id: UUID) -> object:
    return await lists.places(tx, owner_id)


async def _forget(tx: Write, owner_id: UUID) -> None:
    while await upkeep.forget_some(tx, owner_id, 2_000):
        pass
    while await upkeep.forget_history(tx, owner_id, 2_000):
        pass


STATEMENTS: dict[str, Statement] = {
    "list of photos": _list,
    "map of photos": _places,
    "list of concerts": _history,
    "statistics": _figures,
    "deletion": _forget,
}


class _Undone(Exception):
    """What a measured transaction wrote isn't kept."""


async def _plans(dsn: str, many: list[Person]) -> None:
    """With generic plans each table is looked into in one partition, by an index."""
    database = await connect(dsn, max_size=1, statement_timeout_s=60)
    owner = many[0].id
    nothing = (None, None)
    edges = (lists.EARLIEST, lists.LATEST, 0.0, 0.0, 0.0, 0.0, *nothing)
    asked: dict[str, tuple[str, tuple[object, ...]]] = {
        "list": (lists._select(Condition(), None), (owner, 21, *nothing, *edges)),  # noqa: SLF001
        "days": (lists._DAYS, (owner,)),  # noqa: SLF001
        "places": (lists._PLACES, (owner,)),  # noqa: SLF001
        "groups": (lists._GROUPS, (owner, None, 21)),  # noqa: SLF001
        "figures": (figures._FIGURES, (owner, 20)),  # noqa: SLF001
    }
    print()
    for name, (sql, given) in asked.items():
        said = await plan(database, sql, given)
        wide = [*spread(said)]
        whole = re.findall(r"Seq Scan on \w+", said)
        took = re.search(r"Execution Time: ([\d.]+)", said)
        assert took is not None
        verdict = "one partition each" if not wide else f"MANY of {wide}"
        print(f"plan of {name:10}{verdict}, {took[1]} ms, {whole or 'by indexes'}")
    await database.close()


async def _without_partitions(dsn: str, many: list[Person]) -> None:
    began_s = time.monotonic()
    await histories.copy_whole(dsn)
    print(f"\nCopied in {time.monotonic() - began_s:.0f} s; statements, ms: parted, whole, factor")
    joined = "&" if "?" in dsn else "?"
    parted = await connect(dsn, max_size=1, statement_timeout_s=600)
    whole = await connect(
        f"{dsn}{joined}search_path=whole,public", max_size=1, statement_timeout_s=600
    )
    for name, statement in STATEMENTS.items():
        for size in SIZES:
            owners = [one.id for one in many if one.size == size]
            took: tuple[list[float], list[float]] = ([], [])
            for number in range(-2, ROUNDS if statement is not _forget else 3):
                for owner in owners:
                    for kept, database in zip(took, (parted, whole), strict=True):
                        spent = await _spent(database, statement, owner)
                        if number >= 0 or statement is _forget:
                            kept.append(spent)
            here, there = (statistics.median(each) for each in took)
            print(f"{name:20}{size:10}{here:9.2f}{there:9.2f}   {there / here:.2f}", flush=True)
    await parted.close()
    await whole.close()


async def _spent(database: Database, statement: Statement, owner: UUID) -> float:
    spent_ms = 0.0
    try:
        async with database.write() as tx:
            began_s = time.perf_counter()
            await statement(tx, owner)
            spent_ms = (time.perf_counter() - began_s) * 1e3
            raise _Undone  # noqa: TRY301  # it ends the transaction
    except _Undone:
        return spent_ms


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--photos", type=int, default=5_000_000)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--no-whole", action="store_true")
    args = parser.parse_args()
    main(args.photos, args.people, whole=not args.no_whole)
