"""The judge of matchers: it knows a good one from a careless one, and takes no nonsense."""

from collections.abc import Sequence

import msgspec
import pytest

from benchmarks.cases.matching import table
from benchmarks.rig.judging import Score, judge
from tests.concerts.truth.naive import Oracle, all_that_look_alike, believes_everything
from tests.concerts.truth.parameters import TUNING
from tests.concerts.truth.shapes import Lookups, Match, Person, Photo, Session
from tests.concerts.truth.world import World


@pytest.fixture(scope="module")
def world() -> World:
    return World(TUNING.smaller(10))


@pytest.fixture(scope="module")
def oracle(world: World) -> Oracle:
    return Oracle(world)


@pytest.fixture(scope="module")
def known(world: World, oracle: Oracle) -> Score:
    return judge(world, oracle.sessions, oracle.groups)


def no_groups(_photos: Sequence[Photo]) -> Sequence[Sequence[str]]:
    return []


def test_whoever_knows_everything_meets_every_target(known: Score) -> None:
    assert (known.precision, known.recall) == (1.0, 1.0)
    assert (known.duplicate_precision, known.duplicate_recall) == (1.0, 1.0)
    assert all(target.is_met for target in known.targets)
    assert known.faults == ()


def test_whoever_believes_everything_meets_none_but_asking_little(world: World) -> None:
    score = judge(world, believes_everything, all_that_look_alike)

    assert score.precision < 0.95
    assert score.recall < 0.8
    assert score.duplicate_precision < 0.9
    assert [target.is_met for target in score.targets] == [False, False, True, False]
    assert {fault.what for fault in score.faults} == {"wrong", "missed"}


def test_whoever_asks_everything_is_told_so(world: World) -> None:
    def asks(photos: Sequence[Photo], _person: Person, _lookups: Lookups) -> Sequence[Session]:
        return [Session((photo.id,), "review") for photo in photos]

    score = judge(world, asks, no_groups)

    assert (score.precision, score.recall, score.review) == (1.0, 0.0, 1.0)


def test_a_day_off_is_wrong(world: World, oracle: Oracle) -> None:
    def late(photos: Sequence[Photo], person: Person, lookups: Lookups) -> Sequence[Session]:
        said = oracle.sessions(photos, person, lookups)
        return [_moved(session) for session in said]

    score = judge(world, late, no_groups)

    assert (score.precision, score.recall) == (0.0, 0.0)


def _moved(session: Session) -> Session:
    if session.match is None:
        return session
    on = session.match.on.replace(year=session.match.on.year - 1, day=1)
    return msgspec.structs.replace(session, match=msgspec.structs.replace(session.match, on=on))


def test_a_date_alone_is_no_match(world: World, oracle: Oracle) -> None:
    def vague(photos: Sequence[Photo], person: Person, lookups: Lookups) -> Sequence[Session]:
        return [
            msgspec.structs.replace(one, match=one.match and Match(one.match.on))
            for one in oracle.sessions(photos, person, lookups)
        ]

    assert judge(world, vague, no_groups).precision == 0.0


def test_a_photo_in_two_sessions_is_refused(world: World) -> None:
    def twice(photos: Sequence[Photo], _person: Person, _lookups: Lookups) -> Sequence[Session]:
        return [Session((photos[0].id, photos[0].id), "none")]

    with pytest.raises(ValueError, match="two sessions"):
        judge(world, twice, no_groups)


def test_somebody_else_s_photo_is_refused(world: World) -> None:
    def strange(photos: Sequence[Photo], _person: Person, _lookups: Lookups) -> Sequence[Session]:
        return [Session(("0",), "none")]

    with pytest.raises(ValueError, match="isn't this person's"):
        judge(world, strange, no_groups)


def test_the_table_says_what_is_met(known: Score) -> None:
    said = table([known])

    assert "100.00%" in said
    assert "Met on tuning: 95 % of what can be known is matched (it is 100.00%)." in said
