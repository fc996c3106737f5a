"""What the process that reads says, a line of JSON each; and how it can fail."""

from typing import Final

from msgspec import Struct

from backline.concerts.gazetteer.models import NewVenue

LONGEST_LINE: Final = 256 * 1024
MOST_VENUES: Final = 5_000_000


class Found(Struct, frozen=True, tag="found"):
    """A venue."""

    venue: NewVenue


class Step(Struct, frozen=True, tag="step"):
    """What is being done now, in words."""

    what: str


class End(Struct, frozen=True, tag="end"):
    """All was read; how many things were left out, by why."""

    skipped: dict[str, int]


class Fault(Struct, frozen=True, tag="fault"):
    """Why it can't be read, in words for people."""

    reason: str


Said = Found | Step | End | Fault


class Unreadable(Exception):
    """The file isn't what it should be; the text says what is wrong and where."""
