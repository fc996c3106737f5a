"""What a domain says about caching: which answers and values, for how long, on what they depend."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from backline.platform.cache.tags import memberships_tag

# Invalidations are kept for as long as anything that they may end, so this bounds their table.
LONGEST_S: Final = 6 * 3600.0
LEAST_KEPT_S: Final = 600.0
# A value is kept from when it was made, up to 30 s after its query began; and the clock of an
# invalidation stands at the beginning of its transaction.
_MARGIN_S: Final = 60.0
_PARAMETER = re.compile(r"\{(\w+)(?::(\w+))?\}")
_PATTERNS = {"uuid": r"[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}", "int": r"\d{1,18}"}


class Cached(msgspec.Struct, frozen=True):
    """Answers of one GET that may be given again.

    `path` is the handler's, beneath `/api/v1`. `tags` name what the answer depends on, with
    `{user}` for the caller's id in hex and the path's own parameters: whoever changes that calls
    `invalidate` in the same transaction. What is known only once the answer is made is named by
    the handler (`Depends`); where nothing is declared, that is all there is. An answer is `shared`
    if the caller sees it by a membership of theirs: it ends with any change of those. With
    `holds_urls` an answer lives at most `Lives.late_s` longer than the window in which its signed
    URLs were made.
    """

    path: str
    kind: str
    ttl_s: float
    tags: tuple[str, ...]
    holds_urls: bool = False
    shared: bool = False


class CostlyValue(msgspec.Struct, frozen=True):
    """Values that cost more than a round trip, whose keys begin with `kind` (see `Costly`).

    They are kept for `ttl_s` unless an invalidation ends them before.
    """

    kind: str
    ttl_s: float


def lifetimes(caches: Iterable[Cached | CostlyValue]) -> dict[str, float]:
    """How long the costly values among all declarations are kept, by their kinds.

    Raises:
        ValueError: a kind is declared twice, or for more than six hours.
    """
    found: dict[str, float] = {}
    for one in caches:
        if isinstance(one, Cached):
            continue
        if one.kind in found:
            raise ValueError(f"There are two costly values of the kind {one.kind!r}.")
        if not 0 < one.ttl_s <= LONGEST_S:
            raise ValueError(
                f"Costly values of the kind {one.kind!r} can't be kept for {one.ttl_s:g} s: "
                f"it is more than nothing, and {LONGEST_S:g} s at the most."
            )
        found[one.kind] = one.ttl_s
    return found


def invalidations_kept_s(ttls_s: Iterable[float]) -> float:
    """How long invalidations are kept: for longer than any costly value that they may end."""
    return max([LEAST_KEPT_S, *(ttl_s + _MARGIN_S for ttl_s in ttls_s)])


class Match(msgspec.Struct, frozen=True):
    """A declaration and the parameters of a path that fits it."""

    cached: Cached
    path: str
    parameters: Mapping[str, str]

    def tags(self, user: str) -> list[str]:
        """The tags of this answer for a user (their id in hex)."""
        values = {**self.parameters, "user": user}
        tags = [tag.format_map(values) for tag in self.cached.tags]
        return [*tags, memberships_tag(user)] if self.cached.shared else tags


class Plan:
    """All declarations of the program."""

    def __init__(self, base: str, caches: Iterable[Cached]) -> None:
        self._patterns = [
            (re.compile(re.escape(base) + _pattern(one.path)), base + one.path, one)
            for one in caches
        ]
        for _, _, one in self._patterns:
            known = {"user": "", **{name: "" for name, _ in _PARAMETER.findall(one.path)}}
            for tag in one.tags:
                tag.format_map(known)  # a KeyError names what isn't in the path

    def match(self, path: str) -> Match | None:
        """The declaration that a request's path falls under, if any."""
        for pattern, template, cached in self._patterns:
            found = pattern.fullmatch(path)
            if found is not None:
                values = {
                    key: value.replace("-", "").lower() for key, value in found.groupdict().items()
                }
                return Match(cached, template, values)
        return None


def _pattern(path: str) -> str:
    """A template as a regular expression."""
    parts: list[str] = []
    end = 0
    for found in _PARAMETER.finditer(path):
        name, kind = found.groups()
        parts += [re.escape(path[end : found.start()]), f"(?P<{name}>{_PATTERNS[kind]})"]
        end = found.end()
    return "".join((*parts, re.escape(path[end:])))
