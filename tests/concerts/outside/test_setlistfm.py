"""Our client of setlist.fm, against its stand-in: paid once, kept for everybody, never too many."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from uuid import UUID

import pytest

from backline.concerts.demo.services import setlistfm as stand_ins
from backline.concerts.demo.services.nominatim import Nominatim
from backline.concerts.demo.services.server import Fault, StandIn, serving
from backline.concerts.outside import sql
from backline.concerts.outside.asking import Asker
from backline.concerts.outside.setlistfm import SERVICE, VENUES, SetlistFm
from backline.concerts.outside.terms import Terms
from backline.platform.database import Database
from backline.platform.jobs import Later
from tests.concerts.truth.outside import Outside
from tests.concerts.truth.truth import Event
from tests.concerts.truth.world import World

pytestmark = pytest.mark.slow

QUICK = Terms(SERVICE, count=100, span_s=0.01, per_day=1_440)


@pytest.fixture
async def stand_in(land: Outside) -> AsyncIterator[StandIn]:
    service = stand_ins.SetlistFm(land, key="k", per_second=10_000)
    async with serving(service) as opened:
        yield opened


@pytest.fixture
def setlistfm(stand_in: StandIn, asker: Asker, database: Database) -> SetlistFm:
    return SetlistFm(asker, database, url=stand_in.url, key="k", terms=QUICK)


@pytest.fixture
def today(world: World) -> date:
    return world.shows.today


@pytest.fixture
def event(world: World) -> Event:
    return next(one for one in world.events.values() if one.setlist_ids and not one.festival)


def city_of(world: World, event: Event) -> int:
    return world.stages[event.stage_id].filed_under


async def charged(database: Database) -> int:
    async with database.read() as read:
        return sum(one.charged for one in await sql.charges(read, SERVICE))


async def test_a_night_is_asked_once_for_everybody(
    setlistfm: SetlistFm, stand_in: StandIn, database: Database, world: World, event: Event,
    today: date, ada: UUID, ben: UUID,
) -> None:  # fmt: skip
    asked = city_of(world, event), event.on
    first = await setlistfm.on(ada, *asked, today=today)
    second = await setlistfm.on(ben, *asked, today=today)

    stage = world.stages[event.stage_id]
    shown = next(one for one in first if one.id == event.setlist_ids[0])
    assert (shown.held_on, shown.artist.name) == (event.on, event.bill[-1].name)
    assert (shown.venue.name, shown.venue.city_id) == (stage.filed_name, stage.filed_under)
    assert first == second
    assert len(stand_in.asked) == await charged(database) == 1


async def test_a_night_is_found_by_its_venue_whatever_the_city(
    setlistfm: SetlistFm, stand_in: StandIn, world: World, event: Event,
    today: date, ada: UUID, ben: UUID,
) -> None:  # fmt: skip
    stage = world.stages[event.stage_id]
    asked = f" The  {stage.filed_name.upper()}", stage.city.country_code, event.on
    first = await setlistfm.called(ada, *asked, today=today)
    second = await setlistfm.called(ben, *asked, today=today)
    elsewhere = await setlistfm.called(ada, asked[0], "XX", event.on, today=today)

    assert set(event.setlist_ids) <= {one.id for one in first}
    assert {one.held_on for one in first} == {event.on}
    assert (second, elsewhere) == (first, [])
    assert len(stand_in.asked) == 2


async def test_an_empty_night_is_kept_as_well(
    setlistfm: SetlistFm, stand_in: StandIn, event: Event, today: date, ada: UUID
) -> None:
    for _ in range(2):
        assert await setlistfm.on(ada, 1, event.on, today=today) == []

    assert len(stand_in.asked) == 1


async def test_all_pages_come_together(
    asker: Asker, database: Database, world: World, today: date, ada: UUID
) -> None:
    festival = Festival(world)
    async with serving(stand_ins.SetlistFm(festival, key="k", per_second=10_000)) as stand_in:
        client = SetlistFm(asker, database, url=stand_in.url, key="k", terms=QUICK)
        stand_in.spoil("slow", "cut")
        with pytest.raises(Later):
            await client.on(ada, 7, festival.day, today=today)
        found = await client.on(ada, 7, festival.day, today=today)

    assert len({one.id for one in found}) == 45
    # The first page, the second cut off, then the second and the third.
    assert [request.query.get("p", "1") for request in stand_in.asked] == ["1", "2", "2", "3"]
    assert await charged(database) == 4


class Festival(Outside):
    """A day with 45 shows in a city of its own."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.day = date(2024, 7, 6)
        first = next(iter(super().shows(None, None)))
        self._bill = [
            stand_ins.Show(f"{number:08x}", self.day, *_rest(first)) for number in range(45)
        ]

    def shows(self, city_id: int | None, on: date | None) -> list[stand_ins.Show]:
        return self._bill if (city_id, on) == (7, self.day) else []


