"""Forgetting what services said of venues: by an administrator, on a page or by a command.

Everything that was kept of these searches goes, so that the services are asked anew.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from backline.concerts.outside import nominatim, overpass, setlistfm, sql
from backline.platform import audit
from backline.platform.actor import Actor, require_admin
from backline.platform.database import Database, Write
from backline.platform.settings import Settings

_KINDS: Final = (setlistfm.VENUES, overpass.KIND, nominatim.KIND)


class Forgotten(Struct, frozen=True):
    """How many kept answers there were."""

    count: int


async def forget_venues(tx: Write, actor: Actor, address: str) -> Forgotten:
    """Empty what is kept of searches for venues, as an administrator.

    Raises:
        Forbidden: they are none.
    """
    require_admin(actor)
    count = await _forget(tx)
    await audit.record(tx, actor.user_id, "venues.forget", address=address, count=count)
    return Forgotten(count)


async def run(database: Database, _settings: Settings, _given: Mapping[str, object]) -> str:
    """Empty what is kept of searches for venues."""
    async with database.write() as tx:
        count = await _forget(tx)
    return f"Searches forgotten: {count:,}."


async def _forget(tx: Write) -> int:
    return sum([await sql.forget(tx, kind) for kind in _KINDS])
