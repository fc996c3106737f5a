"""What tracks sound like, found out by listening to some seconds of each in confined processes."""

import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final
from uuid import UUID

from backline.audio import originals
from backline.audio.covers import prefix
from backline.audio.discover import sounds_sql
from backline.audio.discover.sounds_sql import Undescribed
from backline.audio.engine.faults import Unplayable
from backline.audio.engine.kin import Audible, Character
from backline.audio.engine.transcode import whole_file
from backline.audio.folders import files_sql
from backline.audio.settings import AudioServices
from backline.platform.confined import ConfinementFault, ConfinementLost, Limits
from backline.platform.errors import NotFound
from backline.platform.jobs import JobContext

_OVERHEAR: Final = "backline.audio.engine.overhear:overhear"  # by name: it loads decoders
_RENDITION: Final = ("low.m4a", "mov", "aac")
_BATCH: Final = 16
_MIB: Final = 1024 * 1024
_LIMITS: Final = Limits(memory_bytes=768 * _MIB, cpu_s=240, wall_s=900, file_bytes=_MIB)
_SILENT: Final = Character([])


async def describe(context: JobContext, services: AudioServices, owner_id: UUID, most: int) -> int:
    """Describe so many of the tracks that wait, a transaction for each few; how many it was.

    What can't be heard is described as silent, so that nobody asks for it again.
    """
    done = 0
    while done < most:
        async with context.database.read() as read:
            rows = await sounds_sql.waiting(read, owner_id, min(_BATCH, most - done))
        if not rows:
            break
        found = await _batch(context, services, owner_id, rows)
        async with context.database.write() as tx:
            await sounds_sql.describe(tx, owner_id, found.items())
        done += len(rows)
        await context.progress(done, done, f"Listening: {done:,} tracks")
    return done


async def _batch(
    context: JobContext, services: AudioServices, owner_id: UUID, rows: Sequence[Undescribed]
) -> dict[UUID, Character]:
    found = dict.fromkeys((row.id for row in rows), _SILENT)
    async with AsyncExitStack() as stack:
        folder = tempfile.TemporaryDirectory(dir=services.work_dir, prefix="hear-")
        aside = Path(stack.enter_context(folder))
        files: dict[UUID, Audible] = {}
        for row in rows:
            try:
                file = await _file(context, services, stack, aside, owner_id, row)
            except (NotFound, Unplayable):
                continue  # when it is back, or another, it is asked for anew
            if file is not None:
                files[row.id] = file
        heard = await _overhear(services, list(files.values()))
    return found | dict(zip(files, heard, strict=True))


async def _file(
    context: JobContext,
    services: AudioServices,
    stack: AsyncExitStack,
    aside: Path,
    owner_id: UUID,
    row: Undescribed,
) -> Audible | None:
    """The file to listen to, there until the `stack` ends; None where nobody knows how."""
    duration_s = row.duration_ms / 1000 if row.duration_ms else None
    if row.has_renditions and row.generation is not None:
        name, demuxer, decoders = _RENDITION
        key = f"{prefix(owner_id, row.id, row.generation)}/{name}"
        path = await stack.enter_async_context(services.storage.local_copy(key))
        return Audible(str(path), demuxer, decoders, duration_s)
    async with context.database.read() as read:
        original = await files_sql.original(read, owner_id, row.id)
    if original is None:
        return None
    whole = whole_file(row.content_type, original.codec, duration_s)
    if whole is None:
        return None
    own = aside / row.id.hex
    own.mkdir()
    path = await stack.enter_async_context(originals.copied(services, original, own))
    return Audible(str(path), whole.demuxer, whole.decoders, duration_s)


async def _overhear(services: AudioServices, files: Sequence[Audible]) -> list[Character]:
    """Listen to files; where one takes the process down with it, to the others without it."""
    if not files:
        return []
    try:
        async with services.looks:
            return await services.confinement.call(
                _OVERHEAR,
                list(files),
                returns=list[Character],
                limits=_LIMITS,
                reads=[Path(file.path) for file in files],
            )
    except ConfinementLost:
        raise
    except ConfinementFault:
        if len(files) == 1:
            return [_SILENT]
    return [made for file in files for made in await _overhear(services, [file])]
