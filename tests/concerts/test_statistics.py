"""A history in figures: every change is in them, and nobody else's concerts are."""

from typing import Any
from uuid import uuid4

from backline.concerts.sql.statistics import _FIGURES
from backline.platform.database import Database
from tests.support.api import Api
from tests.support.plans import plan, spread
from tests.support.things import Person

SO36 = {"name": "SO36", "city": "Berlin", "country_code": "DE"}
LIDO = {"name": "Lido", "city": "berlin", "country_code": "DE"}
PARADISO = {"name": "Paradiso", "city": "Amsterdam", "country_code": "NL"}


async def made(person: Person, **form: Any) -> dict[str, Any]:
    return (await person.post("/concerts", json=form)).json()


async def figures(person: Person) -> dict[str, Any]:
    return (await person.get("/concerts/statistics")).json()


async def test_nothing_is_counted_before_the_first_concert(ada: Person) -> None:
    found = await figures(ada)

    assert found["concert_count"] == found["artist_count"] == 0
    assert found["weekdays"] == [0] * 7
    assert found["years"] == found["artists"] == found["cities"] == []


async def test_concerts_are_counted_by_every_measure(ada: Person, api: Api) -> None:
    low, bjork = {"name": "Low"}, {"name": "Björk"}
    await made(ada, held_on="2019-05-03", venue=SO36, bill=[low])  # a Friday
    await made(ada, held_on="2019-05-04", venue=SO36, bill=[low, bjork])
    await made(ada, held_on="2021-05-07", venue=LIDO, bill=[low])
    gone = await made(ada, held_on="2022-01-01", venue=PARADISO, bill=[bjork])
    await ada.client.delete(f"/api/v1/concerts/{gone['id']}")
    other = Person(api, "bob@example.org")
    await other.sign_in()
    await made(other, held_on="2018-01-01", venue=PARADISO)

    found = await figures(ada)

    assert found["concert_count"] == 3
    assert (found["artist_count"], found["venue_count"], found["city_count"]) == (2, 2, 1)
    assert found["years"] == [{"year": 2019, "count": 2}, {"year": 2021, "count": 1}]
    assert found["weekdays"] == [0, 0, 0, 0, 2, 1, 0]
    assert [(one["name"], one["count"]) for one in found["artists"]] == [("Low", 3), ("Björk", 1)]
    assert [(one["name"], one["city"], one["count"]) for one in found["venues"]] == [
        ("SO36", "Berlin", 2),
        ("Lido", "berlin", 1),
    ]
    assert found["cities"] == [{"city": "Berlin", "country_code": "DE", "count": 3}]
    assert found["countries"] == [{"country_code": "DE", "count": 3}]


async def test_figures_follow_a_change(ada: Person) -> None:
    one = await made(ada, held_on="2019-05-03", venue=SO36, bill=[{"name": "Low"}])
    before = await figures(ada)
    await ada.client.patch(
        f"/api/v1/concerts/{one['id']}", json={"held_on": "2020-05-04", "venue": PARADISO}
    )

    after = await figures(ada)

    assert before["years"] == [{"year": 2019, "count": 1}]
    assert after["years"] == [{"year": 2020, "count": 1}]
    assert after["countries"] == [{"country_code": "NL", "count": 1}]


async def test_figures_look_into_one_partition(database: Database) -> None:
    said = await plan(database, _FIGURES, (uuid4(), 20))

    assert spread(said) == {}
