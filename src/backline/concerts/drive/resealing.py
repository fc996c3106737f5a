"""Tokens sealed by an older root of the secrets, sealed by the newest."""

from typing import Final
from uuid import UUID

import structlog

from backline.concerts.drive import keys, sql
from backline.platform.database import Database
from backline.platform.jobs import GiveUp
from backline.platform.secrets.sealing import Seal, SealFault

_log = structlog.get_logger()
_AT_ONCE: Final = 500


async def reseal(database: Database, seal: Seal) -> None:
    """Seal them anew, in several transactions; one that can't be read keeps no other from it.

    Raises:
        GiveUp: some couldn't be read; all others are sealed by the newest root.
    """
    after, unreadable = UUID(int=0), 0
    while True:
        async with database.write() as tx:
            rows = await sql.sealed_before(tx, after, seal.newest.id, _AT_ONCE)
            for row in rows:
                try:
                    token = keys.open_token(seal, row.owner_id, row.token)
                except SealFault:
                    _log.warning("drive_token_unreadable", owner=row.owner_id.hex)
                    unreadable += 1
                    continue
                await sql.reseal(tx, row.owner_id, keys.seal_token(seal, row.owner_id, token))
        if len(rows) < _AT_ONCE:
            break
        after = rows[-1].owner_id
    if unreadable:
        raise GiveUp(
            f"{unreadable} connections to Google Drive can't be read any more: the root that "
            "sealed them isn't in the secrets. Put it back behind the others, or have their "
            "owners connect anew; the log names them. All others are sealed by the newest root."
        )
