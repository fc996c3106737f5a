"""Killed while a file is made of a history, or a table is read into one: whole, once, no rest."""

import csv
import io
import json
import os
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from backline.concerts.exports import asking
from backline.concerts.exports.files import EXPORTS
from backline.concerts.imports.files import IMPORTS
from backline.platform.storage.sweep import Swept, sweep
from tests.concerts.killing import workers
from tests.platform.jobs.working import job_of
from tests.support.api import Api
from tests.support.chance import chance
from tests.support.things import Person

pytestmark = [pytest.mark.chaos, pytest.mark.draws, pytest.mark.slow]
NIGHTS, ROWS, KILLS = 150, 400, 2  # of each file: the third would have been its last attempt
FIRST = date(2019, 1, 1)


def attempted_anew(api: Api, job_id: str) -> Callable[[], Awaitable[bool]]:
    """Whether a job was begun once more than before this, or has ended."""
    before: list[int] = []

    async def is_at_it() -> bool:
        row = await job_of(api.platform.database, UUID(job_id))
        before.append(row.attempts)
        return row.attempts > before[0] or row.finished_at is not None

    return is_at_it


def is_whole(kind: str, content: bytes) -> bool:
    """Whether a file holds every night once, as far as its kind tells."""
    if kind == "pdf":
        return content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")
    if kind == "json":
        found = [one["held_on"] for one in json.loads(content)["concerts"]]
    else:
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        found = [row["date"] for row in rows]
    return sorted(found) == [str(FIRST + timedelta(days=n)) for n in range(NIGHTS)]


async def check(api: Api, export: dict[str, Any]) -> None:
    """What can be had is whole."""
    if export["status"] != "ready":
        assert (export["status"], export["url"]) == ("running", None)
        return
    answer = await api.client().get(export["url"])
    assert (answer.status_code, len(answer.content)) == (200, export["size_bytes"])
    assert export["count"] == NIGHTS
    assert is_whole(export["format"], answer.content)


async def test_a_killed_export_is_there_once_and_whole(
    api: Api, ada: Person, dsn: str, tmp_path: Path
) -> None:
    luck = chance("killed while exporting")
    for n in range(NIGHTS):
        form = {"held_on": str(FIRST + timedelta(days=n)), "bill": [{"name": f"Band {n}"}]}
        await ada.post("/concerts", json=form)

    with workers(dsn, tmp_path) as others:
        for kind, within_s in (("csv", 0.1), ("json", 0.1), ("pdf", 1.5)):
            made = (await ada.post("/concerts/exports", json={"format": kind})).json()
            where = f"/concerts/exports/{made['id']}"
            for _ in range(KILLS):
                await others.killed(attempted_anew(api, made["job_id"]), luck, within_s)
                await check(api, (await ada.get(where)).json())

            async def is_over(where: str = where) -> bool:
                return (await ada.get(where)).json()["status"] != "running"

            await others.until(is_over)
    there = (await ada.get("/concerts/exports")).json()["items"]

    assert [(one["format"], one["status"]) for one in there] == [
        (kind, "ready") for kind in ("pdf", "json", "csv")
    ]
    for export in there:
        await check(api, export)
    await swept(api)
    assert len(files(api)) == len(there)
    for export in there:
        await check(api, export)


async def test_a_killed_import_has_each_row_once(
    api: Api, ada: Person, dsn: str, tmp_path: Path
) -> None:
    luck = chance("killed while importing")
    nights = [FIRST + timedelta(days=n) for n in range(ROWS)]
    lines = [f"{day},Band {n % 40},Hall {n % 7}\n" for n, day in enumerate(nights)]
    table = "date,artist,venue\n" + "".join([*lines, "someday,Nobody,Hall 1\n"])
    answer = await ada.post("/concerts/imports", files={"file": ("a.csv", table.encode())})
    made = answer.json()
    where = f"/concerts/imports/{made['id']}"

    async def is_read() -> bool:
        return (await ada.get(where)).json()["state"] != "reading"

    async def has_come(least: int) -> bool:
        seen = (await ada.get(where)).json()
        return seen["made_count"] >= least or seen["state"] != "importing"

    with workers(dsn, tmp_path) as others:
        for _ in range(KILLS):
            await others.killed(attempted_anew(api, made["job_id"]), luck, 0.3)
        await others.until(is_read)
        read = (await ada.get(where)).json()
        await ada.post(f"{where}/begin")
        for _ in range(2 * KILLS):
            before = (await ada.get(where)).json()["made_count"]
            least = before + luck.randrange(1, ROWS // 6)
            await others.killed(lambda least=least: has_come(least), luck, 0.1)
        between = (await ada.get(where)).json()
        await others.until(lambda: has_come(ROWS + 1))
    seen = (await ada.get(where)).json()
    years = (await ada.get("/concerts/timeline")).json()["years"]
    bands = (await ada.get("/concerts/artists?limit=100")).json()["items"]
    wrong = (await ada.get(f"{where}/items?state=wrong")).json()["items"]

    assert (read["state"], read["new_count"], read["wrong_count"]) == ("ready", ROWS, 1)
    assert between["made_count"] > 0
    assert (seen["state"], seen["made_count"], seen["new_count"]) == ("done", ROWS, 0)
    assert sorted(await days(ada)) == [str(night) for night in nights]
    assert sum(one["count"] for one in years) == ROWS
    assert [one["concert_count"] for one in bands] == [ROWS // 40] * 40
    assert [one["line"] for one in wrong] == [ROWS + 2]
    await swept(api)
    assert files(api) == []


async def days(person: Person) -> list[str]:
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await person.get(f"/concerts?limit=100{cursor}")).json()
        found += [one["held_on"] for one in page["items"]]
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
    return found


def files(api: Api) -> list[Path]:
    """All that lies in the storage's folder, also beside what it lists.

    Not what workers make there: each empties that folder when it starts.
    """
    platform = api.platform
    there = [one for one in platform.settings.media_dir.rglob("*") if one.is_file()]
    return [one for one in there if platform.work_dir not in one.parents]


async def swept(api: Api) -> None:
    """Have the sweep come by when all that lies there is old enough for it."""
    platform = api.platform
    long_ago = time.time() - 3 * 86_400
    for one in files(api):
        os.utime(one, (long_ago, long_ago))
    await platform.storage.sweep_aside(0.0)  # its age is that of the inode, which nobody sets
    await sweep(platform.database, Swept(platform.storage, (EXPORTS, IMPORTS)))
    async with platform.database.read() as read:
        kept = [file.key async for file in EXPORTS.referenced(read)]
    assert sorted([file.key async for file in platform.storage.list(asking.KIND)]) == sorted(kept)
