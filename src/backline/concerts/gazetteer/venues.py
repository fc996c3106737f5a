"""Venues: near a place, by their name in a city, as somebody types; and how they are kept.

They are everybody's: whoever may ask at all sees each of them.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from backline.concerts.gazetteer import naming
from backline.concerts.gazetteer.cities import VENUES_TAG
from backline.concerts.gazetteer.grid import VENUES
from backline.concerts.gazetteer.models import (
    CalledVenue,
    City,
    Kept,
    NearVenue,
    NewVenue,
    Source,
    Venue,
    VenueHit,
)
from backline.concerts.gazetteer.sql import cities as cities_sql
from backline.concerts.gazetteer.sql import venues as sql
from backline.concerts.matching import NEAR_M
from backline.concerts.matching import Venue as Evidence
from backline.concerts.matching.names import likeness
from backline.platform.cache import invalidate
from backline.platform.database import Read, Write
from backline.platform.errors import NotFound
from backline.platform.ids import uuid7

TAG: Final = VENUES_TAG
KINDS: Final = frozenset(
    {"music_venue", "nightclub", "theatre", "concert_hall", "arts_centre", "events_venue", "stage"}
    | {"stadium", "bandstand", "park"}
)
MOST: Final = 1_000  # venues that are kept at a time

_REACH_M: Final = {"stadium": 120.0, "park": 150.0, "theatre": 35.0, "bandstand": 15.0}
_USUAL_REACH_M: Final = 30.0
_WIDEST_M: Final = 3_000.0
_MOST_CORNERS: Final = 64
_AROUND_M: Final = 30_000.0
_SUBURBS_M: Final = 8_000.0
_CANDIDATES: Final = 500
_SAME: Final = 0.75
_KEYS: Final = 4  # names of one venue that are looked at to find as many venues as wanted


async def near(
    read: Read, latitude: float, longitude: float, *, within_m: float = NEAR_M, limit: int = 300
) -> list[NearVenue]:
    """Venues within a circle of up to 50 km, the nearest first."""
    cells = VENUES.around(latitude, longitude, within_m)
    return await sql.near(read, cells, (latitude, longitude), within_m, limit)


async def is_mapped(read: Read, latitude: float, longitude: float, within_m: float) -> bool:
    """Whether an imported file says anything about the surroundings."""
    cells = VENUES.around(latitude, longitude, within_m)
    return bool(await sql.near(read, cells, (latitude, longitude), within_m, 1, imported=True))


async def called(read: Read, name: str, city_id: int, *, limit: int = 10) -> list[CalledVenue]:
    """Venues of a city and its suburbs with such a name, the likest first."""
    city = await cities_sql.one(read, city_id)
    patterns = naming.stems(name)
    found = await sql.without_place(read, city_id, patterns, _CANDIDATES)
    if city is not None:
        within_m = min(_SUBURBS_M + radius_m(city), VENUES.most_m)
        at = (city.latitude, city.longitude)
        cells = VENUES.around(*at, within_m)
        around = await sql.near(read, cells, at, within_m, _CANDIDATES, patterns=patterns)
        found += [one.venue for one in around]
    alike = [CalledVenue(one, likeness(name, (one.name, *one.other_names))) for one in found]
    alike = [one for one in alike if one.likeness >= _SAME]
    return sorted(alike, key=lambda one: -one.likeness)[:limit]


async def get(read: Read, venue_id: UUID) -> Venue:
    """A venue.

    Raises:
        NotFound: there is none of this id.
    """
    found = await sql.one(read, venue_id)
    if found is None:
        raise NotFound("venue")
    return found


async def many(read: Read, ids: Sequence[UUID]) -> Mapping[UUID, Venue]:
    """Those that there are."""
    return {one.id: one for one in await sql.many(read, ids)} if ids else {}


async def by_source(read: Read, source: Source, source_id: str) -> Venue | None:
    """A venue by what its source calls it."""
    return await sql.by_source(read, source, source_id)


async def suggest(
    read: Read, text: str, at: tuple[float, float] | None, *, limit: int = 20
) -> list[VenueHit]:
    """Venues with a name that has a word from which on it begins so.

    Those within 30 km of `at` come first, the nearest before all.
    """
    typed = naming.typed(text)
    if not typed:
        return []
    hits: dict[UUID, VenueHit] = {}
    if at is not None:
        cells = VENUES.around(*at, _AROUND_M)
        around = await sql.near(read, cells, at, _AROUND_M, limit, patterns=[f"% {typed}%"])
        hits = {one.venue.id: hit(one.venue, one.distance_m) for one in around}
    if len(hits) < limit:
        ids = await sql.beginning(read, typed, typed + "\U0010ffff", limit * _KEYS)
        others = [one for one in dict.fromkeys(ids) if one not in hits][: limit - len(hits)]
        if others:
            hits |= {one.id: hit(one, None) for one in await sql.many(read, others)}
    return list(hits.values())


async def keep(tx: Write, given: Iterable[NewVenue], *, imported: bool = False) -> Kept:
    """Add venues, or change those that are known by their source's ids; `MOST` at a time.

    Whatever has no name that can be read, no place on the globe, or neither place nor city, is
    left out.
    """
    rows = {(one.source, one.source_id): one for one in _rows(given, is_imported=imported)}
    if len(rows) > MOST:
        raise ValueError(f"{MOST} venues at a time, not {len(rows)}.")
    if not rows:
        return Kept(0, 0)
    # In one order, so that two who keep the same venues wait for each other instead of forever.
    found = await sql.keep(tx, [rows[key] for key in sorted(rows)])
    if not found:
        return Kept(0, 0)
    keys: list[tuple[str, UUID]] = []
    for one in found:
        row = rows[_source(one.source), one.source_id]
        names = (row.name, *row.other_names)
        keys += [(key, one.id) for key in naming.beginnings(names)]
    await sql.name(tx, sorted(keys), [one.id for one in found])
    invalidate(tx, TAG)
    added = sum(one.is_new for one in found)
    return Kept(added, len(found) - added)


def evidence(venue: Venue) -> Evidence | None:
    """A venue as matching wants it; None where nobody knows its position."""
    if venue.latitude is None or venue.longitude is None:
        return None
    return Evidence(
        id=str(venue.id),
        names=(venue.name, *venue.other_names),
        latitude=venue.latitude,
        longitude=venue.longitude,
        reach_m=venue.reach_m,
        kind=venue.kind,
        outline=tuple(zip(venue.outline[::2], venue.outline[1::2], strict=True)),
    )


def radius_m(city: City) -> float:
    """How far a city reaches, by how much room its people need."""
    return 10.3 * math.sqrt(max(city.population, 200))


def is_place(latitude: float, longitude: float) -> bool:
    """Whether these are degrees of a place on the globe."""
    return abs(latitude) <= 90 and abs(longitude) <= 180  # noqa: PLR2004  # nan is neither


def _source(said: str) -> Source:
    match said:
        case "osm" | "file" | "setlist.fm" | "person":
            return said
        case _:
            raise LookupError(said)


def _rows(given: Iterable[NewVenue], *, is_imported: bool) -> Iterable[sql.Row]:
    for one in given:
        name = naming.clean(one.name)
        place = (one.latitude, one.longitude)
        is_placed = one.latitude is not None and one.longitude is not None
        if not name or not (is_placed or one.city_id):
            continue
        if is_placed and not is_place(one.latitude or 0.0, one.longitude or 0.0):
            continue
        others = naming.others(name, one.other_names)
        reach_m = one.reach_m or _REACH_M.get(one.kind, _USUAL_REACH_M)
        yield sql.Row(
            id=uuid7(),
            source=one.source,
            source_id=naming.clean(one.source_id),
            kind=naming.clean(one.kind),
            name=name,
            other_names=tuple(others),
            latitude=place[0] if is_placed else None,
            longitude=place[1] if is_placed else None,
            reach_m=min(max(reach_m, 1.0), _WIDEST_M),
            outline=one.outline if len(one.outline) <= 2 * _MOST_CORNERS else (),
            city_id=one.city_id,
            country_code=one.country_code.upper()[:2],
            capacity=one.capacity,
            is_imported=is_imported,
            search=naming.search((name, *others)),
            cell=VENUES.cell(one.latitude or 0.0, one.longitude or 0.0) if is_placed else None,
        )


def hit(venue: Venue, distance_m: float | None) -> VenueHit:
    """A venue as type-ahead shows it."""
    return VenueHit(
        venue.id,
        venue.name,
        venue.kind,
        venue.city,
        venue.country_code,
        venue.latitude,
        venue.longitude,
        venue.capacity,
        None if distance_m is None else round(distance_m),
    )
