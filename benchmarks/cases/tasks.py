"""`/api/v1/tasks`: a list of 20 past the cache, a task that is made, and lists with changes."""

import contextlib

import msgspec

from benchmarks.cases.tracks import ask, cache_figures, check_alike, hit_rate
from benchmarks.rig import servers
from benchmarks.rig.figures import Contest, Target, ratio
from benchmarks.rig.ground import PEOPLE, Ground
from benchmarks.rig.load import Load
from benchmarks.rig.rounds import Contestant, Pace, measure

_WRITES = 0.05
_FOLLOWED = "Express, with what follows"
_CONDITIONS = (
    f"{PEOPLE:,} people with 25 tasks each in 64 partitions, drawn by Zipf's law (exponent 1), 64 "
    "connections kept; one core for the server, the other for PostgreSQL (fsync on), Redis and wrk"
)


def uncached(ground: Ground, pace: Pace) -> Contest:
    """A list of 20 tasks, every answer made anew."""
    load = Load(ground.tasks_file, no_cache=True, what="tasks")
    with contextlib.ExitStack() as stack:
        running = {
            "Backline": stack.enter_context(servers.ours(ground)),
            "Express": stack.enter_context(servers.express(ground, "none")),
            "floor: the query, bare": stack.enter_context(servers.bare(ground, "tasks")),
        }
        check_alike(ground, running, "/api/v1/tasks")
        samples = measure({name: Contestant(one, load) for name, one in running.items()}, pace)
    title = "A list of 20 tasks, past the cache"
    how = f"{_CONDITIONS}; every request says `Cache-Control: no-cache`; {pace.text}"
    contest = Contest("tasks-uncached", title, "requests/s", how, samples)
    return _against(contest, "Express", "at least 2 times Express", 2)


def created(ground: Ground, pace: Pace) -> Contest:
    """Tasks that are made, each committed to the disk with its counts."""
    load = Load(ground.tasks_file, writes=1.0, what="tasks", creates=True)
    with contextlib.ExitStack() as stack:
        running = {
            "Backline": stack.enter_context(servers.ours(ground)),
            _FOLLOWED: stack.enter_context(servers.express(ground, "none", follow=True)),
            "Express, the row alone": stack.enter_context(servers.express(ground, "none")),
            "floor: the statements, bare": stack.enter_context(servers.bare(ground, "tasks")),
        }
        samples = measure({name: Contestant(one, load) for name, one in running.items()}, pace)
    how = (
        f"{_CONDITIONS}; our statements for all: the row with its words and the counts in one, "
        "what tells caches and open pages in another, in one transaction, and a line of the log; "
        f"the row alone is neither told nor logged, and commits by itself; {pace.text}"
    )
    contest = Contest("tasks-created", "A task is made", "requests/s", how, samples)
    return _against(contest, _FOLLOWED, "at least 1.5 times Express with the same features", 1.5)


def cached(ground: Ground, pace: Pace) -> Contest:
    """Lists of 20 tasks, one request of twenty a change."""
    load = Load(ground.tasks_file, writes=_WRITES, what="tasks")
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(servers.ours(ground))
        redis = stack.enter_context(servers.express(ground, "redis"))
        check_alike(ground, {"Backline": ours, "Redis": redis}, "/api/v1/tasks")
        (ground.folder / "answer").write_bytes(ask(ground, ours, "zstd", "/api/v1/tasks"))
        floor = stack.enter_context(servers.bare(ground, "constant"))
        samples = measure(
            {
                "Backline": Contestant(ours, load, everybody_first=True, watch=cache_figures),
                "Express + Redis": Contestant(redis, load, everybody_first=True),
                "floor: constant bytes, bare": Contestant(floor, load),
            },
            pace,
        )
    title = "A list of 20 tasks, 5 % of the requests changes"
    how = f"{_CONDITIONS}; one request of twenty is a PATCH of a title; {pace.text}"
    contest = Contest("tasks-cached", title, "requests/s", how, samples)
    contest = msgspec.structs.replace(contest, remarks=(hit_rate(samples["Backline"]),))
    return _against(contest, "Express + Redis", "at least 9 times Express with Redis", 9)


def _against(contest: Contest, peer: str, words: str, wanted: float) -> Contest:
    faster = ratio(contest.rates("Backline"), contest.rates(peer)).median
    return msgspec.structs.replace(contest, targets=(Target(words, faster, wanted),))
