"""Rounds of load against servers that all run at once and are asked in turn."""

import sys
import time
from collections.abc import Callable, Mapping

import msgspec

from benchmarks.rig import load as loads
from benchmarks.rig.figures import Sample, turns
from benchmarks.rig.load import Load
from benchmarks.rig.servers import Server


class Pace(msgspec.Struct, frozen=True):
    """How long to measure: `rounds` of `seconds` each, after `warm_up_s` for everybody."""

    rounds: int = 5
    seconds: float = 3
    warm_up_s: float = 3
    jobs: int = 30_000
    visits: int = 2

    @property
    def text(self) -> str:
        """In words."""
        return f"{self.rounds} rounds of {self.seconds:g} s"


FULL = Pace()
QUICK = Pace(rounds=2, seconds=2, warm_up_s=2, jobs=10_000, visits=1)


class Contestant(msgspec.Struct, frozen=True):
    """A server and the load that it is given; `watch` adds figures of its own to a round's.

    With `everybody_first` the warm-up begins with a request of each person.
    """

    server: Server
    load: Load
    everybody_first: bool = False
    watch: Callable[[Server], Mapping[str, float]] | None = None


def measure(contestants: Mapping[str, Contestant], pace: Pace) -> dict[str, list[Sample]]:
    """Every contestant's rounds, in turn: A B C A B C …"""
    for name, one in contestants.items():
        say(f"  warm-up: {name}")
        if one.everybody_first:
            loads.run_each(one.load, one.server.port)
        loads.run(one.load, one.server.port, pace.warm_up_s, seed=0)
    samples: dict[str, list[Sample]] = {name: [] for name in contestants}
    for number, name in turns(list(contestants), pace.rounds):
        one = contestants[name]
        before = one.watch(one.server) if one.watch else {}
        cpu_s, began_s = one.server.cpu_s(), time.monotonic()
        sample = loads.run(one.load, one.server.port, pace.seconds, seed=1 + number)
        cpu_s, took_s = one.server.cpu_s() - cpu_s, time.monotonic() - began_s
        cpu_us = cpu_s * 1e6 / (sample.rate_per_s * took_s)
        after = one.watch(one.server) if one.watch else {}
        notes = {key: value - before[key] for key, value in after.items()}
        samples[name].append(msgspec.structs.replace(sample, cpu_us=cpu_us, notes=notes))
        say(
            f"  round {number + 1}: {name:32} {sample.rate_per_s:9,.0f}/s  "
            f"p95 {sample.p95_ms:6.1f} ms  {cpu_us:6,.0f} µs each, {cpu_s / took_s:4.0%} of a core"
        )
        time.sleep(0.1)
    return samples


def say(line: str) -> None:
    """Tell whoever waits how far it is."""
    print(line, file=sys.stderr, flush=True)
