"""The commands of the pages do what the pages say."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.support.installation import (
    end_postgres_below,
    own_ports,
    prepared,
    wait_for,
    without_settings,
)
from tests.support.tree import ROOT, copy_to

PAGES = ("README.md", "CONTRIBUTING.md")
BLOCK = re.compile(r"<!-- run(?P<how>: until it answers)? -->\n```sh\n(?P<code>.*?)```", re.DOTALL)
LIMIT_S = 900


def blocks(how: str | None) -> list[tuple[str, str]]:
    """Page and code of each block that is to be run."""
    return [
        (page, found["code"])
        for page in PAGES
        for found in BLOCK.finditer((ROOT / page).read_text())
        if found["how"] == how
    ]


@pytest.mark.parametrize(("page", "code"), blocks(None))
def test_commands_succeed(page: str, code: str) -> None:
    done = subprocess.run(
        ["bash", "-euc", code],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        env=without_settings(os.environ),
    )

    assert done.returncode == 0, f"{page}:\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize(("page", "code"), blocks(": until it answers"))
def test_commands_start_backline_on_a_bare_machine(page: str, code: str) -> None:
    place = prepared()
    tree, log = place.folder / "clone", place.folder / "output"
    copy_to(tree)
    environment = _bare(place.folder) | {
        **own_ports(),
        "BACKLINE_DATA_DIR": str(place.data),
        "BACKLINE_PORT": str(place.port),
    }
    with log.open("wb") as output:
        shell = subprocess.Popen(
            ["bash", "-euc", code],
            cwd=tree,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for(
            lambda: shell.poll() is not None or _answers(place.url),
            f"the commands of {page}",
            limit_s=LIMIT_S,
            context=place.log,
        )
        assert shell.poll() is None, place.log()
        assert "Backline" in httpx.get(place.url, headers={"Accept": "text/html"}).text

        os.killpg(shell.pid, signal.SIGINT)

        assert shell.wait(60) == 0, place.log()
    finally:
        if shell.poll() is None:
            os.killpg(shell.pid, signal.SIGKILL)
            shell.wait()
        end_postgres_below(place.folder)
        place.clean_up()


def _bare(folder: Path) -> dict[str, str]:
    """A shell with a new virtualenv and none of ours; the locked versions, as they were tested."""
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    lock = (ROOT / "requirements/dev.txt").read_text()
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(re.findall(r"(?m)^[\w.-]+==[^\\\n]+", lock)))
    ours = str(Path(sys.executable).parent)
    path = [part for part in os.environ["PATH"].split(os.pathsep) if part != ours]
    return {
        **without_settings(os.environ),
        "PATH": os.pathsep.join([str(venv / "bin"), *path]),
        "VIRTUAL_ENV": str(venv),
        "PIP_CONSTRAINT": str(constraints),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False
