"""`backline forget`: a running installation's caches are emptied from outside."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support.installation import Installation, prepared, wait_for, without_settings
from tests.support.tree import ROOT

HIT = "backline; hit"


def forget(installation: Installation, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "backline", "forget", "--data", str(installation.data)]
    return subprocess.run(
        [*command, *arguments],
        env={**without_settings(os.environ), "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def running() -> Iterator[Installation]:
    installation = prepared()
    try:
        installation.start()
        installation.wait_until_ready()
        yield installation
    finally:
        installation.clean_up()


def test_what_was_cached_is_made_anew(running: Installation) -> None:
    with running.add_user() as client:
        client.get("/tracks")
        assert client.get("/tracks").headers["cache-status"] == HIT

        done = forget(running)

        states: list[str] = []

        def is_forgotten() -> bool:
            states.append(client.get("/tracks").headers["cache-status"])
            return states[-1] != HIT

        wait_for(is_forgotten, "the cache to be emptied")
    assert (done.returncode, done.stdout.count("everything")) == (0, 1), done.stderr
    assert states[-1] == "backline; fwd=uri-miss; stored"


@pytest.mark.parametrize("tag", ["", "two words", "ä", "a" * 201])
def test_what_is_no_tag_is_refused(running: Installation, tag: str) -> None:
    done = forget(running, tag)

    assert done.returncode == 1
    assert "A tag has 1 to 200" in done.stderr
