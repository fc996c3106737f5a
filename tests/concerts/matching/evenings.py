"""Photos, venues and shows for the tests of matching; Berlin, in spring 2024, unless they say."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from backline.concerts.matching import Place, Show, Sighting, Venue

BERLIN = 2950159  # GeoNames
HOME = "Europe/Berlin"
CLUB = Venue("node/1", ("Lido",), 52.4990, 13.4450, 25.0)
OTHER_CLUB = Venue("node/2", ("Magnet",), 52.4990, 13.4472, 25.0)  # 150 m to the east
PARK = Venue("way/3", ("Parkbühne Wuhlheide",), 52.4610, 13.5460, 120.0, "park")
DAY = date(2024, 4, 27)


def at(text: str, day: date = DAY) -> datetime:
    """A wall time of that day, as `21:30`; `24:30` is after midnight."""
    hour, minute = text.split(":")
    return datetime.combine(day, datetime.min.time()) + timedelta(
        hours=int(hour), minutes=int(minute)
    )


def photos(
    venue: Venue | None,
    *walls: datetime,
    error_m: float = 15.0,
    camera: str = "phone",
    zone: str | None = HOME,
    offset_s: int | None = None,
) -> list[Sighting]:
    """A photo at each of these times, taken in the middle of a venue, or without a place."""
    place = Place(venue.latitude, venue.longitude, error_m) if venue else None
    return [
        Sighting(
            uuid5(UUID(int=0), f"{camera} {wall}"),
            wall,
            place,
            offset_s=offset_s,
            zone=zone if venue else None,
            camera=camera,
        )
        for wall in walls
    ]


def evening(venue: Venue | None, day: date = DAY, count: int = 10, **how: object) -> list[Sighting]:
    """Photos from half past eight on, ten minutes apart."""
    began = at("20:30", day)
    walls = [began + timedelta(minutes=10 * n) for n in range(count)]
    return photos(venue, *walls, **how)  # type: ignore[arg-type]


def show(artist: str, venue: str, day: date = DAY, venue_id: str = "") -> Show:
    """A setlist in Berlin."""
    return Show(f"{artist} {day}", artist, venue_id or venue.casefold(), venue, BERLIN, day)
