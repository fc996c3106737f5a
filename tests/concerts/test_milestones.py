"""Milestones: told once, of what somebody lived of late, never of a past that is written down."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from backline.concerts.history import milestones
from tests.support.api import Api
from tests.support.things import Person

TODAY = datetime.now(UTC).date()
LIDO = {"name": "Lido", "city": "Berlin", "country_code": "DE"}


async def seen(person: Person, day: date, *names: str, **more: Any) -> str:
    form = {"held_on": str(day), "bill": [{"name": name} for name in names], **more}
    return (await person.post("/concerts", json=form)).json()["id"]


async def told(person: Person) -> list[tuple[str, str]]:
    items = (await person.get("/notifications")).json()["items"]
    return sorted((one["title"], one["path"]) for one in items)


async def quiet(api: Api) -> int:
    """Have every history be quiet, and milestones looked for; of how many."""
    async with api.platform.database.write() as tx:
        await tx.execute("UPDATE histories SET celebrate_at = celebrate_at - interval '1 hour'")
    return await milestones.celebrate(api.platform.database)


async def test_the_tenth_concert_is_told_once_it_is_quiet(api: Api, ada: Person) -> None:
    for back in range(1, 10):
        await seen(ada, TODAY - timedelta(days=100 * back))
    tenth = await seen(ada, TODAY, "Low", venue=LIDO)
    early = await milestones.celebrate(api.platform.database)
    before = await told(ada)

    first = await quiet(api)
    await seen(ada, TODAY, "Someone")
    again = await quiet(api)

    assert (early, before) == (0, [])
    assert (first, again) == (1, 1)
    assert await told(ada) == [("Low at Lido was your 10th concert", f"/concerts/{tenth}")]


async def test_a_past_that_is_written_down_tells_nothing(api: Api, ada: Person) -> None:
    for back in range(1, 13):
        await seen(ada, TODAY - timedelta(days=60 * back), "Low")
    assert await quiet(api) == 0

    await seen(ada, TODAY, "Someone")

    assert await quiet(api) == 1
    assert await told(ada) == []


async def test_an_artist_seen_for_the_fifth_time_is_told_once(api: Api, ada: Person) -> None:
    for back in range(1, 5):
        await seen(ada, TODAY - timedelta(days=60 * back), "Low")
    fifth = await seen(ada, TODAY, "Low", "Someone")
    await quiet(api)
    await ada.client.delete(f"/api/v1/concerts/{fifth}")
    await seen(ada, TODAY, "Low")
    await quiet(api)

    [(title, path)] = await told(ada)

    assert title == "You saw Low for the 5th time"
    assert path.startswith("/concerts/artists/")


async def test_a_year_ago_today_is_remembered_once(api: Api, ada: Person) -> None:
    day = date(2023, 6, 1)
    concert = await seen(ada, day, "Low", venue=LIDO)
    await seen(ada, date(2019, 6, 1), "Someone")
    await seen(ada, date(2023, 6, 2), "Nobody")
    database = api.platform.database

    for _ in range(2):
        await milestones.remember(database, date(2024, 6, 1))

    assert await told(ada) == [("A year ago today: Low at Lido", f"/concerts/{concert}")]


async def test_whoever_does_not_want_it_is_not_told(api: Api, ada: Person) -> None:
    await seen(ada, date(2023, 6, 1), "Low")
    off = {"kinds": {"concerts.anniversary": {"page": False, "mail": False}}}
    answer = await ada.client.patch("/api/v1/notifications/settings", json=off)

    await milestones.remember(api.platform.database, date(2024, 6, 1))

    assert answer.status_code == 200
    assert await told(ada) == []


def test_the_leap_day_is_remembered_in_every_year() -> None:
    assert date(2024, 2, 29) in milestones._days_before(date(2025, 2, 28))
    assert date(2024, 2, 28) in milestones._days_before(date(2025, 2, 28))
    assert milestones._days_before(date(2028, 2, 29)) == [date(2008, 2, 29)]
    assert milestones._days_before(date(2024, 3, 1)) == [
        date(year, 3, 1) for year in (2004, 2014, 2019, 2023)
    ]
