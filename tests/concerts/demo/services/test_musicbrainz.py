"""The stand-in for MusicBrainz: search, lookup, and 503 for whoever is too quick."""

from collections.abc import AsyncIterator

import httpx
import pytest

from backline.concerts.demo.services.musicbrainz import MusicBrainz
from backline.concerts.demo.services.server import StandIn, serving
from tests.concerts.demo.services.conftest import Clock
from tests.concerts.truth.outside import Outside


@pytest.fixture
async def musicbrainz(land: Outside, clock: Clock) -> AsyncIterator[StandIn]:
    async with serving(MusicBrainz(land, clock=clock)) as opened:
        yield opened


async def ask(
    musicbrainz: StandIn, client: httpx.AsyncClient, path: str, **query: str
) -> httpx.Response:
    return await client.get(f"{musicbrainz.url}/ws/2/{path}", params={"fmt": "json", **query})


async def test_an_artist_is_found_by_name_and_by_id(
    musicbrainz: StandIn, client: httpx.AsyncClient, land: Outside, clock: Clock
) -> None:
    artist = land.artists[0]
    found = (await ask(musicbrainz, client, "artist", query=f'artist:"{artist.name}"')).json()
    clock.now_s += 1
    one = (await ask(musicbrainz, client, f"artist/{artist.mbid}")).json()

    assert artist.mbid in [each["id"] for each in found["artists"]]
    assert one["name"] == artist.name


async def test_events_of_a_day(
    musicbrainz: StandIn, client: httpx.AsyncClient, land: Outside
) -> None:
    show = next(iter(land.shows(None, None)))
    query = f'event:"{show.artist.name}" AND begin:{show.on}'
    found = (await ask(musicbrainz, client, "event", query=query)).json()

    assert found["count"] == len(found["events"]) > 0
    assert {one["life-span"]["begin"] for one in found["events"]} == {show.on.isoformat()}


async def test_places_have_coordinates_in_strings(
    musicbrainz: StandIn, client: httpx.AsyncClient, land: Outside
) -> None:
    city = land.cities[0]
    place = next(iter(land.places(city.latitude, city.longitude, 20_000)))
    found = (await ask(musicbrainz, client, "place", query=f'place:"{place.tags["name"]}"')).json()

    assert str(place.latitude) in [one["coordinates"]["latitude"] for one in found["places"]]


async def test_once_a_second_and_503_beyond(
    musicbrainz: StandIn, client: httpx.AsyncClient, clock: Clock
) -> None:
    statuses = [(await ask(musicbrainz, client, "artist")).status_code for _ in "ab"]
    clock.now_s += 1
    later = await ask(musicbrainz, client, "artist")

    assert statuses == [200, 503]
    assert later.status_code == 200


async def test_xml_is_usual_and_nobody_is_refused(
    musicbrainz: StandIn, client: httpx.AsyncClient, clock: Clock
) -> None:
    usual = await client.get(f"{musicbrainz.url}/ws/2/artist")
    client.headers["User-Agent"] = ""
    nobody = await ask(musicbrainz, client, "artist")

    assert usual.headers["content-type"] == "application/xml"
    assert nobody.status_code == 403


async def test_unknown_ids_are_not_found(musicbrainz: StandIn, client: httpx.AsyncClient) -> None:
    said = await ask(musicbrainz, client, "artist/00000000-0000-4000-8000-000000000000")

    assert (said.status_code, said.json()["error"]) == (404, "Not Found")
