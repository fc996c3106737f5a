"""The command line of `benchmarks/run`."""

import argparse
import time
from collections.abc import Callable, Sequence

from benchmarks import foundation
from benchmarks.cases import jobs, journey, limits, matching, tasks, tracks
from benchmarks.rig import ground as grounds
from benchmarks.rig import load, matchers, report, servers
from benchmarks.rig.figures import Contest
from benchmarks.rig.rounds import FULL, QUICK, Pace, say

Case = Callable[[grounds.Ground, Pace], Contest]
CASES: dict[str, Case] = {
    "tracks-uncached": tracks.uncached,
    "tracks-cached": tracks.cached,
    "tracks-uncached-plain": tracks.uncached_plain,
    "tracks-cached-plain": tracks.cached_plain,
    "tasks-uncached": tasks.uncached,
    "tasks-created": tasks.created,
    "tasks-cached": tasks.cached,
    "limits": limits.limits,
    "journey": journey.journey,
    "jobs-bulk-enqueue": jobs.bulk_enqueue,
    "jobs-process": jobs.process,
}
_LONG_RUNS_ONLY = ("tracks-uncached-plain", "tracks-cached-plain")
# A whole installation, without peers, printed as it goes; only when it is named.
_FOUNDATION = "foundation"
# Needs no servers and compares with no peer: how well photos find their concerts.
_MATCHING = "matching"


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for; 0 unless something couldn't be measured."""
    parser = argparse.ArgumentParser(
        prog="benchmarks/run",
        description="Measure Backline beside its peers, in turn and on cores of their own.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="what to measure; nothing is all")
    parser.add_argument("--list", action="store_true", help="say what there is to measure")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument(
        "--publish", action="store_true", help="put the figures into docs/performance.md"
    )
    given = parser.parse_args(arguments)
    if given.list:
        _print_list()
        return 0
    unknown = [name for name in given.names if name not in {*CASES, _FOUNDATION, _MATCHING}]
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; --list says what there is")
    if given.publish and given.names:
        parser.error("--publish is for a whole run")
    if _FOUNDATION in given.names:
        foundation.main()
    if _MATCHING in given.names:
        matching.matching(matchers.ours, matchers.our_groups)
    usual = [name for name in CASES if not (given.quick and name in _LONG_RUNS_ONLY)]
    names = [name for name in given.names or usual if name not in {_FOUNDATION, _MATCHING}]
    if names:
        contests = _measure(names, QUICK if given.quick else FULL)
        command = " ".join(["benchmarks/run", *arguments])
        say(f"Kept in {report.keep(contests, command).relative_to(report.ROOT)}.")
        if given.publish:
            report.publish(contests, command)
    return 0


def _print_list() -> None:
    for name, case in CASES.items():
        print(f"{name:22} {(case.__doc__ or '').splitlines()[0]}")
    print(f"{_FOUNDATION:22} {(foundation.__doc__ or '').splitlines()[0]} Only when it is named.")
    print(f"{_MATCHING:22} {(matching.__doc__ or '').splitlines()[0]} Only when it is named.")


def _measure(names: Sequence[str], pace: Pace) -> list[Contest]:
    load.check_wrk()
    servers.take_second_core()
    contests: list[Contest] = []
    began_s = time.monotonic()
    say("Laying the ground: PostgreSQL, Redis, people and their music …")
    with grounds.laid() as ground:
        for name in names:
            say(f"{name}:")
            contest = CASES[name](ground, pace)
            contests.append(contest)
            print(report.table(contest), flush=True)
    say(f"\nAll of it took {time.monotonic() - began_s:.0f} s.")
    return contests
