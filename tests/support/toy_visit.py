"""A visit to a program with toys in it, in a process of its own: `toy_visit.py DSN FOLDER`."""

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from backline import main
from backline.platform import jobs
from backline.platform.database.migrating import migrate
from backline.roles.api import api_description
from tests.support.api import serving_api
from tests.support.toy_pictures import toy_of, visit_pictures


async def visit(dsn: str, folder: Path) -> None:
    await migrate(dsn, main.migrations())
    description = api_description(main.program())
    needed = description["paths"]["/api/v1/toys"]["get"]["security"]
    assert {"token": ["toy:read"]} in needed, needed
    async with serving_api(dsn, folder, BACKLINE_TOY_LIMIT="2") as api, asyncio.timeout(60):
        ada = await api.user("ada@example.org")
        assert (await ada.post("/api/v1/toys", json={"name": "bear"})).status_code == 201
        for headers in ({}, {}):
            ada.cookies.clear()
            answer = await ada.get("/api/v1/toys", headers=headers)
        assert answer.headers["cache-status"] == "backline; hit", answer.headers
        worker = jobs.Worker(api.platform.database, None, services={"toy.shine": "shiny "})
        stop = asyncio.Event()
        working = asyncio.create_task(worker.run(stop))
        async with api.platform.database.read() as read:
            while await read.fetch_value("SELECT name FROM toys") != "shiny bear":  # noqa: ASYNC110  # it lies in the database
                await asyncio.sleep(0.05)
        stop.set()
        await working
        await visit_pictures(api, ada, await toy_of(api, "shiny bear"))
        limited = await ada.post("/api/v1/toys", json={"name": "x" * 2_000_000})
        assert limited.status_code == 201, "its body may be large"
        assert '"toys";q=50' in limited.headers["ratelimit-policy"]
        assert (await ada.post("/api/v1/toys", json={"name": "bus"})).status_code == 409
        for key, said, policy in (("sesame", "your box", "api"), ("wrong", "the box", "anonymous")):
            answer = await ada.request("PROPFIND", "/box", headers={"X-Key": key})
            assert answer.text == said, key
            assert f'"{policy}"' in answer.headers["ratelimit-policy"], key
        asked = {"Origin": "http://localhost:8000", "Access-Control-Request-Method": "PROPFIND"}
        allowed = (await ada.options("/box", headers=asked)).headers["access-control-allow-methods"]
        assert "PROPFIND" in allowed, allowed
        assert (await ada.get("/health/ready")).json()["components"]["toys"]["status"] == "ok"
        kinds = (await ada.get("/api/v1/notifications/settings")).json()["kinds"]
        assert "toys that shine again" in [one["words"] for one in kinds], kinds
        signed = api.platform.signer.folder("toy-song/a/b/c", datetime.now(UTC)).url
        new, old, none = [await ada.get(f"{signed}/{name}.mp4") for name in ("new", "old", "no")]
        assert (new.content, new.headers["cache-control"]) == (
            b"toy-song/a/b/c",
            "public, max-age=60",
        )
        assert old.headers["cache-control"].endswith(", immutable"), old.headers
        assert none.status_code == 404
        assert (await ada.head(f"{signed}/new.mp4")).content == b""
        assert (await ada.post(f"{signed}/new.mp4")).status_code == 405
        page = await ada.get("/")
        assert "https://toys.example.org" in page.headers["content-security-policy"]
        assert "toys" in (await ada.get("/api/v1/events?topics=none")).json()["detail"]


if __name__ == "__main__":
    os.umask(0o077)
    uvloop.run(visit(sys.argv[1], Path(sys.argv[2])))
