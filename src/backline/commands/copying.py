"""Copies of single files, hashed on the way and durable; one side may belong to another user."""

import errno
import hashlib
import os
import shutil
from pathlib import Path
from typing import Final

import msgspec

from backline.commands.ground import CareFault
from backline.platform.host.privileges import ServiceUser, acting_as

_PIECE_BYTES: Final = 1 << 20
_READ: Final = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


class Seen(msgspec.Struct, frozen=True):
    """What went through: the size in bytes and the SHA-256 in hexadecimal."""

    size_bytes: int
    sha256: str


class Side(msgspec.Struct, frozen=True):
    """A file of one side of a copy, and as whom it is opened: None is whoever we are."""

    path: Path
    user: ServiceUser | None = None


def copy(source: Side, target: Side, root: Path, *, file_mode: int, folder_mode: int) -> Seen:
    """Copy to a file that isn't there yet, below `root`, whose missing folders are made.

    Links are never followed, neither read nor written through.

    Raises:
        FileNotFoundError: there is no such source.
        FileExistsError: the target is there.
        CareFault: the disk is full.
    """
    with acting_as(source.user):
        reading = os.open(source.path, _READ)
    try:
        with acting_as(target.user):
            _make_folders(target.path.parent, root, folder_mode)
            writing = os.open(target.path, _NEW, file_mode)
        try:
            seen = _pour(reading, writing)
            os.fsync(writing)
        except OSError as fault:
            raise_if_full(fault, target.path)
            raise
        finally:
            os.close(writing)
    finally:
        os.close(reading)
    return seen


def hash_file(path: Path) -> Seen:
    """Read a whole file.

    Raises:
        OSError: it isn't there, is a link, or can't be read.
    """
    reading = os.open(path, _READ)
    try:
        return _pour(reading, None)
    finally:
        os.close(reading)


def sync_folders(root: Path) -> None:
    """Make every name below `root` survive a power cut."""
    for folder, _, _ in os.walk(root, topdown=False):
        sync_folder(Path(folder))


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_new(path: Path, data: bytes) -> Seen:
    """Write a new private file durably.

    Raises:
        CareFault: the disk is full.
    """
    descriptor = os.open(path, _NEW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as fault:
        raise_if_full(fault, path)
        raise
    return Seen(len(data), hashlib.sha256(data).hexdigest())


def remove_tree(folder: Path) -> None:
    """Remove a folder with all that it holds; none is no fault."""
    shutil.rmtree(folder, ignore_errors=True)


def raise_if_full(fault: OSError, path: Path) -> None:
    """Turn a full disk into the fault that people understand.

    Raises:
        CareFault: if that is what `fault` says.
    """
    if fault.errno in _FULL:
        raise CareFault(
            f"The disk with {path.parent} is full. Nothing was kept there. Make room and try again."
        ) from fault


def _pour(reading: int, writing: int | None) -> Seen:
    digest, size_bytes = hashlib.sha256(), 0
    while piece := os.read(reading, _PIECE_BYTES):
        digest.update(piece)
        size_bytes += len(piece)
        view = memoryview(piece)
        while writing is not None and view:
            view = view[os.write(writing, view) :]
    return Seen(size_bytes, digest.hexdigest())


def _make_folders(folder: Path, root: Path, mode: int) -> None:
    if folder != root and not folder.is_dir():
        _make_folders(folder.parent, root, mode)
        folder.mkdir(mode)
