"""What happens to live shows behind the requests."""

import base64
import json
from pathlib import Path
from uuid import UUID

import pytest

from backline.accounts import UserDeleted
from backline.live import jobs, publishing
from backline.live.keys import live_keys
from backline.live.services import live_services
from backline.platform.jobs import GiveUp, Nothing
from backline.platform.secrets import load_secrets
from tests.support.api import Api
from tests.support.live_things import show
from tests.support.things import Person, destination

# Of a project and of a destination that come before all others.
UNREADABLE = """
INSERT INTO live_projects (owner_id, id, name, hold_s, stream_key, key_digest)
SELECT owner_id, '00000000-0000-7000-8000-000000000001', 'Old', 30, 'gone:abcd'::bytea, '\\x00'
FROM live_projects LIMIT 1
"""
UNREADABLE_TOO = """
INSERT INTO live_destinations (owner_id, id, project_id, name, preset, url, stream_key, enabled)
SELECT owner_id, '00000000-0000-7000-8000-000000000002', id, 'Old', 'custom', 'rtmp://a.example/b',
  'gone:abcd'::bytea, true
FROM live_projects LIMIT 1
"""
LOST = "UPDATE live_streams SET lease_until = now() - interval '2 minutes'"


class Context:
    """As much of a job's as these ask for."""

    def __init__(self, api: Api) -> None:
        self.database = api.platform.database
        self.finish = api.platform.database.write


async def take(api: Api, person: Person) -> publishing.Taken:
    project = (await person.post("/live/projects", json={"name": "Friday"})).json()
    keys = live_keys(api.platform.secrets)
    async with api.platform.database.write() as tx:
        taken = await publishing.take(tx, keys, "a-node", project["stream_key"])
    assert isinstance(taken, publishing.Taken)
    return taken


async def test_a_show_whose_node_fell_silent_ends_as_lost(api: Api, ada: Person) -> None:
    taken = await take(api, ada)
    where = f"/live/projects/{taken.project_id}"
    async with api.platform.database.write() as tx:
        await tx.execute(LOST)
    silent = (await ada.get("/live/status")).json()["items"][0]["state"]

    await jobs.end_lost(Context(api), Nothing(), live_services(api.platform))  # type: ignore[arg-type]

    (show,) = (await ada.get(f"{where}/shows")).json()["items"]
    assert silent == "lost"
    assert show["ended_by"] == "lost"
    assert (await ada.get(f"{where}/status")).json()["state"] == "off"


async def test_nothing_stays_of_whoever_is_gone(api: Api, ada: Person, ben: Person) -> None:
    await destination(ada)
    await destination(ben)
    await take(api, ada)
    projects = (await ada.get("/live/projects")).json()["items"]
    for project in projects:
        await show(ada, {"live_project_id": project["id"]})
    async with api.platform.database.read() as read:
        samples = [
            await read.fetch_value("SELECT count(*) FROM live_samples"),
            await read.fetch_value("SELECT count(*) FROM live_relay_samples"),
        ]

    event = UserDeleted(UUID(ada.id))
    await jobs.purge_owner(Context(api), event, live_services(api.platform))  # type: ignore[arg-type]

    assert samples == [2, 1]
    async with api.platform.database.read() as read:
        tables = ("live_projects", "live_destinations", "live_streams", "live_shows")
        tables += ("live_samples", "live_relay_samples")
        owners = {
            name: await read._ask("fetchval", f"SELECT array_agg(owner_id) FROM {name}")  # noqa: S608
            for name in tables
        }
    mine = [UUID(ben.id)]
    assert owners == dict.fromkeys(tables[:2], mine) | dict.fromkeys(tables[2:])


async def test_what_was_deleted_a_day_ago_is_gone_for_good(api: Api, ada: Person) -> None:
    made = (await ada.post("/live/projects", json={"name": "Old"})).json()
    where = f"/api/v1/live/projects/{made['id']}"
    await ada.client.delete(where)
    async with api.platform.database.write() as tx:
        await tx.execute("UPDATE live_projects SET deleted_at = now() - interval '25 hours'")

    await jobs.purge(Context(api), Nothing(), live_services(api.platform))  # type: ignore[arg-type]

    assert (await ada.client.post(f"{where}/restore")).status_code == 404


