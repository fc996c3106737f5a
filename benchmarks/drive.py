"""Scans of a Google Drive without any download: photos a second, beside the stand-in for Google.

`.venv/bin/python benchmarks/drive.py [PHOTOS]`. The stand-in is a process of its own, whose answers
are ready beforehand. Measured are the first scan, one of the whole list in which nothing changed,
and one of what changed since, which is nothing.
"""

import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import msgspec  # noqa: E402

from backline import main as program  # noqa: E402
from backline.concerts.demo.services.drive import Drive  # noqa: E402
from backline.concerts.demo.services.drive_library import File, Library  # noqa: E402
from backline.concerts.demo.services.exchange import Answer, Request  # noqa: E402
from backline.concerts.demo.services.server import serving  # noqa: E402
from backline.concerts.outside.drive import LIST_FIELDS  # noqa: E402
from backline.platform import telemetry  # noqa: E402
from backline.platform.database.migrating import migrate  # noqa: E402
from tests.concerts.conftest import worker  # noqa: E402
from tests.concerts.drive.conftest import CLIENT, begin_scan, connect  # noqa: E402
from tests.support import postgres  # noqa: E402
from tests.support.api import serving_api  # noqa: E402
from tests.support.things import Person  # noqa: E402

PHOTOS, PAGE, A_NIGHT = 20_000, 1_000, 60
FIRST = datetime(2012, 1, 1, 20, tzinfo=UTC)
PLACES = ((52.52, 13.405), (53.55, 9.99), (48.14, 11.58), (51.51, -0.13), (40.71, -74.0))


class Ready(Drive):
    """A Drive that has the pages of its list encoded already."""

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self._ready: dict[int, Answer] = {}
        self._turn = 0

    def answer(self, request: Request) -> Answer:
        """As `Drive`, but for the list."""
        if request.path != "/drive/v3/files":
            return super().answer(request)
        if not request.query.get("pageToken"):
            self._turn = 0
        self._turn += 1
        if self._turn not in self._ready:
            self._ready[self._turn] = super().answer(request)
        return self._ready[self._turn]


def _file(n: int) -> File:
    night, minute = divmod(n, A_NIGHT)
    at = FIRST + timedelta(days=3 * night, minutes=2 * minute)
    latitude, longitude = PLACES[night % len(PLACES)]
    return File(
        id=f"1{n:031x}",
        name=f"IMG_{n:05}.jpg",
        content=bytes,
        changed_at=at,
        size_bytes=3_000_000 + n,
        md5=f"{n:032x}",
        sha256=f"{n:064x}",
        taken_at=at.replace(tzinfo=None),
        latitude=latitude,
        longitude=longitude,
        make="Lumen",
        model="L7",
    )


def _serve(photos: int, told: Connection) -> None:
    async def serve() -> None:
        drive = Ready(Library(_file(n) for n in range(photos)))
        headers = {"authorization": f"Bearer {drive.account.grant(*drive.account.consents)[0]}"}
        query = {"fields": LIST_FIELDS, "pageSize": str(PAGE)}
        for _ in range(0, photos, PAGE):  # so that nothing is encoded while it is measured
            answer = drive.answer(Request("GET", "/drive/v3/files", query, headers))
            query["pageToken"] = msgspec.json.decode(answer.body).get("nextPageToken", "")
        drive.account.revoke()
        async with serving(drive) as stand_in:
            told.send(stand_in.url)
            await asyncio.Event().wait()

    asyncio.run(serve())


@contextmanager
def _stand_in(photos: int) -> Iterator[str]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(photos, theirs))
    process.start()
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join()


async def main(photos: int) -> None:
    telemetry.set_up_logging(level="warning", as_json=False)
    with (
        _stand_in(photos) as url,
        postgres.running() as server,
        tempfile.TemporaryDirectory() as to,
    ):
        dsn = server.dsn()
        await migrate(dsn, program.migrations())
        told = CLIENT | {"BACKLINE_GOOGLE_URL": url}
        async with serving_api(dsn, Path(to), quiet=True, **told) as api:
            ada = Person(api, "ada@example.org")
            await ada.sign_in()
            await connect(ada)
            async with worker(api):
                await _measured(ada, "the first scan", photos)
                async with api.platform.database.write() as tx:
                    await tx.execute("UPDATE drive_lists SET changes_token = NULL")
                await _measured(ada, "the whole list, unchanged", photos)
                await _measured(ada, "what changed: nothing", photos)


async def _measured(person: Person, name: str, photos: int) -> None:
    began_s = time.perf_counter()
    scan_id = await begin_scan(person)
    seen: dict[str, Any] = {"finished_at": None}
    while seen["finished_at"] is None:
        await asyncio.sleep(0.1)
        seen = (await person.get(f"/scans/{scan_id}")).json()
    took_s = time.perf_counter() - began_s
    assert seen["state"] == "done", seen
    print(f"{name:28}{took_s:8.2f} s{photos / took_s:10,.0f} photos/s")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else PHOTOS))
