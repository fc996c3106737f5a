"""`backline live` as processes of their own, and nginx in front of them as it is shipped."""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psutil
import pytest

from tests.support import nginx
from tests.support.care import begin
from tests.support.going_live import listens
from tests.support.installation import ROOT, free_port
from tests.support.postgres import service_user

CONFIGURATION = ROOT / "deploy/nginx/live.conf"
MODULE = nginx.MODULES / "ngx_stream_module.so"


class Node:
    """One `backline live`, which a test may kill."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.port = free_port()
        settings = {**environ, "BACKLINE_RTMP_PORT": str(self.port)}
        self._process = begin("live", **settings)

    def reaches(self, port: int) -> bool:
        """Whether it is connected to a port, as whoever relays to it is."""
        found = psutil.Process(self._process.pid).net_connections("tcp4")
        return any(one.raddr and one.raddr.port == port for one in found)

    def uses(self) -> tuple[float, int, int]:
        """Its memory in MB, and how many files and threads it has open."""
        process = psutil.Process(self._process.pid)
        return process.memory_info().rss / 1e6, process.num_fds(), process.num_threads()

    def kill(self) -> None:
        """SIGKILL: it says goodbye to nobody."""
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        """End it as a supervisor does, and whatever it leaves."""
        if self._process.poll() is not None:
            return
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(30)
        self.kill()


@contextmanager
def live_nodes(folder: Path, environ: Mapping[str, str], count: int = 2) -> Iterator[list[Node]]:
    """So many nodes of one installation, whose data lie in a folder that every user may enter."""
    if (owner := service_user()) is not None:
        for one in (folder, *folder.iterdir()):
            os.chown(one, owner.pw_uid, owner.pw_gid)
    nodes = [Node(environ) for _ in range(count)]
    try:
        yield nodes
    finally:
        for one in nodes:
            one.end()


@asynccontextmanager
async def balanced(folder: Path, nodes: Sequence[Node]) -> AsyncIterator[int]:
    """nginx in front of the nodes, all of which answer; its port."""
    program = nginx.program(MODULE)
    if program is None:
        pytest.skip(
            "nginx's stream module isn't here "
            "(on Debian or Ubuntu: apt-get install nginx libnginx-mod-stream)"
        )
    for node in nodes:
        await listens(node.port)
    port = free_port()
    path = folder / "live.conf"
    path.write_text(_filled_in(folder, port, nodes))
    command = [program, "-c", str(path), "-p", str(folder)]
    process = await asyncio.create_subprocess_exec(*command)
    try:
        await listens(port)
        yield port
    finally:
        process.kill()
        await process.wait()


def _filled_in(folder: Path, port: int, nodes: Sequence[Node]) -> str:
    text = CONFIGURATION.read_text()
    shipped = [line for line in text.splitlines() if line.strip().startswith("server live-")]
    lines = [shipped[0].replace("live-1:1935", f"127.0.0.1:{node.port}") for node in nodes]
    user = "user root;" if os.geteuid() == 0 else ""
    return (
        f"load_module {MODULE}; daemon off; master_process off; {user}\n"
        f"error_log {folder}/nginx.log; pid {folder}/nginx.pid; events {{ }}\n"
        + text.replace("\n".join(shipped), "\n".join(lines)).replace(
            "listen 1935 ", f"listen 127.0.0.1:{port} "
        )
    )
