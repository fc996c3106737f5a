"""The order of the checks, and what a person reads of them."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from harness.checks import ROOT, checks_for, parts
from harness.environment import EnvironmentFault, bring_programs, make_environment
from harness.running import Check, Result, Runner, tail

SLOWEST_FILES = 10


def main(arguments: list[str]) -> int:
    """Run what `arguments` ask for; 0 only when nothing failed."""
    os.chdir(ROOT)
    if arguments in (["-h"], ["--help"]):
        print("scripts/test         all checks\n"
              "scripts/test fast    linters, types, imports and the unit tests\n"
              "scripts/test NAME    all tests of one part of the program, in web/ as well:\n"
              f"                     {', '.join(parts())}\n"
              "scripts/test ARG …   pytest with these arguments")  # fmt: skip
        return 0
    checks = checks_for(arguments)
    try:
        venv = make_environment(ROOT)
        left_out = [] if arguments == ["fast"] else bring_programs()
    except EnvironmentFault as fault:
        print(fault, file=sys.stderr)
        return 1
    environment = environment_of(venv)
    if not checks:
        os.execve(venv / "bin/pytest", ["pytest", *arguments], environment)
    logs = venv / "logs"
    logs.mkdir(exist_ok=True)
    runner = Runner(ROOT, environment, logs)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began_s = time.monotonic()
    try:
        results = prepare_web(runner, build=arguments != ["fast"])
        results += _run_all(runner, checks)
    except KeyboardInterrupt:
        runner.end_all()
        print("\nStopped.", file=sys.stderr)
        return 130
    return _summarise(results, left_out, time.monotonic() - began_s)


def environment_of(venv: Path) -> dict[str, str]:
    """The caller's environment, with the virtualenv first and no settings of an installation."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BACKLINE_")}
    path = f"{venv / 'bin'}{os.pathsep}{kept.get('PATH', '')}"
    quiet = {"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1", "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
    return {**kept, "PATH": path, "VIRTUAL_ENV": str(venv), **quiet}


def prepare_web(runner: Runner, *, build: bool) -> list[Result]:
    """The front end's packages, and for the whole run the front end itself."""
    checks: list[Check] = []
    if not _has_web_packages():
        checks.append(Check("web packages", ("npm", "ci"), folder="web", limit_s=600))
    if build:
        checks.append(Check("web build", ("python", "build_web.py"), limit_s=600))
    results = [runner.run(check) for check in checks]
    for result in results:
        _print(result)
    return results


def _has_web_packages() -> bool:
    """Whether `web/node_modules` is as new as the lock, and more than what a build fetches."""
    lock, packages = ROOT / "web/package-lock.json", ROOT / "web/node_modules"
    made = packages / ".package-lock.json"
    is_new = made.exists() and made.stat().st_mtime >= lock.stat().st_mtime
    return is_new and (packages / "eslint").is_dir()


def _run_all(runner: Runner, checks: tuple[Check, ...]) -> list[Result]:
    results: list[Result] = []
    with ThreadPoolExecutor(2) as pool:
        try:
            together = [pool.submit(runner.run, check) for check in checks if not check.alone]
            for future in as_completed(together):
                results.append(future.result())
                _print(results[-1])
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            runner.end_all()
            raise
    for check in checks:
        if check.alone:
            results.append(runner.run(check))
            _print(results[-1])
    return results


def _print(result: Result) -> None:
    word = "ok" if result.ok else "FAILED"
    counts = ""
    if result.check.tests:
        counts = f"  {result.passed} passed, {result.failed} failed, {result.skipped} skipped"
    note = f"  ({result.note})" if result.note else ""
    print(f"{word:8}{result.check.name:16}{result.seconds:7.1f} s{counts}{note}", flush=True)
    if not result.ok:
        print(f"\n--- {result.check.name} ---\n{tail(result.log)}\n", flush=True)


def _summarise(results: list[Result], left_out: list[str], seconds: float) -> int:
    failed = [result for result in results if not result.ok]
    for name, took_s in _slowest(results):
        print(f"{took_s:7.1f} s  {name}")
    print(f"\n{len(results)} checks in {seconds:.0f} s on {_commit()}.")
    for line in left_out:
        print(f"Left out: {line}.")
    if failed:
        print("Failed: " + ", ".join(result.check.name for result in failed) + ".")
    passed, broken, skipped = (
        sum(getattr(result, name) for result in results) for name in ("passed", "failed", "skipped")
    )
    print(f"{passed} passed, {broken} failed, {skipped} skipped")
    return 1 if failed else 0


def _slowest(results: list[Result]) -> list[tuple[str, float]]:
    """The files whose tests took longest, with what they had to prepare."""
    files: Counter[str] = Counter()
    for result in results:
        files.update(result.files)
    return files.most_common(SLOWEST_FILES)


def _commit() -> str:
    command = ["git", "-c", f"safe.directory={ROOT}", "describe", "--always", "--dirty"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    return done.stdout.strip() or "an unpacked copy"
