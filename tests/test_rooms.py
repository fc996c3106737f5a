"""The rooms of the platform stand on each other in one order, and nothing goes round in a circle.

Imports for types alone count, and so do those within functions.
"""

from pathlib import Path

from tests.support.imports import circles, imports_of
from tests.support.tree import ROOT, files

PLATFORM = "backline.platform"
# From the ground up: each imports only what stands before it. First modules, then rooms, then the
# modules that put the rooms together.
GROUND = ("errors", "ids", "text", "actor", "remembered", "positions", "notices", "zones")
ROOMS = (
    *("settings", "secrets", "host", "outside", "database", "limits", "http"),
    *("jobs", "cache", "storage", "confined", "postgres", "events", "mail"),
    *("media", "audit", "front", "admin"),
)
ROOF = ("shared", "domain", "wiring")
ORDER = (*GROUND, *ROOMS, *ROOF)
# See decision 0011.
BETWEEN = {"telemetry": "host"}


def test_nothing_in_the_platform_imports_upwards() -> None:
    upward = [
        f"{module} imports {other}"
        for module, others in imports_of(PLATFORM).items()
        for other in others
        if _place(other) > _place(module)
    ]

    assert upward == []


def test_modules_form_no_circles() -> None:
    graph = imports_of("backline")

    assert len(graph) > 100
    assert circles(graph) == []


def test_circles_are_found() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": set[str](), "f": {"f"}}

    assert circles(graph) == [{"a", "b", "c"}, {"f"}]


def test_the_top_of_the_platform_has_no_drawer() -> None:
    tops = {path.relative_to(ROOT / "src/backline/platform").parts for path in _source()}
    modules = {parts[0].removesuffix(".py") for parts in tops if len(parts) == 1} - {"__init__"}
    rooms = {parts[0] for parts in tops if len(parts) > 1}

    assert modules <= {*GROUND, *ROOF, *BETWEEN}
    assert rooms == set(ROOMS)


def _source() -> list[Path]:
    return files("src/backline/platform/*.py")


def _place(module: str) -> float:
    """Where its room stands; the platform's own `__init__` is below all."""
    inside = module.removeprefix(PLATFORM).removeprefix(".").split(".")[0]
    if inside in BETWEEN:
        return ORDER.index(BETWEEN[inside]) + 0.5
    return ORDER.index(inside) if inside else -1
