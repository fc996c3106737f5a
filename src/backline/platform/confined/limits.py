"""What a confined process may use, what is known of it afterwards, and how it can fail."""

import msgspec

MIB = 1024 * 1024


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of one confined process; each is a hard one.

    `memory_bytes` is what it may allocate beyond what it begins with; `file_bytes` the size of
    any one file it writes; `answer_bytes` what a function may return; `output_bytes` what a
    program may print.
    """

    memory_bytes: int = 512 * MIB
    cpu_s: int = 60
    wall_s: float = 120.0
    file_bytes: int = 1024 * MIB
    answer_bytes: int = 32 * MIB
    output_bytes: int = 64 * MIB
    open_files: int = 128


class Completed(msgspec.Struct, frozen=True):
    """A program that ended by itself. `stderr_tail` is at most the last 64 KiB it printed.

    `max_rss_bytes` is what it held beyond the process that it was forked from.
    """

    returncode: int
    stderr_tail: str
    cpu_s: float
    max_rss_bytes: int


class ConfinementFault(Exception):
    """The work didn't end well; `reason` is a sentence for a person.

    `tail` is what a program printed last, or the name and words of a function's exception.
    """

    def __init__(self, reason: str, tail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.tail = tail


class OutOfMemory(ConfinementFault):
    """It wanted more memory than it was given."""


class OutOfTime(ConfinementFault):
    """It took more CPU or wall time than it was given."""


class TooMuchOutput(ConfinementFault):
    """It wrote, printed or answered more than it may."""


class Crashed(ConfinementFault):
    """It ended by a signal, by an exception, or with an answer that isn't understood."""


class ConfinementLost(ConfinementFault):
    """The process that makes confined processes is gone; the caller's process must start anew."""
