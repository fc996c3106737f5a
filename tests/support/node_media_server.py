"""node-media-server, a destination and an encoder that others wrote, with Node from its wheel."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.installation import free_port
from tests.support.waiting import until

_HERE = Path(__file__).parent / "nms"
_INSTALL_S = 300


class Server(NamedTuple):
    """A running server; it records to `folder` what is published at `/app/name`."""

    port: int
    folder: Path
    process: asyncio.subprocess.Process

    @property
    def recordings(self) -> list[Path]:
        """What it has written, or is writing."""
        return sorted((self.folder / "app/name").glob("*.flv"))


@cache
def _installed() -> tuple[str, Path]:
    """Node and a folder with the server's packages as their lock says, installed once.

    Where the packages can't be had, its tests are left out.
    """
    beside = str(Path(sys.executable).parent)
    node, npm = (shutil.which(name, path=beside) for name in ("node", "npm"))
    if node is None or npm is None:
        pytest.skip("node isn't here (its wheel is among those of requirements/dev.txt)")
    digest = sha256((_HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    folder = Path(sys.prefix) / f"node-media-server-{digest}"
    if not (folder / "installed").exists():
        shutil.copytree(_HERE, folder, dirs_exist_ok=True)
        options = ["--no-fund", "--no-audit", "--ignore-scripts", "--loglevel=error"]
        done = subprocess.run(
            [npm, "ci", *options],
            check=False,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=_INSTALL_S,
            env={**os.environ, "PATH": f"{beside}{os.pathsep}{os.environ.get('PATH', '')}"},
        )
        if done.returncode:
            pytest.skip(f"node-media-server can't be installed: {done.stderr[-300:]}")
        (folder / "installed").touch()
    shutil.copy(_HERE / "server.js", folder)
    return node, folder


@asynccontextmanager
async def node_media_server(folder: Path, push_to: str = "") -> AsyncIterator[Server]:
    """A server that records, and pushes what is published on to an address if that is given."""
    node, program = await asyncio.to_thread(_installed)
    port = free_port()
    with (folder / "nms.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            node,
            str(program / "server.js"),
            str(port),
            str(folder),
            push_to,
            stdout=log,
            stderr=log,
            start_new_session=True,  # `node` of the wheel is a script that starts the real one
        )
    try:
        await until(lambda: b"Rtmp Server listening" in (folder / "nms.log").read_bytes())
        yield Server(port, folder, process)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
