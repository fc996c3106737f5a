"""What somebody who types is offered: venues and cities, the likeliest first.

Both are everybody's: whoever is signed in may look for them.
"""

from typing import Final

from backline.concerts.gazetteer import cities, venues
from backline.concerts.gazetteer.models import CityHits, VenueHit, VenueHits
from backline.platform.actor import Actor
from backline.platform.database import Read
from backline.platform.errors import FieldFault, Invalid

MOST: Final = 20
_NEARBY_M: Final = 2_000.0


async def suggest_venues(read: Read, _actor: Actor, text: str, near: str) -> VenueHits:
    """Venues by a name's beginning; with `near` alone those around there.

    Raises:
        Invalid: `near` is no place.
    """
    at = place_of(near)
    if not text.strip() and at is not None:
        around = await venues.near(read, *at, within_m=_NEARBY_M, limit=MOST)
        return VenueHits([venues.hit(one.venue, one.distance_m) for one in around])
    found: list[VenueHit] = await venues.suggest(read, text, at, limit=MOST)
    return VenueHits(found)


async def suggest_cities(read: Read, _actor: Actor, text: str, near: str) -> CityHits:
    """Cities by a name's beginning, from two letters on; with `near` alone those around there.

    Raises:
        Invalid: `near` is no place.
    """
    at = place_of(near)
    if not text.strip() and at is not None:
        around = await cities.near(read, *at, limit=MOST)
        return CityHits([cities.hit(one.city, one.distance_m) for one in around])
    return CityHits(await cities.suggest(read, text, at, limit=MOST))


def place_of(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, a comma between them; None of nothing.

    Raises:
        Invalid: it is something else.
    """
    if not text:
        return None
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        raise _no_place() from None
    if not venues.is_place(latitude, longitude):
        raise _no_place()
    return latitude, longitude


def _no_place() -> Invalid:
    return Invalid(
        "A place is written as latitude,longitude, in degrees.",
        FieldFault("near", "isn't two numbers of degrees"),
    )
