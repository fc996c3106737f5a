"""Concerts by hand: made, listed, found, changed, counted, deleted and restored; their owner's."""

from pathlib import Path
from typing import Any

import pytest

from backline.concerts.options import tiles_url
from tests.concerts.conftest import uploaded
from tests.support.api import Api, serving_api
from tests.support.photos import jpeg
from tests.support.things import Person

pytestmark = pytest.mark.slow

SO36 = {
    "name": "SO36",
    "city": "Berlin",
    "country_code": "DE",
    "location": {"latitude": 52.5003, "longitude": 13.4219},
}
PARADISO = {"name": "Paradiso", "city": "Amsterdam", "country_code": "NL"}


async def made(person: Person, **form: Any) -> dict[str, Any]:
    return (await person.post("/concerts", json={"held_on": "2024-05-01", **form})).json()


async def listed(person: Person, query: str = "") -> list[str]:
    return [one["id"] for one in (await person.get(f"/concerts{query}")).json()["items"]]


async def test_a_concert_by_hand_is_shown_whole(ada: Person) -> None:
    bill = [
        {"name": "The Openers", "songs": ["First", "Second"]},
        {"name": "Björk", "mbid": "87c5dedd-371d-4a53-9f7f-80522fb7f3cb", "headliner": True},
    ]

    answer = await ada.post(
        "/concerts",
        json={
            "held_on": "2024-05-01",
            "zone": "Europe/Berlin",
            "venue": SO36,
            "bill": bill,
            "notes": "Rain",
        },
    )
    concert = answer.json()

    assert answer.status_code == 201
    assert (concert["source"], concert["edited"], concert["photo_count"]) == ("person", False, 0)
    assert [one["name"] for one in concert["bill"]] == ["The Openers", "Björk"]
    assert concert["bill"][0]["songs"] == ["First", "Second"]
    assert concert["bill"][1]["headliner"]
    assert concert["venue"]["location"] == SO36["location"]
    assert (await ada.get(f"/concerts/{concert['id']}")).json() == concert


async def test_filters_sorts_and_words_find_concerts(ada: Person) -> None:
    first = await made(ada, held_on="2019-12-31", venue=SO36, bill=[{"name": "Björk"}])
    second = await made(
        ada, held_on="2020-01-01", venue=PARADISO, bill=[{"name": "Low"}, {"name": "björk"}]
    )
    third = await made(
        ada,
        held_on="2020-06-01",
        title="Mañana Fest",
        festival=True,
        bill=[{"name": "Low", "songs": ["Especially Me"]}],
    )
    ids = [one["id"] for one in (first, second, third)]
    bjork, low = first["bill"][0]["artist_id"], third["bill"][0]["artist_id"]

    assert second["bill"][1]["artist_id"] == bjork
    assert await listed(ada) == ids[::-1]
    assert await listed(ada, "?sort=held_on") == ids
    assert await listed(ada, "?sort=-created_at") == ids[::-1]
    assert await listed(ada, "?year=2020") == [ids[2], ids[1]]
    assert await listed(ada, f"?artist_id={bjork}") == [ids[1], ids[0]]
    assert await listed(ada, f"?artist_id={low}&year=2020&city=amsterdam") == [ids[1]]
    assert await listed(ada, f"?venue_id={first['venue']['id']}") == [ids[0]]
    assert await listed(ada, "?country=nl") == [ids[1]]
    assert await listed(ada, "?q=manana") == [ids[2]]
    assert await listed(ada, "?q=especial") == [ids[2]]
    assert await listed(ada, "?q=BJORK%20so36") == [ids[0]]
    assert await listed(ada, "?q=nobody") == []


@pytest.mark.parametrize("sort", ["-held_on", "held_on", "-created_at"])
async def test_pages_go_through_all_once(ada: Person, sort: str) -> None:
    ids = {(await made(ada, held_on=f"2024-05-0{day}"))["id"] for day in (1, 1, 2, 3, 3)}
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await ada.get(f"/concerts?limit=2&sort={sort}{cursor}")).json()
        seen += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert len(seen) == 5
    assert set(seen) == ids


async def test_counts_follow_every_change(ada: Person) -> None:
    concert = await made(ada, held_on="2019-05-01", venue=SO36, bill=[{"name": "Low"}])
    other = await made(ada, held_on="2019-06-01", venue=SO36, bill=[{"name": "Low"}])
    path = f"/api/v1/concerts/{concert['id']}"

    assert await figures(ada) == ({2019: 2}, {"Low": 2}, {"SO36": 2}, (["SO36"], 0))
    patch = {"held_on": "2020-05-01", "venue": PARADISO, "bill": [{"name": "Björk"}]}
    changed = await ada.client.patch(path, json=patch)
    assert changed.json()["edited"]
    assert await figures(ada) == (
        {2020: 1, 2019: 1},
        {"Björk": 1, "Low": 1},
        {"Paradiso": 1, "SO36": 1},
        (["SO36"], 1),
    )
    await ada.client.delete(path)
    assert await figures(ada) == ({2019: 1}, {"Low": 1}, {"SO36": 1}, (["SO36"], 0))
    assert await listed(ada) == [other["id"]]
    await ada.post(f"/concerts/{concert['id']}/restore")
    assert (await figures(ada))[0] == {2020: 1, 2019: 1}


