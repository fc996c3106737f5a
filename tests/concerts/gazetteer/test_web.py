"""Type-ahead over HTTP, and what administrators have forgotten."""

from typing import Any

import pytest

from backline.accounts.users import setup_token
from backline.concerts.gazetteer import naming
from backline.concerts.gazetteer.grid import CITIES
from backline.concerts.gazetteer.sql import cities as cities_sql
from backline.concerts.outside import overpass, setlistfm
from backline.concerts.outside import sql as outside_sql
from tests.concerts.gazetteer.conftest import CITY_ROWS, keep, venue
from tests.platform.jobs.working import value
from tests.support.api import PASSWORD, Api
from tests.support.things import Person


async def names(person: Person, path: str, **query: str) -> list[str]:
    answer = await person.client.get(f"/api/v1{path}", params=query)
    assert answer.status_code == 200, answer.text
    return [one["name"] for one in answer.json()["items"]]


async def test_venues_are_offered_as_somebody_types(api: Api, ada: Person) -> None:
    await keep(
        api.platform.database,
        venue("Academy of Music", 52.51, 13.41, capacity=900),
        venue("O2 Academy Brixton", 51.4651, -0.1149),
    )

    assert set(await names(ada, "/venues", q="acad")) == {"Academy of Music", "O2 Academy Brixton"}
    near = {"near": "51.46,-0.11"}
    assert await names(ada, "/venues", q="acad", **near) == [
        "O2 Academy Brixton", "Academy of Music",
    ]  # fmt: skip
    assert await names(ada, "/venues", **near) == ["O2 Academy Brixton"]
    assert await names(ada, "/venues") == []
    (found,) = (await ada.get("/venues?near=52.51,13.41")).json()["items"]
    assert (found["capacity"], found["distance_m"], found["city"]) == (900, 0, "")


async def test_a_venue_that_is_new_is_offered_at_once(api: Api, ada: Person) -> None:
    assert await names(ada, "/venues", q="so36") == []

    await keep(api.platform.database, venue("SO36", 52.50039, 13.42226))

    assert await names(ada, "/venues", q="so36") == ["SO36"]


async def test_cities_are_offered_as_somebody_types(api: Api, ada: Person) -> None:
    async with api.platform.database.write() as tx:
        await cities_sql.add(tx, [(*row, CITIES.cell(row[5], row[6])) for row in CITY_ROWS])
        await cities_sql.add_names(tx, [(naming.typed(r[1]), r[0], r[7]) for r in CITY_ROWS])

    assert await names(ada, "/cities", q="ber") == ["Berlin"]
    assert (await names(ada, "/cities", near="52.4,13.07"))[:2] == ["Potsdam", "Werder"]
    (found,) = (await ada.get("/cities?q=funa&near=-8.5,-179.99")).json()["items"]
    assert found["distance_m"] < 5_000
    assert (found["zone"], found["country_code"]) == ("Pacific/Funafuti", "TV")


@pytest.mark.parametrize("near", ["52.5", "52.5,13.4,1", "x,y", "91,0", "nan,0", "0,181"])
async def test_what_is_no_place_is_refused(api: Api, ada: Person, near: str) -> None:
    for path in ("/venues", "/cities"):
        answer = await ada.client.get(f"/api/v1{path}", params={"q": "so", "near": near})

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "near"


async def test_strangers_are_offered_nothing(api: Api) -> None:
    stranger = Person(api, "eve@example.org")

    answer = await stranger.client.get("/api/v1/venues", params={"q": "so"})

    assert answer.status_code == 401


async def administrator(api: Api) -> Person:
    person = Person(api, "root@example.org")
    token = await setup_token(api.platform.database)
    form: dict[str, Any] = {"token": token, "email": person.email, "password": PASSWORD}
    await person.client.post("/api/v1/auth/setup", json={**form, "name": "Root"})
    await person.sign_in()
    return person


async def test_an_administrator_has_what_was_said_of_venues_forgotten(
    api: Api, ada: Person
) -> None:
    root = await administrator(api)
    async with api.platform.database.write() as tx:
        for kind in (setlistfm.VENUES, setlistfm.SETLISTS, overpass.KIND):
            await outside_sql.keep(tx, kind, "x", b"{}", 3600)

    refused = await ada.client.post("/api/v1/admin/venues/forget")
    left = await value(api.platform.database, "SELECT count(*) FROM outside_answers")
    done = await root.client.post("/api/v1/admin/venues/forget")

    assert (refused.status_code, left) == (403, 3)
    assert (done.status_code, done.json()) == (200, {"count": 2})
    kinds = "SELECT array_agg(kind) FROM outside_answers"
    assert await value(api.platform.database, kinds) == [setlistfm.SETLISTS]
    told = "SELECT count(*) FROM audit WHERE action = 'venues.forget'"
    assert await value(api.platform.database, told) == 1
