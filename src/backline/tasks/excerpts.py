"""The beginning of a comment in plain words, for letters and lists: no Markdown, people by name."""

import re
from collections.abc import Mapping
from typing import Final
from uuid import UUID

_LONGEST: Final = 300
_MENTION: Final = re.compile(r"@([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
_LINK: Final = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_MARKS: Final = re.compile(r"\*\*|__|~~|`+|^\s{0,3}(?:#{1,6}|>|[-*+])\s+", re.MULTILINE)
_EMPHASIS: Final = re.compile(r"(?<!\w)[*_](\S(?:.*?\S)?)[*_](?!\w)")


def excerpt(text: str, names: Mapping[UUID, str]) -> str:
    """At most 300 characters; `names` are those of the people whom the text mentions."""
    text = _MENTION.sub(lambda found: f"@{names.get(UUID(found[1]), 'somebody')}", text)
    text = _EMPHASIS.sub(r"\1", _MARKS.sub("", _LINK.sub(r"\1", text)))
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
