"""Our clients of Overpass, Nominatim and MusicBrainz, against their stand-ins."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from backline.concerts.demo.services import musicbrainz, nominatim, overpass
from backline.concerts.demo.services.server import StandIn, serving
from backline.concerts.outside import MusicBrainz, Nominatim, Overpass
from backline.concerts.outside.asking import Asker
from backline.platform.database import Database
from backline.platform.jobs import Later
from tests.concerts.truth.outside import Outside
from tests.concerts.truth.shapes import Venue
from tests.concerts.truth.world import World

pytestmark = pytest.mark.slow

PEACE = "UPDATE outside_services SET rests_until = NULL, slots = '{}'"


@pytest.fixture
async def map_server(land: Outside) -> AsyncIterator[StandIn]:
    async with serving(overpass.Overpass(land)) as opened:
        yield opened


@pytest.fixture
def venue(world: World) -> Venue:
    return next(one for one in world.lookups.venues if one.old_names and one.kind != "park")


async def test_overpass_tells_venues_with_all_their_names(
    map_server: StandIn, asker: Asker, database: Database, venue: Venue, ada: UUID, ben: UUID
) -> None:
    client = Overpass(asker, database, url=map_server.url)
    found = await client.around(ada, venue.latitude, venue.longitude)
    again = await client.around(ben, venue.latitude + 1e-5, venue.longitude)

    shown = next(one for one in found if one.osm_id == venue.osm_id)
    assert (shown.name, shown.kind) == (venue.name, venue.kind)
    assert shown.other_names == venue.old_names
    assert again == found
    assert len(map_server.asked) == 1


async def test_overpass_isnt_asked_by_two_at_once(
    map_server: StandIn, database: Database, venue: Venue, ada: UUID, asker: Asker
) -> None:
    another = Overpass(Asker(database, asker._client), database, url=map_server.url)
    client = Overpass(asker, database, url=map_server.url)
    asked = [
        client.around(ada, venue.latitude, venue.longitude),
        another.around(ada, venue.latitude + 0.1, venue.longitude),
    ]
    found = await asyncio.gather(*asked, return_exceptions=True)

    assert len(map_server.asked) == 1 + sum(not isinstance(one, Later) for one in found[1:])
    assert {request.beside for request in map_server.asked} == {0}


async def test_a_remark_is_a_failure_and_isnt_kept(
    map_server: StandIn, asker: Asker, database: Database, venue: Venue, ada: UUID
) -> None:
    client = Overpass(asker, database, url=map_server.url)
    map_server.spoil("broken")
    with pytest.raises(Later, match="gave up: runtime error"):
        await client.around(ada, venue.latitude, venue.longitude)
    async with database.write() as tx:
        await tx.execute(PEACE)

    assert await client.around(ada, venue.latitude, venue.longitude) != []


async def test_overpass_is_left_alone_for_30_s(
    map_server: StandIn, asker: Asker, database: Database, venue: Venue, ada: UUID
) -> None:
    client = Overpass(asker, database, url=map_server.url)
    map_server.spoil("too many")
    for _ in range(2):
        with pytest.raises(Later) as told:
            await client.around(ada, venue.latitude, venue.longitude)

    assert 25 < told.value.after_s <= 30
    assert len(map_server.asked) == 1


async def test_nominatim_tells_what_is_there_or_nothing(
    land: Outside, asker: Asker, database: Database, venue: Venue, ada: UUID
) -> None:
    async with serving(nominatim.Nominatim(land)) as stand_in:
        client = Nominatim(asker, database, url=stand_in.url)
        there = await client.at(ada, venue.latitude, venue.longitude)
        nowhere = [await client.at(ada, 0.0, -30.0) for _ in range(2)]

    assert there is not None
    assert (there.osm_id, there.name) == (venue.osm_id, venue.name)
    assert there.country_code.isupper()
    assert nowhere == [None, None]
    assert len(stand_in.asked) == 2


async def test_musicbrainz_finds_artists_at_its_pace(
    land: Outside, asker: Asker, database: Database, ada: UUID
) -> None:
    names = [one.name for one in land.artists[:3]]
    async with serving(musicbrainz.MusicBrainz(land)) as stand_in:
        client = MusicBrainz(asker, database, url=stand_in.url)
        found = [await client.artists(ada, name) for name in names]
        stand_in.spoil("too many")
        with pytest.raises(Later):
            await client.artists(ada, "somebody else")

    assert all(name in [one.name for one in each] for name, each in zip(names, found, strict=True))
    assert len(stand_in.asked) == 4
