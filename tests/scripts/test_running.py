"""The runner of checks tells apart what passed, failed and never ended."""

import os
import sys
from pathlib import Path

import pytest

from harness.running import Check, Runner, tail
from tests.support.installation import wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path, dict(os.environ), tmp_path, grace_s=1)


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_a_command_that_succeeds_is_one_passed_check(runner: Runner) -> None:
    result = runner.run(Check("fine", python("print('done')")))

    assert (result.ok, result.passed, result.failed) == (True, 1, 0)
    assert tail(result.log) == "done"


def test_a_command_that_fails_is_one_failed_check(runner: Runner) -> None:
    result = runner.run(Check("broken", python("raise SystemExit('no strings left')")))

    assert (result.ok, result.passed, result.failed) == (False, 0, 1)
    assert result.note == "exit code 1"
    assert "no strings left" in tail(result.log)


def test_a_missing_program_is_a_failed_check(runner: Runner) -> None:
    result = runner.run(Check("missing", ("no-such-program-anywhere",)))

    assert (result.ok, result.note) == (False, "didn't start")


def test_tests_are_counted_one_by_one(runner: Runner) -> None:
    module = runner.root / "test_three.py"
    module.write_text(
        "import pytest\n"
        "def test_a(): pass\n"
        "def test_b(): assert 1 == 2\n"
        "def test_c(): pytest.skip('no amplifier')\n"
    )
    command = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(module))

    result = runner.run(Check("three tests", command, tests=True))

    assert not result.ok
    assert (result.passed, result.failed, result.skipped) == (1, 1, 1)
    assert list(result.files) == ["test_three"]


def test_a_run_without_any_test_is_told(runner: Runner) -> None:
    (runner.root / "test_none.py").write_text("")
    command = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "test_none.py")

    result = runner.run(Check("no tests", command, tests=True))

    assert (result.ok, result.note) == (False, "no test ran")


@pytest.mark.slow
def test_what_takes_too_long_ends_with_its_children(runner: Runner) -> None:
    code = (
        "import pathlib, signal, subprocess, time\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "child = subprocess.Popen(['sleep', '600'])\n"
        "pathlib.Path('child').write_text(str(child.pid))\n"
        "time.sleep(600)\n"
    )

    result = runner.run(Check("stuck", python(code), limit_s=20))

    assert result.note == "took longer than 20 s"
    child = int((runner.root / "child").read_text())
    wait_for(lambda: not _lives(child), "the child to end")


def _lives(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def test_only_the_end_of_a_long_log_is_shown(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("\n".join(f"line {number}" for number in range(1000)))

    shown = tail(log).splitlines()

    assert shown[0].startswith("… 850 lines more")
    assert (shown[1], shown[-1]) == ("line 850", "line 999")