async def test_a_root_can_be_taken_away_once_everything_is_sealed_anew(
    api: Api, ada: Person, tmp_path: Path
) -> None:
    await destination(ada)
    project = (await ada.post("/live/projects", json={"name": "Friday"})).json()
    path = tmp_path / "secrets.json"
    roots = json.loads(path.read_text())["roots"]
    newer = {"id": "newer", "key": base64.b64encode(bytes(range(32))).decode()}
    path.write_text(json.dumps({"roots": [newer, *roots]}))
    services = live_services(api.platform)
    both = type(services)(live_keys(load_secrets(path)), services.rtmp, services.rtmps)

    await jobs.reseal(Context(api), Nothing(), both)  # type: ignore[arg-type]

    path.write_text(json.dumps({"roots": [newer]}))
    alone = live_keys(load_secrets(path))
    async with api.platform.database.write() as tx:
        taken = await publishing.take(tx, alone, "a-node", project["stream_key"])
        sealed = await tx.fetch_values("SELECT stream_key FROM live_destinations")
    assert isinstance(taken, publishing.Taken)
    assert all(one.startswith(b"newer:") for one in sealed)


async def test_a_key_that_cant_be_read_keeps_no_other_from_being_sealed_anew(
    api: Api, ada: Person, tmp_path: Path
) -> None:
    await destination(ada)
    await ada.post("/live/projects", json={"name": "Friday"})
    path = tmp_path / "secrets.json"
    roots = json.loads(path.read_text())["roots"]
    newer = {"id": "newer", "key": base64.b64encode(bytes(range(32))).decode()}
    path.write_text(json.dumps({"roots": [newer, *roots]}))
    services = live_services(api.platform)
    both = type(services)(live_keys(load_secrets(path)), services.rtmp, services.rtmps)
    async with api.platform.database.write() as tx:
        await tx.execute(UNREADABLE)
        await tx.execute(UNREADABLE_TOO)

    with pytest.raises(GiveUp, match="1 stream keys of projects and 1 of destinations"):
        await jobs.reseal(Context(api), Nothing(), both)  # type: ignore[arg-type]

    async with api.platform.database.read() as read:
        own = await read.fetch_values("SELECT stream_key FROM live_projects")
        theirs = await read.fetch_values("SELECT stream_key FROM live_destinations")
    assert sorted(one.partition(b":")[0] for one in own) == [b"gone", b"newer", b"newer"]
    assert sorted(one.partition(b":")[0] for one in theirs) == [b"gone", b"newer"]


@pytest.mark.parametrize("shows", [publishing.MOST_AT_ONCE])
async def test_a_person_has_a_few_shows_on_at_a_time(api: Api, ada: Person, shows: int) -> None:
    for _ in range(shows):
        await take(api, ada)
    project = (await ada.post("/live/projects", json={"name": "One more"})).json()

    async with api.platform.database.write() as tx:
        answer = await publishing.take(
            tx, live_keys(api.platform.secrets), "a-node", project["stream_key"]
        )

    assert isinstance(answer, publishing.TurnedAway)
    assert str(shows) in answer.reason


async def test_two_who_fight_for_a_key_end_with_the_one_that_is_there(
    api: Api, ada: Person
) -> None:
    keys = live_keys(api.platform.secrets)
    project = (await ada.post("/live/projects", json={"name": "Friday"})).json()
    report = '{"incoming": {"bitrate_kbps": 6000, "fps": 25.0, "keyframe_interval_ms": 2000, '
    report += '"video": null, "audio": null, "width": null, "height": null, "drift_ms": null, '
    report += '"notices": []}}'
    answers: list[object] = []
    for _ in range(10):
        async with api.platform.database.write() as tx:
            answers.append(await publishing.take(tx, keys, "a-node", project["stream_key"]))
            await tx.execute("UPDATE live_streams SET report = $1", report)

    taken = [one for one in answers if isinstance(one, publishing.Taken)]
    assert [one.epoch for one in taken] == list(range(1, len(taken) + 1))
    assert 1 < len(taken) < len(answers)
    assert isinstance(answers[-1], publishing.TurnedAway)
    assert len({one.show_id for one in taken}) == 1
