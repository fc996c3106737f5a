"""One of several HTTP processes of a test: `server.py PORT [--deaf]`, told the rest by environment.

Boards are among its domains. A deaf one never hears a signal.
"""

import asyncio
import os
import sys

import uvloop

from backline.main import load
from backline.platform import telemetry
from backline.platform.front.server import run_server
from backline.platform.shared import open_platform
from backline.platform.telemetry import set_up_logging
from backline.roles.serve import open_web
from tests.support.boards.wiring import program


async def main(port: int, *, deaf: bool) -> None:
    everything = program()
    async with (
        open_platform(load(os.environ), everything.declared, connections=6) as platform,
        open_web(platform, everything) as made,
    ):
        if not deaf:
            await platform.signals.start()
        await made.callers.start()
        await made.cache.start()
        settings = platform.settings
        with telemetry.serving_metrics(settings.metrics_host, settings.metrics_port):
            await run_server(
                made.app,
                "127.0.0.1",
                port,
                stop=asyncio.Event(),
                close_streams=made.close_streams,
            )


if __name__ == "__main__":
    set_up_logging(level="warning", as_json=True)
    uvloop.run(main(int(sys.argv[1]), deaf="--deaf" in sys.argv))
