"""A memory of what is used: bounded, and so cheap that it may lie on every request's way."""

from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Values by key, in two generations of at most `most` each.

    Whatever nobody asked for while a whole generation filled up is forgotten. Unlike a list in
    the order of use, that moves nothing on most hits.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._fresh: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def __len__(self) -> int:
        return len(self._fresh) + len(self._old)

    def get(self, key: K) -> V | None:
        """What was kept under `key`, if it still is."""
        found = self._fresh.get(key)
        if found is None and (found := self._old.pop(key, None)) is not None:
            self.keep(key, found)
        return found

    def keep(self, key: K, value: V) -> None:
        """Remember `value` for a while."""
        if len(self._fresh) >= self._most:
            self._fresh, self._old = {}, self._fresh
        self._fresh[key] = value

    def forget(self, key: K) -> bool:
        """Remember nothing under `key` any more; whether there was something."""
        fresh = self._fresh.pop(key, None) is not None
        return self._old.pop(key, None) is not None or fresh
