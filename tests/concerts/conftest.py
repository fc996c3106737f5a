"""A server for the tests of photos, somebody without any, a folder to scan, and a worker."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from backline.concerts.wiring import DOMAIN
from backline.main import DOMAINS, program
from backline.platform.http.scopes import SHARED
from backline.roles.work import services
from tests.platform.jobs.working import eventually, working
from tests.support.api import Api, serving_api
from tests.support.confinement import confined
from tests.support.things import Person


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that may be scanned."""
    made = tmp_path / "pictures"
    made.mkdir()
    return made


@pytest.fixture
async def api(dsn: str, tmp_path: Path, folder: Path) -> AsyncIterator[Api]:
    async with serving_api(
        dsn, tmp_path, quiet=True, BACKLINE_PHOTO_FOLDERS=str(folder), BACKLINE_WORKERS="2"
    ) as opened:
        yield opened


@pytest.fixture
async def ada(api: Api) -> Person:
    """Somebody without photos."""
    person = Person(api, "ada@example.org")
    await person.sign_in()
    return person


async def uploaded(person: Person, data: bytes, name: str = "photo.jpg") -> dict[str, Any]:
    """The answer to a form with a photo."""
    return (await person.post("/photos", files={"file": (name, data)})).json()


async def prepared(person: Person, photo_id: str) -> dict[str, Any]:
    """A photo once a worker has looked at it."""
    seen: dict[str, Any] = {}

    async def is_over() -> bool:
        seen.update((await person.get(f"/photos/{photo_id}")).json())
        return seen["status"] != "processing"

    await eventually(is_over)
    return seen


async def scan(person: Person, folder: Path, **more: Any) -> str:
    """The id of a scan that was begun."""
    form = {"source": {"kind": "folder", "path": str(folder)}, **more}
    return (await person.post("/scans", json=form)).json()["id"]


async def scanned(person: Person, scan_id: str) -> dict[str, Any]:
    """A scan once it has ended."""
    seen: dict[str, Any] = {}

    async def is_over() -> bool:
        seen.update((await person.get(f"/scans/{scan_id}")).json())
        return seen["finished_at"] is not None

    await eventually(is_over)
    return seen


@asynccontextmanager
async def worker(api: Api, **options: Any) -> AsyncGenerator[None]:
    """Does what requests leave to jobs, with confined processes for strangers' files."""
    api.platform.work_dir.mkdir(exist_ok=True)
    async with confined(DOMAIN.confined) as confinement:
        platform = msgspec.structs.replace(api.platform, confinement=confinement)
        parts: dict[str, Any] = dict.fromkeys(DOMAINS, platform) | {SHARED: platform}
        parts["accounts"] = api.web.parts["accounts"]
        parts["concerts"] = msgspec.structs.replace(api.web.parts["concerts"], platform=platform)
        made = services(platform, program(), parts)
        async with working(platform.database, services=made, **options):
            yield
