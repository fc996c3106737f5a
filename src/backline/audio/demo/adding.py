"""The sample pieces added to the libraries of the sample people, as anybody would add them.

They come in by the same operation as an upload by form, so their renditions and covers are made
by the worker.
"""

import asyncio
import secrets
import shutil
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Final

from backline import uploads
from backline.audio import files_sql
from backline.audio.demo.catalogue import PIECES
from backline.audio.takes import TRACKS
from backline.platform.actor import Actor
from backline.platform.shared import Platform

_READ_BYTES: Final = 256 * 1024


async def add(platform: Platform, people: Sequence[Actor]) -> dict[str, int]:
    """Add the pieces that are missing, each in transactions of its own; how many `tracks`."""
    folder = platform.settings.data_dir / "demo"
    added = 0
    try:
        for place, piece in enumerate(PIECES):
            owner = people[piece.owner % len(people)]
            async with platform.database.read() as read:
                present = await files_sql.filenames(read, owner.user_id)
            if piece.filename not in present:
                await _add(platform, owner, place, folder)
                added += 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {"tracks": added}


async def _add(platform: Platform, owner: Actor, place: int, folder: Path) -> None:
    path = await asyncio.to_thread(_compose, place, folder)
    takers = uploads.takers_of(platform)
    into = uploads.Intake(platform.database, platform.storage, platform.staging, takers)
    boundary = secrets.token_hex(16)
    await uploads.take_form(
        into,
        TRACKS,
        owner,
        _form(path, PIECES[place].filename, boundary),
        content_type=f"multipart/form-data; boundary={boundary}",
        length_bytes=path.stat().st_size,
    )


def _compose(place: int, folder: Path) -> Path:
    # It stands on numpy, which no server needs.
    from backline.audio.demo.compose import compose  # noqa: PLC0415

    # Made anew: what a cut off composition left there is of no use.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(0o700)
    path = folder / "piece.flac"
    compose(place, str(path))
    return path


async def _form(path: Path, filename: str, boundary: str) -> AsyncGenerator[bytes]:
    """A form with a file, as a browser sends it (RFC 7578)."""
    disposition = f'Content-Disposition: form-data; name="file"; filename="{filename}"'
    yield f"--{boundary}\r\n{disposition}\r\nContent-Type: audio/flac\r\n\r\n".encode()
    with path.open("rb") as file:
        while piece := file.read(_READ_BYTES):
            yield piece
    yield f"\r\n--{boundary}--\r\n".encode()
