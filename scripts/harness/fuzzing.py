"""What `scripts/fuzz` does: targets fed with bytes, then rounds of the tests that draw.

Each round has a seed of its own.
"""

import ast
import os
import re
import secrets
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from harness.checks import ROOT
from harness.environment import EnvironmentFault, bring_programs, make_environment
from harness.guided import feed_all
from harness.main import environment_of, prepare_web
from harness.running import TOO_LONG, Check, Runner, tail

MINUTES = 10.0
GUIDED = 0.4  # of the time: a million inputs in ten minutes
EXAMPLE = "Failing test case: "
# What pytest and Python draw before the lines of a failure.
MARGIN = re.compile(r"(?m)^(?:E {3}|[ |+]*\| )")
CALL_END = re.compile(r"\n *\)(?=\n|$)")
# The quick ones first: a short time is best spent on them.
KINDS = ("hypothesis", "draws and not hypothesis")
USAGE = """\
scripts/fuzz                    new examples for all tests that draw, for ten minutes
scripts/fuzz MINUTES [PATH …]   for so long, in these files or folders"""


class Finding(NamedTuple):
    """A test that failed: with which examples, or with which seed where it draws by itself."""

    test: str
    examples: tuple[str, ...]
    message: str


def main(arguments: list[str]) -> int:
    """Go on until the time is over; 1 as soon as a round has found something."""
    if arguments in (["-h"], ["--help"]):
        print(USAGE)
        return 0
    minutes, paths = _wanted(arguments)
    os.chdir(ROOT)
    try:
        venv = make_environment(ROOT)
        bring_programs()
    except EnvironmentFault as fault:
        print(fault, file=sys.stderr)
        return 1
    logs = venv / "logs"
    logs.mkdir(exist_ok=True)
    runner = Runner(ROOT, environment_of(venv), logs)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if not paths and not all(result.ok for result in prepare_web(runner, build=True)):
            return 1
        until_s = time.monotonic() + minutes * 60
        if not paths and feed_all(runner, minutes * 60 * GUIDED):
            return 1
        return _go_on(runner, paths, until_s)
    except KeyboardInterrupt:
        runner.end_all()
        print("\nStopped.", file=sys.stderr)
        return 130


def _wanted(arguments: list[str]) -> tuple[float, list[str]]:
    try:
        return float(arguments[0]), arguments[1:]
    except (IndexError, ValueError):
        return MINUTES, arguments


def _go_on(runner: Runner, paths: list[str], until_s: float) -> int:
    rounds = 0
    while (left_s := until_s - time.monotonic()) > 0:
        seed = secrets.randbelow(1 << 32)
        for kind in KINDS if not paths else ("hypothesis or draws",):
            limit_s = max(until_s - time.monotonic(), 1)
            if _draws(runner, kind, paths, seed, limit_s):
                return 1
        rounds += 1
        print(f"Round {rounds} with seed {seed}: nothing found, {left_s:.0f} s were left.")
    print(f"{rounds} rounds found nothing.")
    return 0


def _draws(runner: Runner, kind: str, paths: list[str], seed: int, limit_s: float) -> bool:
    """Whether the tests of one kind find something; it is printed."""
    runner.environment["FUZZ_SEED"] = str(seed)
    command = ("pytest", "-m", kind, "--hypothesis-profile=fuzz", f"--hypothesis-seed={seed}")
    check = Check(
        f"fuzz {kind}", (*command, *paths), limit_s=limit_s, tests=True, may_be_empty=True
    )
    result = runner.run(check)
    found = list(findings(result.report))
    for one in found:
        print(told(one, seed))
    if result.ok or (not found and result.note.startswith(TOO_LONG)):
        return False
    if not found:
        print(tail(result.log))
    print(f"All of it is in {result.log}.", flush=True)
    return True


def findings(report: Path) -> Iterator[Finding]:
    """The failures in a JUnit report."""
    if not report.exists():
        return
    for case in ET.parse(report).getroot().iter("testcase"):
        for fault in (*case.findall("failure"), *case.findall("error")):
            text = MARGIN.sub("", fault.text or "")
            file = case.get("classname", "").replace(".", "/") + ".py"
            message = (fault.get("message") or "").partition("\n")[0]
            yield Finding(f"{file}::{case.get('name')}", tuple(_examples(text)), message)


def _examples(text: str) -> Iterator[str]:
    """Decorators with the arguments of each failing call; comments are hypothesis' guesses."""
    for part in text.split(EXAMPLE)[1:]:
        call = CALL_END.split(part, maxsplit=1)[0] + "\n)"
        try:
            parsed = ast.parse(call, mode="eval").body
        except SyntaxError:  # an object without a form that Python reads
            yield call
            continue
        if isinstance(parsed, ast.Call):
            yield ast.unparse(ast.Call(ast.Name("@example"), parsed.args, parsed.keywords))


def told(found: Finding, seed: int) -> str:
    """What a person reads and copies."""
    lines = ["", found.test, f"    {found.message}"]
    if found.examples:
        lines += ["Add to the test:", *(f"    {example}" for example in found.examples)]
    else:
        lines += ["It draws by itself; to repeat it:"]
        lines += [f"    FUZZ_SEED={seed} scripts/test {found.test!r}"]
    return "\n".join(lines)
