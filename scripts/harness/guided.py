"""Fuzzing led by what the bytes reach in the program (atheris), for targets that take bytes.

A module `targets.py` of the tests has `TARGETS`, functions by name, and `SEEDS` to begin with. As
a program of its own this feeds one of them: `guided.py MODULE NAME …`, with libFuzzer's options.
"""

import hashlib
import importlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from harness.checks import ROOT
from harness.environment import make_environment
from harness.running import Check, Runner, tail

ENGINE = "atheris==3.0.0"
LEAST_S = 5
LONGEST_INPUT_BYTES = 4_096
# More than a parser and its interpreter need: whatever grows beyond it is a finding.
MOST_MB = 700
SLOWEST_S = 10
EXECUTED = re.compile(r"stat::number_of_executed_units: *(\d+)")
NAMES = re.compile(r'^    "([a-z0-9-]+)": ', re.MULTILINE)


def feed_all(runner: Runner, seconds: float) -> bool:
    """Feed every target for its share of the time; whether one of them was broken by it."""
    engine = make_environment(ROOT, only=(ENGINE,))
    (packages,) = engine.glob("lib/python*/site-packages")
    places = (ROOT / "src", ROOT, ROOT / "scripts", packages)
    runner.environment["PYTHONPATH"] = os.pathsep.join(map(str, places))
    wanted = list(targets())
    count = 0
    for module, name in wanted:
        share_s = max(round(seconds / len(wanted)), LEAST_S)
        kept = runner.logs / "inputs" / name
        kept.mkdir(parents=True, exist_ok=True)
        check = Check(
            f"fuzz {name}",
            (
                *("python", str(Path(__file__)), module, name),
                *(f"-max_total_time={share_s}", f"-max_len={LONGEST_INPUT_BYTES}"),
                *(f"-rss_limit_mb={MOST_MB}", f"-timeout={SLOWEST_S}", "-print_final_stats=1"),
                *(f"-artifact_prefix={runner.logs}/broken-{name}-", str(kept)),
            ),
            limit_s=share_s + 60,
        )
        result = runner.run(check)
        if not result.ok:
            print(f"{module}: {name}\n{tail(result.log)}\nAll of it is in {result.log}.")
            return True
        count += sum(map(int, EXECUTED.findall(result.log.read_text(errors="replace"))))
    print(f"{len(wanted)} targets took {count:,} inputs.", flush=True)
    return False


def targets() -> Iterator[tuple[str, str]]:
    """Modules and names of all targets, read from their text: they need what the tests need."""
    for path in sorted((ROOT / "tests").rglob("targets.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for name in NAMES.findall(path.read_text().partition("TARGETS")[2]):
            yield module, name


def main(module: str, name: str, options: list[str]) -> None:
    """Feed one target until its time is over; it ends the process."""
    import atheris  # noqa: PLC0415  # in an environment of its own

    with atheris.instrument_imports(include=["backline"]):
        targets = importlib.import_module(module)
    kept = Path(options[-1])
    for seed in targets.SEEDS:
        (kept / hashlib.sha256(seed).hexdigest()).write_bytes(seed)
    atheris.Setup([sys.argv[0], *options], targets.TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
