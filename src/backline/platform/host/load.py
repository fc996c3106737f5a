"""How busy the machine is: its processors and its memory, as metrics that operators watch."""

import time
from pathlib import Path

from prometheus_client import Gauge

_PROC = Path("/proc")
_IDLE = slice(3, 5)  # idle, and waiting for a disk
_OF_GUESTS = 8  # these fields are contained in others
_SINCE_S = 5.0

_CPU = Gauge("backline_machine_cpu_ratio", "Share of the machine's processors that is busy")
_MEMORY = Gauge("backline_machine_memory_ratio", "Share of the machine's memory that is taken")


class _Processors:
    """The share since one was last asked for; two who ask within seconds are told the same."""

    def __init__(self) -> None:
        self._seen, self._at_s, self._share = (0, 0), float("-inf"), 0.0

    def share(self) -> float:
        now_s = time.monotonic()
        if now_s - self._at_s >= _SINCE_S:
            busy, whole = _ticks()
            passed = whole - self._seen[1]
            self._share = (busy - self._seen[0]) / passed if passed else 0.0
            self._seen, self._at_s = (busy, whole), now_s
        return self._share


def _ticks() -> tuple[int, int]:
    """How long all processors were busy, and how long they were there."""
    line = (_PROC / "stat").read_text("ascii").partition("\n")[0]
    ticks = [int(field) for field in line.split()[1 : 1 + _OF_GUESTS]]
    return sum(ticks) - sum(ticks[_IDLE]), sum(ticks)


def _memory_share() -> float:
    lines = (_PROC / "meminfo").read_text("ascii").splitlines()
    kib = {name: int(value.split()[0]) for name, _, value in (one.partition(":") for one in lines)}
    return 1 - kib["MemAvailable"] / kib["MemTotal"]


def measure_machine() -> None:
    """Have the metrics tell, where this machine can be asked (Linux)."""
    if (_PROC / "meminfo").is_file() and (_PROC / "stat").is_file():
        _CPU.set_function(_Processors().share)
        _MEMORY.set_function(_memory_share)
