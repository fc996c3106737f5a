"""Looking things up by their ids among several owners, so that other partitions are left out.

A list of owners in one array would have every partition searched: a plan made beforehand can leave
partitions out only by parameters of their own (`owner_id IN ($2, $3, …)`). So the owners are
filled up to a power of two, with one of them, and there are seven statements of each kind.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, LiteralString
from uuid import UUID

MOST: Final = 64
_SIZES: Final = (1, 2, 4, 8, 16, 32, 64)
_DIGITS: Final[tuple[LiteralString, ...]] = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
_PARAMETERS: Final[tuple[LiteralString, ...]] = tuple(
    f"${tens}{ones}" for tens in _DIGITS for ones in _DIGITS
)


def statements(before: LiteralString, after: LiteralString = "") -> Mapping[int, LiteralString]:
    """A statement for each number of owners; those stand between, from the second parameter on."""
    return {
        size: f"{before} IN ({', '.join(_PARAMETERS[2 : 2 + size])}) {after}" for size in _SIZES
    }


def filled(owner_ids: Sequence[UUID]) -> Iterator[list[UUID]]:
    """The owners, each once, in lists as long as there are statements for."""
    each = list(dict.fromkeys(owner_ids))
    for begin in range(0, len(each), MOST):
        part = each[begin : begin + MOST]
        size = next(size for size in _SIZES if size >= len(part))
        yield part + part[:1] * (size - len(part))
