"""Places in a list that people order by hand: keys between any two of which there is a third.

A key is a fraction between 0 and 1 in base 62, without trailing zeros, so that keys compare as
fractions do. The ends move by whole steps of `_WHOLE` digits and keys there stay short; only
what is put between the same two over and over grows, by a digit every sixth time.
"""

from datetime import datetime
from itertools import count

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_BASE = len(_DIGITS)
_WHOLE = 9  # digits: microseconds since 1970 until the year 2398
LONGEST = 64  # then the list is spaced anew


def at_end(now: datetime, last: str | None = None) -> str:
    """Behind `last`, and behind whatever was added at an end before."""
    step = round(now.timestamp() * 1_000_000)
    if last is not None:
        step = max(step, _whole(last) + 1)
    return _key(step, _WHOLE)


def at_front(first: str) -> str:
    """Before `first`."""
    step = _whole(first) - (first <= _key(_whole(first), _WHOLE))
    return _key(step, _WHOLE) if step > 0 else between("", first)


def between(low: str, high: str) -> str:
    """The middle of two keys, as short as it can be said; an empty `low` is the very front.

    Raises:
        ValueError: `low` isn't before `high`.
    """
    if low >= high:
        raise ValueError("There is nothing between these two.")
    for size in count(1):
        below, above = _floor(low, size), _ceiling(high, size)
        if above - below > 1:
            return _key((below + above) // 2, size)
    raise AssertionError  # `count` never ends


def spread(number: int) -> list[str]:
    """So many keys in their order, evenly apart."""
    gap = _BASE**_WHOLE // (number + 1)
    return [_key(gap * place, _WHOLE) for place in range(1, number + 1)]


def _whole(key: str) -> int:
    return _floor(key, _WHOLE)


def _floor(key: str, size: int) -> int:
    """The first `size` digits as a number."""
    value = 0
    for digit in key[:size].ljust(size, "0"):
        value = value * _BASE + _VALUES[digit]
    return value


def _ceiling(key: str, size: int) -> int:
    return _floor(key, size) + (len(key) > size)


def _key(value: int, size: int) -> str:
    digits: list[str] = []
    for _ in range(size):
        value, digit = divmod(value, _BASE)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits)).rstrip("0")
