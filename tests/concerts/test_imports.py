"""Imports: tables read whatever they look like, told before anything is made, made, taken back."""

from pathlib import Path
from typing import Any

import pytest

from backline.concerts.engine import countries, days
from backline.concerts.engine.tables import NoTable, Table, read_table
from backline.concerts.imports import asking
from backline.concerts.imports.files import IMPORTS
from tests.concerts.conftest import worker
from tests.concerts.test_exports import finished, with_nights
from tests.platform.jobs.working import eventually
from tests.support.api import Api, serving_api
from tests.support.things import Person

pytestmark = pytest.mark.slow

TABLE = """Date;Band;Venue Name;City;Country;Comments;Mood
03.05.2019;Low;SO36;Berlin;Germany;"Two
lines";good
2019-05-03;The Opener;SO36;Berlin;DE;;
31.12.2019;Björk;Paradiso;Amsterdam;NL;;
someday;Nobody;;;;;
"""


def table_of(folder: Path, data: bytes) -> Table | NoTable:
    path = folder / "table.csv"
    path.write_bytes(data)
    return read_table(str(path))


async def brought(person: Person, data: bytes) -> str:
    files = {"file": ("table.csv", data)}
    return (await person.post("/concerts/imports", files=files)).json()["id"]


async def rested(person: Person, import_id: str) -> dict[str, Any]:
    """An import once nobody works on it."""
    seen: dict[str, Any] = {}

    async def is_over() -> bool:
        seen.update((await person.get(f"/concerts/imports/{import_id}")).json())
        return seen["state"] not in {"reading", "importing", "undoing"}

    await eventually(is_over)
    return seen


async def rows(person: Person, import_id: str) -> list[dict[str, Any]]:
    return (await person.get(f"/concerts/imports/{import_id}/items?limit=100")).json()["items"]


async def history(person: Person) -> list[dict[str, Any]]:
    items = (await person.get("/concerts?sort=held_on")).json()["items"]
    return [(await person.get(f"/concerts/{one['id']}")).json() for one in items]


async def test_a_table_is_told_before_anything_is_made(api: Api, ada: Person) -> None:
    await ada.post("/concerts", json={"held_on": "2019-12-31", "bill": [{"name": "bjork"}]})
    async with worker(api):
        seen = await rested(ada, await brought(ada, TABLE.encode()))
    found = await rows(ada, seen["id"])

    assert (seen["state"], seen["delimiter"], seen["ignored"]) == ("ready", ";", ["Mood"])
    assert (seen["new_count"], seen["known_count"], seen["wrong_count"]) == (1, 1, 1)
    assert [(one["line"], one["state"]) for one in found] == [
        (2, "new"),
        (5, "known"),
        (6, "wrong"),
    ]
    assert found[0]["artists"] == ["Low", "The Opener"]
    assert "“someday”" in found[2]["problem"]
    assert len(await history(ada)) == 1


async def test_a_table_becomes_concerts_and_is_taken_back(api: Api, ada: Person) -> None:
    async with worker(api):
        import_id = await brought(ada, TABLE.encode())
        await rested(ada, import_id)
        await ada.post(f"/concerts/imports/{import_id}/begin")
        done = await rested(ada, import_id)
        made = await history(ada)
        again = await rested(ada, await brought(ada, TABLE.encode()))
        await ada.client.patch(f"/api/v1/concerts/{made[1]['id']}", json={"notes": "Mine"})
        await ada.post(f"/concerts/imports/{import_id}/undo")
        undone = await rested(ada, import_id)
    left = await history(ada)

    assert (done["state"], done["made_count"], done["error"]) == ("done", 2, None)
    assert [one["held_on"] for one in made] == ["2019-05-03", "2019-12-31"]
    assert (made[0]["notes"], made[0]["venue"]["country_code"]) == ("Two\nlines", "DE")
    assert (again["new_count"], again["known_count"]) == (0, 2)
    assert (undone["state"], undone["removed_count"]) == ("undone", 1)
    assert "1 of them stay" in undone["error"]
    assert [one["id"] for one in left] == [made[1]["id"]]


async def test_our_own_file_comes_back_without_loss(api: Api, ada: Person) -> None:
    await with_nights(ada)
    other = Person(api, "bob@example.org")
    await other.sign_in()
    async with worker(api):
        export = await finished(ada, format="csv")
        data = (await api.client().get(export["url"])).content
        same = await rested(ada, await brought(ada, data))
        import_id = await brought(other, data)
        await rested(other, import_id)
        await other.post(f"/concerts/imports/{import_id}/begin")
        await rested(other, import_id)
    own = {"id", "owner_id", "artist_id", "created_at", "updated_at", "version"}

    def told(concert: Any) -> Any:
        if isinstance(concert, dict):
            return {key: told(value) for key, value in concert.items() if key not in own}
        return [told(one) for one in concert] if isinstance(concert, list) else concert

    assert (same["new_count"], same["known_count"]) == (0, 2)
    assert [told(one) for one in await history(other)] == [told(one) for one in await history(ada)]


