"""A worker process that sends mail, for the test that kills it: a DSN and a mail server's URL."""

import asyncio
import ctypes
import signal
import sys

import uvloop

from backline.platform import jobs
from backline.platform.database import connect
from backline.platform.mail import Mail
from backline.platform.mail import jobs as mail_jobs
from backline.platform.mail.outbox import SEND
from backline.platform.settings.smtp_url import smtp_url

LEASE_S = 1.0


async def main(dsn: str, url: str) -> None:
    database = await connect(dsn, max_size=4)
    database.declared = jobs.assemble(mail_jobs.JOBS)
    mail = Mail(smtp_url(url), "https://music.example.org")
    worker = jobs.Worker(database, None, services={SEND: mail}, lease_s=LEASE_S, poll_s=0.1)
    await worker.run(asyncio.Event())


if __name__ == "__main__":
    set_death_signal = 1
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)
    uvloop.run(main(sys.argv[1], sys.argv[2]))
