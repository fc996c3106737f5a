"""Photos become a history: sure ones by themselves, others as reviews; nothing twice or lost."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace

from backline.concerts import upkeep
from backline.concerts.demo.services.known import City
from backline.concerts.gazetteer import venues
from backline.concerts.gazetteer.grid import CITIES
from backline.concerts.gazetteer.sql import cities as cities_sql
from backline.concerts.outside import sql as outside_sql
from backline.concerts.outside.setlistfm import SERVICE
from tests.concerts.nights import (
    CELLAR,
    MEADOW,
    MILL,
    Nights,
    concerts,
    judged,
    mapped,
    named,
    night,
    reviews,
    show,
    somebody,
    standing,
    wall,
    world,
)

pytestmark = pytest.mark.slow

DAY = date(2023, 11, 3)
EVENING = wall(DAY, 20, 15)
# Nearer to the Old Mill than the middle of Berlin is, and cities of their own to GeoNames.
DISTRICTS = [
    (number, name, "DE", "16", "Europe/Berlin", *at, people, CITIES.cell(*at))
    for number, name, at, people in (
        (2885657, "Kreuzberg", (52.4997, 13.4234), 153_135),
        (2925192, "Friedrichshain", (52.5085, 13.4500), 114_050),
        (2957890, "Alt-Treptow", (52.4927, 13.4500), 15_300),
        (2855598, "Pankow", (52.5693, 13.4019), 55_854),
    )
]
PANKOW = City(2855598, "Pankow", "DE", "Germany", 52.5693, 13.4019)


async def test_an_evening_becomes_a_concert_with_its_openers(dsn: str, tmp_path: Path) -> None:
    land = Nights(show("Northern Line", DAY, songs=14), show("Small Hours", DAY, songs=6))
    async with world(dsn, tmp_path, land) as (api, _):
        ada = await somebody(api)
        photos = await night(ada, EVENING)
        await judged(api)
        [listed] = await concerts(ada)
        concert = (await ada.get(f"/concerts/{listed['id']}")).json()
        state = await standing(ada)
        shown = (await ada.get(f"/concerts/{listed['id']}/photos?limit=100")).json()["items"]

    assert named(concert) == ["Small Hours", "Northern Line"]
    assert [one["headliner"] for one in concert["bill"]] == [False, True]
    assert concert["bill"][1]["setlist_url"].startswith("https://www.setlist.fm/setlist/")
    assert (concert["held_on"], concert["source"], concert["edited"]) == (
        str(DAY),
        "automatic",
        False,
    )
    assert (concert["venue"]["name"], concert["venue"]["city"]) == ("Old Mill", "Berlin")
    assert concert["venue"]["location"] is not None
    assert concert["zone"] == "Europe/Berlin"
    assert concert["confidence"] >= 0.85
    assert concert["reasons"]
    assert [one["id"] for one in shown] == photos
    assert (state["waiting"], state["reviews"], state["waits_for"]) == (0, 0, None)
    assert state["budget"]["left"] == state["budget"]["per_day"] - 1


async def test_a_show_in_a_district_is_filed_under_its_city(dsn: str, tmp_path: Path) -> None:
    land = Nights(show("Northern Line", DAY))
    async with world(dsn, tmp_path, land) as (api, _):
        async with api.platform.database.write() as tx:
            await cities_sql.add(tx, DISTRICTS)
        ada = await somebody(api)
        await night(ada, EVENING)
        await judged(api)
        [concert] = await concerts(ada)

    assert named(concert) == ["Northern Line"]


async def test_a_show_filed_under_another_part_of_the_city_is_found_by_its_venue(
    dsn: str, tmp_path: Path
) -> None:
    land = Nights(show("Northern Line", DAY, replace(MILL, city=PANKOW)))
    async with world(dsn, tmp_path, land) as (api, stand_in):
        async with api.platform.database.write() as tx:
            await cities_sql.add(tx, DISTRICTS)
        ada = await somebody(api)
        await night(ada, EVENING)
        await judged(api)
        [concert] = await concerts(ada)

    assert (named(concert), concert["venue"]["city"]) == (["Northern Line"], "Pankow")
    assert "old mill" in {one.query.get("venueName") for one in stand_in.asked}
    assert str(PANKOW.geonames_id) not in {one.query.get("cityId") for one in stand_in.asked}


async def test_a_show_is_not_taken_from_a_namesake_in_the_town_that_it_is_filed_under(
    dsn: str, tmp_path: Path
) -> None:
    there = replace(MILL, osm_id="node/9", latitude=52.5690, longitude=13.4030, city=PANKOW)
    land = Nights(show("Northern Line", DAY, there))
    async with world(dsn, tmp_path, land) as (api, stand_in):
        async with api.platform.database.write() as tx:
            await cities_sql.add(tx, DISTRICTS)
            await venues.keep(tx, [mapped(there)], imported=True)
        ada = await somebody(api)
        await night(ada, EVENING)
        await judged(api)
        found = await concerts(ada), await reviews(ada)

    assert found == ([], [])
    assert "old mill" in {one.query.get("venueName") for one in stand_in.asked}


async def test_nobody_is_asked_about_an_evening_without_a_venue_around(
    dsn: str, tmp_path: Path
) -> None:
    at_home = replace(MILL, latitude=52.5480, longitude=13.3540)
    async with world(dsn, tmp_path, Nights(show("Northern Line", DAY))) as (api, stand_in):
        ada = await somebody(api)
        await night(ada, EVENING, at_home)
        await judged(api)
        state = await standing(ada)

    assert (state["waiting"], stand_in.asked) == (0, [])


async def test_after_midnight_it_is_the_evening_before(dsn: str, tmp_path: Path) -> None:
    land = Nights(show("Northern Line", DAY), show("Other Band", DAY + timedelta(days=1)))
    async with world(dsn, tmp_path, land) as (api, _):
        ada = await somebody(api)
        await night(ada, wall(DAY + timedelta(days=1), 0, 10), minutes=70)
        await judged(api)
        [concert] = await concerts(ada)

    assert (concert["held_on"], named(concert)) == (str(DAY), ["Northern Line"])


async def test_two_days_of_many_are_one_festival(dsn: str, tmp_path: Path) -> None:
    days = [date(2024, 5, 25), date(2024, 5, 26)]
    land = Nights(*(show(f"Band {day.day} {n}", day, MEADOW) for day in days for n in range(4)))
    async with world(dsn, tmp_path, land) as (api, _):
        ada = await somebody(api)
        for day in days:
            await night(ada, wall(day, 17, 30), MEADOW, minutes=170)
        await judged(api)
        [concert] = await concerts(ada)

    assert concert["festival"]
    assert (concert["held_on"], concert["ends_on"]) == ("2024-05-25", "2024-05-26")
    assert len(concert["bill"]) == 8
    assert concert["photo_count"] == 18


async def test_two_clubs_next_door_are_for_a_person(dsn: str, tmp_path: Path) -> None:
    land = Nights(show("Northern Line", DAY), show("Other Band", DAY, CELLAR))
    async with world(dsn, tmp_path, land) as (api, _):
        ada = await somebody(api)
        await night(ada, EVENING)
        await judged(api)
        [review] = await reviews(ada)
        none = await concerts(ada)
        second = review["candidates"][1]
        found = (
            await ada.post(
                f"/concerts/reviews/{review['id']}/accept", json={"candidate": second["key"]}
            )
        ).json()
        [concert] = await concerts(ada)

    assert none == []
    assert {named(one)[0] for one in review["candidates"]} == {"Northern Line", "Other Band"}
    assert found["state"] == "matched"
    assert (named(concert), concert["source"]) == (named(second), "review")


async def test_without_a_place_one_s_own_concert_is_found(dsn: str, tmp_path: Path) -> None:
    async with world(dsn, tmp_path, Nights(show("Northern Line", DAY))) as (api, stand_in):
        ada = await somebody(api)
        form = {"held_on": str(DAY), "bill": [{"name": "Northern Line"}]}
        made = (await ada.post("/concerts", json=form)).json()
        await night(ada, EVENING, None)
        await night(ada, EVENING - timedelta(days=5), None)
        await judged(api)
        [concert] = await concerts(ada)

    assert (concert["id"], concert["photo_count"], concert["source"]) == (made["id"], 9, "person")
    assert stand_in.asked == []


async def test_what_a_person_did_stays(dsn: str, tmp_path: Path) -> None:
    land = Nights(show("Northern Line", DAY))
    async with world(dsn, tmp_path, land) as (api, _):
        ada = await somebody(api)
        first = await night(ada, EVENING)
        await judged(api)
        [concert] = await concerts(ada)
        path = f"/api/v1/concerts/{concert['id']}"
        await ada.client.patch(path, json={"bill": [{"name": "Somebody else"}]})
        await ada.post(f"/concerts/{concert['id']}/photos/remove", json={"photo_ids": first[:1]})
        await night(ada, EVENING + timedelta(minutes=100), count=3, minutes=10)
        await judged(api)
        [edited] = await concerts(ada)
        await ada.client.delete(path)
        await night(ada, EVENING + timedelta(minutes=120), count=3, minutes=10)
        await judged(api)
        left = await concerts(ada)

    assert named(edited) == ["Somebody else"]
    assert edited["photo_count"] == 8 + 3
    assert left == []


async def test_a_photo_moved_in_time_leaves_its_concert(dsn: str, tmp_path: Path) -> None:
    async with world(dsn, tmp_path, Nights(show("Northern Line", DAY))) as (api, _):
        ada = await somebody(api)
        photos = await night(ada, EVENING, count=9, gps_at=EVENING - timedelta(hours=1))
        await judged(api)
        [before] = await concerts(ada)
        for one in photos:
            patch = {"taken_at": "2023-11-20T20:00:00"}
            await ada.client.patch(f"/api/v1/photos/{one}", json=patch)
        await judged(api)
        after = await concerts(ada)

    assert before["photo_count"] == 9
    assert after == []


async def test_a_service_that_is_down_is_waited_for(dsn: str, tmp_path: Path) -> None:
    async with world(dsn, tmp_path, Nights(show("Northern Line", DAY))) as (api, stand_in):
        ada = await somebody(api)
        await night(ada, EVENING)
        stand_in.spoil(*["unavailable"] * 5)
        await judged(api)
        waiting = await standing(ada)
        none = await concerts(ada)
        async with api.platform.database.write() as tx:
            await tx.execute("UPDATE outside_services SET rests_until = NULL")
        api.web.parts["concerts"].outside.setlistfm._asker._client._breakers.clear()
        stand_in._faults.clear()
        await ada.post("/concerts/matching")
        await judged(api)
        done = await standing(ada)
        [concert] = await concerts(ada)

    assert (waiting["waiting"], none) == (1, [])
    assert "setlist.fm" in waiting["waits_for"]
    assert waiting["waits_until"]
    assert (done["waiting"], done["waits_for"]) == (0, None)
    assert named(concert) == ["Northern Line"]


async def test_an_empty_budget_is_told_with_a_date(dsn: str, tmp_path: Path) -> None:
    land = Nights(show("Northern Line", DAY))
    async with world(dsn, tmp_path, land, BACKLINE_SETLISTFM_PER_DAY="1") as (api, stand_in):
        ada = await somebody(api)
        await night(ada, EVENING)
        await night(ada, EVENING + timedelta(days=30))
        await night(ada, EVENING + timedelta(days=60))
        await judged(api)
        state = await standing(ada)
        async with api.platform.database.read() as read:
            charged = sum(one.charged for one in await outside_sql.charges(read, SERVICE))

    assert len(stand_in.asked) == charged == 1
    assert state["waiting"] >= 2
    assert state["budget"] == {"per_day": 1, "left": 0}
    assert state["expected_on"] > str(datetime.now(UTC).date())


async def test_a_full_history_waits_for_room(dsn: str, tmp_path: Path) -> None:
    days = [DAY, DAY + timedelta(days=30)]
    land = Nights(*(show("Northern Line", day) for day in days))
    async with world(dsn, tmp_path, land, BACKLINE_CONCERTS_PER_ACCOUNT="1") as (api, _):
        ada = await somebody(api)
        for n in (0, 30):
            await night(ada, EVENING + timedelta(days=n))
        await judged(api)
        full, [concert] = await standing(ada), await concerts(ada)
        await ada.client.delete(f"/api/v1/concerts/{concert['id']}")
        await ada.post("/concerts/matching")
        await judged(api)
        later, [other] = await standing(ada), await concerts(ada)

    assert (full["full"], full["waiting"], full["concerts"]) == (True, 1, 1)
    assert (later["full"], later["waiting"]) == (False, 0)
    assert other["held_on"] != concert["held_on"]


async def test_without_a_key_nothing_is_lost(dsn: str, tmp_path: Path) -> None:
    land = Nights(show("Northern Line", DAY))
    async with world(dsn, tmp_path, land, BACKLINE_SETLISTFM_KEY="") as (api, stand_in):
        ada = await somebody(api)
        await night(ada, EVENING)
        await judged(api)
        state = await standing(ada)

    assert stand_in.asked == []
    assert (state["waiting"], state["budget"]) == (1, None)
    assert "no key" in state["waits_for"]


async def test_people_ask_once_for_the_same_night(dsn: str, tmp_path: Path) -> None:
    async with world(dsn, tmp_path, Nights(show("Northern Line", DAY))) as (api, stand_in):
        people = [await somebody(api, f"{name}@example.org") for name in ("ada", "ben", "cleo")]
        for person in people:
            await night(person, EVENING, MILL)
        await judged(api)
        found = [await concerts(person) for person in people]

    assert [named(one) for [one] in found] == [["Northern Line"]] * 3
    assert len(stand_in.asked) == 1


async def test_one_evening_s_sessions_bear_each_other_out(dsn: str, tmp_path: Path) -> None:
    async with world(dsn, tmp_path, Nights(show("Northern Line", DAY))) as (api, _):
        ada = await somebody(api)
        await night(ada, wall(DAY, 19), count=9, minutes=60)
        await night(ada, wall(DAY + timedelta(days=1), 0, 30), count=1)
        await judged(api)
        [concert] = await concerts(ada)
        left = await reviews(ada)

    assert concert["photo_count"] == 10
    assert left == []


async def test_an_ended_account_stops_it(dsn: str, tmp_path: Path) -> None:
    async with world(dsn, tmp_path, Nights(show("Northern Line", DAY))) as (api, stand_in):
        ada = await somebody(api)
        await night(ada, EVENING)
        await upkeep.forget(api.platform.database, api.platform.storage, UUID(ada.id))
        await judged(api)
        async with api.platform.database.read() as read:
            left = await read.fetch_value(LEFT)

    assert (left, stand_in.asked) == (0, [])


LEFT = """
SELECT (SELECT count(*) FROM photos) + (SELECT count(*) FROM concerts)
  + (SELECT count(*) FROM photo_sessions) + (SELECT count(*) FROM histories)
