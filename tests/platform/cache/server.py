"""One of several HTTP processes of a test: `server.py PORT [--deaf]`, told the rest by environment.

A deaf one never hears a signal.
"""

import asyncio
import os
import sys

import uvloop

from backline.main import web
from backline.platform import telemetry
from backline.platform.http.server import run_server
from backline.platform.parts import open_platform
from backline.platform.settings import load
from backline.platform.telemetry import set_up_logging


async def main(port: int, *, deaf: bool) -> None:
    async with open_platform(load(os.environ), connections=6) as platform:
        made = web(platform)
        if not deaf:
            await platform.signals.start()
        await made.presence.start()
        await made.cache.start()
        telemetry.serve_metrics(platform.settings.metrics_host, platform.settings.metrics_port)
        await run_server(
            made.app,
            "127.0.0.1",
            port,
            stop=asyncio.Event(),
            close_streams=made.close_streams,
            lane=made.app,
        )


if __name__ == "__main__":
    set_up_logging(level="warning", as_json=True)
    uvloop.run(main(int(sys.argv[1]), deaf="--deaf" in sys.argv))
