"""Venues: near a place, by name in a city, as somebody types; kept once."""

from uuid import uuid4

import pytest

from backline.concerts.gazetteer import Kept, NewVenue, cities, venues
from backline.platform.database import Database
from backline.platform.errors import NotFound
from tests.concerts.gazetteer.conftest import BERLIN, FUNAFUTI, POTSDAM, keep, venue

SO36 = (52.50039, 13.42226)


async def test_those_within_a_circle_come_the_nearest_first(database: Database) -> None:
    await keep(
        database,
        venue("Lido", 52.49913, 13.44513),
        venue("SO36", *SO36),
        venue("Festsaal Kreuzberg", 52.49673, 13.45222),
        venue("Waschhaus", 52.40265, 13.07025),
    )

    async with database.read() as read:
        found = await venues.near(read, 52.5004, 13.4230, within_m=1_700)
        nearest = await venues.near(read, 52.5004, 13.4230, within_m=30_000, limit=1)

    assert [one.venue.name for one in found] == ["SO36", "Lido"]
    assert found[0].distance_m == pytest.approx(50, abs=5)
    assert [one.venue.name for one in nearest] == ["SO36"]


async def test_the_other_side_of_the_meridian_of_180_is_near(database: Database) -> None:
    await keep(database, venue("Fale Kaupule", -8.5, -179.999))

    async with database.read() as read:
        found = await venues.near(read, -8.5, 179.999)

    assert [round(one.distance_m) for one in found] == [220]


async def test_a_venue_is_evidence_with_all_it_is_called_and_its_ground(database: Database) -> None:
    corners = (52.1, 13.1, 52.2, 13.1, 52.2, 13.2)
    given = venue(
        "Columbiahalle", 52.48, 13.39, kind="stadium", outline=corners,
        other_names=("Columbia Halle", "Columbiahalle", "Sporthalle\0"),
    )  # fmt: skip
    await keep(database, given)

    async with database.read() as read:
        found = (await venues.near(read, 52.48, 13.39))[0].venue

    made = venues.evidence(found)
    assert made is not None
    assert made.names == ("Columbiahalle", "Columbia Halle", "Sporthalle")
    assert made.outline == ((52.1, 13.1), (52.2, 13.1), (52.2, 13.2))
    assert (made.kind, made.reach_m) == ("stadium", 120.0)


async def test_what_a_setlist_calls_a_venue_is_found_in_its_city(globe: Database) -> None:
    await keep(
        globe,
        venue("SO36", *SO36, other_names=("SO 36",)),
        venue("Lido", 52.49913, 13.44513),
        venue("Waschhaus Arena", 52.40265, 13.07025),
        NewVenue("setlist.fm", "63d6be8f", "music_venue", "Lido Kino", city_id=BERLIN),
    )

    async with globe.read() as read:
        exact = await venues.called(read, "SO 36", BERLIN)
        misspelled = await venues.called(read, "Waschaus Arena", POTSDAM)
        unplaced = await venues.called(read, "Lido Kino", BERLIN)
        nowhere = await venues.called(read, "SO36", FUNAFUTI)

    assert [(one.venue.name, one.likeness) for one in exact] == [("SO36", 1.0)]
    assert [one.venue.name for one in misspelled] == ["Waschhaus Arena"]
    assert unplaced[0].venue.source == "setlist.fm"
    assert venues.evidence(unplaced[0].venue) is None
    assert nowhere == []


async def test_typing_any_word_of_a_name_finds_a_venue(globe: Database) -> None:
    await keep(
        globe,
        venue("O2 Academy Brixton", 51.4651, -0.1149, other_names=("Brixton Academy",)),
        venue("Brixton Jamm", 51.4697, -0.1122),
        venue("Academy of Music", 52.5, 13.4),
    )

    async def typed(text: str, at: tuple[float, float] | None = None) -> list[str]:
        async with globe.read() as read:
            return [one.name for one in await venues.suggest(read, text, at)]

    assert await typed("brixton a") == ["O2 Academy Brixton"]
    assert set(await typed("BRIX")) == {"O2 Academy Brixton", "Brixton Jamm"}
    assert await typed("academy", (52.51, 13.41)) == ["Academy of Music", "O2 Academy Brixton"]
    assert await typed("xton") == []
    assert await typed("%") == []
    assert await typed(" ") == []


