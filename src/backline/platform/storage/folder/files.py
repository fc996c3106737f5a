"""The blocking steps of the folder's storage: write aside, make durable, make visible, remove."""

import errno
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from backline.platform.errors import Conflict, DiskFull, OutOfSpace
from backline.platform.host.disk import is_full

COPY_BYTES = 1 << 20


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, parts: Sequence[bytes]) -> int:
    """Write all parts at the descriptor's position; how many bytes they were.

    Raises:
        DiskFull: the disk is full.
    """
    try:
        return sum(_write_one(descriptor, part) for part in parts)
    except OSError as fault:
        raise_if_full(fault)
        raise


def _write_one(descriptor: int, part: bytes) -> int:
    view = memoryview(part)
    while view:
        view = view[os.write(descriptor, view) :]
    return len(part)


def raise_if_full(fault: OSError) -> None:
    """Turn a full disk into the fault that people understand.

    Raises:
        DiskFull: if that is what `fault` says.
        OutOfSpace: no file may be so large.
    """
    if is_full(fault):
        raise DiskFull("The server's disk is full. Nothing was kept.") from fault
    if fault.errno == errno.EFBIG:
        raise OutOfSpace("The server's file system can't hold a file of that size.") from fault


def new_aside(folder: Path) -> Path:
    """A name in the folder for what isn't visible yet."""
    return folder / uuid.uuid4().hex


def copy_aside(source: Path, aside: Path) -> None:
    """Copy and make durable.

    Raises:
        DiskFull: the disk is full; the partial copy is gone.
    """
    try:
        with source.open("rb") as reader, aside.open("xb") as writer:
            shutil.copyfileobj(reader, writer, COPY_BYTES)
            writer.flush()
            os.fsync(writer.fileno())
    except OSError as fault:
        aside.unlink(missing_ok=True)
        raise_if_full(fault)
        raise


def sync_file(path: Path) -> None:
    """Make a file's bytes survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def reveal(source: Path, target: Path, root: Path) -> None:
    """Give a durable file its final name, at once and never over another.

    Raises:
        Conflict: the name is taken. Keys are never used twice.
    """
    while True:
        make_folders(target.parent, root)
        try:
            os.link(source, target, follow_symlinks=False)
        except FileNotFoundError:
            if not source.exists():
                raise
            continue  # an emptied folder was removed in between: make it again
        except FileExistsError as fault:
            raise Conflict("Something is already kept under that name.") from fault
        with suppress(FileNotFoundError):  # removed already by someone else
            sync_folder(target.parent)
        return


def make_folders(folder: Path, root: Path) -> None:
    """Make the folders from `root` down to `folder`, durably."""
    while folder != root and not folder.is_dir():
        make_folders(folder.parent, root)
        # The parent may be pruned in between: then once more, from further up.
        with suppress(FileNotFoundError, FileExistsError):
            folder.mkdir(mode=0o750)
            sync_folder(folder.parent)


def remove(target: Path, root: Path, aside: Path) -> None:
    """Remove a file or a folder with all that it holds, and the folders left empty above it.

    It disappears at once (by a rename), then byte by byte: who looks sees all of it or nothing.
    """
    try:
        target.rename(aside)
    except (FileNotFoundError, NotADirectoryError):
        pass
    else:
        with suppress(FileNotFoundError):  # pruned already by someone else
            sync_folder(target.parent)
        remove_aside(aside)
    _prune(target.parent, root)


def remove_aside(aside: Path) -> None:
    """Remove what a rename took out of sight, or a crash left behind."""
    if aside.is_dir() and not aside.is_symlink():
        shutil.rmtree(aside, ignore_errors=True)
    else:
        aside.unlink(missing_ok=True)


def sweep(folder: Path, before_s: float) -> int:
    """Remove what has lain aside in a folder since before a Unix time; how many entries."""
    old = [
        Path(entry.path)
        for entry in os.scandir(folder)
        if entry.stat(follow_symlinks=False).st_ctime < before_s
    ]
    for path in old:
        remove_aside(path)
    return len(old)


def _prune(folder: Path, root: Path) -> None:
    while folder != root:
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError:
            return  # not empty
        folder = folder.parent


def walk(folder: Path) -> Iterator[os.DirEntry[str]]:
    """All files beneath a folder, folder by folder by name; none if there is no folder."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from walk(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            yield entry
