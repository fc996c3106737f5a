"""Running one check: in a session of its own, with a limit, its output kept in a file."""

import os
import signal
import subprocess
import threading
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

TAIL_LINES = 150
TOO_LONG = "took longer than"
NOTHING_COLLECTED = "exit code 5"


class Check(NamedTuple):
    """One line of the summary: what runs where, and how long it may take."""

    name: str
    command: tuple[str, ...]
    folder: str = "."
    limit_s: float = 300
    tests: bool = False
    alone: bool = False
    may_be_empty: bool = False


class Result(NamedTuple):
    """How a check ended. For pytest three fields count tests; `files` has each one's seconds."""

    check: Check
    seconds: float
    ok: bool
    note: str
    log: Path
    report: Path
    passed: int
    failed: int
    skipped: int
    files: dict[str, float]


class Runner:
    """Runs checks, remembers those under way and can end them."""

    def __init__(
        self, root: Path, environment: dict[str, str], logs: Path, grace_s: float = 20
    ) -> None:
        self.root = root
        self.environment = environment
        self.logs = logs
        self.grace_s = grace_s
        self._under_way: dict[int, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()

    def run(self, check: Check) -> Result:
        """Run one check to its end or its limit."""
        began_s = time.monotonic()
        stem = check.name.replace(" ", "-")
        log, report = self.logs / f"{stem}.log", self.logs / f"{stem}.xml"
        report.unlink(missing_ok=True)
        command = list(check.command)
        if check.tests:
            command.append(f"--junitxml={report}")
        note = self._finish(check, command, log)
        passed, failed, skipped = _count(report)
        if note == NOTHING_COLLECTED and check.tests:
            note = "" if check.may_be_empty else "no test ran"
        if not check.tests:
            passed, failed = (0, 1) if note else (1, 0)
        elif note:
            failed = max(failed, 1)
        seconds = time.monotonic() - began_s
        return Result(
            check, seconds, not note, note, log, report, passed, failed, skipped, _seconds(report)
        )

    def _finish(self, check: Check, command: list[str], log: Path) -> str:
        """What went wrong, or nothing."""
        with log.open("wb") as output:
            try:
                process = subprocess.Popen(
                    command,
                    cwd=self.root / check.folder,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as fault:
                output.write(f"{fault}\n".encode())
                return "didn't start"
        with self._lock:
            self._under_way[process.pid] = process
        try:
            code = process.wait(check.limit_s)
        except subprocess.TimeoutExpired:
            self._end(process)
            return f"{TOO_LONG} {check.limit_s:.0f} s"
        finally:
            with self._lock:
                self._under_way.pop(process.pid, None)
        return f"exit code {code}" if code else ""

    def end_all(self) -> None:
        """End what is under way, with everything that it started."""
        with self._lock:
            processes = list(self._under_way.values())
        for process in processes:
            self._end(process)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """First ask, so that tests can clean up; then end the whole session."""
        for sign in (signal.SIGINT, signal.SIGKILL):
            try:
                os.killpg(process.pid, sign)
                process.wait(self.grace_s)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue


def tail(log: Path) -> str:
    """The end of a check's output."""
    lines = log.read_text(errors="replace").splitlines()
    left_out = len(lines) - TAIL_LINES
    head = [f"… {left_out} lines more in {log}"] if left_out > 0 else []
    return "\n".join(head + lines[-TAIL_LINES:])


def _seconds(report: Path) -> dict[str, float]:
    """How long each module of a JUnit report took; workers of one run are added up."""
    files: Counter[str] = Counter()
    if report.exists():
        for case in ET.parse(report).getroot().iter("testcase"):
            files[case.get("classname", "")] += float(case.get("time", 0))
    return dict(files)


def _count(report: Path) -> tuple[int, int, int]:
    """Passed, failed and skipped tests in a JUnit report."""
    if not report.exists():
        return 0, 0, 0
    suites = ET.parse(report).getroot().iter("testsuite")
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return max(total - failed - skipped, 0), failed, skipped
