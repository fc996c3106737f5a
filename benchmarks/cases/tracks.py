"""`GET /api/v1/tracks`, 20 rows, by 10,000 people: past the cache, and from it with writes."""

import contextlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx
import msgspec

from benchmarks.rig import servers
from benchmarks.rig.figures import Contest, Sample, Target, ratio, summary
from benchmarks.rig.ground import PEOPLE, Ground
from benchmarks.rig.load import CONNECTIONS, Apart, Load, run_apart, writers_for
from benchmarks.rig.peers import python_of
from benchmarks.rig.rounds import Contestant, Pace, measure
from benchmarks.rig.servers import Server

LIST = "/api/v1/tracks"
_WRITES = 0.05
_CONDITIONS = (
    f"{PEOPLE:,} people with 25 tracks each, drawn by Zipf's law (exponent 1), 64 connections "
    "kept; one core for the server, the other for PostgreSQL (fsync "
    "on), Redis and wrk"
)


def uncached(ground: Ground, pace: Pace) -> Contest:
    """Every answer made anew, compressed as browsers like it."""
    load = Load(ground.users_file, no_cache=True)
    with contextlib.ExitStack() as stack:
        running = {
            "Backline": stack.enter_context(servers.ours(ground)),
            "Express": stack.enter_context(servers.express(ground, "none")),
            "FastAPI": stack.enter_context(servers.fastapi(ground, python_of("fastapi"))),
            "floor: the query, bare": stack.enter_context(servers.bare(ground, "query")),
        }
        check_alike(ground, running)
        samples = measure({name: Contestant(one, load) for name, one in running.items()}, pace)
    return _uncached("tracks-uncached", "A list of 20 tracks, past the cache", samples, pace)


def uncached_plain(ground: Ground, pace: Pace) -> Contest:
    """The same for clients that take no compressed answers."""
    load = Load(ground.users_file, no_cache=True, encodings="")
    with contextlib.ExitStack() as stack:
        running = {
            "Backline": stack.enter_context(servers.ours(ground)),
            "Express": stack.enter_context(servers.express(ground, "none")),
        }
        samples = measure({name: Contestant(one, load) for name, one in running.items()}, pace)
    title = "A list of 20 tracks, past the cache, not compressed"
    return _uncached("tracks-uncached-plain", title, samples, pace)


def _uncached(name: str, title: str, samples: dict[str, list[Sample]], pace: Pace) -> Contest:
    how = f"{_CONDITIONS}; every request says `Cache-Control: no-cache`; {pace.text}"
    contest = Contest(name, title, "requests/s", how, samples)
    faster = ratio(contest.rates("Backline"), contest.rates("Express")).median
    late = contest.late("Backline", 95).median
    return msgspec.structs.replace(
        contest,
        targets=(
            Target("at least 4 times Express", faster, 4),
            Target("p95 under 50 ms", late, 50, at_least=False),
        ),
    )


def cached(ground: Ground, pace: Pace) -> Contest:
    """As it comes: hits, misses, and one request of twenty a change."""
    title = "A list of 20 tracks, 5 % of the requests changes"
    return _cached(ground, pace, "tracks-cached", title, Load(ground.users_file, writes=_WRITES))


def cached_plain(ground: Ground, pace: Pace) -> Contest:
    """The same for clients that take no compressed answers."""
    title = "A list of 20 tracks, 5 % of the requests changes, not compressed"
    load = Load(ground.users_file, writes=_WRITES, encodings="")
    return _cached(ground, pace, "tracks-cached-plain", title, load)


def _cached(ground: Ground, pace: Pace, name: str, title: str, load: Load) -> Contest:
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(servers.ours(ground))
        with_redis = stack.enter_context(servers.express(ground, "redis"))
        with_lru = stack.enter_context(servers.express(ground, "lru"))
        check_alike(ground, {"Backline": ours, "Redis": with_redis, "LRU": with_lru})
        contestants = {
            "Backline": Contestant(ours, load, everybody_first=True, watch=cache_figures),
            "Express + Redis": Contestant(with_redis, load, everybody_first=True),
            "Express + LRU": Contestant(with_lru, load, everybody_first=True),
        }
        if load.encodings:
            (ground.folder / "answer").write_bytes(ask(ground, ours, "zstd"))
            floor = stack.enter_context(servers.bare(ground, "constant"))
            contestants["floor: constant bytes, bare"] = Contestant(floor, load)
        samples = measure(contestants, pace)
        writers = writers_for(load, ours.port, pace.seconds)
        apart = [
            run_apart(load, ours.port, pace.seconds, seed, writers)
            for seed in range(1, pace.rounds + 1)
        ]
    how = (
        f"{_CONDITIONS}; one request of twenty is a PATCH of a title, which empties that "
        f"person's lists; clients without cookies; everybody has looked once before; {pace.text}"
    )
    contest = Contest(name, title, "requests/s", how, samples)
    rates = contest.rates
    redis = ratio(rates("Backline"), rates("Express + Redis")).median
    lru = ratio(rates("Backline"), rates("Express + LRU")).median
    return msgspec.structs.replace(
        contest,
        remarks=(hit_rate(samples["Backline"]), _of_reads(apart)),
        targets=(
            Target("at least 12 times Express with Redis", redis, 12),
            Target("at least 4 times Express with an LRU", lru, 4),
            Target("p95 of the list under 10 ms", _late(apart), 10, at_least=False),
        ),
    )


