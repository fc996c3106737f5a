"""The venues of somebody's history."""

from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Write


class NewVenue(msgspec.Struct, frozen=True):
    """A venue to be added, or to be found by its name and city."""

    id: UUID
    name: str
    name_key: str
    sort_key: str
    city: str
    city_key: str
    country_code: str
    latitude: float | None
    longitude: float | None
    osm_id: str
    setlistfm_id: str


# What is there already keeps its place, unless it has none.
_VENUE: Final = """
INSERT INTO concert_venues AS v (owner_id, id, name, name_key, sort_key, city, city_key,
  country_code, latitude, longitude, osm_id, setlistfm_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (owner_id, name_key, city_key, country_code) DO UPDATE SET
  latitude = CASE WHEN $13 OR v.latitude IS NULL THEN coalesce(excluded.latitude, v.latitude)
    ELSE v.latitude END,
  longitude = CASE WHEN $13 OR v.latitude IS NULL THEN coalesce(excluded.longitude, v.longitude)
    ELSE v.longitude END,
  osm_id = CASE WHEN v.osm_id = '' THEN excluded.osm_id ELSE v.osm_id END,
  setlistfm_id = CASE WHEN v.setlistfm_id = '' THEN excluded.setlistfm_id ELSE v.setlistfm_id END
RETURNING v.id
"""
_COUNT: Final = "UPDATE concert_venues SET n = n + $3 WHERE owner_id = $1 AND id = $2"


async def venue(tx: Write, owner_id: UUID, new: NewVenue, *, by_person: bool) -> UUID:
    """The venue of this name in this city, added if need be; what a person says of it counts."""
    return await tx.fetch_value(_VENUE, owner_id, *msgspec.structs.astuple(new), by_person)


async def count(tx: Write, owner_id: UUID, venue_id: UUID, more: int) -> None:
    """Count concerts at a venue that came, or went."""
    await tx.execute(_COUNT, owner_id, venue_id, more)
