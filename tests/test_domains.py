"""A domain is one folder and one line: adding one is done here, and nobody else names one."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from backline.main import DOMAINS, options, program
from backline.platform.domain import Domain, assemble
from backline.platform.front.doors import Door
from backline.platform.notices import NoticeKind
from tests.support.toys import with_toys
from tests.support.tree import ROOT, files

pytestmark = pytest.mark.slow

SOURCE = ROOT / "src/backline"


def outside() -> dict[str, ast.Module]:
    """The modules that belong to no domain, but for the one that lists them all."""
    found = {str(path.relative_to(SOURCE)): path for path in files("src/backline/*.py")}
    return {
        name: ast.parse(path.read_text("utf-8"))
        for name, path in found.items()
        if name.partition("/")[0] not in DOMAINS and name != "main.py"
    }


def named(tree: ast.Module) -> set[str]:
    """The modules that it imports, for types alone too, or names in a string."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names |= set(re.findall(r"^backline\.[\w.]+$", node.value))
    return names


def test_nobody_outside_names_a_domain() -> None:
    theirs = re.compile(rf"backline\.({'|'.join(DOMAINS)})(\.|$)")
    naming = {name for name, tree in outside().items() if any(map(theirs.match, named(tree)))}

    assert naming == set()


def test_processes_do_not_know_which_domains_there_are() -> None:
    roles = {name: named(tree) for name, tree in outside().items() if name.startswith("roles/")}

    assert roles
    assert [name for name, found in roles.items() if "backline.main" in found] == []


def test_a_further_domain_is_its_folder_and_one_line(dsn: str, tmp_path: Path) -> None:
    source = with_toys(tmp_path)
    environ = {**os.environ, "PYTHONPATH": f"{source}{os.pathsep}{ROOT}"}
    settings = [sys.executable, "-m", "backline", "settings"]
    (tmp_path / "data").mkdir()
    visit = [sys.executable, str(ROOT / "tests/support/toy_visit.py"), dsn, str(tmp_path / "data")]

    shown = subprocess.run(settings, env=environ, check=False, capture_output=True, text=True)
    visited = subprocess.run(visit, env=environ, check=False, capture_output=True, text=True)

    assert "BACKLINE_TOY_LIMIT=3" in shown.stdout, shown.stderr
    assert visited.returncode == 0, visited.stdout[-3000:] + visited.stderr[-3000:]

    secret = tmp_path / "secret"
    subprocess.run([*settings, "--new-secret", str(secret)], env=environ, check=True)
    environ |= {"BACKLINE_DATABASE_URL": dsn, "BACKLINE_SECRET_FILE": str(secret)}
    rename = [sys.executable, "-m", "backline", "toybox", "rename", "--loudly"]
    renamed, refused = (
        subprocess.run([*rename, word], env=environ, check=False, capture_output=True, text=True)
        for word in ("old", "1")
    )

    assert renamed.stdout == "2 toys are called otherwise now.\n", renamed.stderr
    assert (refused.returncode, refused.stderr) == (1, "A word has letters alone.\n")


def inside(file: str) -> dict[str, set[str]]:
    """What the modules of domains import that go by this name (`web`: `tracks_web` as well)."""
    found = {str(path.relative_to(SOURCE)): path for path in files("src/backline/*.py")}
    return {
        name: named(ast.parse(path.read_text("utf-8")))
        for name, path in found.items()
        if name.partition("/")[0] in DOMAINS and re.search(rf"[/_]{file}(\.py|/)", name)
    }


def test_options_stand_on_settings_alone() -> None:
    found = {module for names in inside("options").values() for module in names}

    # What a command is made of is loaded when it is run.
    commands = {command.module for given in options() for command in given.commands}
    ours = {module for module in found - commands if module.startswith("backline.")}
    assert ours
    assert {
        module for module in ours if not module.startswith("backline.platform.settings")
    } == set()


def test_only_wiring_knows_wiring() -> None:
    for file in ("web", "jobs", "models", "sql"):
        for name, found in inside(file).items():
            assert not any(module.split(".")[2:3] == ["wiring"] for module in found), name


def test_no_door_stands_where_a_room_of_the_house_is() -> None:
    taken = Domain(name="toy", doors=[Door("/media", lambda _parts: toy_app)])

    with pytest.raises(ValueError, match="'/media'"):
        assemble([*program().domains, taken], [])


def test_notices_are_called_after_their_domain() -> None:
    toy = Domain(name="toy", notices=[NoticeKind("tasks.shone", "toys that shine again")])

    with pytest.raises(ValueError, match=r"'tasks\.shone' aren't called after toy"):
        assemble([*program().domains, toy], [])


async def toy_app(_scope: Any, _receive: Any, _send: Any) -> None:
    raise AssertionError("nobody gets here")
