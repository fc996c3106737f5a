"""Graphs of shows: whose they are, in which steps, and what is kept of them."""

from typing import Any, NamedTuple
from uuid import UUID

import pytest

from backline.live.sql import samples
from backline.live.sql.samples import Measured, MeasuredRelay
from tests.support.api import Api
from tests.support.live_things import destination, live_project, show
from tests.support.things import Person

MOMENT = "date_trunc('hour', now())"
# So many samples, the last of them at a full hour; of a destination every second one.
SAMPLES = f"""
WITH shown AS (SELECT owner_id, id FROM live_shows),
numbers AS (SELECT n, {MOMENT} - n * interval '30 seconds' AS at
  FROM generate_series(0, $1::integer - 1) AS n),
made AS (
  INSERT INTO live_samples (owner_id, show_id, at, bitrate_kbps, fps, drift_ms)
  SELECT owner_id, id, at, 1000 + n % 10, 25, 10 FROM shown, numbers
)
INSERT INTO live_relay_samples (owner_id, show_id, at, destination_id, name, state, bitrate_kbps,
  lag_ms, dropped_frames)
SELECT shown.owner_id, shown.id, at, d.id, CASE n WHEN 0 THEN 'New' ELSE 'Old' END,
  CASE n % 10 WHEN 2 THEN 'stalled' ELSE 'live' END, 500, n % 10 * 100, 1
FROM shown, numbers, live_destinations d WHERE n % 2 = 0
"""  # noqa: S608  # literals alone
GAP = f"DELETE FROM live_samples WHERE at = {MOMENT} - interval '60 seconds'"  # noqa: S608  # too


class Placed(NamedTuple):
    """A show without samples, and where its graph is."""

    owner_id: UUID
    project_id: UUID
    show_id: UUID
    destination_id: UUID
    where: str


async def place(api: Api, person: Person) -> Placed:
    project_id = await live_project(person)
    destination_id = await destination(person)
    show_id = await show(person, {"live_project_id": project_id})
    async with api.platform.database.write() as tx:
        await tx.execute("DELETE FROM live_samples")
        await tx.execute("DELETE FROM live_relay_samples")
    where = f"/live/projects/{project_id}/shows/{show_id}/graph"
    ids = (UUID(one) for one in (person.id, project_id, show_id, destination_id))
    return Placed(*ids, where)


async def graph(api: Api, person: Person, where: str) -> dict[str, Any]:
    async with api.platform.database.write():
        pass
    return (await person.get(where)).json()


async def test_a_show_that_was_too_short_has_no_points(api: Api, ada: Person) -> None:
    placed = await place(api, ada)

    told = await graph(api, ada, placed.where)

    assert (told["begins_at"], told["step_s"], told["destinations"]) == (None, 30, [])
    assert set(map(len, told["incoming"].values())) == {0}
    assert told["show"]["id"] == str(placed.show_id)


async def test_a_short_show_has_each_of_its_samples_and_gaps_are_gaps(
    api: Api, ada: Person
) -> None:
    placed = await place(api, ada)
    async with api.platform.database.write() as tx:
        await tx.execute(SAMPLES, 5)
        await tx.execute(GAP)

    told = await graph(api, ada, placed.where)

    (sent,) = told["destinations"]
    assert told["step_s"] == 30
    assert told["incoming"]["bitrate_kbps"] == [1004, 1003, None, 1001, 1000]
    assert told["incoming"]["fps"] == [25.0, 25.0, None, 25.0, 25.0]
    assert told["incoming"]["keyframe_interval_ms"] == [None] * 5
    assert told["begins_at"].endswith(":57:30Z")
    assert (sent["id"], sent["name"]) == (str(placed.destination_id), "New")
    assert sent["state"] == ["live", None, "stalled", None, "live"]
    assert sent["lag_ms"] == [400, None, 200, None, 0]


@pytest.mark.parametrize(("count", "step_s", "steps"), [(300, 30, 300), (301, 60, 151)])
async def test_steps_grow_with_the_show(
    api: Api, ada: Person, count: int, step_s: int, steps: int
) -> None:
    placed = await place(api, ada)
    async with api.platform.database.write() as tx:
        await tx.execute(SAMPLES, count)

    told = await graph(api, ada, placed.where)

    assert (told["step_s"], len(told["incoming"]["fps"])) == (step_s, steps)
    assert None not in told["incoming"]["fps"]


