"""`backline audio export DIR`: somebody's originals copied into a folder, by the names of people.

What is there and the same isn't copied again. A file is written aside and given its name when it is
whole, so a crash leaves nothing half under a name; nothing is ever removed.
"""

import contextlib
import fcntl
import os
import sys
import time
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from backline import accounts
from backline.audio import downloads, downloads_sql, naming
from backline.audio.downloads_sql import FileRow
from backline.platform.database import Database
from backline.platform.errors import BacklineError, Conflict, Invalid, NotFound, Unavailable
from backline.platform.host.disk import check_room, in_words
from backline.platform.media.places import open_in_place
from backline.platform.settings import Settings
from backline.platform.storage import CHUNK_BYTES, Reader, Storage, open_kept
from backline.platform.storage.kinds import StoredFile
from backline.platform.storage.threads import in_thread

_LOT_ROWS: Final = 500
_EVERY_S: Final = 2.0
_MOST_FAULTS: Final = 20
ASIDE: Final = ".backline-export"


class Exported(msgspec.Struct):
    """What became of an export."""

    copied: int = 0
    same: int = 0
    copied_bytes: int = 0
    faults: list[str] = []


Progress = Callable[[Exported, int], None]


async def run(database: Database, settings: Settings, given: Mapping[str, object]) -> str:
    """Copy; says how far it is on standard error, and in the end what became of it.

    Raises:
        NotFound: there is no such account.
        Invalid: the folder can't be written.
        Conflict: something else is exported into it at this moment.
        DiskFull: it is full.
    """
    email = given["owner"]
    async with database.read() as read:
        owner = await accounts.known_by(read, str(email) if email is not None else None)
        if owner is None:
            raise NotFound("There is no such account.")
    folder = _absolute(given["folder"])
    done = await export(database, open_kept(settings), owner.id, folder, _Telling().tell)
    said = (
        f"{done.copied:,} tracks copied to {folder} ({in_words(done.copied_bytes)}), "
        f"{done.same:,} were there."
    )
    if not done.faults:
        return said
    listed = "\n".join(done.faults[:_MOST_FAULTS])
    return f"{said}\n{len(done.faults):,} couldn't be copied:\n{listed}"


def _absolute(given: object) -> Path:
    return Path(str(given)).absolute()


async def export(
    database: Database, storage: Storage, owner_id: UUID, folder: Path, tell: Progress
) -> Exported:
    """Copy all originals of somebody's into a folder.

    Raises:
        Invalid: the folder can't be written.
        Conflict: something else is exported into it at this moment.
        DiskFull: it is full.
    """
    with _prepared(folder) as aside:
        done = await _export(database, storage, owner_id, folder, aside, tell)
        aside.rmdir()
    return done


async def _export(
    database: Database,
    storage: Storage,
    owner_id: UUID,
    folder: Path,
    aside: Path,
    tell: Progress,
) -> Exported:
    done, taken, after = Exported(faults=[]), naming.Taken(), UUID(int=0)
    async with database.read() as read:
        total = await downloads_sql.how_many(read, owner_id)
    while True:
        async with database.read() as read:
            rows = await downloads_sql.of_owner(read, owner_id, after, _LOT_ROWS)
        for row in rows:
            name = taken.name("/".join(naming.path(row)))
            await _take(storage, row, folder / name, aside, done)
            tell(done, total)
        if len(rows) < _LOT_ROWS:
            break
        after = rows[-1].id
    return done


async def _take(storage: Storage, row: FileRow, target: Path, aside: Path, done: Exported) -> None:
    file = downloads.original(row)
    if file is None:
        done.faults.append(f"{target}: its file isn't in its folder at the moment.")
        return
    mtime_ns = _mtime_ns(file)
    if _is_there(target, file.size_bytes, mtime_ns):
        done.same += 1
        return
    half = aside / row.id.hex
    try:
        check_room(aside, file.size_bytes, 0)
        async with await _open(storage, file) as reader:
            await _copy(reader, file.size_bytes, half, mtime_ns)
        await in_thread(_place, half, target)
    except (NotFound, Unavailable, FileExistsError, NotADirectoryError, IsADirectoryError) as fault:
        why = fault.detail if isinstance(fault, BacklineError) else "something else has its name."
        done.faults.append(f"{target}: {why}")
        half.unlink(missing_ok=True)
        return
    done.copied += 1
    done.copied_bytes += file.size_bytes


@contextlib.contextmanager
def _prepared(folder: Path) -> Generator[Path]:
    """The folder aside, empty (what an earlier export left half is gone), and nobody else's."""
    aside = folder / ASIDE
    with contextlib.ExitStack() as stack:
        try:
            aside.mkdir(parents=True, exist_ok=True)
            held = os.open(aside, os.O_RDONLY | os.O_DIRECTORY)
            stack.callback(os.close, held)
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for left in aside.iterdir():
                left.unlink()
        except BlockingIOError:
            raise Conflict(
                f"Another export into {folder} is under way. Wait for its end, or stop it."
            ) from None
        except OSError as fault:
            raise Invalid(f"{folder} can't be written: {fault.strerror}.") from fault
        yield aside


def _mtime_ns(file: StoredFile) -> int:
    """What tells next time that a copy is this file: both are immutable."""
    if file.place is not None:
        return file.place.mtime_ns
    return int(file.modified_at.timestamp()) * 1_000_000_000


def _is_there(target: Path, size_bytes: int, mtime_ns: int) -> bool:
    try:
        known = target.lstat()
    except OSError:
        return False
    return (known.st_size, known.st_mtime_ns) == (size_bytes, mtime_ns)


async def _open(storage: Storage, file: StoredFile) -> Reader:
    if file.place is not None:
        return await open_in_place(file, file.place)
    return await storage.open(file.key, 0, file.size_bytes)


async def _copy(reader: Reader, size_bytes: int, path: Path, mtime_ns: int) -> None:
    """Copy a file and have it be on the disk.

    Raises:
        Unavailable: it is shorter than it should be.
    """
    with path.open("wb") as out:
        at = 0
        while at < size_bytes:
            data = await reader.read(at, min(CHUNK_BYTES, size_bytes - at))
            if not data:
                raise Unavailable("Its file is cut off. `backline doctor` tells more.")
            await in_thread(out.write, data)
            at += len(data)
        out.flush()
        await in_thread(os.fsync, out.fileno())
    os.utime(path, ns=(mtime_ns, mtime_ns))


def _place(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)


class _Telling:
    """Tells whoever watches, now and then."""

    def __init__(self) -> None:
        self._told_s = time.monotonic()

    def tell(self, done: Exported, total: int) -> None:
        """Write a line, unless one was written just now."""
        now_s = time.monotonic()
        if now_s - self._told_s < _EVERY_S:
            return
        self._told_s = now_s
        seen = done.copied + done.same + len(done.faults)
        sys.stderr.write(f"{seen:,} of {total:,} tracks, {in_words(done.copied_bytes)} copied\n")
        sys.stderr.flush()
