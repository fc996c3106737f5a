"""The committed description is the API's."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.every


def test_the_committed_description_is_the_present_one() -> None:
    checked = subprocess.run(
        [sys.executable, ROOT / "scripts" / "openapi", "--check"],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_operation_says_what_it_does_and_how_it_fails() -> None:
    description = json.loads((ROOT / "web/src/api/openapi.json").read_text("utf-8"))

    for path, item in description["paths"].items():
        for method, operation in item.items():
            assert operation["summary"], (method, path)
            assert "default" in operation["responses"], (method, path)
