"""What keeps folders in order: what has been missing for long goes, and covers of nothing."""

from typing import Final
from uuid import UUID

from backline import accounts
from backline.audio.folders import covers_sql, places, removing_sql
from backline.platform.database import Database

_MISSING_DAYS: Final = 30
_LOT: Final = 500


async def forget_missing(database: Database) -> None:
    """Remove tracks whose files have been gone for 30 days, a transaction for each lot."""
    while True:
        async with database.read() as read:
            owners = await removing_sql.owners_of_expired(read, _MISSING_DAYS, _LOT)
        if not owners:
            break
        for owner_id in owners:
            async with database.write() as tx:
                ids = await removing_sql.expired(tx, owner_id, _MISSING_DAYS, _LOT)
                await places.remove_tracks(tx, owner_id, ids)
    async with database.write() as tx:
        await removing_sql.forget_gone(tx, _MISSING_DAYS)
    await _drop_covers(database)


async def _drop_covers(database: Database) -> None:
    """Forget covers that no track shows; the sweep takes their files."""
    after = UUID(int=0)
    while True:
        async with database.read() as read:
            owners = await covers_sql.owners(read, after, _LOT)
        if not owners:
            return
        after = owners[-1]
        for owner_id in owners:
            more = True
            while more:
                async with database.write() as tx:
                    looked, freed_bytes = await covers_sql.drop_unused(tx, owner_id, _LOT)
                    await accounts.release(tx, owner_id, freed_bytes)
                more = looked == _LOT
