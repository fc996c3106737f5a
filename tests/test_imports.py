"""What the modules of a domain may know, by the part that they play in it.

Imports for types alone count, and so do those within functions. Layers between the rooms of the
house stand in `pyproject.toml`, those within the platform in `tests/test_rooms.py`.
"""

import re

from backline.main import DOMAINS
from tests.support.imports import imports_of, name_of, top_level_of
from tests.support.tree import files

MANNERS = re.compile(r"backline\.platform\.(http|front)(\.|$)")
FRAMEWORK = {"litestar", "starlette", "uvicorn"}


def inside() -> dict[str, set[str]]:
    """The modules of domains, and what each imports of ours."""
    found = imports_of("backline")
    return {module: others for module, others in found.items() if domain_of(module) in DOMAINS}


def domain_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def plays(part: str, module: str) -> bool:
    """Whether a module is its domain's `web`, say: `web`, a module of `web/`, or `tracks_web`."""
    names = module.split(".")[2:]
    return bool(names) and (names[0] == part or names[-1].endswith(f"_{part}"))


def breaking(module: str, others: set[str]) -> list[str]:
    return [f"{module} imports {other}" for other in sorted(others)]


def test_web_never_imports_sql() -> None:
    found = inside()

    assert any(plays("web", module) for module in found)
    assert any(plays("sql", module) for module in found)
    assert [
        line
        for module, others in found.items()
        if plays("web", module)
        for line in breaking(module, {other for other in others if plays("sql", other)})
    ] == []


def test_operations_know_nothing_of_http() -> None:
    assert [
        line
        for module, others in inside().items()
        if not plays("web", module) and not plays("wiring", module)
        for line in breaking(module, {other for other in others if MANNERS.match(other)})
    ] == []


def test_models_import_nothing_of_their_domain() -> None:
    assert [
        line
        for module, others in inside().items()
        if plays("models", module)
        for line in breaking(
            module, {other for other in others if domain_of(other) == domain_of(module)}
        )
    ] == []


def test_only_the_platform_roles_web_and_wiring_know_the_framework() -> None:
    knowing = {
        name_of(path) for path in files("src/backline/*.py") if top_level_of(path) & FRAMEWORK
    }

    assert any(plays("web", module) for module in knowing)
    assert {
        module
        for module in knowing
        if domain_of(module) not in {"platform", "roles"}
        and not plays("web", module)
        and not plays("wiring", module)
    } == set()
