"""Many files beneath a folder looked at one after the other: runs inside a confined child.

Their tags, what they are and what they are known by; nothing is decoded but a first frame. Whatever
is wrong with one of them is that one's answer.
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from backline.audio.engine import bounds, lyrics
from backline.audio.engine.findings import Catalogued, Looked, Refused
from backline.audio.engine.labels import filled, of_texts
from backline.audio.engine.nearby import COVER_NAMES, lyrics_name
from backline.audio.engine.pictures import picture_path, trimmed
from backline.audio.engine.probe import probe_open
from backline.audio.engine.sampling import content_hash, sound_hash
from backline.audio.engine.tags import read_open
from backline.audio.models import MOST_TEXT_CHARS, Line
from backline.platform.host.beneath import open_beneath

_ASIDE: Final = ".aside"
_DIGEST_CHARS: Final = 32
_MOST_LYRICS_BYTES: Final = 4 * MOST_TEXT_CHARS
_ENCODINGS: Final = ("utf-8-sig", "cp1252")


def look(root: str, paths: list[list[bytes]], out_dir: str) -> list[Looked]:
    """Look at files beneath `root`; the pictures that may be covers lie in folders in `out_dir`."""
    beside = _Beside(root, Path(out_dir))
    return [_look(root, parts, Path(out_dir), beside) for parts in paths]


class _Beside:
    """What lies beside the files, each folder's picture looked for once."""

    def __init__(self, root: str, out: Path) -> None:
        self._root, self._out = root, out
        self._pictures: dict[tuple[bytes, ...], str | None] = {}

    def picture(self, folder: Sequence[bytes]) -> str | None:
        """The picture of a folder, kept under its digest."""
        key = tuple(folder)
        if key not in self._pictures:
            self._pictures[key] = self._find(folder)
        return self._pictures[key]

    def _find(self, folder: Sequence[bytes]) -> str | None:
        for name in COVER_NAMES:
            data = self._read([*folder, name], bounds.MAX_COVER_BYTES)
            if data:
                aside = self._out / _ASIDE
                aside.mkdir(exist_ok=True)
                picture_path(str(aside), 0).write_bytes(trimmed(data))
                return _kept(self._out, 1)
        return None

    def words(self, parts: Sequence[bytes]) -> list[Line]:
        """The words that lie beside a file."""
        data = self._read([*parts[:-1], lyrics_name(parts[-1])], _MOST_LYRICS_BYTES)
        for encoding in _ENCODINGS:
            try:
                return lyrics.read(data.decode(encoding))
            except UnicodeDecodeError:
                continue
        return []

    def _read(self, parts: Sequence[bytes], most_bytes: int) -> bytes:
        """A small file; nothing where it isn't there, or isn't small."""
        try:
            with os.fdopen(open_beneath(self._root, parts), "rb") as file:
                data = file.read(most_bytes + 1)
        except OSError:
            return b""
        return data if len(data) <= most_bytes else b""


def _look(root: str, parts: Sequence[bytes], out: Path, beside: _Beside) -> Looked:
    try:
        with os.fdopen(open_beneath(root, parts), "rb") as file:
            return _catalogued(file, parts, out, beside)
    except FileNotFoundError:
        return Refused("This file is gone, or was moved.")
    except PermissionError:
        return Refused("The server's user may not read this file.")
    except (OSError, ValueError, EOFError) as fault:
        reason = getattr(fault, "strerror", None) or "it is probably damaged"
        return Refused(f"This file can't be read: {reason}.")
    finally:
        _clear(out / _ASIDE)


def _catalogued(file: BinaryIO, parts: Sequence[bytes], out: Path, beside: _Beside) -> Looked:
    known = os.fstat(file.fileno())
    aside = out / _ASIDE
    aside.mkdir(exist_ok=True)
    read = read_open(file, str(aside))
    if read.count > bounds.MAX_TAGS:
        return Refused(
            f"This file carries {read.count:,} tags; the limit is {bounds.MAX_TAGS:,}. "
            "Remove them with a tag editor."
        )
    found = probe_open(file, "" if read.pictures else str(aside))
    if isinstance(found, Refused):
        return found
    pictures = max(read.pictures, found.pictures)
    warnings = [read.warning] if read.warning else []
    if found.has_video:
        warnings.append("This is a video; only its sound is played.")
    return Catalogued(
        size_bytes=known.st_size,
        mtime_ns=known.st_mtime_ns,
        content_hash=content_hash(file),
        sound_hash=sound_hash(file),
        content_type=found.content_type,
        codec=found.codec,
        duration_ms=round(found.duration_s * 1000) if found.duration_s else None,
        tags=filled(read.tags, of_texts(found.texts)),
        lyrics=beside.words(parts) or read.lyrics,
        picture=_kept(out, pictures) if pictures else beside.picture(parts[:-1]),
        warnings=warnings,
    )


def _clear(aside: Path) -> None:
    """Leave no pictures there for the next file."""
    with contextlib.suppress(FileNotFoundError):
        for path in aside.iterdir():
            path.unlink()


def _kept(out: Path, count: int) -> str:
    """Give the pictures that lie aside the name of their digest, once."""
    digest = hashlib.sha256()
    for number in range(count):
        data = picture_path(str(out / _ASIDE), number).read_bytes()
        digest.update(len(data).to_bytes(8) + data)
    name = digest.hexdigest()[:_DIGEST_CHARS]
    if (out / name).exists():
        shutil.rmtree(out / _ASIDE)
    else:
        (out / _ASIDE).rename(out / name)
    return name
