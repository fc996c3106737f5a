"""A day of shows in minutes: encoders come and go by the thousand, and nothing stays behind.

    .venv/bin/python benchmarks/live_day.py [--shows 2000]

One `backline live` with its database, and as many encoders at a time as there are projects. Every
show is told about, relayed, and over; memory, files and threads are counted on the way.
"""

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "scripts")]

import uvloop  # noqa: E402

from backline.live.rtmp.faults import Turned  # noqa: E402
from backline.main import migrations  # noqa: E402
from backline.platform.database.migrating import migrate  # noqa: E402
from tests.support import postgres, rtmp  # noqa: E402
from tests.support.going_live import Stage, listens, stage  # noqa: E402
from tests.support.live_nodes import Node, live_nodes  # noqa: E402

PROJECTS = 8
PEOPLE = 2  # a person has so many shows at a time and no more
LOOKS = 10


async def main(shows: int) -> None:
    """Have them, and look ten times on the way."""
    with tempfile.TemporaryDirectory(prefix="backline-day-") as made, postgres.running() as server:
        folder = Path(made)
        os.chmod(folder, 0o755)  # noqa: PTH101  # nodes of another user have to get in
        dsn = server.dsn(await asyncio.to_thread(server.create))
        await migrate(dsn, migrations())
        async with stage(dsn, folder) as there, rtmp.sink_server() as sink:
            keys = await _projects(there, sink)
            with live_nodes(folder, there.environ, count=1) as (node,):
                await listens(node.port)
                print("| shows | refused | seconds | memory MB | files | threads |")
                print("| --- | --- | --- | --- | --- | --- |")
                await _go(node, sink, keys, shows)


async def _projects(there: Stage, sink: rtmp.SinkServer) -> list[str]:
    """The keys of projects whose shows end with their encoder."""
    keys: list[str] = []
    for number in range(PEOPLE):
        one = await there.person(f"person-{number}")
        for _ in range(PROJECTS // PEOPLE):
            project = await there.project(one, hold_s=0)
            await there.destination(one, project, sink)
            keys.append(project["stream_key"])
    return keys


async def _go(node: Node, sink: rtmp.SinkServer, keys: list[str], shows: int) -> None:
    began_s, had, refused = time.monotonic(), 0, 0
    while had < shows:
        told = await asyncio.gather(*(_show(node.port, key) for key in keys))
        had, refused = had + len(told), refused + told.count(False)
        sink.sinks.clear()
        if had % (shows // LOOKS) < len(keys):
            resident_mb, files, threads = node.uses()
            took_s = time.monotonic() - began_s
            print(
                f"| {had} | {refused} | {took_s:.0f} | {resident_mb:.1f} | {files} | {threads} |",
                flush=True,
            )


async def _show(port: int, key: str) -> bool:
    """A short one; whether it was taken to its end."""
    with contextlib.suppress(OSError, Turned, TimeoutError):
        async with rtmp.encoder(port, key) as one:
            for message in [*rtmp.opening(), *rtmp.frames(0.2)]:
                if one.lost.done():
                    return False
                one.send(message)
                await asyncio.sleep(0)
            one.finish()
            await asyncio.wait_for(one.lost, 30)
            return True
    return False


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shows", type=int, default=2_000)
    uvloop.run(main(parser.parse_args().shows))
