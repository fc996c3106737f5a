"""A finding of the doctor: what is so, and where it isn't well, why that matters and the cure."""

from typing import Literal

import msgspec

Level = Literal["ok", "warning", "fault"]


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing looked at. A fault keeps something from working, a warning may come to that."""

    check: str
    level: Level
    what: str
    why: str = ""
    mend: str = ""


def ok(check: str, what: str) -> Finding:
    """All is well."""
    return Finding(check, "ok", what)


def warning(check: str, what: str, why: str, mend: str) -> Finding:
    """Something to look after."""
    return Finding(check, "warning", what, why, mend)


def fault(check: str, what: str, why: str, mend: str) -> Finding:
    """Something doesn't work."""
    return Finding(check, "fault", what, why, mend)
