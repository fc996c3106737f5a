"""Logs: what a fault looks like in them, and what never does."""

import gc
import os
import subprocess
import sys
import warnings

import httpx
import pytest

from backline.platform import telemetry
from tests.support.installation import free_port
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


HOSTILE = (
    "harmless\n2026-01-01T00:00:00Z [info     ] forged\r"
    "\x1b]0;owned\x07\x9b2J\u202e\u2028\x7f\ud800"
)
SAID = """
import logging, sys, structlog
from backline.platform.telemetry import set_up_logging
set_up_logging(level="info", as_json={as_json})
text = {text!r}
log = structlog.get_logger()
log.warning("said", message=text, stack=text, exception=text, nested=[text], told={{"a": text}})
log.warning(text)
logging.getLogger("library").warning("said %s", text)
"""
FAILED = """
import logging, structlog
from backline.platform.telemetry import set_up_logging
set_up_logging(level="info", as_json={as_json})
text = {text!r}
try:
    raise ValueError(text)
except ValueError:
    structlog.get_logger().exception("failed")
    logging.getLogger("library").exception("failed")
"""


def printed(program: str, *, as_json: bool) -> str:
    """What a process that runs this writes to its log."""
    done = subprocess.run(
        [sys.executable, "-c", program.format(as_json=as_json, text=HOSTILE)],
        check=True,
        capture_output=True,
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    )
    return done.stderr.decode()


@pytest.mark.parametrize("as_json", [True, False])
def test_what_somebody_says_is_one_line_without_controls(as_json: bool) -> None:
    lines = printed(SAID, as_json=as_json).removesuffix("\n").split("\n")

    assert len(lines) == 3
    assert all(line.isprintable() for line in lines)
    assert all("harmless" in line and "forged" in line for line in lines)


@pytest.mark.parametrize("as_json", [True, False])
def test_a_fault_with_such_words_forges_no_line(as_json: bool) -> None:
    lines = printed(FAILED, as_json=as_json).removesuffix("\n").split("\n")

    assert all(line.isprintable() for line in lines)
    assert not any(line.startswith("2026-01-01") for line in lines)
    assert any("forged" in line for line in lines)


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


def test_metrics_are_answered_within_the_block_and_leave_nothing_open() -> None:
    port = free_port()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", ResourceWarning)
        with telemetry.serving_metrics("127.0.0.1", port):
            answer = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=60)
        gc.collect()

    assert answer.status_code == 200
    assert [one for one in said if issubclass(one.category, ResourceWarning)] == []
    with telemetry.serving_metrics("127.0.0.1", port):  # it can be taken again at once
        assert httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=60).status_code == 200


def test_a_taken_port_of_metrics_is_no_reason_to_stop(capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    with (
        telemetry.serving_metrics("127.0.0.1", port),
        telemetry.serving_metrics("127.0.0.1", port),
        telemetry.serving_metrics("127.0.0.1", 0),
    ):
        assert httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=60).status_code == 200

    assert "metrics_port_taken" in "".join(capsys.readouterr())
