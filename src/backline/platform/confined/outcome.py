"""What the end of a confined process means, in words for a person."""

import os
import signal

from backline.platform.confined.limits import (
    ConfinementFault,
    Crashed,
    Limits,
    OutOfMemory,
    OutOfTime,
    TooMuchOutput,
)
from backline.platform.confined.protocol import Ended, Fault
from backline.platform.host.disk import in_words

_NEARLY = 0.9


def fault_of(ended: Ended, limits: Limits, tail: str = "") -> ConfinementFault | None:
    """The fault that a process's end stands for; None where it ended by itself.

    `tail` is what a program printed last: some turn a limit into words and a return code.
    """
    if ended.status < 0:
        return Crashed("The machine has no room for another process just now.")
    code = os.waitstatus_to_exitcode(ended.status)
    if ended.cpu_s >= limits.cpu_s or code == -signal.SIGXCPU:
        return out_of_time(limits.cpu_s, "of CPU time", tail)
    if code == -signal.SIGXFSZ or (code > 0 and "File too large" in tail):
        return TooMuchOutput(
            f"It tried to write a file of more than {in_words(limits.file_bytes)}.", tail
        )
    used_up = ended.max_rss_bytes >= _NEARLY * limits.memory_bytes
    if (
        code == -signal.SIGKILL
        or (code < 0 and used_up)
        or (code > 0 and "Cannot allocate memory" in tail)
    ):
        return out_of_memory(limits, tail)
    if code < 0:
        return Crashed(f"The program that read it crashed ({signal.Signals(-code).name}).", tail)
    return None


def fault_of_answer(fault: Fault, limits: Limits) -> ConfinementFault:
    """The fault that a function's own words stand for.

    Which exception it was is for whoever looks into it; no person has a use for its name.
    """
    if fault.kind == "memory":
        return out_of_memory(limits)
    if fault.kind == "size":
        return TooMuchOutput(f"It made more than it may: {fault.detail}.")
    return Crashed("The program that read it failed.", f"{fault.kind}: {fault.detail}")


def out_of_time(limit_s: float, kind: str, tail: str = "") -> OutOfTime:
    """More time than `limit_s`, of the kind named in words."""
    return OutOfTime(f"It took more than {limit_s:g} s {kind}.".replace(" .", "."), tail)


def out_of_memory(limits: Limits, tail: str = "") -> OutOfMemory:
    """More memory than the limits give."""
    return OutOfMemory(f"It needed more than {in_words(limits.memory_bytes)} of memory.", tail)
