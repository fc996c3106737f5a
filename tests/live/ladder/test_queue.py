"""Who makes which ladder: in the order in which they were wanted, and one worker at a time."""

import asyncio
from uuid import UUID

from backline.live.sql import ladders
from backline.platform.database import Database
from backline.platform.ids import uuid7

PROJECT = """
INSERT INTO live_projects (owner_id, id, name, hold_s, stream_key, key_digest)
VALUES ($1, $2, 'Friday', 30, '', '')
"""
OVER = "UPDATE live_ladders SET lease_until = now() - interval '1 second'"
FORGOTTEN = "UPDATE live_ladders SET wanted_until = now() - interval '2 minutes'"
Wanted = tuple[UUID, UUID, UUID]


async def wanted(database: Database, node: str = "a-node") -> Wanted:
    """Another ladder that a node wants: owner, project, show."""
    one = (uuid7(), uuid7(), uuid7())
    async with database.write() as tx:
        await tx.execute(PROJECT, *one[:2])
        await ladders.want(tx, node, [one], for_s=60)
    return one


async def take(database: Database, worker: str, most: int = 1) -> list[ladders.Held]:
    async with database.write() as tx:
        return await ladders.take(tx, worker, most, lease_s=60)


async def renew(database: Database, worker: str, held: list[ladders.Held]) -> list[UUID]:
    async with database.write() as tx:
        return [one.project_id for one in await ladders.renew(tx, worker, held, lease_s=60)]


async def places(database: Database, *of: Wanted) -> list[tuple[bool, int]]:
    async with database.write() as tx:
        found = await ladders.standing(tx, [one[1] for one in of])
    by_id = {one.project_id: (one.is_made, one.place) for one in found}
    return [by_id[one[1]] for one in of if one[1] in by_id]


async def test_what_was_wanted_first_is_made_first(database: Database) -> None:
    one, two, three = [await wanted(database) for _ in range(3)]

    taken = await take(database, "a-worker")

    assert [held.project_id for held in taken] == [one[1]]
    assert await places(database, one, two, three) == [(True, 1), (False, 1), (False, 2)]


async def test_what_a_worker_left_behind_is_another_ones_when_its_lease_is_over(
    database: Database,
) -> None:
    await wanted(database)
    before = await take(database, "a-worker")
    early = await take(database, "another")
    async with database.write() as tx:
        await tx.execute(OVER)
    after = await take(database, "another")

    assert early == []
    assert [held.epoch for held in before + after] == [1, 2]
    assert await renew(database, "a-worker", before) == []
    assert await renew(database, "another", after) == [after[0].project_id]


async def test_a_worker_that_ends_gives_back_what_it_has(database: Database) -> None:
    one = await wanted(database)
    await take(database, "a-worker")
    async with database.write() as tx:
        await ladders.release(tx, "a-worker")

    assert await places(database, one) == [(False, 1)]


async def test_a_node_takes_nothing_from_the_one_that_has_the_show_now(database: Database) -> None:
    one = await wanted(database)
    held = await take(database, "a-worker")
    async with database.write() as tx:
        await ladders.want(tx, "next-node", [one], for_s=60)
        await ladders.unwant(tx, "a-node", [one])
    still = await renew(database, "a-worker", held)
    async with database.write() as tx:
        await ladders.unwant(tx, "next-node", [one])

    assert still == [one[1]]
    assert await renew(database, "a-worker", held) == []


async def test_the_next_show_waits_anew_and_the_worker_of_the_last_one_is_told(
    database: Database,
) -> None:
    one, two = [await wanted(database) for _ in range(2)]
    held = await take(database, "a-worker")
    async with database.write() as tx:
        await ladders.want(tx, "a-node", [(*one[:2], uuid7())], for_s=60)

    assert await renew(database, "a-worker", held) == []
    assert await places(database, two, one) == [(False, 1), (False, 2)]


async def test_what_nobody_wants_any_more_isnt_made_and_goes(database: Database) -> None:
    one = await wanted(database)
    held = await take(database, "a-worker")
    async with database.write() as tx:
        await tx.execute(FORGOTTEN)
    still = await renew(database, "a-worker", held)
    async with database.write() as tx:
        await ladders.prune(tx)
        left = await tx.fetch_value("SELECT count(*) FROM live_ladders")

    assert (still, await take(database, "another"), left) == ([], [], 0)
    assert await places(database, one) == []


async def test_a_project_that_is_deleted_at_the_same_time_isnt_wanted(database: Database) -> None:
    gone, stays = await wanted(database), await wanted(database)
    async with database.write() as tx:
        await tx.execute("DELETE FROM live_projects WHERE id = $1", gone[1])

        async def want() -> None:
            async with database.write() as other:
                await ladders.want(other, "a-node", [gone, stays], for_s=60)

        wanting = asyncio.create_task(want())
        await asyncio.wait([wanting], timeout=0.2)
    await wanting

    assert await places(database, gone, stays) == [(False, 1)]