async def test_a_day_is_told_in_averages_longest_lags_and_sums(api: Api, ada: Person) -> None:
    placed = await place(api, ada)
    async with api.platform.database.write() as tx:
        await tx.execute(SAMPLES, 2_880)

    told = await graph(api, ada, placed.where)

    (sent,) = told["destinations"]
    assert (told["step_s"], len(told["incoming"]["fps"])) == (300, 288)
    assert set(told["incoming"]["bitrate_kbps"]) == {1005}
    assert set(sent["state"]) == {"stalled"}
    assert (set(sent["lag_ms"]), set(sent["bitrate_kbps"])) == ({800}, {500})
    assert sum(sent["dropped_frames"]) == 1_440


async def test_what_was_removed_keeps_its_part_under_its_name(api: Api, ada: Person) -> None:
    placed = await place(api, ada)
    async with api.platform.database.write() as tx:
        await tx.execute(SAMPLES, 1)
        await tx.execute("DELETE FROM live_destinations")

    told = await graph(api, ada, placed.where)

    assert [one["name"] for one in told["destinations"]] == ["New"]


async def test_nobody_else_sees_it_and_nobody_by_another_project(
    api: Api, ada: Person, ben: Person
) -> None:
    placed, theirs = await place(api, ada), await place(api, ben)
    other = (await ada.post("/live/projects", json={"name": "Other"})).json()["id"]
    places = [
        placed.where,
        f"/live/projects/{theirs.project_id}/shows/{placed.show_id}/graph",
        f"/live/projects/{placed.project_id}/shows/{theirs.show_id}/graph",
    ]
    by_ben = [(await ben.client.get(f"/api/v1{one}")).status_code for one in places]
    elsewhere = f"/api/v1/live/projects/{other}/shows/{placed.show_id}/graph"
    by_ada = [(await ada.client.get(elsewhere)).status_code]
    await ada.client.delete(f"/api/v1/live/projects/{placed.project_id}")
    by_ada.append((await ada.client.get(f"/api/v1{placed.where}")).status_code)

    assert (by_ben, by_ada) == ([404] * 3, [404] * 2)


async def test_only_the_holder_adds_samples_one_each_half_minute(api: Api, ada: Person) -> None:
    placed = await place(api, ada)
    of = (placed.owner_id, placed.project_id, placed.show_id)
    written: list[set[UUID]] = []
    async with api.platform.database.write() as tx:
        await tx.execute("UPDATE live_streams SET state = 'live', epoch = 7")
        for node, epoch in (("a-node", 6), ("another", 7), ("a-node", 7), ("a-node", 7)):
            measured = [Measured(*of, epoch, 6_000, 25.0, None, None)]
            written.append(await samples.insert(tx, node, measured, every_s=3600))

    told = await graph(api, ada, placed.where)

    assert written == [set(), set(), {placed.show_id}, set()]
    assert told["incoming"]["bitrate_kbps"] == [6_000]


async def test_of_a_long_show_the_last_day_is_kept(api: Api, ada: Person) -> None:
    placed = await place(api, ada)
    show_of = (placed.owner_id, placed.show_id)
    async with api.platform.database.write() as tx:
        await tx.execute(SAMPLES, 3_000)
        await samples.forget(tx, [show_of], after_s=24 * 3600)
        counts = [
            await tx.fetch_value("SELECT count(*) FROM live_samples"),
            await tx.fetch_value("SELECT count(*) FROM live_relay_samples"),
        ]
        # A destination that was removed for good has no more of them.
        relays = [MeasuredRelay(*show_of, UUID(int=1), "live", 1, 1, 1)]
        await samples.insert_relays(tx, relays, every_s=30)
        after = await tx.fetch_value("SELECT count(*) FROM live_relay_samples")

    assert 2_760 <= counts[0] <= 2_880
    assert abs(counts[1] - counts[0] / 2) <= 1
    assert after == counts[1]
