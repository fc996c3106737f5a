"""What can be known of a concert from photos, map, setlists and notes; the rest is excluded.

Somebody patient with all of that in front of them could say, beyond reasonable doubt, which show
it was. What not even they could say is no fault of a matcher's, and none of its merits either.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tests.concerts.truth.ground import Point, distance_m
from tests.concerts.truth.shapes import Photo
from tests.concerts.truth.truth import Event, Outing, Stage, Taken, Why
from tests.concerts.truth.world import World

MOST_EXCLUDED: Final = 0.15
_SURE: Final = 0.9
_AT_THE_STAGE_M: Final = 120
_LEAST_ERROR_M: Final = 15
_USUAL_ERROR_M: Final = 30
_NEARBY_M: Final = 700
_NEIGHBOURHOOD_M: Final = 40_000


def knowledge_of(world: World) -> Mapping[str, Why]:
    """For each outing to a concert whether it can be known; if not, the first reason why."""
    return {one.id: _knowledge(one, world) for one in world.concerts}


def excluded(knowledge: Mapping[str, Why]) -> float:
    """The share of concerts that can't be known."""
    return sum(why != "known" for why in knowledge.values()) / len(knowledge)


def _knowledge(outing: Outing, world: World) -> Why:
    event = world.events[outing.event_id or ""]
    seen = [(world.photos[one], world.taken[one]) for one in outing.photo_ids]
    dated = [(photo, taken) for photo, taken in seen if taken.is_datable and not taken.is_around]
    if not dated:
        return "no photo tells when"
    if any(noted.on == event.on for noted in world.people[outing.person_id].noted):
        return "known"
    return _by_place(list(_fixes(dated)), event, world)


def _by_place(fixes: Sequence[tuple[Point, float]], event: Event, world: World) -> Why:
    stage = world.stages[event.stage_id]
    if not event.setlist_ids:
        return "no show in the database"
    if not any(_is_there(point, error_m, stage) for point, error_m in fixes):
        return "nothing tells where"
    if stage.venue is None:
        return "not on the map"
    if stage.naming == "unrelated":
        return "names have nothing in common"
    return "known" if _is_clear(fixes, stage, event, world) else "two shows fit"


def _fixes(dated: Sequence[tuple[Photo, Taken]]) -> Iterator[tuple[Point, float]]:
    """Where the dated photos say that they were taken, and how exact that is."""
    for photo, taken in dated:
        at = photo.latitude, photo.longitude
        if at[0] is not None and at[1] is not None and "null island" not in taken.troubles:
            error_m = max(_LEAST_ERROR_M, photo.error_m or _USUAL_ERROR_M)
            yield Point(*at), error_m


def _is_there(point: Point, error_m: float, stage: Stage) -> bool:
    return _outside_m(point, stage) <= _AT_THE_STAGE_M + error_m


def _is_clear(
    fixes: Sequence[tuple[Point, float]], stage: Stage, event: Event, world: World
) -> bool:
    """Whether the fixes speak for this stage rather than for any other with a show that night.

    Fixes of one phone err together, so all of them count as one: the one in their middle.
    """
    near = [fix for fix in fixes if _is_there(*fix, stage)]
    middle = Point(
        sorted(point.latitude for point, _ in near)[len(near) // 2],
        sorted(point.longitude for point, _ in near)[len(near) // 2],
    )
    error_m = sorted(error_m for _, error_m in near)[len(near) // 2]
    weights = {
        one.id: math.exp(-0.5 * (_outside_m(middle, one) / error_m) ** 2)
        for one in _playing(middle, event, world)
    }
    weights[stage.id] = math.exp(-0.5 * (_outside_m(middle, stage) / error_m) ** 2)
    return weights[stage.id] >= _SURE * sum(weights.values())


def _playing(at: Point, event: Event, world: World) -> Iterator[Stage]:
    """The stages nearby with a show that night."""
    cities = world.lookups.cities
    filed = {
        setlist.venue_id
        for city in cities
        if distance_m(at, city.centre) < 40_000
        for setlist in world.lookups.setlists(city.geonames_id, event.on)
    }
    for stage in world.stages.values():
        if {stage.filed_id, stage.second_id} & filed and _outside_m(at, stage) < _NEARBY_M:
            yield stage


def _outside_m(point: Point, stage: Stage) -> float:
    """How far a point is from the edge of a stage; 0 inside."""
    return max(0.0, distance_m(point, stage.centre) - stage.radius_m)
