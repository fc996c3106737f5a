"""What the worker, the zygote and a confined child tell each other. All of it is MessagePack.

Worker and zygote talk in packets over a SOCK_SEQPACKET pair; descriptors travel with them. Worker
and child talk in frames over a stream pair: a kind, a length, a body.
"""

import struct
from pathlib import Path
from typing import Final

import msgspec

from backline.platform.confined.limits import Limits

PACKET_BYTES: Final = 128 * 1024
FRAME: Final = struct.Struct(">cI")
ANSWER, PROGRESS, FAULT, ARGUMENTS = b"A", b"P", b"F", b"C"
READY: Final = b"ready"


class Call(msgspec.Struct, frozen=True, tag="call"):
    """Run a function named `module:name`. With one descriptor: the channel."""

    id: int
    function: str
    limits: Limits
    reads: list[str]
    writes: list[str]


class Run(msgspec.Struct, frozen=True, tag="run"):
    """Execute a program. With four descriptors: channel, stdin, stdout, stderr."""

    id: int
    argv: list[str]
    limits: Limits
    reads: list[str]
    writes: list[str]


class Kill(msgspec.Struct, frozen=True, tag="kill"):
    """End a child at once. One that has ended is no fault."""

    id: int


class Ended(msgspec.Struct, frozen=True):
    """A child has ended and was waited for. `status` is that of wait(2), or -1 if none began."""

    id: int
    status: int
    cpu_s: float
    max_rss_bytes: int


class Progress(msgspec.Struct, frozen=True):
    """How far a function is, in units of its own."""

    done: int
    total: int


class Fault(msgspec.Struct, frozen=True):
    """What ended a function: `kind` is `memory`, `size` or the exception's name."""

    kind: str
    detail: str


Request = Call | Run | Kill


def plain(value: object) -> object:
    """How a value that MessagePack doesn't know travels: paths as text."""
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} can't be handed to a confined function")


def fancy(kind: type[object], value: object) -> object:
    """The other way round."""
    if issubclass(kind, Path) and isinstance(value, str):
        return kind(value)
    raise TypeError(f"{kind.__name__} can't come from {type(value).__name__}")