async def figures(person: Person) -> tuple[Any, ...]:
    years = (await person.get("/concerts/timeline")).json()["years"]
    artists = (await person.get("/concerts/artists")).json()["items"]
    venues = (await person.get("/concerts/venues?sort=name")).json()["items"]
    found = (await person.get("/concerts/map")).json()
    return (
        {one["year"]: one["count"] for one in years},
        {one["name"]: one["concert_count"] for one in artists},
        {one["name"]: one["concert_count"] for one in venues},
        ([one["name"] for one in found["points"]], found["unplaced"]),
    )


async def test_artists_and_venues_have_pages_of_their_own(ada: Person) -> None:
    for day, name in (
        ("2019-05-01", "The Low"),
        ("2021-05-01", "The Low"),
        ("2020-01-01", "Ásgeir"),
    ):
        concert = await made(ada, held_on=day, venue=SO36, bill=[{"name": name}])
    artists = (await ada.get("/concerts/artists")).json()["items"]
    [found] = (await ada.get("/concerts/artists?q=asg")).json()["items"]
    [low] = (await ada.get("/concerts/artists?q=the")).json()["items"]
    artist = (await ada.get(f"/concerts/artists/{artists[0]['id']}")).json()
    venue = (await ada.get(f"/concerts/venues/{concert['venue']['id']}")).json()

    assert [one["name"] for one in artists] == ["The Low", "Ásgeir"]
    assert [(await ada.get("/concerts/artists?sort=name")).json()["items"][0]["name"]] == ["Ásgeir"]
    assert (found["name"], low["name"]) == ("Ásgeir", "The Low")
    assert (artist["first_on"], artist["last_on"]) == ("2019-05-01", "2021-05-01")
    assert (venue["venue"]["concert_count"], venue["first_on"]) == (3, "2019-05-01")


async def test_one_artist_has_one_entry_whatever_is_known_of_them(ada: Person) -> None:
    mbids = ["87c5dedd-371d-4a53-9f7f-80522fb7f3cb", "9282c8b4-ca0b-4c6b-b7e3-4f7762dfc4d6"]
    plain = await made(ada, bill=[{"name": "Nirvana"}])
    known = await made(ada, bill=[{"name": "NIRVANA", "mbid": mbids[0]}])
    other = await made(ada, bill=[{"name": "Nirvana", "mbid": mbids[1]}])
    renamed = await made(ada, bill=[{"name": "Nirvana (US)", "mbid": mbids[0]}])
    twice = await made(
        ada, bill=[{"name": "Nirvana", "mbid": mbids[1], "songs": [one]} for one in "ab"]
    )

    ids = [one["bill"][0]["artist_id"] for one in (plain, known, other, renamed, twice)]
    assert ids[0] == ids[1] == ids[3]
    assert ids[2] == ids[4] != ids[0]
    assert [one["songs"] for one in twice["bill"]] == [["a", "b"]]


async def test_a_patch_keeps_what_it_does_not_say(ada: Person) -> None:
    bill = [{"name": "Low", "songs": ["Especially Me"], "headliner": True}]
    concert = await made(ada, venue=SO36, bill=bill, notes="Rain")
    path = f"/api/v1/concerts/{concert['id']}"

    changed = (
        await ada.client.patch(path, json={"bill": [{"name": "Opener"}, {"name": "low"}]})
    ).json()
    stale = await ada.client.patch(path, json={"notes": "x"}, headers={"If-Match": '"1"'})
    without = (await ada.client.patch(path, json={"venue": None})).json()

    assert changed["bill"][1]["songs"] == ["Especially Me"]
    assert (changed["notes"], changed["version"]) == ("Rain", 2)
    assert stale.status_code == 412
    assert without["venue"] is None


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"held_on": "2150-01-01"}, "held_on"),
        ({"held_on": "1899-12-31"}, "held_on"),
        ({"ends_on": "2024-04-30"}, "ends_on"),
        ({"ends_on": "2024-08-01"}, "ends_on"),
        ({"zone": "Europe/Atlantis"}, "zone"),
        ({"bill": [{"name": " "}]}, "bill"),
        ({"venue": {"name": "x", "country_code": "de"}}, "venue"),
    ],
)
async def test_what_cannot_have_been_is_refused(
    ada: Person, form: dict[str, Any], field: str
) -> None:
    answer = await ada.client.post("/api/v1/concerts", json={"held_on": "2024-05-01", **form})

    assert answer.status_code in {400, 422}
    assert field in answer.text
    assert await listed(ada) == []


