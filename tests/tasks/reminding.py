"""A worker process that does nothing but remind, for the test that kills it: by its DSN."""

import asyncio
import ctypes
import signal
import sys

import uvloop

from backline.main import program
from backline.platform.database import connect
from backline.tasks import reminders


async def main(dsn: str) -> None:
    database = await connect(dsn, max_size=2)
    database.declared = program().declared.jobs
    while True:
        await reminders.remind(database)
        sys.stdout.write("reminded\n")
        sys.stdout.flush()
        await asyncio.sleep(0.01)


if __name__ == "__main__":
    set_death_signal = 1
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)
    uvloop.run(main(sys.argv[1]))
