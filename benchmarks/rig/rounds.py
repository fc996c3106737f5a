"""Rounds of load against servers that all run at once and are asked in turn."""

import sys
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec

from benchmarks.rig import load as loads
from benchmarks.rig.figures import Sample, turns
from benchmarks.rig.load import Load
from benchmarks.rig.servers import Server

T = TypeVar("T")
_TRIES = 3


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
            _patiently(name, lambda one=one: loads.run_each(one.load, one.server.port))
        _patiently(name, lambda one=one: _round(one, pace.warm_up_s, seed=0))
    samples: dict[str, list[Sample]] = {name: [] for name in contestants}
    for number, name in turns(list(contestants), pace.rounds):
        one = contestants[name]
        sample = _patiently(name, lambda one=one, seed=1 + number: _round(one, pace.seconds, seed))
        samples[name].append(sample)
        say(
            f"  round {number + 1}: {name:32} {sample.rate_per_s:9,.0f}/s  "
            f"p95 {sample.p95_ms:6.1f} ms  {sample.cpu_us:6,.0f} µs each"
        )
        time.sleep(0.1)
    return samples


def _round(one: Contestant, seconds: float, seed: int) -> Sample:
    server = one.server
    before = one.watch(server) if one.watch else {}
    cpu_s, began_s = server.cpu_s(), time.monotonic()
    sample = loads.run(one.load, server.port, seconds, seed)
    cpu_s, took_s = server.cpu_s() - cpu_s, time.monotonic() - began_s
    after = one.watch(server) if one.watch else {}
    return msgspec.structs.replace(
        sample,
        cpu_us=cpu_s * 1e6 / (sample.rate_per_s * took_s),
        notes={key: value - before[key] for key, value in after.items()},
    )


def _patiently(name: str, attempt: Callable[[], T]) -> T:
    """What comes of it; once more where something was refused, as when the disk stands still.

    Raises:
        RuntimeError: each time.
    """
    for _ in range(_TRIES - 1):
        try:
            return attempt()
        except RuntimeError as fault:
            say(f"  once more, {name}: {fault}")
            time.sleep(2)
    return attempt()


def say(line: str) -> None:
    """Tell whoever waits how far it is."""
    print(line, file=sys.stderr, flush=True)
