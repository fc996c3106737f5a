"""Taking venues from a file: a process of its own reads, batches become visible one by one."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from backline.concerts.gazetteer import venues
from backline.concerts.gazetteer.models import Kept, NewVenue
from backline.concerts.gazetteer.reading.said import (
    LONGEST_LINE,
    End,
    Fault,
    Found,
    Said,
    Step,
)
from backline.platform.database import Database
from backline.platform.errors import Conflict, Invalid
from backline.platform.host.privileges import ServiceUser

OnProgress = Callable[[str, int], None]

_BATCH: Final = 500
_TRIES: Final = 3
_LONGEST_S: Final = 6 * 3600.0
_PROGRAM: Final = "backline.concerts.gazetteer.reading"
_PASSED_ON: Final = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "SYSTEMROOT")


class Report(Struct, frozen=True):
    """What became of a file: how many venues were new, changed, as they were; and left out why."""

    added: int
    changed: int
    same: int
    skipped: dict[str, int]


async def take(
    database: Database, path: Path, user: ServiceUser | None, on_progress: OnProgress
) -> Report:
    """Add a file's venues and change those that are known, in several transactions.

    Whatever was taken before a fault stays; the same file again goes on from there. `user` reads
    in the place of root. `on_progress` hears what is being done and how many venues were seen.

    Raises:
        Invalid: the file can't be read; says why.
    """
    added = changed = seen = 0
    what, skipped = "Opening the file", dict[str, int]()
    batch: list[NewVenue] = []
    is_whole = False
    async with asyncio.timeout(_LONGEST_S), _reading(path, user) as lines:
        async for one in lines:
            match one:
                case Found(venue):
                    batch.append(venue)
                    seen += 1
                case Step(said):
                    what = said
                case End(left_out):
                    skipped, is_whole = left_out, True
                case Fault(reason):
                    raise Invalid(f"{path.name}: {reason}{_kept_already(added + changed)}")
            if len(batch) >= _BATCH or (is_whole and batch):
                kept = await _keep(database, batch)
                added, changed, batch = added + kept.added, changed + kept.changed, []
            on_progress(what, seen)
    if not is_whole:
        why = "What read it has ended before its time; its memory or time may have run out."
        raise Invalid(f"{path.name}: {why}{_kept_already(added + changed)}")
    return Report(added, changed, seen - added - changed, skipped)


async def _keep(database: Database, batch: list[NewVenue]) -> Kept:
    """A transaction, begun again where somebody else's went first."""
    for _ in range(_TRIES - 1):
        with contextlib.suppress(Conflict):
            async with database.write() as tx:
                return await venues.keep(tx, batch, imported=True)
    async with database.write() as tx:
        return await venues.keep(tx, batch, imported=True)


def _kept_already(count: int) -> str:
    return f" {count:,} venues were taken before that." if count else ""


@asynccontextmanager
async def _reading(
    path: Path, user: ServiceUser | None
) -> AsyncGenerator[AsyncGenerator[Said, None], None]:
    """What the process that reads says; it is ended with the block."""
    who = [user.name, str(user.uid), str(user.gid)] if user else []
    environ = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", _PROGRAM, str(os.getpid()), str(path), *who,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, limit=2 * LONGEST_LINE,
        env=environ | {"OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    try:
        if process.stdout is None:
            raise RuntimeError("It was started with a pipe.")
        yield _lines(process.stdout)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _lines(out: asyncio.StreamReader) -> AsyncGenerator[Said, None]:
    decode = msgspec.json.Decoder(Said).decode
    while line := await out.readline():
        try:
            yield decode(line)
        except msgspec.DecodeError as fault:  # it was ended in the middle of a line
            raise Invalid("What reads the file says what nobody understands.") from fault
