"""Somebody's Drive, opened by the key that is kept of it."""

from typing import Final

from backline.concerts.drive import connecting, keys
from backline.concerts.drive.sql import ConnectionRow
from backline.concerts.outside.drive import Drive
from backline.concerts.services import PhotoServices
from backline.platform.database import Database
from backline.platform.jobs import GiveUp
from backline.platform.secrets.sealing import SealFault

NOT_CONNECTED: Final = (
    "This Google Drive isn't connected any more. Connect it again, and this can go on."
)
_UNREADABLE: Final = (
    "The key to this Drive can't be read any more. Connect it anew, and tell whoever runs this "
    "server."
)


async def open_drive(database: Database, services: PhotoServices, row: ConnectionRow) -> Drive:
    """The Drive of a connection; that it can't be opened any more is noted, in a transaction.

    Raises:
        GiveUp: it has to be connected anew.
    """
    if services.google is None:
        raise GiveUp(NOT_CONNECTED)
    if row.fault is not None:
        raise GiveUp(row.fault)
    try:
        token = keys.open_token(services.drive_seal, row.owner_id, row.token)
    except SealFault as fault:
        async with database.write() as tx:
            await connecting.fail(tx, row, _UNREADABLE)
        raise GiveUp(_UNREADABLE) from fault
    return Drive(services.google, token)
