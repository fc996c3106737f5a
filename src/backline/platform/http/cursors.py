"""Cursors of lists: where a page ended, in a form that clients hand back unread.

A cursor carries the sort key of the last row and a hash of the list it belongs to (its sort and
filters), so that it can't be used with another.
"""

import base64
import binascii
import hashlib
import math
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TypeVar, cast

import msgspec

from backline.platform.errors import FieldFault, Invalid
from backline.platform.http.decodable import check_json

_LEAST, _MOST = -(2**63), 2**63 - 1
# The first and the last are beyond reach in some time zones.
_EARLIEST_YEAR, _LATEST_YEAR = 1, 9999
KeyT = TypeVar("KeyT")
RowT = TypeVar("RowT")


def encode(list_name: str, key: object) -> str:
    """The cursor behind a row with this sort key; `list_name` says which list, sort and filter."""
    packed = _mark(list_name) + b"=" + msgspec.json.encode(key)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode(list_name: str, cursor: str, key: type[KeyT]) -> KeyT:
    """The sort key in a cursor.

    Raises:
        Invalid: not a cursor of this list.
    """
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        mark, _, said = packed.partition(b"=")
        if mark == _mark(list_name):
            check_json(said)
            found = msgspec.json.decode(said, type=key)
            if _is_storable(found):
                return found
        foreign: Exception | None = None
    except (ValueError, binascii.Error, msgspec.DecodeError, Invalid) as fault:
        foreign = fault
    raise Invalid(
        "The cursor doesn't belong to this list. Start again without it.",
        FieldFault("cursor", "isn't one of this list"),
    ) from foreign


def cut(
    list_name: str, rows: list[RowT], limit: int, key: Callable[[RowT], object]
) -> tuple[list[RowT], str | None]:
    """A page of at most `limit` rows, and the cursor to the next page or None at the end.

    `rows` are up to `limit + 1`: the one too many shows that there is more. `key(row)` gives a
    row's sort key.
    """
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], encode(list_name, key(rows[limit - 1]))


def _is_storable(key: object) -> bool:
    """Whether a sort key, which anybody may have written, fits into PostgreSQL's types."""
    match key:
        case int():
            return _LEAST <= key <= _MOST
        case float():
            return math.isfinite(key)
        case datetime():
            return _EARLIEST_YEAR < key.year < _LATEST_YEAR
        case tuple() | list():
            return all(map(_is_storable, cast("Sequence[object]", key)))
        case msgspec.Struct():
            return all(map(_is_storable, msgspec.structs.astuple(key)))
        case _:
            return True


@lru_cache(maxsize=256)
def _mark(list_name: str) -> bytes:
    return hashlib.sha256(list_name.encode()).hexdigest()[:12].encode()
