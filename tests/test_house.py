"""House rules that no linter knows."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.tree import ROOT, files

SOURCE = ROOT / "src/backline"
LONGEST_LINES = 400
DEEPEST_FOLDER = 3
LOCKS = ("requirements/runtime.txt", "requirements/dev.txt")
ENDINGS = {".py", ".ts", ".tsx", ".css", ".js", ".mjs", ".sql", ".md", ".toml", ".sh", ".html"}
MADE_BY_PROGRAMS = re.compile(r"package-lock\.json|requirements/|openapi\.json|schema\.d\.ts")
MACHINE_PATH = re.compile(r"(?<![\w.$}/])/(?:work|root|opt|home|Users)/\w")
FETCHING = {"fetch", "fetch_one", "fetch_value", "fetch_values", "execute", "execute_many"}

pytestmark = pytest.mark.every


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of each file that people write."""
    for path in files():
        name = str(path.relative_to(ROOT))
        written = path.suffix in ENDINGS or path.parent.name in {"scripts", ".ci"}
        if written and not MADE_BY_PROGRAMS.search(name):
            yield name, path.read_text("utf-8")


def test_files_are_at_most_400_lines() -> None:
    long = {name: text.count("\n") for name, text in texts() if not name.endswith(".md")}

    assert {name: lines for name, lines in long.items() if lines > LONGEST_LINES} == {}


def test_modules_begin_with_a_sentence() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in files("*.py")
        if (text := path.read_text("utf-8")).strip() and not ast.get_docstring(ast.parse(text))
    ]

    assert silent == []


def test_folders_are_at_most_three_deep() -> None:
    found = [path.relative_to(SOURCE) for path in files("src/backline/*.py")]

    assert [str(path) for path in found if len(path.parts) > DEEPEST_FOLDER + 1] == []


def test_migrations_are_numbered_and_have_no_triggers() -> None:
    found = files("src/*/migrations/*.sql")
    misnamed = [path.name for path in found if not re.fullmatch(r"\d{4}_[a-z_]+\.sql", path.name)]
    triggers = [path.name for path in found if re.search(r"(?i)\btrigger\b", _code(path))]
    numbers = [(path.parent, path.name[:4]) for path in found]

    assert found
    assert (misnamed, triggers) == ([], [])
    assert len(numbers) == len(set(numbers))


def _code(path: Path) -> str:
    """SQL without its comments."""
    return re.sub(r"--[^\n]*", "", path.read_text("utf-8"))


def test_no_query_is_an_f_string_or_formatted() -> None:
    formatted = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in files("src/*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in FETCHING
        and call.args
        and _is_formatted(call.args[0])
    ]

    assert formatted == []


def _is_formatted(query: ast.expr) -> bool:
    is_format = isinstance(query, ast.Call) and getattr(query.func, "attr", "") == "format"
    is_percent = isinstance(query, ast.BinOp) and isinstance(query.op, ast.Mod)
    return is_format or is_percent or isinstance(query, ast.JoinedStr)


def test_no_path_of_somebodys_machine() -> None:
    found = [name for name, text in texts() if MACHINE_PATH.search(text)]

    assert found == []


@pytest.mark.parametrize("name", LOCKS)
def test_locks_name_no_address_and_have_hashes(name: str) -> None:
    text = (ROOT / name).read_text()
    entries = [line for line in text.replace("\\\n", "").splitlines() if not line.startswith("#")]

    assert re.findall(r"://|file:|--index|--extra-index|--find-links", text) == []
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_locks_fit_the_project() -> None:
    project = _project()
    runtime, dev = (_locked(name) for name in LOCKS)
    at_run_time = project["project"]["dependencies"]
    besides = project["dependency-groups"]["dev"] + project["build-system"]["requires"]

    assert _unmet(at_run_time, runtime) == [], "run scripts/lock"
    assert _unmet(at_run_time + besides, dev) == [], "run scripts/lock"
    assert set(runtime.items()) <= set(dev.items()), "run scripts/lock"


def _unmet(requirements: list[str], locked: dict[str, str]) -> list[str]:
    wanted = [Requirement(text) for text in requirements]
    return [
        str(one)
        for one in wanted
        if not (locked.get(one.name) and one.specifier.contains(locked[one.name], prereleases=True))
    ]


def test_every_dependency_has_its_reason() -> None:
    project = _project()
    page = (ROOT / "docs/dependencies.md").read_text()
    explained = set(re.findall(r"(?m)^\| ([a-z0-9][a-z0-9-]*) \|(?! licence)", page))
    used = (
        project["project"]["dependencies"]
        + project["dependency-groups"]["dev"]
        + project["build-system"]["requires"]
    )

    assert explained == {Requirement(text).name for text in used}


def test_web_lock_names_no_address() -> None:
    lock = json.loads((ROOT / "web/package-lock.json").read_text())

    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def _project() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def _locked(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text()
    return dict(re.findall(r"(?m)^([\w.-]+)==([^\s;\\]+)", text))
