"""What a domain says about caching: which of its answers, for how long, and on what they depend."""

import re
from collections.abc import Iterable, Mapping

import msgspec

_PARAMETER = re.compile(r"\{(\w+)(?::(\w+))?\}")
_PATTERNS = {"uuid": r"[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}", "int": r"\d{1,18}"}


class Cached(msgspec.Struct, frozen=True):
    """Answers of one GET that may be given again.

    `path` is the handler's, beneath `/api/v1`. `tags` name what the answer depends on, with
    `{user}` for the caller's id in hex and the path's own parameters: whoever changes that calls
    `invalidate` in the same transaction. With `holds_urls` an answer lives at most `LATE_S`
    longer than the window in which its signed URLs were made.
    """

    path: str
    kind: str
    ttl_s: float
    tags: tuple[str, ...]
    holds_urls: bool = False


class Match(msgspec.Struct, frozen=True):
    """A declaration and the parameters of a path that fits it."""

    cached: Cached
    path: str
    parameters: Mapping[str, str]

    def tags(self, user: str) -> list[str]:
        """The tags of this answer for a user (their id in hex)."""
        values = {**self.parameters, "user": user}
        return [tag.format_map(values) for tag in self.cached.tags]


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
