"""Each part of the program is named by its folder, and its name stands for its tests."""

import subprocess
import sys
from pathlib import Path

import pytest

from harness.checks import checks_for, parts
from tests.support.tree import ROOT


def test_what_has_a_folder_is_a_part(tmp_path: Path) -> None:
    for name in ("tasks", "concerts"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    (tmp_path / "_web").mkdir()

    assert parts(tmp_path) == ["concerts", "tasks"]
    assert {"accounts", "audio", "platform"} <= set(parts())


def test_other_words_are_for_pytest() -> None:
    assert checks_for(["tests/audio"]) == ()
    assert checks_for(["audio", "-x"]) == ()


def test_a_part_is_checked_by_the_same_runs_as_everything() -> None:
    everything = {check.name for check in checks_for([]) if check.tests}

    chosen = [check for check in checks_for(["audio"]) if check.tests]

    assert {check.name for check in chosen} == everything
    assert all(check.command[-1].startswith("audio and ") for check in chosen)


@pytest.mark.slow
def test_folders_and_markers_tell_what_concerns_a_part() -> None:
    paths = ["tests/accounts", "tests/audio", "tests/e2e/test_mail.py", "tests/e2e/test_sweep.py"]
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider"]

    done = subprocess.run(
        [*command, "-m", "accounts", *paths], cwd=ROOT, check=True, capture_output=True, text=True
    )

    found = {line.partition("::")[0] for line in done.stdout.splitlines() if "::" in line}
    assert "tests/accounts/test_users.py" in found
    assert {"tests/e2e/test_mail.py", "tests/e2e/test_sweep.py"} <= found
    assert not any(name.startswith("tests/audio/") for name in found)