"""


async def test_what_nobody_cut_is_cut_at_night(dsn: str, tmp_path: Path) -> None:
    async with world(dsn, tmp_path, Nights(show("Northern Line", DAY))) as (api, _):
        ada = await somebody(api)
        await night(ada, EVENING)
        async with api.platform.database.write() as tx:
            await tx.execute("DELETE FROM jobs")
        await upkeep.repair(api.platform.database, api.platform.storage)
        await judged(api)
        found = await concerts(ada)

    assert [named(one) for one in found] == [["Northern Line"]]


async def test_shows_that_come_later_are_found_later(dsn: str, tmp_path: Path) -> None:
    land = Nights()
    async with world(dsn, tmp_path, land) as (api, _):
        ada = await somebody(api)
        await night(ada, EVENING)
        await judged(api)
        before = (await concerts(ada), await standing(ada))
        land.all.append(show("Northern Line", DAY))
        async with api.platform.database.write() as tx:
            await tx.execute("DELETE FROM outside_answers")
            await tx.execute("UPDATE photo_sessions SET look_at = now() WHERE look_at < $1", LATER)
        await upkeep.repair(api.platform.database, api.platform.storage)
        await judged(api)
        [concert] = await concerts(ada)

    assert (before[0], before[1]["waiting"]) == ([], 0)
    assert named(concert) == ["Northern Line"]


LATER = datetime.now(UTC) + timedelta(days=2)
