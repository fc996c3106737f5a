"""Where the sample nights were and what was on: venues, artists and shows that nobody else has.

The cities are real, so that maps look right; all else is made up.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID, uuid5

from backline.concerts.demo.services.known import Artist, City, Place, Show
from backline.concerts.matching.geometry import distance_m

_HAMBURG: Final = City(2911298, "Hamburg", "DE", "Germany", 53.57532, 10.01534)
_BERLIN: Final = City(2950159, "Berlin", "DE", "Germany", 52.52437, 13.41053)
_AMSTERDAM: Final = City(2759794, "Amsterdam", "NL", "The Netherlands", 52.37403, 4.88969)
_LONDON: Final = City(2643743, "London", "GB", "United Kingdom", 51.50853, -0.12574)
_NEW_YORK: Final = City(5128581, "New York", "US", "United States", 40.71427, -74.00597)


def _place(number: int, kind: str, at: tuple[float, float], name: str, city: City) -> Place:
    return Place(f"node/{number}", kind, *at, {"name": name}, city)


_HARBOUR: Final = _place(1, "events_venue", (53.5437, 9.9670), "Harbour Shed Nine", _HAMBURG)
_MILL: Final = _place(2, "music_venue", (52.4993, 13.4433), "The Old Mill", _BERLIN)
_CANAL: Final = _place(3, "stage", (52.3791, 4.9004), "Canal Stage", _AMSTERDAM)
_CELLAR: Final = _place(4, "nightclub", (51.5262, -0.0783), "Cellar Below", _LONDON)
_ATTIC: Final = _place(5, "nightclub", (51.5263, -0.0786), "Attic Above", _LONDON)
_PARK: Final = _place(6, "park", (40.6602, -73.9691), "Long Lawn", _NEW_YORK)

# Night by night: where, when, and who played how many songs. On one night two were next door.
_BILLS: Final[Sequence[tuple[Place, date, Sequence[tuple[str, int]]]]] = (
    (_HARBOUR, date(2023, 6, 17), (("Paper Lanterns", 6), ("The Salt Roads", 15))),
    (_MILL, date(2023, 11, 3), (("Nachtfalter", 13),)),
    (_CANAL, date(2024, 5, 25), (("Low Bridges", 5), ("Wim & the Weather", 12))),
    (_CELLAR, date(2024, 9, 14), (("Static Bloom", 9),)),
    (_ATTIC, date(2024, 9, 14), (("Ghost Parade", 10),)),
    (
        _PARK,
        date(2025, 7, 12),
        (("Tall Grass", 6), ("Mañana Club", 7), ("Brass Avenue", 8), ("Ona Velvet", 11)),
    ),
)
# The same, of the nights in the made-up Drive.
_DRIVE_BILLS: Final[Sequence[tuple[Place, date, Sequence[tuple[str, int]]]]] = (
    (_HARBOUR, date(2022, 8, 20), (("The Salt Roads", 14),)),
    (_CANAL, date(2025, 3, 29), (("Night Ferry", 6), ("Wim & the Weather", 13))),
)
_SONGS: Final = (
    *("Lighthouse", "Second Floor", "All the Rooms", "Copper", "Slow Train North", "Postcards"),
    *("Understudy", "Glass Hour", "Marrow", "Seven Rivers", "Home by Four", "Tin Roof"),
    *("Ferry Song", "Wide Awake", "Last Orders"),
)


class SampleLand:
    """A `known.Land`, and what is around a place in it."""

    cities: Sequence[City] = (_HAMBURG, _BERLIN, _AMSTERDAM, _LONDON, _NEW_YORK)

    @property
    def artists(self) -> Sequence[Artist]:
        """Everybody who plays."""
        return [_artist(name) for _, _, bill in (*_BILLS, *_DRIVE_BILLS) for name, _ in bill]

    def places(self, latitude: float, longitude: float, radius_m: float) -> Iterable[Place]:
        """The venues within reach."""
        for place, _, _ in _BILLS:
            if distance_m(latitude, longitude, place.latitude, place.longitude) <= radius_m:
                yield place

    def shows(self, city_id: int | None, on: date | None) -> Iterable[Show]:
        """The shows of a city and a day."""
        for place, day, bill in (*_BILLS, *_DRIVE_BILLS):
            if city_id in {None, place.city.geonames_id} and on in {None, day}:
                yield from (_show(place, day, *one) for one in bill)


def _artist(name: str) -> Artist:
    return Artist(str(uuid5(UUID(int=0), name)), name)


def _show(place: Place, day: date, name: str, count: int) -> Show:
    start = sum(name.encode()) % len(_SONGS)
    return Show(
        id=uuid5(UUID(int=0), f"{name} {day}").hex[:8],
        on=day,
        artist=_artist(name),
        venue_id=uuid5(UUID(int=0), place.osm_id).hex[:8],
        venue_name=place.tags["name"],
        city=place.city,
        tour="",
        songs=tuple(_SONGS[(start + n) % len(_SONGS)] for n in range(count)),
        entered_on=day,
    )
