"""A process that asks setlist.fm for one night after another until it is killed.

Its arguments: DSN, URL, OWNER, and the number to begin with.
"""

import ctypes
import signal
import sys
from datetime import date
from uuid import UUID

import uvloop

from backline.concerts.outside.asking import Asker
from backline.concerts.outside.setlistfm import SERVICE, SetlistFm
from backline.concerts.outside.terms import Terms
from backline.platform.database import connect
from backline.platform.outside.client import OutsideClient

TERMS = Terms(SERVICE, count=1_000, span_s=0.01, per_day=1_000_000)
_SET_DEATH_SIGNAL = 1


async def main(dsn: str, url: str, owner_id: UUID, first: int) -> None:
    database = await connect(dsn)
    asker = Asker(database, OutsideClient("Backline/test"))
    client = SetlistFm(asker, database, url=url, key="k", terms=TERMS)
    today = date(2026, 5, 3)
    for number in range(first, first + 100_000):
        await client.on(owner_id, number, today, today=today)


if __name__ == "__main__":
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    _dsn, _url, _owner, _first = sys.argv[1:]
    uvloop.run(main(_dsn, _url, UUID(_owner), int(_first)))
