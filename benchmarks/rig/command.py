"""The command line of `benchmarks/run`."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence

from benchmarks.cases import jobs, limits, tracks
from benchmarks.rig import ground as grounds
from benchmarks.rig import load, report, servers
from benchmarks.rig.figures import Contest
from benchmarks.rig.rounds import FULL, QUICK, Pace

Case = Callable[[grounds.Ground, Pace], Contest]
CASES: dict[str, Case] = {
    "tracks-uncached": tracks.uncached,
    "tracks-cached": tracks.cached,
    "limits": limits.limits,
    "jobs-bulk-enqueue": jobs.bulk_enqueue,
    "jobs-process": jobs.process,
}


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for; 0 unless something couldn't be measured."""
    parser = argparse.ArgumentParser(prog="benchmarks/run", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="what to measure; nothing is all")
    parser.add_argument("--list", action="store_true", help="say what there is to measure")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    given = parser.parse_args(arguments)
    if given.list:
        for name, case in CASES.items():
            print(f"{name:18} {(case.__doc__ or '').splitlines()[0]}")
        return 0
    unknown = [name for name in given.names if name not in CASES]
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; --list says what there is")
    load.check_wrk()
    servers.take_second_core()
    pace = QUICK if given.quick else FULL
    contests: list[Contest] = []
    began_s = time.monotonic()
    print("Laying the ground: PostgreSQL, Redis, people and their music …", file=sys.stderr)
    with grounds.laid() as ground:
        for name in given.names or CASES:
            print(f"{name}:", file=sys.stderr)
            contest = CASES[name](ground, pace)
            contests.append(contest)
            print(report.table(contest), flush=True)
    print(f"All of it took {time.monotonic() - began_s:.0f} s.", file=sys.stderr)
    return 0
