"""Live projects and destinations of people, for `things`."""

from typing import TYPE_CHECKING
from uuid import UUID

from backline.live.sql import samples, shows, streams
from backline.live.sql.samples import Measured, MeasuredRelay
from backline.platform.ids import uuid7

if TYPE_CHECKING:
    from tests.support.things import Person

MANY_LIVE_PROJECTS, MANY_DESTINATIONS = 30, 8  # nobody has more than 50, of 20 destinations each


async def live_project(person: "Person") -> str:
    """A live project; the newest of those that are there already once there are many."""
    there = (await person.get("/live/projects")).json()["items"]
    if len(there) >= MANY_LIVE_PROJECTS:
        return there[-1]["id"]
    return (await person.post("/live/projects", json={"name": "Friday"})).json()["id"]


async def deleted_live_project(person: "Person") -> str:
    """A live project that can be restored."""
    project_id = await live_project(person)
    (await person.client.delete(f"/api/v1/live/projects/{project_id}")).raise_for_status()
    return project_id


async def destination(person: "Person") -> str:
    """A destination of the newest live project; one that is there already once there are many."""
    projects = (await person.get("/live/projects")).json()["items"]
    project_id = projects[-1]["id"] if projects else await live_project(person)
    where = f"/live/projects/{project_id}/destinations"
    there = (await person.get(where)).json()["items"]
    if len(there) >= MANY_DESTINATIONS:
        return there[-1]["id"]
    form = {"name": "Ours", "url": "rtmp://live.example.org/app", "stream_key": "abcd-efgh"}
    return (await person.post(where, json=form)).json()["id"]


async def removed_destination(person: "Person") -> str:
    """A destination of the newest live project that can be restored."""
    destination_id = await destination(person)
    project_id = (await person.get("/live/projects")).json()["items"][-1]["id"]
    where = f"/api/v1/live/projects/{project_id}/destinations/{destination_id}"
    (await person.client.delete(where)).raise_for_status()
    return destination_id


async def show(person: "Person", made: dict[str, str]) -> str:
    """A show of a live project, with a sample for its graph."""
    owner_id, show_id = UUID(person.id), uuid7()
    project_id = UUID(made["live_project_id"])
    where = f"/live/projects/{project_id}/destinations"
    sent_to = [UUID(one["id"]) for one in (await person.get(where)).json()["items"]]
    async with person.api.platform.database.write() as tx:
        await shows.insert(tx, owner_id, show_id, project_id)
        epoch = await streams.take(
            tx, owner_id, project_id, "a-node", show_id, takeovers=0, lease_s=0.0
        )
        of = (owner_id, project_id, show_id, epoch)
        await samples.insert(tx, "a-node", [Measured(*of, 6_000, 25.0, 2_000, 10)], every_s=30)
        relays = [MeasuredRelay(owner_id, show_id, one, "live", 6_000, 40, 0) for one in sent_to]
        await samples.insert_relays(tx, relays, every_s=30)
        await streams.end(tx, owner_id, project_id, epoch, "encoder")
    return str(show_id)
