"""Passwords: argon2id, a bounded number at a time, off the event loop."""

import asyncio
import unicodedata
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import msgspec
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


class Checked(msgspec.Struct, frozen=True):
    """Whether a password is the right one; `new_hash` is what should be kept from now on."""

    is_right: bool
    new_hash: str | None = None


def normal_form(password: str) -> str:
    """A password however it was typed: composed, with plain spaces (RFC 8265 §4.2.2)."""
    spaced = "".join(" " if unicodedata.category(one) == "Zs" else one for one in password)
    return unicodedata.normalize("NFC", spaced)


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
        return await self._in_turn(_hasher.hash, normal_form(password))

    async def verify(self, password_hash: str | None, password: str) -> Checked:
        """Whether the password is the one; takes as long with None, and then it isn't.

        Hashes of before are of what was typed: such a one is right too, and gets a new hash.

        Raises:
            Unavailable: too many wait for theirs already.
        """
        normal, against = normal_form(password), password_hash or _NOBODY
        if await self._in_turn(_verify, against, normal):
            return Checked(is_right=password_hash is not None)
        if normal == password or not await self._in_turn(_verify, against, password):
            return Checked(is_right=False)
        if password_hash is None:
            return Checked(is_right=False)
        return Checked(is_right=True, new_hash=await self.hash(normal))

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
