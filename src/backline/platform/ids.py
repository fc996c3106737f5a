"""Identifiers: UUIDv7 (RFC 9562 §5.7), so that rows made together lie together in an index."""

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last_ms = 0
_counter = 0
_POOL_BYTES = 4_096  # asking the kernel takes longer than all the rest
_pool = b""
_taken = 0


def uuid7() -> UUID:
    """A new id."""
    return UUID(int=_number())


def uuid7_hex() -> str:
    """The 32 hexadecimal digits of a new id, for what is only written down."""
    return f"{_number():032x}"


def _number() -> int:
    """A new id as a number: 48 bits of Unix milliseconds, a 12-bit counter, 62 random bits.

    The counter keeps ids of one process in the order of their making, also within a
    millisecond (RFC 9562 §6.2, method 1); past 4,096 of them it borrows the next one.
    """
    global _last_ms, _counter, _pool, _taken  # noqa: PLW0603  # one clock per process
    with _lock:
        if _taken + 10 > len(_pool):
            _pool, _taken = os.urandom(_POOL_BYTES), 0
        random_bits = int.from_bytes(_pool[_taken : _taken + 10])
        _taken += 10
        now_ms = time.time_ns() // 1_000_000
        if now_ms > _last_ms:
            _last_ms, _counter = now_ms, (random_bits >> 62) & 0x3FF
        else:
            _counter += 1
            if _counter > 0xFFF:  # noqa: PLR2004  # the width of rand_a
                _last_ms, _counter = _last_ms + 1, 0
        high = (_last_ms << 16) | 0x7000 | _counter
    low = (0b10 << 62) | (random_bits & ((1 << 62) - 1))
    return (high << 64) | low


def _forget_pool() -> None:
    """A forked process must not draw the same bits as its parent."""
    global _pool  # noqa: PLW0603  # as above
    _pool = b""


os.register_at_fork(after_in_child=_forget_pool)