async def test_the_same_venue_given_again_is_changed_and_not_added(database: Database) -> None:
    known = venue("Astra", 52.5074, 13.4541, source_id="way/1", capacity=1_500)
    renamed = venue("Astra Kulturhaus", 52.5074, 13.4541, source_id="way/1", other_names=("Astra",))
    async with database.write() as tx:
        first = await venues.keep(tx, [known, known])
        again = await venues.keep(tx, [known])
        changed = await venues.keep(tx, [renamed])

    async with database.read() as read:
        found = await venues.by_source(read, "osm", "way/1")
        typed = await venues.suggest(read, "kulturhaus", None)

    assert (first, again, changed) == (Kept(1, 0), Kept(0, 0), Kept(0, 1))
    assert found is not None
    assert (found.name, found.other_names, found.capacity) == ("Astra Kulturhaus", ["Astra"], None)
    assert [one.id for one in typed] == [found.id]


async def test_a_name_that_is_given_up_finds_nothing_any_more(database: Database) -> None:
    await keep(database, venue("Magnet", 52.5, 13.44, source_id="way/2"))
    await keep(database, venue("Bi Nuu", 52.5, 13.44, source_id="way/2"))

    async with database.read() as read:
        assert await venues.suggest(read, "magnet", None) == []


async def test_what_a_file_said_is_not_overwritten_by_less(database: Database) -> None:
    corners = (52.1, 13.1, 52.2, 13.1, 52.2, 13.2)
    whole = venue("Waldbühne", 52.5158, 13.2303, source_id="way/3", outline=corners, reach_m=90.0)
    less = venue("Waldbuehne", 52.5158, 13.2304, source_id="way/3")
    await keep(database, whole, imported=True)
    await keep(database, less)

    async with database.read() as read:
        found = await venues.by_source(read, "osm", "way/3")
        mapped = await venues.is_mapped(read, 52.51, 13.23, 5_000)
        elsewhere = await venues.is_mapped(read, 53.5, 10.0, 5_000)

    assert found is not None
    assert (found.name, len(found.outline), found.reach_m) == ("Waldbühne", 6, 90.0)
    assert (mapped, elsewhere) == (True, False)


async def test_what_is_no_venue_is_left_out(database: Database) -> None:
    odd = [
        venue(" \0 ", 52.5, 13.4),
        venue("Nowhere", 95.0, 13.4),
        venue("Not a number", float("nan"), 13.4),
        NewVenue("setlist.fm", "x", "music_venue", "Neither place nor city"),
    ]
    async with database.write() as tx:
        assert await venues.keep(tx, odd) == Kept(0, 0)


async def test_a_venue_that_is_not_there_is_not_found(database: Database) -> None:
    async with database.read() as read:
        with pytest.raises(NotFound):
            await venues.get(read, uuid4())


async def test_venues_get_the_city_that_they_lie_in(globe: Database) -> None:
    await keep(globe, venue("SO36", *SO36), venue("Buoy", 0.0, -30.0))

    assert await cities.settle(globe) == 2
    assert await cities.settle(globe) == 0
    assert await cities.settle(globe, astray=True) == 1  # one is in none, and may be in a new one

    async with globe.read() as read:
        found = (await venues.near(read, *SO36))[0].venue
        at_sea = (await venues.near(read, 0.0, -30.0))[0].venue
    assert (found.city_id, found.city, found.country_code) == (BERLIN, "Berlin", "DE")
    assert (at_sea.city_id, at_sea.city, at_sea.country_code) == (0, "", "")


async def test_venues_wait_for_cities_that_are_still_to_be_loaded(database: Database) -> None:
    await keep(database, venue("SO36", *SO36))

    assert await cities.settle(database) == 0

    async with database.read() as read:
        found = (await venues.near(read, *SO36))[0].venue
    assert found.city_id is None


async def test_a_venue_that_moves_is_looked_at_again(globe: Database) -> None:
    await keep(globe, venue("Waschhaus", *SO36, source_id="way/7"))
    await cities.settle(globe)
    await keep(globe, venue("Waschhaus", 52.40265, 13.07025, source_id="way/7"))

    assert await cities.settle(globe) == 1

    async with globe.read() as read:
        found = await venues.by_source(read, "osm", "way/7")
    assert found is not None
    assert found.city == "Potsdam"