async def test_photos_are_moved_by_hand(ada: Person) -> None:
    concert, other = await made(ada), await made(ada)
    photos = [(await uploaded(ada, jpeg(seed=seed)))["id"] for seed in range(3)]

    await ada.post(f"/concerts/{other['id']}/photos", json={"photo_ids": photos})
    found = (await ada.post(f"/concerts/{concert['id']}/photos", json={"photo_ids": photos})).json()
    first = (await ada.get(f"/concerts/{concert['id']}/photos?limit=2")).json()
    rest = (
        await ada.get(f"/concerts/{concert['id']}/photos?limit=2&cursor={first['next_cursor']}")
    ).json()
    left = await ada.post(
        f"/concerts/{concert['id']}/photos/remove", json={"photo_ids": photos[:1]}
    )
    unknown = await ada.client.post(
        f"/api/v1/concerts/{other['id']}/photos/remove", json={"photo_ids": photos[1:]}
    )

    assert (found["photo_count"], found["cover"]["photo_id"]) == (3, photos[0])
    assert [one["id"] for one in (*first["items"], *rest["items"])] == photos
    assert left.json()["photo_count"] == 2
    assert unknown.status_code == 404
    assert (await ada.get(f"/concerts/{other['id']}")).json()["photo_count"] == 0


async def test_what_nobody_wants_back_goes(api: Api, ada: Person) -> None:
    from backline.concerts import upkeep

    concert = await made(ada, venue=SO36, bill=[{"name": "Low"}])
    photo = (await uploaded(ada, jpeg()))["id"]
    await ada.post(f"/concerts/{concert['id']}/photos", json={"photo_ids": [photo]})
    await ada.client.delete(f"/api/v1/concerts/{concert['id']}")
    async with api.platform.database.write() as tx:
        await tx.execute("UPDATE concerts SET deleted_at = now() - interval '1 hour'")

    await upkeep.repair(api.platform.database, api.platform.storage)

    answer = await ada.client.post(f"/api/v1/concerts/{concert['id']}/restore")
    async with api.platform.database.read() as read:
        left = await read.fetch_value(
            "SELECT (SELECT count(*) FROM concerts) + (SELECT count(*) FROM concert_bill)"
        )
        of_concert = await read.fetch_value("SELECT concert_id FROM photos")
    assert (answer.status_code, left, of_concert) == (404, 0, None)


async def test_an_ended_account_leaves_nothing(api: Api, ada: Person) -> None:
    from uuid import UUID

    from backline.concerts import upkeep

    await made(ada, venue=SO36, bill=[{"name": "Low"}])
    await upkeep.forget(api.platform.database, api.platform.storage, UUID(ada.id))

    async with api.platform.database.read() as read:
        assert await read.fetch_value(LEFT) == 0


LEFT = """
SELECT (SELECT count(*) FROM concerts) + (SELECT count(*) FROM concert_bill)
  + (SELECT count(*) FROM concert_artists) + (SELECT count(*) FROM concert_venues)
  + (SELECT count(*) FROM concert_counts) + (SELECT count(*) FROM photo_sessions)
  + (SELECT count(*) FROM histories)
"""


TILES = "https://tiles.example.org:8443/{z}/{x}/{y}.png?key=of-the-operator"


async def test_the_map_names_a_tile_server_and_lets_its_pictures_in(
    dsn: str, tmp_path: Path
) -> None:
    async with (
        serving_api(dsn, tmp_path, quiet=True, BACKLINE_MAP_TILES_URL=TILES) as api,
        await api.user("ada@example.org") as client,
    ):
        answer = await client.get("/api/v1/concerts/map")

    assert answer.json()["tiles"] == {"url": TILES, "credit": "© OpenStreetMap contributors"}
    policy = answer.headers["content-security-policy"]
    [images] = [rule for rule in policy.split("; ") if rule.startswith("img-src")]
    assert "https://tiles.example.org:8443" in images.split()


async def test_without_one_the_map_needs_nobody(ada: Person) -> None:
    assert (await ada.get("/concerts/map")).json()["tiles"] is None


@pytest.mark.parametrize(
    "url",
    [
        "https://tiles.example.org/{z}/{x}.png",
        "https://tiles.example.org/{z}/{x}/{y}/{y}.png",
        "https://{s}.tiles.example.org/{z}/{x}/{y}.png",
        "ftp://tiles.example.org/{z}/{x}/{y}.png",
        "/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}/{y}.png; script-src *",
    ],
)
def test_a_tile_server_that_cannot_be_one_is_told_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match=r"isn't an address|in its host"):
        tiles_url(url)
