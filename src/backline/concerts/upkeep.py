"""What keeps photos in order: what is missing is done, what was deleted goes, accounts end."""

from uuid import UUID

from backline import accounts
from backline.concerts import keys, photos, scans
from backline.concerts.drive import connecting
from backline.concerts.exports import asking
from backline.concerts.history import concerts, cutting, judging
from backline.concerts.imports import asking as importing
from backline.concerts.sql import exports, histories, imports
from backline.concerts.sql import upkeep as sql
from backline.concerts.sql.upkeep import Whose
from backline.platform.database import Database
from backline.platform.storage import Storage

_BATCH = 200
_JUST_NOW_S = 25.0  # less than a deletion can be undone for: the clock's of two machines
_FIRST = Whose(UUID(int=0), UUID(int=0))


async def repair(database: Database, storage: Storage) -> int:
    """Queue again, in several transactions, whatever is missing; how much that was.

    What is queued or running already isn't queued twice; what failed waits for its owner.
    """
    count = await scans.go_on_with_stranded(database, _BATCH)
    after = _FIRST
    while True:
        async with database.read() as read:
            found = await sql.unfinished(read, after, _BATCH)
        if not found:
            break
        async with database.write() as tx:
            for one in found:
                await photos.prepare_anew(tx, one.owner_id, one.id)
        count, after = count + len(found), found[-1]
    after = _FIRST
    while True:
        async with database.read() as read:
            found = await sql.undrawn(read, after, _BATCH)
        if not found:
            break
        async with database.write() as tx:
            for one in found:
                await photos.queue(tx, photos.PREPARE, one.owner_id, one.id)
        count, after = count + len(found), found[-1]
    count += await concerts.purge_expired(database)
    count += await cutting.cut_what_is_left(database)
    count += await judging.judge_what_is_due(database)
    return count + await _purge_expired(database, storage)


async def _purge_expired(database: Database, storage: Storage) -> int:
    """Remove what was deleted and whose own job never came."""
    count = 0
    while True:
        async with database.read() as read:
            found = await sql.expired(read, 2 * photos.UNDO_S, _BATCH)
        if not found:
            return count
        for one in found:
            await purge(database, storage, one.owner_id, one.id)
        count += len(found)


async def purge(database: Database, storage: Storage, owner_id: UUID, photo_id: UUID) -> None:
    """Remove every byte of a deleted photo, unless it was restored."""
    async with database.write() as tx:
        purged = await sql.purge(tx, owner_id, photo_id, _JUST_NOW_S)
        if purged is not None:
            await accounts.release(tx, owner_id, purged.charged_bytes)
        elif await sql.is_there(tx, owner_id, photo_id):
            return  # restored
    # The row is gone, perhaps since an earlier attempt, so nothing points to the files any more.
    await storage.delete_prefix(keys.everything(owner_id, photo_id))
    if purged is not None and purged.original_id not in {None, photo_id}:
        assert purged.original_id is not None  # noqa: S101  # for the type checker
        await storage.delete_prefix(keys.everything(owner_id, purged.original_id))


async def forget(database: Database, storage: Storage, owner_id: UUID) -> None:
    """Remove, in several transactions, all that somebody had here."""
    async with database.write() as tx:
        await sql.forget_scans(tx, owner_id)  # first: no batch of a scan is written any more
        await connecting.forget(tx, owner_id)
    while True:
        async with database.write() as tx:
            gone = await sql.forget_some(tx, owner_id, _BATCH * 10)
        if gone == 0:
            break
    async with database.write() as tx:
        await exports.forget(tx, owner_id)
    while True:
        async with database.write() as tx:
            gone = await imports.forget(tx, owner_id, _BATCH * 10)
        if gone == 0:
            break
    # Nothing queues a match any more: without its history, what works on one stops.
    async with database.write() as tx:
        await histories.forget(tx, owner_id)
    while True:
        async with database.write() as tx:
            gone = await sql.forget_history(tx, owner_id, _BATCH * 10)
        if gone == 0:
            break
    await storage.delete_prefix(f"{keys.KIND}/{owner_id.hex}")
    for kind in (asking.KIND, importing.KIND):
        await storage.delete_prefix(f"{kind}/{owner_id.hex}")
