"""Where the gazetteer knows nothing: services outside are asked, and what they say is kept.

They are asked within their terms, and learn where photos were taken; so nobody is asked who wasn't
chosen, and nothing where an imported map tells already.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from backline.concerts.gazetteer import cities, venues
from backline.concerts.gazetteer.models import Kept, NewVenue
from backline.concerts.outside import Address, MapVenue, Outside, SetlistVenue
from backline.platform.database import Database, Write
from backline.platform.jobs import Later

_KNOWN_M: Final = 300.0  # what Overpass is asked for
_MAPPED_M: Final = 5_000.0


async def ask_around(
    database: Database, outside: Outside, owner_id: UUID, latitude: float, longitude: float
) -> Kept:
    """Have services tell which venues are around a place, if none is known and no map was imported.

    On behalf of somebody. It opens transactions of its own; call it in none.

    Raises:
        Later: a service has to be asked that can't be asked now.
    """
    async with database.read() as read:
        known = await venues.near(read, latitude, longitude, within_m=_KNOWN_M, limit=1)
        if known or await venues.is_mapped(read, latitude, longitude, _MAPPED_M):
            return Kept(0, 0)
    found = await _told(outside, owner_id, latitude, longitude)
    if not found:
        return Kept(0, 0)
    async with database.write() as tx:
        kept = await venues.keep(tx, found)
    await cities.settle(database)
    return kept


async def remember(tx: Write, told: Iterable[SetlistVenue]) -> Kept:
    """Keep venues of setlist.fm, which have a city but no position."""
    by_id = {one.id: one for one in told if one.id and one.city_id}
    return await venues.keep(tx, [_of_setlists(one) for one in by_id.values()])


async def _told(
    outside: Outside, owner_id: UUID, latitude: float, longitude: float
) -> Sequence[NewVenue]:
    """What Overpass says; what Nominatim says only where Overpass can't be asked."""
    later: Later | None = None
    if outside.overpass is not None:
        try:
            found = await outside.overpass.around(owner_id, latitude, longitude)
            return [_of_map(one) for one in found]
        except Later as fault:
            later = fault
    if outside.nominatim is not None:
        there = await outside.nominatim.at(owner_id, latitude, longitude)
        if there is not None and there.name and there.kind in venues.KINDS:
            return [_of_address(there)]
    if later is not None:
        raise later
    return []


def _of_map(one: MapVenue) -> NewVenue:
    return NewVenue(
        "osm",
        one.osm_id,
        one.kind,
        one.name,
        one.other_names,
        one.latitude,
        one.longitude,
    )


def _of_address(one: Address) -> NewVenue:
    return NewVenue(
        "osm",
        one.osm_id,
        one.kind,
        one.name,
        latitude=one.latitude,
        longitude=one.longitude,
        country_code=one.country_code,
    )


def _of_setlists(one: SetlistVenue) -> NewVenue:
    return NewVenue(
        "setlist.fm",
        one.id,
        "music_venue",
        one.name,
        city_id=one.city_id,
        country_code=one.country_code,
    )
