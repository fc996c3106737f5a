"""Photos that are kept here: originals copied, looked at, drawn, and pointed to."""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from backline import accounts
from backline.concerts import alike, folders, keys, looking, photos
from backline.concerts.drive import copying
from backline.concerts.engine.findings import Refused
from backline.concerts.history import queueing
from backline.concerts.models import PhotoJob
from backline.concerts.services import PhotoServices
from backline.concerts.sql import making
from backline.concerts.sql.making import Work
from backline.platform.database import Write
from backline.platform.errors import Invalid, NotFound, OutOfSpace
from backline.platform.host.beneath import open_beneath
from backline.platform.ids import uuid7
from backline.platform.jobs import GiveUp, JobContext
from backline.platform.storage.faces import Digest

_CHUNK_BYTES: Final = 256 * 1024
_CHANGED: Final = "The file has changed since it was found. Have the folder scanned again."


async def prepare(context: JobContext, payload: PhotoJob, services: PhotoServices) -> None:
    """Do what a photo lacks: a copy of its original, a look at it, its variants.

    Raises:
        GiveUp: it can't be done, with the reason for its owner.
        Later: the owner has no room left.
    """
    work = await _work(context, payload, services)
    if work is None:
        return
    if work.original_id is None:
        if not work.starred:
            return  # it stays where it is
        kept = copying.copy if work.source == "drive" else _copy
        copied = await kept(context, work, services)
        if copied is None:
            return  # nobody may read it
        work = copied
    if work.metadata_at is not None and work.webp_generation is not None:
        await _draw_more(context, work)
        return
    generation = photos.new_generation()
    where = keys.prefix(work.owner_id, work.id, generation)
    with tempfile.TemporaryDirectory(dir=services.work_dir, prefix="photo-") as folder:
        out = Path(folder)
        async with _original(work, services) as path:
            looked = await looking.see_and_draw(services, path, out)
        if isinstance(looked, Refused):
            raise GiveUp(looked.reason)
        seen, _drawn = looked
        files = await _store(services, where, generation, out)
    [facts] = await looking.facts_of([seen], services.zone)
    made_bytes = sum(files.values())
    async with context.finish() as tx:
        encoded = msgspec.json.encode(files).decode()
        ids = (work.owner_id, work.id)
        if await making.set_seen(tx, *ids, facts, generation, encoded, made_bytes):
            await accounts.count_made(tx, work.owner_id, made_bytes)
            await photos.tell(tx, work.owner_id, [work.id], "updated")
            await alike.queue(tx, work.owner_id)
            await queueing.cut_soon(tx, work.owner_id)
            if work.starred and work.avif_generation is None:
                await photos.queue(tx, photos.AVIF, *ids)
            return
    await services.storage.delete_prefix(where)  # the photo was purged meanwhile


async def draw_avif(context: JobContext, payload: PhotoJob, services: PhotoServices) -> None:
    """Draw the variants of a starred photo that cost ten times the others'.

    Raises:
        GiveUp: it can't be done, with the reason for its owner.
        Later: the owner has no room left.
    """
    work = await _work(context, payload, services)
    if work is None or work.original_id is None or not work.starred:
        return
    if work.avif_generation is not None:
        return
    generation = photos.new_generation()
    where = keys.prefix(work.owner_id, work.id, generation)
    with tempfile.TemporaryDirectory(dir=services.work_dir, prefix="avif-") as folder:
        out = Path(folder)
        async with _original(work, services) as path:
            drawn = await looking.draw(services, path, out, "avif")
        if isinstance(drawn, Refused):
            raise GiveUp(drawn.reason)
        files = await _store(services, where, generation, out)
    made_bytes = sum(files.values())
    async with context.finish() as tx:
        encoded = msgspec.json.encode(files).decode()
        ids = (work.owner_id, work.id)
        if await making.set_avif(tx, *ids, generation, encoded, made_bytes):
            await accounts.count_made(tx, work.owner_id, made_bytes)
            await photos.tell(tx, work.owner_id, [work.id], "updated")
            return
    await services.storage.delete_prefix(where)


