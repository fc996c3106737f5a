"""A domain's own process: started with the others, watched as they are, ended with them."""

import os
import signal
import socket
from collections.abc import Callable

import httpx
import pytest

from tests.support.care import backline
from tests.support.installation import Installation, free_port, wait_for
from tests.support.processes import child, children_of, is_alive
from tests.support.toys import with_toys

Prepare = Callable[..., Installation]

pytestmark = pytest.mark.slow


def playing(installation: Installation, note: str) -> bool:
    there = installation.data / "toy"
    return there.is_file() and there.read_text() == note


def toy(installation: Installation) -> int:
    """The process that plays now, once it does, beside that of live shows."""
    is_there = lambda: [one for one in children_of(installation.pid) if one.role == "toy"]  # noqa: E731
    wait_for(is_there, "the toys' process", context=installation.log)
    pid = child(installation.pid, "toy").pid
    wait_for(
        lambda: playing(installation, f"{pid} plays one of 2"), "play", context=installation.log
    )
    return pid


def test_it_lives_as_the_others_do(prepare: Prepare) -> None:
    port = free_port()
    installation = prepare(BACKLINE_TOY_METRICS_PORT=str(port))
    source = with_toys(installation.folder)
    installation.set(PYTHONPATH=str(source))
    installation.start()
    installation.wait_until_ready()

    first = toy(installation)
    figures = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=10)
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: not is_alive(first), "its end")
    second = toy(installation)

    assert second != first
    assert "“backline toy” ended unexpectedly (signal 9)" in installation.log()
    assert "python_info" in figures.text
    assert installation.stop() == 0
    assert playing(installation, f"{second} put away")


def test_doctor_looks_at_its_port(prepare: Prepare) -> None:
    installation = prepare()
    source = with_toys(installation.folder)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])

        checked = backline(
            *("doctor", "--data", installation.data),
            PYTHONPATH=str(source),
            BACKLINE_TOY_METRICS_PORT=port,
        )

    assert f"The port of metrics {port} is used by another program" in checked.stdout
    assert "BACKLINE_TOY_METRICS_PORT" in checked.stdout
