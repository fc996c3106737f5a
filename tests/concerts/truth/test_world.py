"""The generator of the ground truth: repeatable, as large as it says, with every trouble in it.

Its digests stand here so that nobody changes what matchers are judged by without saying so.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import get_args

import pytest

from tests.concerts.truth.ground import distance_m
from tests.concerts.truth.knowable import MOST_EXCLUDED, excluded, knowledge_of
from tests.concerts.truth.parameters import JUDGING, TUNING
from tests.concerts.truth.places import TWINS_M
from tests.concerts.truth.truth import Event, Taken, Trouble
from tests.concerts.truth.world import World

TENTH = TUNING.smaller(10)
DIGESTS = {"tuning": "23140e00738e0fb5", "judging": "e71c644a5da06962"}


@pytest.fixture(scope="module")
def tenth() -> World:
    return World(TENTH)


@pytest.fixture(scope="module", params=[TUNING, JUDGING], ids=["tuning", "judging"])
def whole(request: pytest.FixtureRequest) -> World:
    return World(request.param)


def nights(made: World) -> Iterator[tuple[Event, list[Taken]]]:
    """Each visit to a concert with what was taken there."""
    for outing in made.concerts:
        yield made.events[outing.event_id or ""], [made.taken[one] for one in outing.photo_ids]


def test_the_same_parameters_make_the_same_world(tenth: World) -> None:
    assert World(TENTH).digest == tenth.digest


def test_another_seed_makes_another_world(tenth: World) -> None:
    assert World(TUNING.smaller(10, seed=4)).digest != tenth.digest


def test_questions_dont_change_the_answers() -> None:
    one, other = World(TENTH), World(TENTH)
    event = next(iter(one.events.values()))
    city = one.stages[event.stage_id].filed_under

    for days in range(30):
        one.lookups.setlists(city, event.on + timedelta(days=days - 30))

    assert one.lookups.setlists(city, event.on) == other.lookups.setlists(city, event.on)


def test_tuning_and_judging_share_no_city_and_hardly_a_rate() -> None:
    rates = [
        (getattr(getattr(TUNING, part), name), getattr(getattr(JUDGING, part), name))
        for part in ("places", "shows", "habits", "errors")
        for name in getattr(TUNING, part).__struct_fields__
    ]

    assert not {*TUNING.cities} & {*JUDGING.cities}
    assert sum(one == other for one, other in rates) <= 2


@pytest.mark.slow
def test_the_sets_are_frozen(whole: World) -> None:
    assert whole.digest == DIGESTS[whole.parameters.name]


@pytest.mark.slow
def test_the_sets_are_as_large_as_promised(whole: World) -> None:

    assert (len(whole.people), len(whole.concerts), len(whole.photos)) == (50, 2_000, 60_000)
    years = {whole.events[one.event_id or ""].on.year for one in whole.concerts}
    assert len(years) == 10
    assert len({photo.sha256 for photo in whole.photos.values()}) == 60_000


@pytest.mark.slow
def test_every_trouble_occurs_often(whole: World) -> None:
    met = Counter(trouble for one in whole.taken.values() for trouble in one.troubles)

    assert {name: met[name] for name in get_args(Trouble) if met[name] < 100} == {}


@pytest.mark.slow
def test_troubles_stay_within_reason(whole: World) -> None:
    met = Counter(trouble for one in whole.taken.values() for trouble in one.troubles)
    share = {name: count / len(whole.photos) for name, count in met.items()}

    assert 0.2 < share["no gps"] + share["gps off"] < 0.4
    assert 0.02 < share["dark"] < 0.1
    assert share["burst"] < 0.25
    assert share["clock wrong"] < 0.05
    assert 0.3 < sum(one.event_id is None for one in whole.taken.values()) / 60_000 < 0.6


@pytest.mark.slow
def test_exclusions_are_few_and_for_several_reasons(whole: World) -> None:
    knowledge = knowledge_of(whole)

    assert excluded(knowledge) <= MOST_EXCLUDED
    assert len({*knowledge.values()}) == 7


@pytest.mark.slow
def test_nights_are_of_every_kind(whole: World) -> None:
    kinds: Counter[str] = Counter()
    for event, taken in nights(whole):
        stage = whole.stages[event.stage_id]
        kinds["festival"] += bool(event.festival)
        kinds["openers"] += len(event.bill) > 1
        kinds["all after midnight"] += all("after midnight" in one.troubles for one in taken)
        kinds["twins"] += bool(stage.twin) and f"{stage.twin} {event.on}" in whole.events
        kinds["abroad"] += stage.city.zone != whole.people[_owner(whole, taken)].zone
        kinds["around"] += any(one.is_around for one in taken)
        kinds["no fix"] += all(whole.photos[one.photo_id].latitude is None for one in taken)
        tomorrow = event.on + timedelta(days=1)
        kinds["again the next night"] += f"{event.stage_id} {tomorrow}" in whole.events
        kinds["filed elsewhere"] += stage.filed_under != stage.city.geonames_id

    assert len(kinds) == 9
    assert {kind: count for kind, count in kinds.items() if count < 20} == {}


@pytest.mark.slow
def test_days_of_no_concert_are_spent_where_somebody_plays_as_well(whole: World) -> None:
    met: Counter[str] = Counter()
    for outing in whole.outings:
        first = whole.taken[outing.photo_ids[0]]
        if outing.event_id is None:
            met[_near_a_show(whole, first)] += 1

    assert met["inside"] > 20
    assert met["beside"] > 20
    assert met["nowhere"] > 0.9 * met.total()


def _near_a_show(world: World, taken: Taken) -> str:
    near = [one for one in world.stages.values() if abs(one.centre[0] - taken.at[0]) < 0.02]
    for stage in near:
        far_m = distance_m(taken.at, stage.centre) - stage.radius_m
        if far_m < 300:
            filed = world.lookups.setlists(stage.filed_under, taken.taken_at.date())
            if any(one.venue_id == stage.filed_id for one in filed):
                return "inside" if far_m < 0 else "beside"
    return "nowhere"


def _owner(made: World, taken: list[Taken]) -> int:
    return made.photos[taken[0].photo_id].person_id


def test_twins_are_150_m_apart(tenth: World) -> None:
    stages = tenth.stages
    twins = [(one, stages[one.twin]) for one in stages.values() if one.twin]

    assert twins
    assert {round(distance_m(one.centre, other.centre) / 10) * 10 for one, other in twins} == {
        TWINS_M
    }


def test_the_map_has_places_without_shows_and_lacks_some_with_shows(tenth: World) -> None:
    played = {one.venue.osm_id for one in tenth.stages.values() if one.venue}

    assert len({one.osm_id for one in tenth.lookups.venues} - played) > 50
    assert len(played) < len(tenth.stages)


def test_bursts_and_copies_are_near_and_other_pictures_are_not(tenth: World) -> None:
    groups: dict[str, list[int]] = {}
    for one in tenth.taken.values():
        if one.duplicates:
            groups.setdefault(one.duplicates, []).append(tenth.photos[one.photo_id].fingerprint)

    assert min(len(group) for group in groups.values()) > 1
    assert max(_far(group[0], other) for group in groups.values() for other in group) <= 14
    firsts = [group[0] for group in groups.values()][:100]
    near = [_far(one, other) < 14 for one in firsts for other in firsts if one is not other]
    assert sum(near) / len(near) < 0.01


def test_dark_frames_are_all_alike_and_nobody_s_duplicates(tenth: World) -> None:
    dark = [one for one in tenth.taken.values() if "dark" in one.troubles]
    prints = [tenth.photos[one.photo_id].fingerprint for one in dark]

    assert max(_far(prints[0], other) for other in prints) <= 14
    assert {one.duplicates for one in dark} == {""}
    assert max(tenth.photos[one.photo_id].deviation for one in dark) < 3


def _far(one: int, other: int) -> int:
    return (one ^ other).bit_count()


def test_nobody_is_at_two_concerts_a_day(tenth: World) -> None:
    days = Counter((one.person_id, tenth.events[one.event_id or ""].on) for one in tenth.concerts)

    assert set(days.values()) == {1}


def test_most_shows_have_their_setlists_where_they_are_asked_for(tenth: World) -> None:
    found = [
        any(
            one.id in event.setlist_ids
            for one in tenth.lookups.setlists(tenth.stages[event.stage_id].filed_under, event.on)
        )
        for event in tenth.events.values()
    ]

    assert 0.9 < sum(found) / len(found) < 1


def test_the_gazetteer_finds_what_is_near_and_nothing_else(tenth: World) -> None:
    stage = next(one for one in tenth.stages.values() if one.venue and one.kind == "park")
    near = tenth.lookups.venues_near(*stage.centre, 50)

    assert near[0] == stage.venue
    assert tenth.lookups.cities_near(*stage.centre, 30_000)[0].zone == stage.city.zone
    assert tenth.lookups.venues_near(0.0, 0.0, 1_000) == []
