"""Who imports whom, as the source says it: also within functions, and also for types alone."""

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.support.tree import ROOT, files

SOURCE = ROOT / "src"


def imports_of(package: str) -> dict[str, set[str]]:
    """For each module of `package`, the modules of `package` that it imports."""
    found = files(f"src/{package.replace('.', '/')}/*.py")
    modules = {name_of(path): path for path in found}
    return {name: _imports(path, modules) - {name} for name, path in modules.items()}


def name_of(path: Path) -> str:
    """`src/backline/platform/text.py` is `backline.platform.text`; a package is its `__init__`."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(path: Path, modules: Mapping[str, Path]) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                found.add(inside if inside in modules else node.module)
    return found & modules.keys()


def circles(graph: Mapping[str, Iterable[str]]) -> list[set[str]]:
    """The largest sets of those who, by way of each other, import themselves."""
    reached = {name: _reached(name, graph) for name in graph}
    found: list[set[str]] = []
    for name, others in reached.items():
        if name in others and not any(name in circle for circle in found):
            found.append({other for other in others if name in reached.get(other, ())})
    return found


def _reached(name: str, graph: Mapping[str, Iterable[str]]) -> set[str]:
    seen: set[str] = set()
    ahead = list(graph[name])
    while ahead:
        other = ahead.pop()
        if other not in seen:
            seen.add(other)
            ahead.extend(graph.get(other, ()))
    return seen


def top_level_of(path: Path) -> set[str]:
    """The packages, also others', that a module imports, without what lies in them."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found
