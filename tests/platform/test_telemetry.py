"""Logs: what a fault looks like in them, and what never does."""

import os
import subprocess
import sys

import pytest

from tests.support.tree import ROOT

FAULT = """
import structlog
from backline.platform.telemetry import set_up_logging
set_up_logging(level="info", as_json={as_json})
def handle(key):
    raise RuntimeError("it broke")
try:
    handle("hunter" + str(2))
except RuntimeError:
    structlog.get_logger().exception("failed", password="hunter" + str(2))
"""


@pytest.mark.parametrize("as_json", [True, False])
def test_a_fault_is_told_without_the_values_of_variables(as_json: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAULT.format(as_json=as_json)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    )

    assert "it broke" in done.stderr
    assert "in handle" in done.stderr
    assert "hunter2" not in done.stderr
