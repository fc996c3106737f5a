"""A server for the tests of the library, somebody with tracks, and a worker."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from backline.audio.settings import audio_services
from backline.audio.wiring import DOMAIN
from tests.platform.jobs.working import eventually, working
from tests.support.api import Api, serving_api
from tests.support.confinement import confined
from tests.support.things import Person


@pytest.fixture
async def api(dsn: str, tmp_path: Path) -> AsyncIterator[Api]:
    async with serving_api(dsn, tmp_path, quiet=True) as opened:
        yield opened


@pytest.fixture
async def ada(api: Api) -> Person:
    """Somebody whose library is empty."""
    person = Person(api, "ada@example.org")
    await person.sign_in()
    return person


@pytest.fixture
async def grace(api: Api) -> Person:
    """Somebody else."""
    person = Person(api, "grace@example.org")
    await person.sign_in()
    return person


@pytest.fixture
async def visitor(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without an account."""
    async with api.client() as client:
        yield client


async def named(person: Person, **labels: Any) -> str:
    """A track that a person has named; its id."""
    file = {"file": ("song.wav", b"bytes of a song")}
    track_id = (await person.post("/tracks", files=file)).json()["id"]
    answer = await person.client.patch(f"/api/v1/tracks/{track_id}", json=labels)
    answer.raise_for_status()
    return track_id


async def uploaded(person: Person, path: Path) -> str:
    """A track of a file; its id."""
    content = await asyncio.to_thread(path.read_bytes)
    answer = await person.post("/tracks", files={"file": (path.name, content)})
    return answer.json()["id"]


async def prepared(person: Person, track_id: str) -> dict[str, Any]:
    """A track once a worker has done with it."""
    seen: dict[str, Any] = {}

    async def is_over() -> bool:
        seen.update((await person.get(f"/tracks/{track_id}")).json())
        return seen["status"] != "processing"

    await eventually(is_over)
    return seen


@asynccontextmanager
async def worker(api: Api) -> AsyncGenerator[None]:
    """Does what requests leave to jobs, with confined processes for strangers' files."""
    api.platform.work_dir.mkdir(exist_ok=True)
    async with confined(DOMAIN.confined) as confinement:
        platform = msgspec.structs.replace(api.platform, confinement=confinement)
        services = audio_services(platform)
        async with working(platform.database, services={job.kind: services for job in DOMAIN.jobs}):
            yield
