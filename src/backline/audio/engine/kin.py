"""What is asked and answered about sounds and their likeness: `overhear` and `kinship` work on it.

Kept apart from them, so that whoever asks loads neither a decoder nor numpy.
"""

import math
from collections.abc import Sequence
from typing import Final

import msgspec

RULES: Final = 1
"""How sounds are described: what was described by other rules is described anew."""

NUMBERS: Final = 32
"""So many describe a sound, see `character`."""

MOST: Final = 30
"""So many neighbours are kept of a track."""

SOUNDS_ALIKE: Final = 0.6
"""From here on two tracks are said to sound alike; 1 is the same sound."""


# How far tracks of music lie apart in each number, and how much it counts; see `character`.
_CEPSTRA_APART: Final = (24, 16, 10, 9, 7, 6, 5.5, 5, 4.5, 4.5, 4, 4)
_CEPSTRA_MOVING: Final = (8, 6, 4, 3.5, 3, 2.5, 2.5, 2, 2, 2, 2, 2)
_REST_APART: Final = (0.7, 0.25, 0.5, 0.5, 0.8, 0.25, 0.35, 0.35)
APART: Final = (*_CEPSTRA_APART, *_CEPSTRA_MOVING, *_REST_APART)
COUNTS: Final = (*(1.0,) * 12, *(0.5,) * 12, 2.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0)
FALLS_OFF: Final = 1.2


def likeness(one: Sequence[float], other: Sequence[float]) -> float:
    """How alike two sounds are by their numbers: 1 is the same, far apart is nearly 0."""
    squares = (
        counts * ((mine - theirs) / apart) ** 2
        for mine, theirs, apart, counts in zip(one, other, APART, COUNTS, strict=True)
    )
    return math.exp(-sum(squares) / sum(COUNTS) / FALLS_OFF**2)


class Audible(msgspec.Struct, frozen=True):
    """A file whose sound is to be described, read by one demuxer and these decoders alone."""

    path: str
    demuxer: str
    decoders: str
    duration_s: float | None


class Character(msgspec.Struct, frozen=True):
    """What a sound is like: `NUMBERS` numbers, none where there was nothing to hear.

    `tempo_bpm` is a guess, and None without a clear pulse.
    """

    numbers: list[float]
    tempo_bpm: float | None = None


class Member(msgspec.Struct, frozen=True):
    """A track among those that are compared; everything is named by a number of its own.

    `sound` tells files of the very same sound; `year` is 0 where it isn't known.
    """

    numbers: list[float]
    artists: list[int]
    genres: list[int]
    year: int
    sound: int


class Together(msgspec.Struct, frozen=True, array_like=True):
    """Two members, by their places, and how often they were found together."""

    one: int
    other: int
    times: int


class Circle(msgspec.Struct, frozen=True):
    """A library as it is compared: `wanted` are the places of those whose neighbours are asked.

    `heard` is in how many sittings two were heard, `beside` in how many playlists they stand
    beside each other.
    """

    members: list[Member]
    heard: list[Together]
    beside: list[Together]
    wanted: list[int]


class Neighbor(msgspec.Struct, frozen=True, array_like=True):
    """A neighbour, by its place: how near in all, and how alike its sound (None: not known).

    `heard` and `beside` are how often both were found together.
    """

    place: int
    score: float
    sound: float | None
    heard: int
    beside: int


class Neighbors(msgspec.Struct, frozen=True, array_like=True):
    """The neighbours of a member, the nearest first."""

    place: int
    items: list[Neighbor]
