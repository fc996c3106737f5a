"""Passwords: argon2id, a bounded number at a time, off the event loop."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from backline.platform.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")

# OWASP's password storage sheet, 2026: 19 MiB, 2 passes, 1 lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_AT_ONCE = 4
_MAX_WAITING = 200
# The hash of a password nobody has, so that a login takes as long where there is no account.
_NOBODY = _hasher.hash("no account has this")


class Passwords:
    """The turns of those whose password is hashed or verified in this process."""

    def __init__(self) -> None:
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """The password's hash, with its own salt.

        Raises:
            Unavailable: too many wait for theirs already.
        """
        return await self._in_turn(_hasher.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is the one; takes as long with None, and is then false.

        Raises:
            Unavailable: too many wait for theirs already.
        """
        matches = await self._in_turn(_verify, password_hash or _NOBODY, password)
        return matches and password_hash is not None

    async def _in_turn(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do work of some 20 ms and 19 MiB in a thread; a flood must not take the server."""
        if self._waiting >= _MAX_WAITING:
            raise Unavailable(
                "Many people sign in just now. Try again in a moment.", retry_after_s=3
            )
        self._waiting += 1
        try:
            async with self._at_once:
                return await asyncio.to_thread(work, *args, **kwargs)
        finally:
            self._waiting -= 1


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
