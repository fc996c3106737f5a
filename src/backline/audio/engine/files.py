"""Files that are finished before they have their name: written aside, fsync'd, renamed."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

_CHUNK_BYTES: Final = 1 << 20


class RenderedFile(msgspec.Struct, frozen=True):
    """A finished file in the folder it was made in; `sha256` in lower-case hex."""

    name: str
    content_type: str
    size_bytes: int
    sha256: str


def seal(path: Path, content_type: str) -> RenderedFile:
    """Hash a file that is complete and see it onto the disk."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        os.fsync(file.fileno())
        return RenderedFile(path.name, content_type, file.tell(), digest.hexdigest())


def write_text(folder: Path, name: str, content_type: str, text: str) -> RenderedFile:
    """Write a small text file aside, fsync it and give it its name."""
    aside = folder / f".{name}.part"
    aside.write_text(text, encoding="utf-8", newline="\n")
    sealed = seal(aside, content_type)
    aside.rename(folder / name)
    return msgspec.structs.replace(sealed, name=name)


def copy_hashed(
    source: BinaryIO, target: BinaryIO, feed: Callable[[bytes], None], size: int
) -> None:
    """Copy `size` bytes from where `source` stands and feed them to a digest.

    Raises:
        EOFError: it holds fewer.
    """
    left = size
    while left:
        chunk = source.read(min(left, _CHUNK_BYTES))
        if not chunk:
            raise EOFError
        target.write(chunk)
        feed(chunk)
        left -= len(chunk)


def sync_folder(folder: Path) -> None:
    """See the names of a folder's files onto the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