async def test_what_is_no_table_is_refused_with_words(api: Api, ada: Person) -> None:
    async with worker(api):
        nothing = await rested(ada, await brought(ada, b"\n\n"))
        other = await rested(ada, await brought(ada, b"name,size\na,b\n"))
        binary = await rested(ada, await brought(ada, b"\x00\x01\x02"))
    begun = await ada.client.post(f"/api/v1/concerts/imports/{other['id']}/begin")

    assert [one["state"] for one in (nothing, other, binary)] == ["failed"] * 3
    assert "column “date”" in other["error"]
    assert "isn't text" in binary["error"]
    assert begun.status_code == 409


async def test_a_full_history_takes_what_fits_and_says_so(dsn: str, tmp_path: Path) -> None:
    async with (
        serving_api(dsn, tmp_path, quiet=True, BACKLINE_CONCERTS_PER_ACCOUNT="1") as api,
        worker(api),
    ):
        ada = Person(api, "ada@example.org")
        await ada.sign_in()
        import_id = await brought(ada, b"date,artist\n2020-01-01,A\n2020-01-02,B\n")
        await rested(ada, import_id)
        await ada.post(f"/concerts/imports/{import_id}/begin")
        done = await rested(ada, import_id)

    assert (done["state"], done["made_count"], done["new_count"]) == ("done", 1, 1)
    assert "at most 1 concerts" in done["error"]


async def test_files_are_known_while_they_wait_and_then_gone(api: Api, ada: Person) -> None:
    import_id = await brought(ada, TABLE.encode())
    database, storage = api.platform.database, api.platform.storage
    stored = [file.key async for file in storage.list(asking.KIND)]
    async with database.read() as read:
        kept = [file.key async for file in IMPORTS.referenced(read)]
        left = await IMPORTS.unknown(read, [*stored, "odd"])
    async with worker(api):
        await rested(ada, import_id)

        async def is_gone() -> bool:
            return [file async for file in storage.list(asking.KIND)] == []

        await eventually(is_gone)
    used = (await ada.get("/users/me")).json()
    other = Person(api, "bob@example.org")
    await other.sign_in()
    where = f"/api/v1/concerts/imports/{import_id}"

    assert (kept, left) == (stored, ["odd"])
    assert used["storage"]["used_bytes"] == 0
    for answer in (
        await other.client.get(where),
        await other.client.get(f"{where}/items"),
        await other.client.post(f"{where}/begin"),
        await other.client.post(f"{where}/undo"),
        await other.client.delete(where),
    ):
        assert answer.status_code == 404
    (await ada.client.delete(where)).raise_for_status()
    assert (await ada.get("/concerts/imports")).json()["items"] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables_are_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    found = table_of(tmp_path, "Date\tArtist\n2020-01-02\tBjörk\n".encode(encoding))

    assert isinstance(found, Table)
    assert found.concerts[0].bill[0].name == "Björk"
    assert found.delimiter == "\t"


def test_several_artists_may_stand_in_one_cell(tmp_path: Path) -> None:
    data = b'Start Date,Bands Seen,Venue,City\n7/6/2019,Low / AC/DC,Lido,"Berlin, Germany"\n'

    found = table_of(tmp_path, data)

    assert isinstance(found, Table)
    [concert] = found.concerts
    assert [one.name for one in concert.bill] == ["Low", "AC/DC"]
    assert (concert.city, concert.country) == ("Berlin", "DE")


@pytest.mark.parametrize(
    ("cell", "month_first", "day"),
    [
        ("2024-07-06", False, "2024-07-06"),
        ("6.7.2024", False, "2024-07-06"),
        ("07/06/2024", True, "2024-07-06"),
        ("Saturday, 6 July 2024", False, "2024-07-06"),
        ("July 6, 2024", False, "2024-07-06"),
        ("20240706", False, "2024-07-06"),
        ("2024-13-01", False, None),
        ("soon", False, None),
    ],
)
def test_days_are_read_as_people_write_them(cell: str, month_first: bool, day: str | None) -> None:
    found = days.day_of(cell, month_first=month_first)

    assert (found.isoformat() if found else None) == day


def test_a_column_says_whether_months_come_first() -> None:
    assert days.is_month_first(["7/6/2024", "7/31/2024"])
    assert not days.is_month_first(["7/6/2024", "31/7/2024"])
    assert not days.is_month_first(["7/6/2024"])


def test_countries_have_many_names() -> None:
    said = ("Germany", "de", "DEU", "the UK", "Netherlands", "Narnia", "")

    found = [countries.code_of(one) for one in said]

    assert found == ["DE", "DE", "DE", "GB", "NL", None, ""]
