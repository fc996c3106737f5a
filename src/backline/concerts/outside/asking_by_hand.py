"""`backline concerts shows CITY DAY`: what setlist.fm has for a city and a day; tries a key."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from backline.concerts.options import ConcertOptions
from backline.concerts.outside.models import Setlist
from backline.concerts.outside.opening import opened
from backline.platform.database import Database
from backline.platform.errors import Invalid, Unavailable
from backline.platform.jobs import Later
from backline.platform.settings import Settings

# Whoever has the command line is charged as one person.
_OPERATOR: Final = UUID(int=0)


async def run(database: Database, settings: Settings, given: Mapping[str, object]) -> str:
    """A line for each show, in the order of their venues.

    Raises:
        Invalid: the arguments aren't a city and a day, or there is no key.
        Unavailable: setlist.fm can't be asked now.
    """
    city_id, held_on = _asked(given)
    options = settings.of(ConcertOptions)
    async with opened(options, database, public_url=settings.public_url) as outside:
        if outside.setlistfm is None:
            raise Invalid("There is no key for setlist.fm: set BACKLINE_SETLISTFM_KEY to one.")
        today = datetime.now(UTC).date()
        try:
            found = await outside.setlistfm.on(_OPERATOR, city_id, held_on, today=today)
        except Later as fault:
            raise Unavailable(str(fault), retry_after_s=round(fault.after_s)) from fault
    return "\n".join(map(_line, sorted(found, key=lambda one: one.venue.name))) or "No shows."


def _asked(given: Mapping[str, object]) -> tuple[int, date]:
    city, day = str(given["city"]), str(given["day"])
    try:
        held_on = date.fromisoformat(day)
    except ValueError:
        raise Invalid(f"A day is written as 2024-07-06; this isn't one: {day}") from None
    if not city.isdecimal():
        raise Invalid(f"A city is named by its number at geonames.org, not by {city}.")
    return int(city), held_on


def _line(one: Setlist) -> str:
    return f"{one.venue.name}: {one.artist.name}  {one.url}"