def _rest(show: stand_ins.Show) -> tuple[object, ...]:
    return tuple(getattr(show, name) for name in show.__struct_fields__[2:])


@pytest.mark.parametrize("fault", ["unavailable", "cut", "gone", "garbage", "broken", "too many"])
async def test_what_goes_wrong_waits_and_isnt_kept(
    setlistfm: SetlistFm, stand_in: StandIn, database: Database, world: World, event: Event,
    today: date, ada: UUID, fault: Fault,
) -> None:  # fmt: skip
    asked = city_of(world, event), event.on
    stand_in.spoil(fault)
    with pytest.raises(Later):
        await setlistfm.on(ada, *asked, today=today)
    async with database.write() as tx:
        await tx.execute("UPDATE outside_services SET rests_until = NULL")

    assert await setlistfm.on(ada, *asked, today=today) != []
    assert await charged(database) == len(stand_in.asked) == 2


async def test_a_refusal_keeps_everybody_away(
    setlistfm: SetlistFm, stand_in: StandIn, today: date, ada: UUID, ben: UUID
) -> None:
    stand_in.spoil("over quota")
    with pytest.raises(Later) as first:
        await setlistfm.on(ada, 1, today, today=today)
    with pytest.raises(Later) as second:
        await setlistfm.on(ben, 2, today, today=today)

    assert first.value.after_s == 3_600
    assert 3_500 < second.value.after_s <= 3_600
    assert len(stand_in.asked) == 1


async def test_a_404_of_somebody_else_is_no_empty_night(
    land: Outside, asker: Asker, database: Database, today: date, ada: UUID
) -> None:
    async with serving(Nominatim(land)) as another:
        client = SetlistFm(asker, database, url=another.url, key="k", terms=QUICK)
        with pytest.raises(Later, match="answers with 404"):
            await client.on(ada, 1, today, today=today)


async def test_a_wrong_key_is_told_in_words(
    stand_in: StandIn, asker: Asker, database: Database, today: date, ada: UUID
) -> None:
    client = SetlistFm(asker, database, url=stand_in.url, key="wrong", terms=QUICK)
    with pytest.raises(Later, match="operator's key"):
        await client.on(ada, 1, today, today=today)


async def test_recent_nights_are_asked_again_sooner(
    setlistfm: SetlistFm, database: Database, today: date, ada: UUID
) -> None:
    for age_days in (1, 10, 100, 1_000):
        await setlistfm.on(ada, 1, today - timedelta(days=age_days), today=today)
    async with database.read() as read:
        kept = await read.fetch_values(
            "SELECT (extract(epoch FROM good_until - asked_at) / 86400)::float8 "
            "FROM outside_answers ORDER BY asked_at"
        )

    assert kept == [0.5, 3, 30, 180]


async def test_artists_and_venues_are_found_whoever_searches(
    setlistfm: SetlistFm, stand_in: StandIn, database: Database, event: Event, world: World,
    ada: UUID, ben: UUID,
) -> None:  # fmt: skip
    name = event.bill[-1].name
    venue = world.stages[event.stage_id].filed_name
    artists = [
        await setlistfm.artists(who, text) for who, text in ((ada, name), (ben, name.upper()))
    ]
    venues = await setlistfm.venues(ada, venue)
    async with database.write() as tx:
        emptied = await sql.forget(tx, VENUES)

    assert artists[0] == artists[1]
    assert name in [one.name for one in artists[0]]
    assert venue in [one.name for one in venues]
    assert (len(stand_in.asked), emptied) == (2, 1)


async def test_the_real_pace_is_never_too_fast(
    land: Outside, asker: Asker, database: Database, today: date, ada: UUID
) -> None:
    terms = Terms(SERVICE, count=2, span_s=1.0, per_day=1_440)
    async with serving(stand_ins.SetlistFm(land, key="k")) as stand_in:
        client = SetlistFm(asker, database, url=stand_in.url, key="k", terms=terms)
        found = [await client.on(ada, number, today, today=today) for number in range(1, 7)]

    assert found == [[]] * 6
    assert len(stand_in.asked) == 6
