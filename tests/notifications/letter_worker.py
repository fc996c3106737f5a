"""A worker process that writes and sends letters, for the test that kills it: a DSN and a URL."""

import asyncio
import ctypes
import signal
import sys

import uvloop

from backline.main import program
from backline.platform import jobs
from backline.platform.database import connect
from tests.notifications.mailing import mailing, services

LEASE_S = 1.0


async def main(dsn: str, url: str) -> None:
    database = await connect(dsn, max_size=6)
    database.declared = program().declared.jobs
    worker = jobs.Worker(
        database, None, services=services(mailing(url)), lease_s=LEASE_S, poll_s=0.1
    )
    await worker.run(asyncio.Event())


if __name__ == "__main__":
    set_death_signal = 1
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)
    uvloop.run(main(sys.argv[1], sys.argv[2]))
