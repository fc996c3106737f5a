"""What is to be one line is one: no pattern lets control characters in behind its beginning.

`$` alone lets a line break pass at the end, and a pattern that isn't tied to it all that follows.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

DESCRIPTION = Path(__file__).parent.parent / "web/src/api/openapi.json"
SAMPLES = [
    "ab",
    "ab-1",
    "DE",
    "ada@example.org",
    "audio:read",
    "none",
    "x" * 43,
    "2026-05-01T09:00",
]


def patterns(of: Any) -> Iterator[str]:
    """All patterns of strings in a description."""
    if isinstance(of, dict):
        if isinstance(of.get("pattern"), str):
            yield of["pattern"]
        for value in of.values():
            yield from patterns(value)
    elif isinstance(of, list):
        for value in of:
            yield from patterns(value)


ALL = sorted(set(patterns(json.loads(DESCRIPTION.read_text("utf-8")))))


@pytest.mark.parametrize("pattern", ALL)
def test_a_pattern_refuses_at_the_end_what_it_refuses_at_the_beginning(pattern: str) -> None:
    fitting = [one for one in SAMPLES if re.search(pattern, one)]

    assert fitting, "Give a sample that fits this pattern."
    for one in fitting:
        for control in ("\x00", "\x1b", "\n"):
            if not re.search(pattern, control + one):
                assert not re.search(pattern, one + control), (one, control)
                assert not re.search(pattern, one[:1] + control + one[1:]), (one, control)
