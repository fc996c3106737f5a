"""Which tracks of a library are like which, and why: runs inside a confined child, loads numpy.

The work is bounded: each track is compared by its sound with 16,384 others at the most, and by all
else that makes tracks alike with about a hundred. Memory is for a block of rows at a time.
"""

import math
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

# Before numpy is loaded: a confined process has one thread.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import msgspec
import numpy as np
from numpy.typing import NDArray

from backline.audio.engine.kin import (
    APART,
    COUNTS,
    FALLS_OFF,
    MOST,
    NUMBERS,
    SOUNDS_ALIKE,
    Circle,
    Member,
    Neighbor,
    Neighbors,
    Together,
)
from backline.platform.confined import report

Scaled = NDArray[np.float32]
Places = NDArray[np.int64]

_REACH: Final = 8_192  # to either side, along what tells the library's sounds apart the most
_BLOCK: Final = 256
_BY_SOUND: Final = 40
_BY_NAMES: Final = 12
_BY_LISTENING: Final = 20
_OF_ONE_ARTIST: Final = 10
_MOST_NAMES: Final = 3
_NEAR_YEARS: Final = 10

_SOUND, _GENRE, _ARTIST, _YEARS, _HEARD, _BESIDE = 0.5, 0.2, 0.1, 0.05, 0.3, 0.2

_COUNTS: Final = np.array(COUNTS, np.float32)
_WEIGHTS: Final = np.sqrt(_COUNTS / _COUNTS.sum()) / np.array(APART, np.float32)


def kinship(circle_path: str, out_path: str) -> int:
    """Write the neighbours of those wanted in a `Circle`, as a list of `Neighbors`; how many."""
    circle = msgspec.msgpack.decode(Path(circle_path).read_bytes(), type=Circle)
    found = list(neighbors(circle))
    Path(out_path).write_bytes(msgspec.msgpack.encode(found))
    return len(found)


def neighbors(circle: Circle) -> Iterator[Neighbors]:
    """The neighbours of each that is wanted; the same for the same circle."""
    sounds = _Sounds(circle.members)
    names = _Names(circle.members)
    heard, beside = _counts(circle.heard), _counts(circle.beside)
    rating = _Rating(circle.members)
    done = 0
    for block in sounds.blocks(circle.wanted):
        for place, near in block.items():
            others = dict.fromkeys(names.near(place))
            for counts in (heard, beside):
                found = counts.get(place, {})
                often = sorted(found, key=lambda other, found=found: (-found[other], other))
                others |= dict.fromkeys(often[:_BY_LISTENING])
            more = sounds.likeness(place, [other for other in others if other not in near])
            pairs = heard.get(place, {}), beside.get(place, {})
            yield Neighbors(place, rating.kept(place, dict.fromkeys(others) | more | near, *pairs))
        done += len(block)
        report(done, len(circle.wanted))


