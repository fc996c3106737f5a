"""Cities: the one a place lies in, those around it, and as somebody types."""

import pytest

from backline.concerts.gazetteer import City, cities, zone_at
from backline.platform.database import Database
from tests.concerts.gazetteer.conftest import BERLIN, FUNAFUTI, KREUZBERG, POTSDAM, WERDER


async def lies_in(database: Database, latitude: float, longitude: float) -> int | None:
    async with database.read() as read:
        found = await cities.at(read, latitude, longitude)
    return None if found is None else found.id


async def test_a_place_lies_in_a_large_city_rather_than_near_a_small_one(globe: Database) -> None:
    assert await lies_in(globe, 52.50, 13.42) == BERLIN
    assert await lies_in(globe, 52.403, 13.07) == POTSDAM
    assert await lies_in(globe, 52.375, 12.92) == WERDER
    assert await lies_in(globe, -8.52, -179.98) == FUNAFUTI
    assert await lies_in(globe, 53.1, 13.4) == BERLIN
    assert await lies_in(globe, 0.0, -30.0) is None
    assert await lies_in(globe, 90.0, 0.0) is None


async def test_cities_around_a_place_come_the_nearest_first(globe: Database) -> None:
    async with globe.read() as read:
        found = await cities.near(read, 52.50, 13.42)
        large = await cities.near(read, 52.50, 13.42, least_population=1_000_000)

    assert [one.city.id for one in found] == [KREUZBERG, BERLIN, POTSDAM]
    assert found[1].distance_m == pytest.approx(2_790, abs=10)
    assert [one.city.id for one in large] == [BERLIN]


async def test_typing_finds_a_city_by_any_of_its_names(globe: Database) -> None:
    async def typed(text: str, at: tuple[float, float] | None = None) -> list[str]:
        async with globe.read() as read:
            return [one.name for one in await cities.suggest(read, text, at)]

    assert await typed("be") == ["Berlin"]
    assert await typed("BERLI") == ["Berlin"]
    assert await typed("берл") == ["Berlin"]
    assert await typed("werder") == ["Werder"]
    assert await typed("we") == []  # it is small, so two letters aren't enough
    assert await typed("b") == []
    assert await typed("berlinx") == []


async def test_a_city_that_is_typed_says_how_far_it_is(globe: Database) -> None:
    async with globe.read() as read:
        found = await cities.suggest(read, "pots", (52.52437, 13.41053))

    assert [one.distance_m for one in found] == [pytest.approx(27_200, abs=200)]


async def test_a_city_is_known_by_its_number(globe: Database) -> None:
    async with globe.read() as read:
        found = await cities.get(read, POTSDAM)
        missing = await cities.get(read, 1)

    assert isinstance(found, City)
    assert (found.name, found.zone, missing) == ("Potsdam", "Europe/Berlin", None)


def test_a_place_has_a_zone() -> None:
    assert zone_at(52.5, 13.4) == "Europe/Berlin"