async def _work(context: JobContext, payload: PhotoJob, services: PhotoServices) -> Work | None:
    async with context.database.read() as read:
        work = await making.work(read, payload.owner_id, payload.photo_id)
        if work is None:
            return None  # deleted meanwhile
        room = (work.owner_id, services.quota_bytes)
        await accounts.check_room(read, *room, "this photo waits")
    return work


async def _draw_more(context: JobContext, work: Work) -> None:
    """Nothing is missing here; of a starred photo perhaps the variants that come last."""
    async with context.finish() as tx:
        if work.starred and work.avif_generation is None:
            await photos.queue(tx, photos.AVIF, work.owner_id, work.id)


def _original(work: Work, services: PhotoServices) -> "_LocalCopy":
    return _LocalCopy(work, services)


class _LocalCopy:
    """The original under a path, for as long as the block lasts."""

    def __init__(self, work: Work, services: PhotoServices) -> None:
        if work.original_id is None:
            raise GiveUp("There is no original of this photo here.")
        key = keys.original_key(work.owner_id, work.original_id)
        self._copy = services.storage.local_copy(key)

    async def __aenter__(self) -> Path:
        try:
            return await self._copy.__aenter__()
        except NotFound as fault:
            raise GiveUp("The original of this photo is gone.") from fault

    async def __aexit__(self, *about: object) -> None:
        await self._copy.__aexit__(*about)  # type: ignore[arg-type]  # as they came


async def _store(services: PhotoServices, where: str, generation: str, out: Path) -> dict[str, int]:
    files: dict[str, int] = {}
    for file in await asyncio.to_thread(lambda: sorted(out.iterdir())):
        stored = await services.storage.put_file(f"{where}/{file.name}", file, adopt=True)
        files[f"{generation}/{file.name}"] = stored.size_bytes
    return files


async def _copy(context: JobContext, work: Work, services: PhotoServices) -> Work:
    """Copy the original of a starred photo from its folder into the storage.

    Raises:
        GiveUp: it isn't there any more, or isn't what it was.
    """
    if work.source_path is None or work.path is None:
        raise GiveUp("Nobody knows where the original of this photo is.")
    try:
        root = folders.allowed(work.source_path, services.folders)
        descriptor = open_beneath(root, work.path.split(b"/"))
    except Invalid as fault:
        raise GiveUp(fault.detail) from fault
    except OSError as fault:
        raise GiveUp(f"The original can't be read: {fault.strerror}.") from fault
    original_id, digest = uuid7(), hashlib.sha256()
    key = keys.original_key(work.owner_id, original_id)
    try:
        if os.fstat(descriptor).st_size != work.size_bytes:
            raise GiveUp(_CHANGED)
        await services.storage.put_stream(key, _read(descriptor, work.size_bytes, digest))
    finally:
        os.close(descriptor)
    try:
        async with context.database.write() as tx:
            await accounts.charge(tx, work.owner_id, work.size_bytes, services.quota_bytes)
            await _point(tx, work, original_id, digest.digest())
    except (GiveUp, OutOfSpace):
        await services.storage.delete_prefix(key)  # it is certain that no COMMIT points to it
        raise
    return msgspec.structs.replace(work, original_id=original_id)


async def _point(tx: Write, work: Work, original_id: UUID, sha256: bytes) -> None:
    ids = (work.owner_id, work.id)
    if sha256 != work.sha256 or not await making.set_original(tx, *ids, original_id):
        raise GiveUp(_CHANGED)


async def _read(descriptor: int, size_bytes: int, digest: Digest) -> AsyncGenerator[bytes]:
    """No more than was announced: a file may grow while it is read."""
    left = size_bytes
    while left > 0:
        chunk = os.read(descriptor, min(_CHUNK_BYTES, left))
        if not chunk:
            return
        digest.update(chunk)
        left -= len(chunk)
        yield chunk
