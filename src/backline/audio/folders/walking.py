"""What lies in a folder: files with a name of music, and what belongs to each.

Links are never followed. Memory doesn't grow with the files of a folder, only with its folders.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from backline.audio.engine.formats import ENDINGS
from backline.audio.engine.nearby import COVER_NAMES, lyrics_name
from backline.platform.host.folders import MAX_DEPTH, MAX_PATH_BYTES, file_id, signed

_VIDEO: Final = frozenset({"3g2", "3gp", "m4v", "mkv", "mov", "ogv"})
_SUFFIXES: Final = frozenset(ending.encode() for ending in ENDINGS - _VIDEO)
_STEP: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW


class Found(msgspec.Struct, frozen=True):
    """A file with a name of music; `path` is relative to the folder.

    `beside` changes with the lyrics and the picture that lie beside it; 0 where there are none.
    """

    id: UUID
    path: bytes
    size_bytes: int
    mtime_ns: int
    inode: int
    beside: int


class Walk:
    """One way through a folder and its folders; hidden ones are left out.

    `unreadable` counts the folders whose files couldn't be listed, in whole or in part.
    """

    def __init__(self, root: Path) -> None:
        self._root = os.fsencode(root)
        self.unreadable = 0

    def __iter__(self) -> Iterator[Found]:
        waiting: list[tuple[bytes, int]] = [(b"", 0)]
        while waiting:
            inner, depth = waiting.pop()
            try:
                folder = os.open(os.path.join(self._root, inner), _STEP)  # noqa: PTH118  # bytes
            except OSError:
                self.unreadable += 1
                continue
            try:
                yield from self._files(folder, inner, waiting, depth)
            except OSError:
                self.unreadable += 1
            finally:
                os.close(folder)

    def _files(
        self, folder: int, inner: bytes, waiting: list[tuple[bytes, int]], depth: int
    ) -> Iterator[Found]:
        picture: tuple[int, ...] | None = None
        with os.scandir(folder) as entries:
            for entry in entries:
                name = os.fsencode(entry.name)  # whatever bytes it has
                path = inner + b"/" + name if inner else name
                if name.startswith(b".") or len(path) > MAX_PATH_BYTES:
                    continue
                try:
                    known = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                if stat.S_ISDIR(known.st_mode):
                    if depth < MAX_DEPTH:
                        waiting.append((path, depth + 1))
                elif stat.S_ISREG(known.st_mode) and _is_music(name):
                    if picture is None:
                        picture = _first_of(folder, COVER_NAMES)
                    words = _first_of(folder, (lyrics_name(name),))
                    yield Found(
                        file_id(path),
                        path,
                        known.st_size,
                        known.st_mtime_ns,
                        signed(known.st_ino),
                        _digest(picture, words),
                    )


def _is_music(name: bytes) -> bool:
    return name.rpartition(b".")[2].lower() in _SUFFIXES and b"." in name


def _first_of(folder: int, names: tuple[bytes, ...]) -> tuple[int, ...]:
    """The place of the first of these files that is there, with its size and time; or nothing."""
    for place, name in enumerate(names):
        try:
            known = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except OSError:
            continue
        if stat.S_ISREG(known.st_mode):
            return place, known.st_size, known.st_mtime_ns
    return ()


def _digest(picture: tuple[int, ...], words: tuple[int, ...]) -> int:
    if not picture and not words:
        return 0
    digest = hashlib.sha256(repr((picture, words)).encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
