"""Libraries for tests of what is recommended, and the job that finds it."""

from typing import Any
from uuid import UUID

from backline.audio.discover.neighboring import NEIGHBORS, NeighborsJob
from backline.platform import jobs
from backline.platform.ids import uuid7
from tests.audio.conftest import named, worker
from tests.platform.jobs.working import ended
from tests.support.api import Api
from tests.support.things import Person

READY = "UPDATE tracks SET status = 'ready', duration_ms = 1000, sound_hash = $2 WHERE id = $1"


async def song(person: Person, title: str, **labels: Any) -> str:
    """A track that could be played, of a sound of its own; its id."""
    track_id = await named(person, title=title, **labels)
    async with person.api.platform.database.write() as tx:
        await tx.execute(READY, UUID(track_id), uuid7().bytes)
    return track_id


async def found(api: Api, person: Person, *, whole: bool = True) -> None:
    """Have somebody's neighbours found."""
    async with api.platform.database.write() as tx:
        payload = NeighborsJob(UUID(person.id), whole)
        job_id = await jobs.enqueue(tx, NEIGHBORS, payload)
    async with worker(api):
        assert (await ended(api.platform.database, job_id)).state == "done"


async def play(person: Person, track_id: str, at: str) -> None:
    """Tell that a track was played then."""
    form = {"track_id": track_id, "key": uuid7().hex, "started_at": at, "played_ms": 1000}
    await person.post("/plays", json=form)


async def similar(person: Person, track_id: str) -> list[dict[str, Any]]:
    return (await person.get(f"/tracks/{track_id}/similar")).json()["items"]


def titles(items: list[dict[str, Any]]) -> list[str]:
    return [one["track"]["title"] for one in items]


def codes(item: dict[str, Any]) -> list[str]:
    return [one["code"] for one in item["reasons"]]
