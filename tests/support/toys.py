"""The program with a further domain in it, made as anybody would: a folder and one line."""

import re
import shutil
from pathlib import Path

from tests.support.tree import ROOT


def with_toys(folder: Path) -> Path:
    """A copy of the program with toys; what to put into PYTHONPATH for it."""
    package = folder / "src/backline"
    source = ROOT / "src/backline"
    shutil.copytree(source, package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests/support/toy", package / "toy")
    root = package / "main.py"
    lines = root.read_text("utf-8")
    root.write_text(re.sub(r"(?m)^(DOMAINS: Final = \(.*)\)$", r'\1, "toy")', lines), "utf-8")
    return package.parent
