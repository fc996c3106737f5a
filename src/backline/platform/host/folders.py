"""Folders that an operator opens: what lies within them, and how files in them are known."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

MAX_DEPTH: Final = 40
MAX_PATH_BYTES: Final = 4096
_ID_BYTES: Final = 16


def within(path: str, roots: Sequence[Path]) -> Path | None:
    """The folder itself, without links, if it is there and lies within one of `roots`."""
    if not path.startswith("/") or "\0" in path or len(os.fsencode(path)) > MAX_PATH_BYTES:
        return None
    try:
        real = Path(path).resolve(strict=True)
        is_open = any(real.is_relative_to(root.resolve(strict=False)) for root in roots)
    except (OSError, RuntimeError):
        return None
    return real if is_open and real.is_dir() else None


def file_id(path: bytes) -> UUID:
    """What a file is known by in its folder: paths are too long for an index, and not text."""
    return UUID(bytes=hashlib.sha256(path).digest()[:_ID_BYTES])


def shown(path: bytes) -> str:
    """A path as people can read it; what isn't text in it is marked as such."""
    text = path.decode(errors="replace")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def signed(inode: int) -> int:
    """Within PostgreSQL's bigint."""
    return inode - (1 << 64) if inode >= 1 << 63 else inode
