"""Google's partial answers: `nextPageToken,files(id,imageMediaMetadata(time))` as a mask."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

Mask = dict[str, "Mask"]

_TOKEN: Final = re.compile(r"\s*([A-Za-z]\w*|[(),*/])")


def parse(text: str) -> Mask:
    """A mask; an empty one stands for everything.

    Raises:
        ValueError: it isn't one.
    """
    tokens = list(_tokens(text))
    mask, rest = _several(tokens, 0)
    if rest != len(tokens):
        raise ValueError(f"Invalid field selection {text}")
    return mask


def _tokens(text: str) -> Iterator[str]:
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise ValueError(f"Invalid field selection {text}")
        place = found.end()
        yield found[1]


def _several(tokens: list[str], place: int) -> tuple[Mask, int]:
    mask: Mask = {}
    while True:
        place = _one(tokens, place, mask)
        if place >= len(tokens) or tokens[place] != ",":
            return mask, place
        place += 1


def _one(tokens: list[str], place: int, into: Mask) -> int:
    if place >= len(tokens) or tokens[place] in {"(", ")", ",", "/"}:
        raise ValueError("Invalid field selection")
    inner = into.setdefault(tokens[place], {})
    place += 1
    if place < len(tokens) and tokens[place] == "/":
        return _one(tokens, place + 1, inner)
    if place < len(tokens) and tokens[place] == "(":
        found, place = _several(tokens, place + 1)
        if place >= len(tokens) or tokens[place] != ")":
            raise ValueError("Invalid field selection")
        inner.update(found)
        place += 1
    return place


def masked(value: Any, mask: Mask) -> Any:
    """What the mask leaves of a value."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [masked(one, mask) for one in cast("list[Any]", value)]
    if not isinstance(value, Mapping):
        return value
    known = cast("Mapping[str, Any]", value)
    return {name: masked(known[name], inner) for name, inner in mask.items() if name in known}
