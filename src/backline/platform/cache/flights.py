"""Single flights: what one fetches, others wait for, unless a change came between.

How they wait is theirs to say. A request (`front/caching`) fetches for itself and gives up when
its client leaves; its followers wait for a while and then go themselves. A costly value
(`cache/costly`) is made by a task that no asker takes away, and its fault is everybody's.
"""

import asyncio
from collections.abc import Hashable
from typing import Generic, TypeVar

import msgspec

from backline.platform.cache.tags import Tags

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Flight(msgspec.Struct, Generic[V], frozen=True, eq=False):
    """What is being fetched: it is good while none of `slots` is newer than `since`."""

    slots: tuple[int, ...]
    since: int
    landing: asyncio.Future[V]


class Flights(Generic[K, V]):
    """What is being fetched in this process, one of each key."""

    def __init__(self, tags: Tags) -> None:
        self._tags = tags
        self._under_way: dict[K, Flight[V]] = {}

    def __len__(self) -> int:
        return len(self._under_way)

    def find(self, key: K) -> Flight[V] | None:
        """What may be waited for: whoever comes after a change isn't given what is from before."""
        flight = self._under_way.get(key)
        if flight is None or not self._tags.hold(flight.slots, flight.since):
            return None
        return flight

    def begin(self, key: K, slots: tuple[int, ...], landing: asyncio.Future[V]) -> Flight[V]:
        """Have whoever comes from now on wait for `landing`; what it finds depends on `slots`."""
        flight = self._under_way[key] = Flight(slots, self._tags.number, landing)
        return flight

    def end(self, key: K, flight: Flight[V]) -> None:
        """Have nobody wait for it any more; a later one that took its place stays."""
        if self._under_way.get(key) is flight:
            del self._under_way[key]
