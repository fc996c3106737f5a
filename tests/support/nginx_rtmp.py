"""Debian's nginx with its RTMP module: a destination and an encoder that others wrote."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support import nginx
from tests.support.installation import free_port

MODULE = nginx.MODULES / "ngx_rtmp_module.so"
CONFIGURATION = """
load_module {module};
daemon off; master_process off; worker_processes 1;
error_log {folder}/error.log; pid {folder}/nginx.pid;
{user}
events {{ worker_connections 4096; }}
rtmp {{
  server {{
    listen 127.0.0.1:{port};
    chunk_size 4096;
    application record {{ live on; record all; record_path {folder}; record_suffix .flv; }}
    application push {{ live on; {push} }}
  }}
}}
"""


class Server(NamedTuple):
    """A running nginx."""

    port: int
    folder: Path
    process: asyncio.subprocess.Process

    def recording(self, name: str) -> Path:
        """What was published by a name."""
        return self.folder / f"{name}.flv"

    def is_written(self, name: str) -> bool:
        """Whether a recording is there and nobody writes to it any more."""
        path = self.recording(name)
        return path.exists() and path.stat().st_size > 0 and str(path) not in self._open_files()

    def _open_files(self) -> set[str]:
        folder = Path(f"/proc/{self.process.pid}/fd")
        return {str(one.readlink()) for one in folder.iterdir() if one.is_symlink()}


def program() -> str | None:
    """nginx, if it and its module are here."""
    return nginx.program(MODULE)


def configuration(folder: Path, port: int, push_to: list[str]) -> Path:
    """A file that says where to listen and where to push."""
    path = folder / "nginx.conf"
    path.write_text(
        CONFIGURATION.format(
            module=MODULE,
            folder=folder,
            port=port,
            user="user root;" if os.geteuid() == 0 else "",
            push=" ".join(f"push {url};" for url in push_to),
        )
    )
    return path


@asynccontextmanager
async def nginx_rtmp(folder: Path, push_to: int = 0) -> AsyncIterator[Server]:
    """nginx that records at `/record`, and pushes what comes to `/push` on to a port."""
    found = program()
    if found is None:
        pytest.skip(
            "nginx's RTMP module isn't here "
            "(on Debian or Ubuntu: apt-get install nginx libnginx-mod-rtmp)"
        )
    port = free_port()
    urls = [f"rtmp://127.0.0.1:{push_to}/live"] if push_to else []
    path = configuration(folder, port, urls)
    process = await asyncio.create_subprocess_exec(
        found, "-c", str(path), "-p", str(folder), stderr=asyncio.subprocess.PIPE
    )
    try:
        await _answers(process, port)
        yield Server(port, folder, process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _answers(process: asyncio.subprocess.Process, port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            assert process.returncode is None, "nginx didn't start"
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return
