"""A Drive that a stand-in speaks for, a server that asks it, and somebody who may connect it."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import md5
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from backline.concerts.demo.services.drive import Drive
from backline.concerts.demo.services.drive_library import File, Library
from backline.concerts.demo.services.server import StandIn, serving
from backline.concerts.outside import drive as outside
from tests.concerts.conftest import scanned, worker
from tests.support.api import Api, serving_api
from tests.support.things import Person

CLIENT = {"BACKLINE_GOOGLE_CLIENT_ID": "demo", "BACKLINE_GOOGLE_CLIENT_SECRET": "demo"}
CHANGED_AT = datetime(2025, 5, 3, 20, 15, 2, tzinfo=UTC)
BERLIN = 52.52, 13.405


def file(name: str, **more: Any) -> File:
    """A photo of Berlin at a quarter past eight, unless told otherwise."""
    content = more.pop("content", name.encode())
    told: dict[str, Any] = {
        "taken_at": datetime(2025, 5, 3, 20, 15, 2),  # noqa: DTZ001  # wall time
        "latitude": BERLIN[0],
        "longitude": BERLIN[1],
        "size_bytes": len(content),
        "md5": md5(content, usedforsecurity=False).hexdigest(),
    }
    return File(
        id=f"id-{name}",
        name=f"{name}.jpg",
        content=lambda: content,
        changed_at=CHANGED_AT,
        **told | more,
    )


@pytest.fixture
def service() -> Drive:
    return Drive(Library())


@pytest.fixture
async def stand_in(service: Drive) -> AsyncIterator[StandIn]:
    async with serving(service) as opened:
        yield opened


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside.Drive.__init__, "__kwdefaults__", {"first_pause_s": 0.001})


@asynccontextmanager
async def server(dsn: str, folder: Path, stand_in: StandIn) -> AsyncGenerator[Api]:
    """A server whose operator has a client at the stand-in."""
    told = CLIENT | {"BACKLINE_GOOGLE_URL": stand_in.url, "BACKLINE_PHOTO_FOLDERS": str(folder)}
    async with serving_api(dsn, folder, quiet=True, **told) as api:
        yield api


@pytest.fixture
async def api(dsn: str, tmp_path: Path, stand_in: StandIn) -> AsyncIterator[Api]:
    async with server(dsn, tmp_path, stand_in) as opened:
        yield opened


async def agreed(url: str) -> dict[str, str]:
    """What Google's page leads back with."""
    async with httpx.AsyncClient(trust_env=False) as browser:
        answer = await browser.get(url)
    assert answer.status_code == 302
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: texts[0] for name, texts in back.items()}


async def connect(person: Person, *, pictures: bool = False) -> dict[str, Any]:
    """Go to Google's page and back."""
    wanted = "?pictures=true" if pictures else ""
    url = (await person.post(f"/photos/drive/consent{wanted}")).json()["url"]
    back = await agreed(url)
    form = {"code": back["code"], "state": back["state"]}
    return (await person.post("/photos/drive/connection", json=form)).json()


async def scan_drive(person: Person) -> dict[str, Any]:
    """Scan it, to the end."""
    return await scanned(person, await begin_scan(person))


async def begin_scan(person: Person) -> str:
    """The id of a scan that was begun."""
    return (await person.post("/scans", json={"source": {"kind": "drive"}})).json()["id"]


async def listed(person: Person) -> dict[str, dict[str, Any]]:
    """Photos by their file names."""
    found = (await person.get("/photos?limit=100")).json()["items"]
    return {one["filename"]: one for one in found}


__all__ = ["worker"]
