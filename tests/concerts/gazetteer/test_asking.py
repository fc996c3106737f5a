"""Services are asked for venues where the gazetteer knows nothing, and what they say is kept."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from backline.concerts.demo.services import nominatim, overpass
from backline.concerts.demo.services.server import StandIn, serving
from backline.concerts.gazetteer import Kept, asking, venues
from backline.concerts.outside import Nominatim, Outside, Overpass, SetlistVenue
from backline.concerts.outside.asking import Asker
from backline.platform.database import Database
from backline.platform.jobs import Later
from tests.concerts.gazetteer.conftest import BERLIN, keep, venue
from tests.concerts.outside.conftest import ada, asker, land, world
from tests.concerts.truth import outside as truth
from tests.concerts.truth.shapes import Venue
from tests.concerts.truth.world import World

__all__ = ["ada", "asker", "land", "world"]


@pytest.fixture
async def maps(land: truth.Outside) -> AsyncIterator[StandIn]:
    async with serving(overpass.Overpass(land)) as opened:
        yield opened


@pytest.fixture
async def addresses(land: truth.Outside) -> AsyncIterator[StandIn]:
    async with serving(nominatim.Nominatim(land)) as opened:
        yield opened


@pytest.fixture
def club(world: World) -> Venue:
    return next(one for one in world.lookups.venues if one.old_names and one.kind != "park")


def chosen(
    asker: Asker, globe: Database, maps: StandIn | None, addresses: StandIn | None = None
) -> Outside:
    return Outside(
        setlistfm=None,
        overpass=Overpass(asker, globe, url=maps.url) if maps else None,
        nominatim=Nominatim(asker, globe, url=addresses.url) if addresses else None,
        musicbrainz=None,
        google=None,
    )


async def test_what_overpass_says_is_kept_and_not_asked_for_again(
    maps: StandIn, asker: Asker, globe: Database, club: Venue, ada: UUID
) -> None:
    outside = chosen(asker, globe, maps)
    at = (club.latitude, club.longitude)

    first = await asking.ask_around(globe, outside, ada, *at)
    again = await asking.ask_around(globe, outside, ada, *at)

    assert first.added > 0
    assert again == Kept(0, 0)
    assert len(maps.asked) == 1
    async with globe.read() as read:
        found = await venues.by_source(read, "osm", club.osm_id)
    assert found is not None
    assert (found.name, found.kind) == (club.name, club.kind)
    assert set(club.old_names) <= set(found.other_names)
    assert found.city_id is not None


async def test_nobody_is_asked_where_a_map_was_imported(
    maps: StandIn, asker: Asker, globe: Database, club: Venue, ada: UUID
) -> None:
    await keep(globe, venue("Elsewhere", club.latitude + 0.03, club.longitude), imported=True)

    kept = await asking.ask_around(
        globe, chosen(asker, globe, maps), ada, club.latitude, club.longitude
    )

    assert kept == Kept(0, 0)
    assert maps.asked == []


async def test_nobody_is_asked_who_was_not_chosen(
    asker: Asker, globe: Database, club: Venue, ada: UUID
) -> None:
    outside = chosen(asker, globe, None)

    assert await asking.ask_around(globe, outside, ada, club.latitude, club.longitude) == Kept(0, 0)


async def test_nominatim_is_asked_where_overpass_cannot_be(
    maps: StandIn, addresses: StandIn, asker: Asker, globe: Database, club: Venue, ada: UUID
) -> None:
    maps.spoil("too many")

    kept = await asking.ask_around(
        globe, chosen(asker, globe, maps, addresses), ada, club.latitude, club.longitude
    )

    assert kept == Kept(1, 0)
    assert (len(maps.asked), len(addresses.asked)) == (1, 1)
    async with globe.read() as read:
        found = await venues.by_source(read, "osm", club.osm_id)
    assert found is not None
    assert len(found.country_code) == 2


async def test_whoever_cannot_be_asked_now_is_asked_later(
    maps: StandIn, addresses: StandIn, asker: Asker, globe: Database, club: Venue, ada: UUID
) -> None:
    maps.spoil("too many")
    with pytest.raises(Later):
        await asking.ask_around(
            globe, chosen(asker, globe, maps), ada, club.latitude, club.longitude
        )
    # Nothing that is a venue is at sea, so Overpass has to be asked all the same.
    with pytest.raises(Later):
        await asking.ask_around(globe, chosen(asker, globe, maps, addresses), ada, 0.0, -30.0)


async def test_nothing_is_an_answer_that_is_not_asked_for_again(
    maps: StandIn, asker: Asker, globe: Database, ada: UUID
) -> None:
    outside = chosen(asker, globe, maps)

    kept = [await asking.ask_around(globe, outside, ada, 0.0, -30.0) for _ in range(2)]

    assert kept == [Kept(0, 0)] * 2
    assert len(maps.asked) == 1


async def test_venues_of_setlists_are_kept_by_their_city(globe: Database) -> None:
    told = [
        SetlistVenue("63d6be8f", "Lido", BERLIN, "Berlin", "DE"),
        SetlistVenue("63d6be8f", "Lido", BERLIN, "Berlin", "DE"),
        SetlistVenue("0", "Somewhere", 0, "", ""),
    ]
    async with globe.write() as tx:
        assert await asking.remember(tx, told) == Kept(1, 0)
    async with globe.read() as read:
        (found,) = await venues.called(read, "Lido", BERLIN)
        typed = await venues.suggest(read, "lid", None)

    assert (found.venue.city, found.venue.country_code) == ("Berlin", "DE")
    assert (found.venue.latitude, [one.name for one in typed]) == (None, ["Lido"])