class _Rating:
    """How near tracks are, in all that is known of them."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._members = members
        self._genres = [frozenset(one.genres) for one in members]
        self._artists = [frozenset(one.artists) for one in members]

    def kept(
        self,
        place: int,
        others: Mapping[int, float | None],
        heard: Mapping[int, int],
        beside: Mapping[int, int],
    ) -> list[Neighbor]:
        """The nearest of others, not all by one artist, each sound once."""
        rated = (
            self._rated(place, other, sound, heard.get(other, 0), beside.get(other, 0))
            for other, sound in others.items()
        )
        kept: list[Neighbor] = []
        by_artist: dict[int, int] = defaultdict(int)
        sounds: set[int] = set()
        there = (one for one in rated if one is not None)
        for one in sorted(there, key=lambda one: (-one.score, one.place)):
            member = self._members[one.place]
            artist = member.artists[0] if member.artists else -1
            if member.sound in sounds or (artist >= 0 and by_artist[artist] >= _OF_ONE_ARTIST):
                continue
            sounds.add(member.sound)
            by_artist[artist] += 1
            kept.append(one)
            if len(kept) == MOST:
                break
        return kept

    def _rated(
        self, place: int, other: int, sound: float | None, heard: int, beside: int
    ) -> Neighbor | None:
        """How near another is; None where nothing can be said of why."""
        one, two = self._members[place], self._members[other]
        is_alike = sound is not None and sound >= SOUNDS_ALIKE
        has_genre = not self._genres[place].isdisjoint(self._genres[other])
        has_artist = not self._artists[place].isdisjoint(self._artists[other])
        is_same = place == other or one.sound == two.sound
        if is_same or not (is_alike or has_genre or has_artist or heard or beside):
            return None
        score = _SOUND * (sound or 0) + _GENRE * has_genre + _ARTIST * has_artist
        if heard or beside:
            score += _HEARD * (1 - math.exp(-heard / 3)) + _BESIDE * (1 - math.exp(-beside / 2))
        if one.year and two.year:
            score += _YEARS * max(1 - abs(one.year - two.year) / _NEAR_YEARS, 0)
        rounded = None if sound is None else round(sound, 4)
        return Neighbor(other, round(score, 4), rounded, heard, beside)


class _Sounds:
    """The sounds of a library, in the order of what tells them apart the most."""

    def __init__(self, members: Sequence[Member]) -> None:
        described = [at for at, one in enumerate(members) if len(one.numbers) == NUMBERS]
        self._scaled = np.zeros((len(members), NUMBERS), np.float32)
        self._is_described = np.zeros(len(members), np.bool_)
        if described:
            self._is_described[described] = True
            numbers = np.array([members[at].numbers for at in described], np.float32)
            self._scaled[described] = numbers * _WEIGHTS
        places = np.array(described, np.int64)
        self._places = places[np.lexsort((places, _along(self._scaled[places])))]

    def blocks(self, wanted: Sequence[int]) -> Iterator[dict[int, dict[int, float]]]:
        """Those wanted, some at a time, each with the most alike and how alike they are."""
        is_wanted = np.zeros(self._is_described.size, np.bool_)
        is_wanted[np.array(wanted, np.int64)] = True
        silent = np.flatnonzero(is_wanted & ~self._is_described)
        yield {place: {} for place in silent.tolist()}
        ranks = np.flatnonzero(is_wanted[self._places])
        for at in range(0, ranks.size, _BLOCK):
            yield from self._near(ranks[at : at + _BLOCK])

    def _near(self, ranks: Places) -> Iterator[dict[int, dict[int, float]]]:
        """Those of a block that lie close together are compared at once."""
        for some in np.split(ranks, np.flatnonzero(np.diff(ranks) > _BLOCK) + 1):
            low, high = max(int(some[0]) - _REACH, 0), int(some[-1]) + _REACH + 1
            rows, near = self._places[some], self._places[low:high]
            mine, theirs = self._scaled[rows], self._scaled[near]
            apart = (theirs**2).sum(axis=1) - 2 * mine @ theirs.T
            count = min(_BY_SOUND + 1, near.size)  # with itself
            best = near[np.argpartition(apart, count - 1, axis=1)[:, :count]]
            yield {
                place: self.likeness(place, others)
                for place, others in zip(rows.tolist(), best.tolist(), strict=True)
            }

    def likeness(self, place: int, others: Sequence[int]) -> dict[int, float]:
        """How alike those sound that are described: 1 is the same, far apart is nearly 0."""
        if not self._is_described[place] or not others:
            return {}
        at = np.array(others, np.int64)
        at = at[self._is_described[at]]
        squares = ((self._scaled[at] - self._scaled[place]) ** 2).sum(axis=1)
        return dict(zip(at.tolist(), np.exp(-squares / FALLS_OFF**2).tolist(), strict=True))


def _along(scaled: Scaled) -> Scaled:
    """Where each lies along the direction in which they differ the most."""
    if not len(scaled):
        return np.zeros(0, np.float32)
    centred = scaled - scaled.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    axis: Scaled = axes[:, -1]
    # Of its two directions always the same one.
    axis = axis * np.sign(axis[np.argmax(np.abs(axis))])
    return np.asarray(np.round(centred @ axis, 4), np.float32)


class _Names:
    """Who shares an artist or a genre: those that stand near in the order of years."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._members = members
        self._groups: dict[tuple[str, int], list[int]] = defaultdict(list)
        self._at: dict[tuple[str, int, int], int] = {}
        for place in sorted(range(len(members)), key=lambda place: (members[place].year, place)):
            for group in self._of(place):
                self._at[(*group, place)] = len(self._groups[group])
                self._groups[group].append(place)

    def near(self, place: int) -> Iterator[int]:
        """Some of those that share something with one."""
        for group in self._of(place):
            at, half = self._at[(*group, place)], _BY_NAMES // 2
            low = max(at - half, 0)
            yield from self._groups[group][low : low + _BY_NAMES + 1]

    def _of(self, place: int) -> list[tuple[str, int]]:
        member = self._members[place]
        artists = [("artist", one) for one in member.artists[:_MOST_NAMES]]
        return artists + [("genre", one) for one in member.genres[:_MOST_NAMES]]


def _counts(found: Sequence[Together]) -> dict[int, dict[int, int]]:
    counts: dict[int, dict[int, int]] = defaultdict(dict)
    for pair in found:
        counts[pair.one][pair.other] = pair.times
        counts[pair.other][pair.one] = pair.times
    return counts
