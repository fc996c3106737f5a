"""Exports of the history: asked for, made by a job, had by a signed address, forgotten."""

import csv
import io
from typing import Any

import pytest

from backline.concerts.engine.cells import guarded, unguarded
from backline.concerts.exports import asking
from backline.concerts.exports.files import EXPORTS
from tests.concerts.conftest import prepared, uploaded, worker
from tests.platform.jobs.working import eventually
from tests.support.api import Api
from tests.support.photos import jpeg
from tests.support.things import Person

pytestmark = pytest.mark.slow

SO36 = {
    "name": "SO36",
    "city": "Berlin",
    "country_code": "DE",
    "location": {"latitude": 52.5, "longitude": 13.42},
}
NIGHTS: list[dict[str, Any]] = [
    {
        "held_on": "2019-05-03",
        "venue": SO36,
        "bill": [
            {"name": "=Opener()", "songs": ["One", "Two, and more"]},
            {"name": "椎名林檎", "headliner": True},
        ],
        "notes": "Two\nlines",
    },
    {"held_on": "2021-07-01", "ends_on": "2021-07-03", "title": "Fest", "festival": True},
]


async def with_nights(person: Person) -> list[str]:
    return [(await person.post("/concerts", json=night)).json()["id"] for night in NIGHTS]


async def finished(person: Person, **said: object) -> dict[str, Any]:
    """An export once its job has ended."""
    made = (await person.post("/concerts/exports", json=said)).json()
    assert (made["status"], made["url"]) == ("running", None)
    seen: dict[str, Any] = {}

    async def is_over() -> bool:
        seen.update((await person.get(f"/concerts/exports/{made['id']}")).json())
        return seen["status"] != "running"

    await eventually(is_over)
    return seen


async def test_a_history_comes_as_csv_and_json(api: Api, ada: Person) -> None:
    ids = await with_nights(ada)
    async with worker(api):
        table = await finished(ada, format="csv")
        whole = await finished(ada, format="json")
        some = await finished(ada, format="json", filters={"year": 2021})
    answer = await api.client().get(table["url"])
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    found = (await api.client().get(whole["url"])).json()["concerts"]
    narrowed = (await api.client().get(some["url"])).json()["concerts"]

    assert (
        f'filename="concerts-{table["created_at"][:10]}.csv"'
        in (answer.headers["content-disposition"])
    )
    assert (table["count"], table["size_bytes"]) == (2, len(answer.content))
    assert [(row["concert"], row["artist"], row["songs"]) for row in rows] == [
        (ids[0], "'=Opener()", "One\nTwo, and more"),
        (ids[0], "椎名林檎", ""),
        (ids[1], "", ""),
    ]
    assert (rows[0]["notes"], rows[0]["latitude"]) == ("Two\nlines", "52.5")
    assert (rows[2]["end_date"], rows[2]["festival"]) == ("2021-07-03", "yes")
    assert [one["id"] for one in found] == ids
    assert found[0]["bill"][0]["songs"] == ["One", "Two, and more"]
    assert [one["id"] for one in narrowed] == ids[1:]


async def test_a_history_comes_as_a_pdf_with_photos_and_says_what_it_lacks(
    api: Api, ada: Person
) -> None:
    ids = await with_nights(ada)
    await ada.post("/concerts", json={"held_on": "2022-01-01", "bill": [{"name": "ꦗꦮ"}]})
    async with worker(api):
        photo = await prepared(ada, (await uploaded(ada, jpeg(seed=1)))["id"])
        await ada.post(f"/concerts/{ids[0]}/photos", json={"photo_ids": [photo["id"]]})
        export = await finished(ada, format="pdf")
        bare = await finished(ada, format="pdf", filters={"year": 2021})
    answer = await api.client().get(export["url"])
    without = await api.client().get(bare["url"])

    assert export["error"] is None
    assert answer.content.startswith(b"%PDF-")
    assert b"/Subtype/Image" in answer.content
    assert b"/Subtype/Image" not in without.content
    assert (export["count"], bare["count"], bare["warnings"]) == (3, 1, [])
    [warning] = export["warnings"]
    assert "Javanese" in warning


async def test_an_empty_history_comes_as_any_file(api: Api, ada: Person) -> None:
    async with worker(api):
        made = [await finished(ada, format=kind) for kind in ("csv", "json", "pdf")]

    assert [(one["status"], one["count"]) for one in made] == [("ready", 0)] * 3


async def test_an_export_that_is_deleted_while_it_is_made_stops(api: Api, ada: Person) -> None:
    made = (await ada.post("/concerts/exports", json={"format": "csv"})).json()

    (await ada.client.delete(f"/api/v1/concerts/exports/{made['id']}")).raise_for_status()

    assert (await ada.get("/concerts/exports")).json()["items"] == []
    assert (await ada.get(f"/jobs/{made['job_id']}")).json()["status"] == "cancelled"


async def test_filters_that_name_nothing_fail_with_words(api: Api, ada: Person) -> None:
    nobody = {"artist_id": "0190a0a0-0000-7000-8000-000000000000"}
    async with worker(api):
        export = await finished(ada, format="csv", filters=nobody)

    assert (export["status"], export["error"]) == (
        "failed",
        "There is no such artist in your history.",
    )


async def test_files_are_their_owners_known_and_forgotten(api: Api, ada: Person) -> None:
    other = Person(api, "bob@example.org")
    await other.sign_in()
    async with worker(api):
        export = await finished(ada, format="csv")
    where = f"/api/v1/concerts/exports/{export['id']}"
    database, storage = api.platform.database, api.platform.storage
    stored = [file.key async for file in storage.list(asking.KIND)]
    odd = [f"{asking.KIND}/a/b/c/concerts.csv", "odd"]
    async with database.read() as read:
        kept = [(file.key, file.size_bytes) async for file in EXPORTS.referenced(read)]
        left = await EXPORTS.unknown(read, [*stored, *odd])
    theirs = [await other.client.get(where), await other.client.delete(where)]
    async with database.write() as tx:
        await tx.execute("UPDATE concert_exports SET expires_at = now() - interval '1 minute'")

    assert kept == [(stored[0], export["size_bytes"])]
    assert left == odd
    assert [answer.status_code for answer in theirs] == [404, 404]
    assert await asking.expire(database) == 1
    assert (await ada.client.get(where)).status_code == 404
    assert (await api.client().get(export["url"])).status_code == 404


async def test_twenty_exports_are_enough(ada: Person) -> None:
    for _ in range(20):
        await ada.post("/concerts/exports", json={"format": "csv"})

    answer = await ada.client.post("/api/v1/concerts/exports", json={"format": "csv"})

    assert answer.status_code == 409
    assert "Delete one" in answer.json()["detail"]


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@a", "\tx", "'=1", "''=1", "'Til Tuesday", "''", "'", "", "Low"]
)
def test_guarded_cells_come_back_as_they_were(text: str) -> None:
    cell = guarded(text)

    assert unguarded(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
