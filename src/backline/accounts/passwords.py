"""Passwords: argon2id, a bounded number at a time, off the event loop."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's password storage sheet, 2026: 19 MiB, 2 passes, 1 lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_at_once = asyncio.Semaphore(4)
# The hash of a password nobody has, so that a login takes as long where there is no account.
_NOBODY = _hasher.hash("no account has this")


async def hash_password(password: str) -> str:
    """The password's hash, with its own salt."""
    async with _at_once:
        return await asyncio.to_thread(_hasher.hash, password)


async def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one; takes as long with None, and is then false."""
    async with _at_once:
        matches = await asyncio.to_thread(_verify, password_hash or _NOBODY, password)
    return matches and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
