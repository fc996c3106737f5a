"""A run draws the same examples as any other; going on to new ones finds what that never meets."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from harness.fuzzing import Finding, findings, told
from harness.guided import targets
from tests.live.rtmp.targets import TARGETS
from tests.scripts.planted import is_a_fault
from tests.support.tree import ROOT, files

PLANTED = Path(__file__).with_name("planted.py").relative_to(ROOT)
OF_EVERY_RUN = re.compile(r"@settings\([^)]*\b(?:derandomize|database|deadline)=")


def drawn(folder: Path, *options: str, **environment: str) -> str:
    """What one run draws."""
    seen = folder / "drawn"
    seen.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
    subprocess.run(
        [*command, f"{PLANTED}::test_drawn"],
        cwd=ROOT,
        env={**os.environ, "DRAWN": str(seen), **environment},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return seen.read_text()


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a run draws."""
    return drawn(tmp_path_factory.mktemp("usual"))


def test_targets_are_found_by_their_text() -> None:
    assert list(targets()) == [("tests.live.rtmp.targets", name) for name in TARGETS]


@pytest.mark.slow
def test_two_runs_draw_the_same(usual: str, tmp_path: Path) -> None:
    assert drawn(tmp_path) == usual


@pytest.mark.slow
def test_going_on_draws_others(usual: str, tmp_path: Path) -> None:
    profile = "--hypothesis-profile=fuzz"

    one = drawn(tmp_path, profile, "--hypothesis-seed=1", FUZZ_SEED="1")
    other = drawn(tmp_path, profile, "--hypothesis-seed=2", FUZZ_SEED="2")

    assert one != other
    assert len(one) > len(usual)


@pytest.mark.slow
def test_a_planted_fault_is_missed_by_every_run_and_found_by_going_on() -> None:
    fault = f"{PLANTED}::test_fault"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", fault]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    done = subprocess.run(
        [sys.executable, "scripts/fuzz", "10", fault],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )

    example = re.search(r"^ +@example\(number=(\d+)\)$", done.stdout, re.MULTILINE)
    assert done.returncode == 1, done.stdout + done.stderr
    assert example, done.stdout
    assert is_a_fault(int(example[1]))


def test_no_test_leaves_what_holds_for_every_run() -> None:
    found = [str(path) for path in files("tests/*.py") if OF_EVERY_RUN.search(path.read_text())]

    assert [name for name in found if not name.endswith("tests/conftest.py")] == []


# As pytest and hypothesis write them: alone, and several in a group.
REPORT = """\
<testsuites><testsuite>
<testcase classname="tests.audio.test_one" name="test_fine"/>
<testcase classname="tests.audio.test_one" name="test_alone">
<failure message="assert 50 &lt; 50&#10;more">&gt;       assert n &lt; 50
E       assert 50 &lt; 50
E       Failing test case: test_alone(
E           n=50,
E       )

test_one.py:4: AssertionError</failure></testcase>
<testcase classname="tests.audio.test_one" name="test_two">
<failure message="ExceptionGroup: 2 failures&#10;more">
  |   File "test_one.py", line 6, in test_two
  +-+---------------- 1 ----------------
    | AssertionError: assert 50 &lt; 50
    | Failing test case: test_two(
    |     n=50,  # or any other generated value
    |     words='(\\n)',
    | )
    +---------------- 2 ----------------
    | ValueError: x
    | Failing test case: test_two(
    |     n=3,
    |     words=&lt;Words at 0x1&gt;,
    | )
</failure></testcase>
<testcase classname="tests.audio.test_one" name="test_by_itself">
<failure message="assert seen">E   assert seen</failure></testcase>
</testsuite></testsuites>"""


def test_what_was_found_is_told_as_examples_to_add(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)

    alone, two, by_itself = findings(report)

    assert alone.examples == ("@example(n=50)",)
    assert two.test == "tests/audio/test_one.py::test_two"
    assert two.examples[0] == r"@example(n=50, words='(\n)')"
    assert two.examples[1].splitlines()[1].strip() == "n=3,"
    assert by_itself == Finding("tests/audio/test_one.py::test_by_itself", (), "assert seen")
    assert "FUZZ_SEED=7 scripts/test" in told(by_itself, 7)
