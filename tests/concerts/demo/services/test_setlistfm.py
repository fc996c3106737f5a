"""The stand-in for setlist.fm: key, formats, empty searches, pages, limits, late entries."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from backline.concerts.demo.services.server import StandIn, serving
from backline.concerts.demo.services.setlistfm import SetlistFm
from tests.concerts.demo.services.conftest import Clock
from tests.concerts.truth.outside import Outside
from tests.concerts.truth.truth import Event
from tests.concerts.truth.world import World

JSON = {"x-api-key": "demo", "Accept": "application/json"}


@pytest.fixture
def service(land: Outside, clock: Clock) -> SetlistFm:
    return SetlistFm(land, clock=clock)


@pytest.fixture
async def setlistfm(service: SetlistFm) -> AsyncIterator[StandIn]:
    async with serving(service) as opened:
        yield opened


@pytest.fixture
def event(world: World) -> Event:
    """A show that is in the database."""
    return next(one for one in world.events.values() if one.setlist_ids and not one.festival)


def night(world: World, event: Event) -> dict[str, str]:
    city = world.stages[event.stage_id].filed_under
    return {"cityId": str(city), "date": event.on.strftime("%d-%m-%Y")}


def search(setlistfm: StandIn) -> str:
    return f"{setlistfm.url}/rest/1.0/search/setlists"


async def test_a_city_and_a_day_have_their_setlists(
    setlistfm: StandIn, client: httpx.AsyncClient, world: World, event: Event
) -> None:
    said = await client.get(search(setlistfm), params=night(world, event), headers=JSON)

    found = said.json()
    assert (said.status_code, found["type"], found["itemsPerPage"]) == (200, "setlists", 20)
    shown = next(one for one in found["setlist"] if one["id"] == event.setlist_ids[0])
    stage = world.stages[event.stage_id]
    assert shown["eventDate"] == event.on.strftime("%d-%m-%Y")
    assert shown["artist"]["name"] == event.bill[-1].name
    assert (shown["venue"]["id"], shown["venue"]["name"]) == (stage.filed_id, stage.filed_name)
    assert shown["url"].startswith("https://www.setlist.fm/setlist/")


async def test_coordinates_are_the_city_s(
    setlistfm: StandIn, client: httpx.AsyncClient, world: World, event: Event
) -> None:
    said = await client.get(search(setlistfm), params=night(world, event), headers=JSON)

    cities = [one["venue"]["city"] for one in said.json()["setlist"]]
    city = next(one for one in world.lookups.cities if str(one.geonames_id) == cities[0]["id"])
    assert {(one["coords"]["lat"], one["coords"]["long"]) for one in cities} == {
        (city.latitude, city.longitude)
    }


async def test_an_empty_search_is_not_found(
    setlistfm: StandIn, client: httpx.AsyncClient, world: World, event: Event
) -> None:
    asked = night(world, event) | {"venueName": "nowhere at all"}
    said = await client.get(search(setlistfm), params=asked, headers=JSON)

    assert said.status_code == 404
    assert (said.json()["code"], said.json()["status"]) == (404, "Not Found")


async def test_a_page_past_the_last_is_not_found(
    setlistfm: StandIn, client: httpx.AsyncClient, clock: Clock
) -> None:
    first = (await client.get(search(setlistfm), headers=JSON)).json()
    second = (await client.get(search(setlistfm), params={"p": "2"}, headers=JSON)).json()
    clock.now_s += 1
    last = str(first["total"] // 20 + 2)
    beyond = await client.get(search(setlistfm), params={"p": last}, headers=JSON)

    assert first["total"] > len(first["setlist"]) == 20
    assert (first["page"], second["page"]) == (1, 2)
    assert first["setlist"][0] != second["setlist"][0]
    assert beyond.status_code == 404


@pytest.mark.parametrize("key", [{}, {"x-api-key": "wrong"}])
async def test_without_the_key_it_is_forbidden(
    setlistfm: StandIn, client: httpx.AsyncClient, key: dict[str, str]
) -> None:
    said = await client.get(search(setlistfm), headers=key | {"Accept": "application/json"})

    assert (said.status_code, said.json()) == (403, {"message": "Forbidden"})


async def test_it_speaks_xml_unless_asked_for_json(
    setlistfm: StandIn, client: httpx.AsyncClient, world: World, event: Event
) -> None:
    asked = night(world, event)
    said = await client.get(search(setlistfm), params=asked, headers={"x-api-key": "demo"})

    assert said.headers["content-type"] == "application/xml"
    assert said.text.startswith("<?xml")


async def test_two_a_second_and_no_more(
    setlistfm: StandIn, client: httpx.AsyncClient, clock: Clock
) -> None:
    asked = [await client.get(search(setlistfm), headers=JSON) for _ in range(3)]
    clock.now_s += 1
    later = await client.get(search(setlistfm), headers=JSON)

    assert [one.status_code for one in asked] == [200, 200, 429]
    assert later.status_code == 200


async def test_a_day_has_its_number(land: Outside, client: httpx.AsyncClient, clock: Clock) -> None:
    service = SetlistFm(land, per_second=100, per_day=3, clock=clock)
    async with serving(service) as opened:
        asked = [await client.get(search(opened), headers=JSON) for _ in range(4)]
        clock.now_s += 86_400
        tomorrow = await client.get(search(opened), headers=JSON)

    assert [one.status_code for one in asked] == [200, 200, 200, 429]
    assert asked[-1].json() == {"message": "Limit Exceeded"}
    assert tomorrow.status_code == 200
    assert service.spent == 1


async def test_what_was_entered_later_isnt_there_yet(
    setlistfm: StandIn, service: SetlistFm, client: httpx.AsyncClient, world: World, event: Event
) -> None:
    asked = night(world, event)
    service.today = event.on - timedelta(days=1)
    before = await client.get(search(setlistfm), params=asked, headers=JSON)
    service.today = world.shows.today
    after = await client.get(search(setlistfm), params=asked, headers=JSON)

    assert (before.status_code, after.status_code) == (404, 200)


async def test_artists_and_venues_are_found_by_name(
    setlistfm: StandIn, client: httpx.AsyncClient, event: Event
) -> None:
    name = event.bill[-1].name
    base = f"{setlistfm.url}/rest/1.0"
    asked = {"artistName": name.upper()}
    artists = await client.get(f"{base}/search/artists", params=asked, headers=JSON)
    one = await client.get(f"{base}/setlist/{event.setlist_ids[0]}", headers=JSON)

    assert name in [found["name"] for found in artists.json()["artist"]]
    assert one.json()["id"] == event.setlist_ids[0]


async def test_what_is_no_date_is_refused(setlistfm: StandIn, client: httpx.AsyncClient) -> None:
    said = await client.get(search(setlistfm), params={"date": "2025-04-27"}, headers=JSON)

    assert said.status_code == 400
