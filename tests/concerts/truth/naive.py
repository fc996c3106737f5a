"""Two matchers to try the judge with: one that believes everything, and one that knows all."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise

from tests.concerts.truth.knowable import knowledge_of
from tests.concerts.truth.shapes import Lookups, Match, Person, Photo, Session
from tests.concerts.truth.world import World

_GAP = timedelta(hours=3)
_NEAR_M = 5_000
_CLOSE_BITS = 12


def believes_everything(
    photos: Sequence[Photo], _person: Person, lookups: Lookups
) -> Sequence[Session]:
    """Takes wall time for the truth, the first show nearby for the right one, and asks nobody."""
    dated = sorted(
        (photo.taken_at, photo.id, photo) for photo in photos if photo.taken_at is not None
    )
    groups: list[list[Photo]] = []
    for (before, *_), (at, _, photo) in pairwise([(dated[0][0], "", dated[0][2]), *dated]):
        if not groups or at - before > _GAP:
            groups.append([])
        groups[-1].append(photo)
    return [_believed(group, lookups) for group in groups]


def _believed(group: Sequence[Photo], lookups: Lookups) -> Session:
    ids = tuple(photo.id for photo in group)
    for photo in group:
        if photo.taken_at is None or photo.latitude is None or photo.longitude is None:
            continue
        on = photo.taken_at.date()
        venues = lookups.venues_near(photo.latitude, photo.longitude, _NEAR_M)
        for city in lookups.cities_near(photo.latitude, photo.longitude, 30_000)[:1]:
            for setlist in lookups.setlists(city.geonames_id, on):
                named = [one for one in venues if one.name == setlist.venue_name]
                if named:
                    match = Match(on, named[0].osm_id, (setlist.id,))
                    return Session(ids, "match", 0.95, match)
    return Session(ids, "none")


def all_that_look_alike(photos: Sequence[Photo]) -> Sequence[Sequence[str]]:
    """Groups what has a near fingerprint, whenever it was taken, dark or not."""
    left, groups = list(photos[:400]), list[list[str]]()
    while left:
        first = left.pop()
        near = [one for one in left if _far(first, one) <= _CLOSE_BITS]
        left = [one for one in left if _far(first, one) > _CLOSE_BITS]
        groups.append([first.id, *(one.id for one in near)])
    return groups


def _far(one: Photo, other: Photo) -> int:
    return (one.fingerprint ^ other.fingerprint).bit_count()


class Oracle:
    """Knows the truth, but says only what can be known."""

    def __init__(self, world: World) -> None:
        self._world, self._knowledge = world, knowledge_of(world)

    def sessions(
        self, photos: Sequence[Photo], _person: Person, _lookups: Lookups
    ) -> Sequence[Session]:
        """Every outing is a session."""
        outings: dict[str, list[str]] = {}
        for photo in photos:
            outings.setdefault(self._world.taken[photo.id].outing_id, []).append(photo.id)
        return [self._said(outing_id, tuple(ids)) for outing_id, ids in outings.items()]

    def _said(self, outing_id: str, ids: tuple[str, ...]) -> Session:
        event_id = self._world.taken[ids[0]].event_id
        if event_id is None:
            return Session(ids, "none")
        if self._knowledge[outing_id] != "known":
            return Session(ids, "review")
        event = self._world.events[event_id]
        noted = {one.on: one.id for one in self._people_of(ids[0]).noted}
        return Session(
            ids, "match", 1.0, Match(event.on, None, event.setlist_ids, noted.get(event.on))
        )

    def _people_of(self, photo_id: str) -> Person:
        return self._world.people[self._world.photos[photo_id].person_id]

    def groups(self, photos: Sequence[Photo]) -> Sequence[Sequence[str]]:
        """Bursts, and photos with their copies."""
        taken: Mapping[str, str] = {
            photo.id: self._world.taken[photo.id].duplicates for photo in photos
        }
        named = Counter(taken.values())
        return [[one for one, name in taken.items() if name == group] for group in named if group]