def _late(apart: Sequence[Apart]) -> float:
    """The p95 of reads that writes run beside."""
    return summary([one.reads.p95_ms for one in apart]).median


def _of_reads(apart: Sequence[Apart]) -> str:
    share, writers = summary([one.share for one in apart]).median, apart[0].writers
    changes = summary([one.writes.p95_ms for one in apart]).median
    return (
        "The table's p95 is of reads and writes together. On connections of their own "
        f"({CONNECTIONS - writers} read, {writers} change; changes were {share:.1%} of the "
        f"requests) Backline's reads have a p95 of {_late(apart):.1f} ms, its changes of "
        f"{changes:.1f} ms."
    )


def cache_figures(server: Server) -> Mapping[str, float]:
    """Hits, misses and passes so far, of what can be cached."""
    text = server.metrics()
    found = {
        name: sum(
            map(float, re.findall(rf"^backline_cache_{name}_total\S* (\S+)", text, re.MULTILINE))
        )
        for name in ("hits", "misses", "bypasses")
    }
    statements = re.search(r"^backline_database_statements_total (\S+)", text, re.MULTILINE)
    return {**found, "statements": float(statements[1]) if statements else 0.0}


def hit_rate(samples: Sequence[Sample]) -> str:
    """How our reads were answered, in words."""
    total = {key: sum(one.notes[key] for one in samples) for key in ("hits", "misses", "bypasses")}
    reads = max(1.0, sum(total.values()))
    share = {key: value / reads for key, value in total.items()}
    return (
        f"Of Backline's reads {share['hits']:.1%} were hits, {share['misses']:.1%} misses, and "
        f"{share['bypasses']:.1%} passed the cache by."
    )


def check_alike(ground: Ground, running: Mapping[str, Server], path: str = LIST) -> None:
    """Refuse to compare servers that don't answer the same.

    Raises:
        RuntimeError: one of them gives other rows, fields or addresses.
    """
    told = {name: ask(ground, one, path=path).decode() for name, one in running.items()}
    if len(set(re.findall(r"/media/(\d+)\.", "".join(told.values())))) > 1:
        # On the hour addresses are signed anew, and peers' caches still have those of before.
        told = {name: re.sub(r"/media/[^/]+/", "/media/", text) for name, text in told.items()}
    answers = {name: _plain(json.loads(text)) for name, text in told.items()}
    wanted = answers[next(iter(answers))]
    for name, answer in answers.items():
        if name.startswith("floor"):
            answer["next_cursor"] = wanted["next_cursor"]
        if answer != wanted:
            shown = json.dumps(answer["items"][:1], indent=1, default=str)
            expected = json.dumps(wanted["items"][:1], indent=1, default=str)
            raise RuntimeError(f"{name} answers otherwise than we do:\n{shown}\n{expected}")


def ask(ground: Ground, server: Server, encoding: str = "identity", path: str = LIST) -> bytes:
    """The first person's list, as its bytes went over the wire."""
    headers = {"Authorization": f"Bearer {ground.people[0].token}", "Accept-Encoding": encoding}
    with httpx.stream("GET", server.url + path, headers=headers) as answer:
        said = b"".join(answer.iter_raw())
    if answer.status_code != 200:
        log = server.log.read_text(errors="replace")[-4000:]
        raise RuntimeError(f"{server.log.stem} answers {answer.status_code}:\n{log}")
    return said


def _plain(page: dict[str, Any]) -> dict[str, Any]:
    """Without the one thing that may differ: how finely times are written."""
    for item in page["items"]:
        for field in ("created_at", "updated_at", "due_at"):
            if item.get(field) is not None:
                at = datetime.fromisoformat(item[field])
                item[field] = at.replace(microsecond=at.microsecond // 1000 * 1000)
    page["next_cursor"] = page["next_cursor"] is not None
    if len(page["items"]) != 20:
        raise RuntimeError(f"There are {len(page['items'])} rows where 20 should be.")
    return page
