"""Folders on the server: which may be scanned, and what lies in them. Links are never followed."""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.errors import FieldFault, Invalid
from backline.platform.host.folders import (
    MAX_DEPTH,
    MAX_PATH_BYTES,
    file_id,
    shown,
    signed,
    within,
)

__all__ = ["SUFFIXES", "Found", "allowed", "file_id", "shown", "walk"]

SUFFIXES: Final = (
    b".jpg",
    b".jpeg",
    b".jpe",
    b".png",
    b".webp",
    b".heic",
    b".heif",
    b".hif",
    b".avif",
)


class Found(msgspec.Struct, frozen=True):
    """A file with a photo's name; `path` is relative to the folder. What it is nobody knows yet."""

    id: UUID
    path: bytes
    size_bytes: int
    mtime_ns: int
    inode: int


def allowed(path: str, roots: Sequence[Path]) -> Path:
    """The folder itself, without links, if it lies within one of those that may be scanned.

    Raises:
        Invalid: it doesn't, or there is no such folder.
    """
    real = within(path, roots)
    if real is None:
        raise Invalid(
            "This folder isn't among those that may be scanned, or isn't there. The operator names "
            "them in BACKLINE_PHOTO_FOLDERS.",
            FieldFault("source.path", "isn't open to scans"),
        )
    return real


def walk(root: Path) -> Iterator[Found]:
    """All files in a folder and its folders that have a photo's name; hidden ones are left out.

    What can't be read is passed over.
    """
    waiting: list[tuple[bytes, int]] = [(b"", 0)]
    base = os.fsencode(root)
    while waiting:
        folder, depth = waiting.pop()
        try:
            with os.scandir(os.path.join(base, folder)) as entries:  # noqa: PTH118  # bytes
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in listed:
            inner = folder + b"/" + entry.name if folder else entry.name
            if entry.name.startswith(b".") or len(inner) > MAX_PATH_BYTES:
                continue
            try:
                known = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if stat.S_ISDIR(known.st_mode) and depth < MAX_DEPTH:
                waiting.append((inner, depth + 1))
            elif stat.S_ISREG(known.st_mode) and entry.name.lower().endswith(SUFFIXES):
                yield Found(
                    file_id(inner), inner, known.st_size, known.st_mtime_ns, signed(known.st_ino)
                )
