"""The stages of a city: where they are, and how OpenStreetMap and setlist.fm have them."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from tests.concerts.truth import names
from tests.concerts.truth.cities import CITIES, NEIGHBOURS
from tests.concerts.truth.draws import Draw, draw
from tests.concerts.truth.ground import Point, distance_m, moved, ring, towards
from tests.concerts.truth.parameters import Parameters, Places
from tests.concerts.truth.shapes import City, Kind, Venue
from tests.concerts.truth.truth import Stage

TWINS_M: Final = 150
_APART_M: Final = 320
_SPREAD_M: Final = 2_400
_RADIUS_M: Final[Mapping[Kind, tuple[int, int]]] = {
    "music_venue": (12, 40), "nightclub": (10, 25), "theatre": (20, 45),
    "concert_hall": (30, 70), "arts_centre": (20, 60), "events_venue": (40, 110),
    "stadium": (130, 220), "park": (300, 600),
}  # fmt: skip
_KINDS: Final[Mapping[Kind, float]] = {
    "music_venue": 8, "nightclub": 4, "theatre": 2, "concert_hall": 2, "arts_centre": 2,
    "events_venue": 2,
}  # fmt: skip
_EVERY_CITY: Final[tuple[Kind, ...]] = ("stadium", "park", "park")
_TWIN_RADIUS_M: Final = (10, 16)
_DECOY_M: Final = (30, 110)


def stages(parameters: Parameters) -> dict[str, Stage]:
    """All stages by their ids."""
    found: dict[str, Stage] = {}
    for name in parameters.cities:
        chance = draw(parameters.seed, "places", name)
        city = _City(CITIES[name], _neighbour(name, parameters), parameters.places, chance)
        found |= {one.id: one for one in city.stages()}
    return found


def decoys(parameters: Parameters, found: Mapping[str, Stage]) -> list[Venue]:
    """Places on the map in which nobody plays, next door to those in which somebody does."""
    chance = draw(parameters.seed, "decoys")
    beside = [one for one in found.values() if chance.happens(parameters.places.decoys)]
    return [_decoy(chance, one) for one in beside]


def _decoy(chance: Draw, stage: Stage) -> Venue:
    kind = chance.one(_KINDS)
    far_m = stage.radius_m + chance.uniform(*_DECOY_M)
    at = towards(stage.centre, far_m, chance.uniform(0, 360))
    number = chance.randrange(10**7, 10**9)
    name = names.stage(chance, kind, set())
    return Venue(f"node/{number}", kind, name, (), (), at.latitude, at.longitude, ())


def _neighbour(name: str, parameters: Parameters) -> City | None:
    other = NEIGHBOURS.get(name)
    return CITIES[other] if other in parameters.cities else None


class _City:
    """One city while it is built: what is taken there, and the chance that it is built by."""

    def __init__(self, city: City, neighbour: City | None, places: Places, chance: Draw) -> None:
        self._city, self._neighbour, self._places, self._draw = city, neighbour, places, chance
        self._names: set[str] = set()
        self._taken: list[tuple[Point, float]] = []
        self._count = 0

    def stages(self) -> Iterator[Stage]:
        """Those that every city has, those that it has by chance, and pairs of clubs."""
        for kind in _EVERY_CITY:
            yield self._stage(kind)
        for _ in range(self._draw.randint(*self._places.stages_per_city)):
            yield self._stage(self._draw.one(_KINDS))
        for _ in range(self._places.twins_per_city):
            yield from self._twins()

    def _twins(self) -> tuple[Stage, Stage]:
        far, radius_m = TWINS_M, self._draw.uniform(*_TWIN_RADIUS_M)
        centre = self._free(far + radius_m)
        angle = self._draw.choice([(far, 0), (0, far), (0.8 * far, 0.6 * far)])
        one = self._stage("music_venue", centre, radius_m)
        other = self._stage("nightclub", moved(centre, *angle), radius_m)
        return (
            msgspec.structs.replace(one, twin=other.id),
            msgspec.structs.replace(other, twin=one.id),
        )

    def _stage(self, kind: Kind, at: Point | None = None, radius_m: float = 0) -> Stage:
        radius_m = radius_m or self._draw.uniform(*_RADIUS_M[kind])
        centre = at or self._free(radius_m)
        self._taken.append((centre, radius_m))
        self._count += 1
        name = names.stage(self._draw, kind, self._names)
        naming = self._draw.one(self._places.naming)
        filed_name = names.filed(self._draw, name, self._city.name, naming, kind)
        return Stage(
            id=f"{self._city.name} {self._count}",
            city=self._city,
            kind=kind,
            centre=centre,
            radius_m=round(radius_m),
            venue=self._on_map(kind, name, centre, radius_m, {naming: filed_name}),
            filed_under=self._filed_under(),
            filed_id=self._draw.hex(8),
            filed_name=filed_name,
            second_id=self._draw.hex(8),
            second_name=f"{filed_name}, {self._city.name}",
            naming=naming,
        )

    def _on_map(
        self, kind: Kind, name: str, centre: Point, radius_m: float, filed: Mapping[str, str]
    ) -> Venue | None:
        if self._draw.happens(self._places.missing_on_map):
            return None
        is_way = kind in {"park", "stadium"} or self._draw.happens(self._places.drawn_as_ways)
        number = self._draw.randrange(10**7, 10**9)
        middle = centre if is_way else moved(centre, *self._within(radius_m / 2))
        return Venue(
            osm_id=f"{'way' if is_way else 'node'}/{number}",
            kind=kind,
            name=name,
            alt_names=(filed["alias"],) if "alias" in filed else (),
            old_names=(filed["former"],) if "former" in filed else (),
            latitude=middle.latitude,
            longitude=middle.longitude,
            outline=ring(centre, radius_m, 10) if is_way else (),
        )

    def _filed_under(self) -> int:
        is_misfiled = self._draw.happens(self._places.filed_under_neighbour)
        city = self._neighbour if self._neighbour and is_misfiled else self._city
        return city.geonames_id

    def _free(self, radius_m: float) -> Point:
        """Somewhere in the city with room for so much; larger things are further out."""
        spread_m = _SPREAD_M + 4 * radius_m
        while True:
            at = moved(self._city.centre, *(self._draw.gauss(0, spread_m) for _ in "xy"))
            if all(
                distance_m(at, other) > radius_m + other_m + _APART_M
                for other, other_m in self._taken
            ):
                return at

    def _within(self, reach_m: float) -> tuple[float, float]:
        return self._draw.uniform(-reach_m, reach_m), self._draw.uniform(-reach_m, reach_m)
