"""What is made of tracks asks for room, counts towards the quota, and waits where there is none."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from backline.audio import tracks
from backline.audio.settings import AudioServices
from backline.audio.wiring import DOMAIN
from backline.platform import jobs
from backline.platform.actor import Actor
from backline.platform.confined import Confinement
from backline.platform.database import Database
from backline.platform.ids import uuid7
from backline.platform.storage import FolderStaging, FolderStorage
from tests.platform.jobs.working import ended, eventually, execute, job_of, value, working
from tests.support import sounds
from tests.support.confinement import confined

ADD_PERSON = """
INSERT INTO users (id, email, email_key, name, password_hash, used_bytes)
VALUES ($1, 'ada@example.org', 'ada@example.org', 'Ada', '', $2)
"""
USED = "SELECT used_bytes FROM users"


@pytest.fixture
async def confinement() -> AsyncIterator[Confinement]:
    async with confined(DOMAIN.confined) as opened:
        yield opened


class House:
    """A worker's services, and a track that waits to be made playable."""

    def __init__(self, database: Database, confinement: Confinement, folder: Path) -> None:
        self.database, self.owner, self.track = database, uuid7(), uuid7()
        storage, work = FolderStorage(folder), folder / "work"
        storage.prepare()
        work.mkdir()
        staging = FolderStaging(folder / "staging", 0)
        self.services = AudioServices(
            storage=storage,
            staging=staging,
            confinement=confinement,
            ffmpeg=sounds.ffmpeg(),
            work_dir=work,
            floor_bytes=0,
            quota_bytes=10_000_000,
            folders=(),
            scan_hours=0,
            workers=1,
            looks=asyncio.Semaphore(1),
        )

    async def add(self, song: Path, used_bytes: int) -> UUID:
        await execute(self.database, ADD_PERSON, self.owner, used_bytes)
        key = tracks.original_key(self.owner, self.track)
        kept = await self.services.storage.put_file(key, song)
        async with self.database.write() as tx:
            source = tracks.Source(song.name, kept.size_bytes, b"")
            row = await tracks.add(tx, self.owner, self.track, source)
        assert row.job_id is not None
        return row.job_id

    @contextlib.asynccontextmanager
    async def working(self, **changed: Any) -> AsyncGenerator[None]:
        services = msgspec.structs.replace(self.services, **changed)
        async with working(self.database, services={job.kind: services for job in DOMAIN.jobs}):
            yield

    async def was_put_back(self, job_id: UUID) -> bool:
        return (await job_of(self.database, job_id)).error is not None


@pytest.fixture
def house(database: Database, confinement: Confinement, tmp_path: Path) -> House:
    database.declared = jobs.assemble(DOMAIN.jobs)
    return House(database, confinement, tmp_path / "media")


async def test_renditions_count_until_the_track_is_purged(house: House, tmp_path: Path) -> None:
    song = sounds.tone(tmp_path / "tone.wav", 2)
    job_id = await house.add(song, song.stat().st_size)
    async with house.working():
        made = await ended(house.database, job_id)
        kept = [file.size_bytes async for file in house.services.storage.list("tracks")]
        used = await value(house.database, USED)
        async with house.database.write() as tx:
            await tracks.delete(tx, Actor(house.owner, "user", uuid7()), house.track)
            await tx.execute("UPDATE jobs SET run_at = now() WHERE kind = 'audio.purge'")

        async def was_purged() -> bool:
            return await value(house.database, "SELECT count(*) FROM tracks") == 0

        await eventually(was_purged)

    assert made.state == "done"
    assert used == sum(kept) > song.stat().st_size
    assert await value(house.database, USED) == 0


async def test_a_track_waits_while_the_disk_is_at_its_floor(house: House, tmp_path: Path) -> None:
    job_id = await house.add(sounds.tone(tmp_path / "tone.wav", 2), 0)
    async with house.working(floor_bytes=1 << 60):
        await eventually(lambda: house.was_put_back(job_id))

    job = await job_of(house.database, job_id)
    assert (job.state, job.max_attempts - job.attempts) == ("queued", 3)
    assert "in reserve" in (job.error or "")
    assert await value(house.database, "SELECT status FROM tracks") == "processing"
    assert list(house.services.work_dir.iterdir()) == []


async def test_a_track_waits_while_its_owners_quota_is_used_up(
    house: House, tmp_path: Path
) -> None:
    job_id = await house.add(sounds.tone(tmp_path / "tone.wav", 2), 10_000_000)
    async with house.working():
        await eventually(lambda: house.was_put_back(job_id))

    job = await job_of(house.database, job_id)
    assert (job.state, job.max_attempts - job.attempts) == ("queued", 3)
    assert "used up" in (job.error or "")
    assert await value(house.database, "SELECT status FROM tracks") == "processing"
