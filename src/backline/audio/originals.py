"""Originals that stay in folders: whether they play as they are, and where they are read from."""

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from backline.audio.engine.faults import Unplayable
from backline.audio.folders import files_sql
from backline.audio.folders.files_sql import Original
from backline.audio.models import TrackRow
from backline.audio.settings import AudioServices, Folders
from backline.platform.database import Read
from backline.platform.errors import NotFound
from backline.platform.host.beneath import open_beneath
from backline.platform.host.disk import check_room
from backline.platform.host.folders import within
from backline.platform.storage.kinds import Place, StoredFile

_NS: Final = 1_000_000_000
_PLAYS: Final = {
    "audio/mpeg": {"mp3"},
    "audio/mp4": {"aac"},
    "audio/aac": {"aac"},
    "audio/flac": {"flac"},
    "audio/ogg": {"vorbis", "opus"},
    "audio/webm": {"vorbis", "opus"},
    "audio/wav": {"pcm_s16le", "pcm_s24le", "pcm_u8", "pcm_f32le"},
}
"""What every browser of today plays, by type and coding."""


async def plays_as_it_is(read: Read, row: TrackRow) -> bool:
    """Whether a track has nothing else to play yet, and browsers play what was found."""
    if row.folder_id is None or row.has_renditions:
        return False
    original = await files_sql.original(read, row.owner_id, row.id)
    return original is not None and plays(row.content_type, original.codec)


def plays(content_type: str, codec: str) -> bool:
    """Whether players of today play such a file."""
    return codec in _PLAYS.get(content_type, set())


async def in_folder(
    read: Read, owner_id: UUID, track_id: UUID, stored: StoredFile
) -> StoredFile | None:
    """The original of a track as it lies in its folder; None where it isn't there any more."""
    original = await files_sql.original(read, owner_id, track_id)
    if original is None:
        return None
    return msgspec.structs.replace(
        stored,
        size_bytes=original.size_bytes,
        modified_at=datetime.fromtimestamp(original.mtime_ns // _NS, UTC),
        place=Place(original.root, original.path, original.mtime_ns),
    )


def is_open(root: str, folders: Folders) -> bool:
    """Whether a folder is, without a link, within those that the operator has opened."""
    return within(root, folders) == Path(root)


@asynccontextmanager
async def copied(services: AudioServices, original: Original, aside: Path) -> AsyncGenerator[Path]:
    """A copy of an original under a name that any program can read, for a while.

    Raises:
        Unplayable: its folder isn't open to scans any more.
        NotFound: it isn't there, or has changed since it was looked at.
        DiskFull: the copy doesn't fit.
    """
    if not is_open(original.root, services.folders):
        raise Unplayable("Its folder isn't open any more. The operator names those that are.")
    check_room(aside, original.size_bytes, services.floor_bytes)
    path = aside / "original"
    await asyncio.to_thread(_copy, original, path)
    try:
        yield path
    finally:
        path.unlink()


def _copy(original: Original, path: Path) -> None:
    try:
        descriptor = open_beneath(original.root, original.path.split(b"/"))
    except OSError:
        raise NotFound("The file isn't in its folder at the moment.") from None
    with os.fdopen(descriptor, "rb") as source, path.open("wb") as target:
        known = os.fstat(descriptor)
        if (known.st_size, known.st_mtime_ns) != (original.size_bytes, original.mtime_ns):
            raise NotFound("The file has changed in its folder. The next scan reads it anew.")
        shutil.copyfileobj(source, target, 1 << 20)
