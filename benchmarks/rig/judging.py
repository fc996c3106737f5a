"""What a matcher of concerts is worth, by the ground truth: precision, recall, and what it asks."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final

from msgspec import Struct

from benchmarks.rig.figures import Target
from tests.concerts.truth.knowable import excluded, knowledge_of
from tests.concerts.truth.shapes import Grouper, Match, Matcher, Photo, Session
from tests.concerts.truth.truth import Event, Outing, Taken
from tests.concerts.truth.world import World

_MOST: Final = 0.9
_HALF: Final = 0.5


class Fault(Struct, frozen=True):
    """A session that was matched wrongly, or an outing that could be known and wasn't found."""

    what: str
    person_id: int
    photo_ids: tuple[str, ...]
    said: Match | None
    event_id: str | None


class Score(Struct, frozen=True):
    """Shares between 0 and 1; a share of nothing is 1."""

    world: str
    sessions: int
    automatic: int
    precision: float
    recall: float
    review: float
    excluded: float
    duplicate_precision: float
    duplicate_recall: float
    faults: tuple[Fault, ...]

    @property
    def targets(self) -> tuple[Target, ...]:
        """What a matcher has to reach."""
        return (
            Target("99 % of automatic matches are right", self.precision, 0.99),
            Target("95 % of what can be known is matched", self.recall, 0.95),
            Target("under 10 % of sessions for review", self.review, 0.1, at_least=False),
            Target("99 % of near duplicates are ones", self.duplicate_precision, 0.99),
        )


def judge(
    world: World, matcher: Matcher, grouper: Grouper, people: Collection[int] | None = None
) -> Score:
    """Let both work on everybody's photos, or on those of some `people`.

    A match is right if it names the event of nine tenths of its photos; photos from before or
    after a show, nearby, count only where a session has no others. An outing is found if right
    matches have half of those of its photos that tell when they were taken.

    Raises:
        ValueError: an answer has a photo twice, or somebody else's.
    """
    court = _Court(world, world.people if people is None else people)
    groups: list[Sequence[str]] = []
    for person_id, person in world.people.items():
        if not court.hears(person_id):
            continue
        # By their ids, which tell nothing: the order in which they were taken would.
        photos = sorted(world.photos_of[person_id], key=lambda photo: photo.id)
        court.hear(person_id, photos, matcher(photos, person, world.lookups))
        groups += _once(grouper(photos), photos)
    return court.score(groups)


class _Court:
    """What has been said so far."""

    def __init__(self, world: World, people: Collection[int]) -> None:
        self._world, self._people = world, people
        self._verdicts: Counter[str] = Counter()
        self._found: set[str] = set()
        self._right = 0
        self._faults: list[Fault] = []

    def hears(self, person_id: int) -> bool:
        """Whether somebody's photos are asked about."""
        return person_id in self._people

    def hear(self, person_id: int, photos: Sequence[Photo], sessions: Sequence[Session]) -> None:
        """What was said of one person's photos."""
        _once([session.photo_ids for session in sessions], photos)
        for session in sessions:
            self._verdicts[session.verdict] += 1
            if session.verdict != "match":
                continue
            if self._is_right(person_id, session):
                self._right += 1
                self._found.update(session.photo_ids)
            else:
                event = self._event(session.photo_ids)
                fault = Fault(
                    "wrong", person_id, session.photo_ids, session.match, event and event.id
                )
                self._faults.append(fault)

    def _is_right(self, person_id: int, session: Session) -> bool:
        event = self._event(session.photo_ids)
        return (
            event is not None
            and session.match is not None
            and self._names(session.match, event, person_id)
        )

    def _event(self, photo_ids: Sequence[str]) -> Event | None:
        """The event of nine tenths of these photos, if there is one."""
        taken = [self._world.taken[one] for one in photo_ids]
        judged = [one for one in taken if not one.is_around] or taken
        counted = Counter(one.event_id for one in judged).most_common(1)
        if not counted or counted[0][0] is None or counted[0][1] < _MOST * len(judged):
            return None
        return self._world.events[counted[0][0]]

    def _names(self, match: Match, event: Event, person_id: int) -> bool:
        """Whether all that the match says is so, and it says enough."""
        venue = self._world.stages[event.stage_id].venue
        noted = {one.id for one in self._world.people[person_id].noted if one.on == event.on}
        said = [set(match.setlist_ids) <= set(event.setlist_ids)] if match.setlist_ids else []
        said += [venue is not None and match.osm_id == venue.osm_id] if match.osm_id else []
        said += [match.noted_id in noted] if match.noted_id else []
        return match.on == event.on and bool(said) and all(said)

    def score(self, groups: Iterable[Sequence[str]]) -> Score:
        """All of it in figures."""
        knowledge = knowledge_of(self._world)
        theirs = [one for one in self._world.concerts if self.hears(one.person_id)]
        knowable = [one for one in theirs if knowledge[one.id] == "known"]
        missed = [one for one in knowable if not self._is_found(one)]
        faults = [
            Fault("missed", one.person_id, one.photo_ids, None, one.event_id) for one in missed
        ]
        sessions, automatic = self._verdicts.total(), self._verdicts["match"]
        of_theirs = (
            self._world.taken[photo.id]
            for person_id, photos in self._world.photos_of.items()
            if self.hears(person_id)
            for photo in photos
        )
        said, true = set(_pairs(groups)), set(_pairs(_true_groups(of_theirs)))
        return Score(
            world=self._world.parameters.name,
            sessions=sessions,
            automatic=automatic,
            precision=_share(self._right, automatic),
            recall=_share(len(knowable) - len(missed), len(knowable)),
            review=_share(self._verdicts["review"], sessions),
            excluded=excluded({one.id: knowledge[one.id] for one in theirs}),
            duplicate_precision=_share(len(said & true), len(said)),
            duplicate_recall=_share(len(said & true), len(true)),
            faults=(*self._faults, *faults),
        )

    def _is_found(self, outing: Outing) -> bool:
        taken = [self._world.taken[one] for one in outing.photo_ids]
        dated = [one.photo_id for one in taken if one.is_datable and not one.is_around]
        return len(self._found.intersection(dated)) >= _HALF * len(dated)


def _once(groups: Sequence[Sequence[str]], photos: Sequence[Photo]) -> Sequence[Sequence[str]]:
    """The groups, if no photo is in them twice or isn't one of these."""
    answered = [one for group in groups for one in group]
    if len(answered) != len({*answered}):
        raise ValueError("a photo is in two sessions or groups")
    if not {*answered} <= {photo.id for photo in photos}:
        raise ValueError("a session or group has a photo that isn't this person's")
    return groups


def _true_groups(taken: Iterable[Taken]) -> Iterator[Sequence[str]]:
    groups: dict[str, list[str]] = {}
    for one in taken:
        if one.duplicates:
            groups.setdefault(one.duplicates, []).append(one.photo_id)
    yield from groups.values()


def _pairs(groups: Iterable[Sequence[str]]) -> Iterator[tuple[str, str]]:
    for group in groups:
        yield from combinations(sorted(group), 2)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
