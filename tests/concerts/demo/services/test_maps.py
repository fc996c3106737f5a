"""The stand-ins for Overpass and Nominatim: manners, remarks, strings, errors within a 200."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from backline.concerts.demo.services.nominatim import Nominatim
from backline.concerts.demo.services.overpass import Overpass
from backline.concerts.demo.services.server import StandIn, serving
from tests.concerts.demo.services.conftest import Clock
from tests.concerts.truth.outside import Outside
from tests.concerts.truth.shapes import Venue
from tests.concerts.truth.world import World
from tests.support.waiting import until

AMENITIES = "music_venue|nightclub|theatre|concert_hall|arts_centre|events_venue|stage"
REVERSE = {"format": "jsonv2", "zoom": "18", "addressdetails": "1", "extratags": "1",
           "namedetails": "1"}  # fmt: skip


@pytest.fixture
async def overpass(land: Outside, clock: Clock) -> AsyncIterator[StandIn]:
    async with serving(Overpass(land, clock=clock)) as opened:
        yield opened


@pytest.fixture
async def nominatim(land: Outside, clock: Clock) -> AsyncIterator[StandIn]:
    async with serving(Nominatim(land, clock=clock)) as opened:
        yield opened


def venue(world: World, kind: str = "", *, is_way: bool = False) -> Venue:
    return next(
        one
        for one in world.lookups.venues
        if kind in {"", one.kind} and one.osm_id.startswith("way/" if is_way else "node/")
    )


async def ask(
    overpass: StandIn, client: httpx.AsyncClient, filters: str, at: Venue
) -> httpx.Response:
    query = (
        f"[out:json][timeout:10];nwr(around:300,{at.latitude},{at.longitude}){filters};"
        "out center tags;"
    )
    return await client.post(f"{overpass.url}/api/interpreter", data={"data": query})


async def test_overpass_finds_nodes_and_ways_with_a_centre(
    overpass: StandIn, client: httpx.AsyncClient, world: World
) -> None:
    node = venue(world, "music_venue")
    park = venue(world, "park", is_way=True)
    points = (await ask(overpass, client, f'["amenity"~"^({AMENITIES})$"]', node)).json()
    areas = (await ask(overpass, client, '["leisure"~"stadium|bandstand|park"]', park)).json()

    found = next(one for one in points["elements"] if f"node/{one['id']}" == node.osm_id)
    assert (found["lat"], found["lon"]) == (node.latitude, node.longitude)
    assert found["tags"] == {"amenity": "music_venue", "name": node.name} | found["tags"]
    area = next(one for one in areas["elements"] if f"way/{one['id']}" == park.osm_id)
    assert area["center"] == {"lat": park.latitude, "lon": park.longitude}
    assert "lat" not in area


async def test_overpass_tells_old_and_other_names(
    overpass: StandIn, client: httpx.AsyncClient, world: World
) -> None:
    named = next(one for one in world.lookups.venues if one.old_names and one.kind != "park")
    key = "leisure" if named.kind == "stadium" else "amenity"
    said = await ask(overpass, client, f'["{key}"]', named)

    tags = [one["tags"] for one in said.json()["elements"]]
    assert named.old_names[0] in [one.get("old_name") for one in tags]


async def test_overpass_hides_a_failure_in_a_200(
    overpass: StandIn, client: httpx.AsyncClient, world: World
) -> None:
    overpass.spoil("broken")
    said = await ask(overpass, client, '["amenity"]', venue(world))

    assert said.status_code == 200
    assert said.json()["elements"] == []
    assert said.json()["remark"].startswith("runtime error")


async def test_overpass_wants_to_know_who_asks(
    overpass: StandIn, client: httpx.AsyncClient, world: World
) -> None:
    client.headers["User-Agent"] = "python-httpx/0.28"

    assert (await ask(overpass, client, '["amenity"]', venue(world))).status_code == 406


async def test_overpass_answers_one_at_a_time_and_then_wants_30_s_of_peace(
    overpass: StandIn, client: httpx.AsyncClient, world: World, clock: Clock
) -> None:
    overpass.hold()
    asked = [ask(overpass, client, '["amenity"]', venue(world)) for _ in range(2)]
    together = asyncio.gather(*asked)
    await until(lambda: len(overpass.asked) == 2)
    overpass.release()
    first = await together
    clock.now_s += 29
    soon = await ask(overpass, client, '["amenity"]', venue(world))
    clock.now_s += 31
    later = await ask(overpass, client, '["amenity"]', venue(world))

    assert sorted(one.status_code for one in first) == [200, 429]
    assert (soon.status_code, later.status_code) == (429, 200)


async def test_overpass_is_too_busy_on_demand_and_refuses_nonsense(
    overpass: StandIn, client: httpx.AsyncClient, world: World
) -> None:
    overpass.spoil("unavailable")
    busy = await ask(overpass, client, '["amenity"]', venue(world))
    nonsense = await client.post(f"{overpass.url}/api/interpreter", content="[out:json];what;")

    assert (busy.status_code, nonsense.status_code) == (504, 400)
    assert busy.headers["content-type"].startswith("text/html")


async def test_nominatim_speaks_in_strings(
    nominatim: StandIn, client: httpx.AsyncClient, world: World
) -> None:
    at = venue(world, "nightclub")
    asked = REVERSE | {"lat": str(at.latitude), "lon": str(at.longitude)}
    found = (await client.get(f"{nominatim.url}/reverse", params=asked)).json()

    assert found["lat"] == f"{at.latitude:.7f}"
    assert (found["category"], found["type"]) == ("amenity", "nightclub")
    assert found["namedetails"]["name"] == at.name
    assert found["address"]["country_code"].islower()


async def test_nominatim_fails_within_a_200(nominatim: StandIn, client: httpx.AsyncClient) -> None:
    said = await client.get(f"{nominatim.url}/reverse", params=REVERSE | {"lat": "0", "lon": "-30"})

    assert (said.status_code, said.json()) == (200, {"error": "Unable to geocode"})


async def test_nominatim_answers_once_a_second(
    nominatim: StandIn, client: httpx.AsyncClient, clock: Clock
) -> None:
    asked = REVERSE | {"lat": "0", "lon": "-30"}
    statuses = [
        (await client.get(f"{nominatim.url}/reverse", params=asked)).status_code for _ in "ab"
    ]
    clock.now_s += 1
    later = await client.get(f"{nominatim.url}/reverse", params=asked)

    assert statuses == [200, 429]
    assert later.status_code == 200


async def test_nominatim_wants_a_point_and_a_name(
    nominatim: StandIn, client: httpx.AsyncClient
) -> None:
    pointless = await client.get(f"{nominatim.url}/reverse", params=REVERSE)
    client.headers["User-Agent"] = "curl/8.5"
    nameless = await client.get(f"{nominatim.url}/reverse", params=REVERSE)

    assert (pointless.status_code, nameless.status_code) == (400, 403)
