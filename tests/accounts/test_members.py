"""Ranks in what several people share, and what becomes of them."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import asyncpg
import msgspec
import pytest

from backline.accounts import (
    Container,
    add_member,
    change_member,
    end_container,
    members,
    members_of,
    members_tag,
    memberships,
    rank,
    remove_member,
    users,
)
from backline.accounts.members_sql import MemberRow
from backline.platform import jobs
from backline.platform.actor import Actor
from backline.platform.cache import memberships_tag
from backline.platform.cache.tags import Tags
from backline.platform.database import Database
from backline.platform.errors import Conflict, Forbidden, NotFound
from backline.platform.ids import uuid7
from tests.support.waiting import eventually

INSERT_USER = """
INSERT INTO users (id, email, email_key, name, password_hash) VALUES ($1, $2, $2, $2, '')
"""
BOTH = """
SELECT user_id, owner_id, container_id, kind || ' ' || rank AS kind FROM memberships
UNION
SELECT user_id, owner_id, container_id, kind || ' ' || rank FROM members
"""
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


class Somebody(msgspec.Struct, frozen=True):
    """A person with an account."""

    id: UUID

    @property
    def actor(self) -> Actor:
        return Actor(self.id, "user", uuid7())


async def person(database: Database, name: str) -> Somebody:
    made = Somebody(uuid7())
    async with database.write() as tx:
        await tx.execute(INSERT_USER, made.id, f"{name}@example.org")
    return made


@pytest.fixture
async def ada(database: Database) -> Somebody:
    return await person(database, "ada")


@pytest.fixture
async def bob(database: Database) -> Somebody:
    return await person(database, "bob")


@pytest.fixture
async def project(database: Database, ada: Somebody, bob: Somebody) -> Container:
    """Ada's, in which Bob is a commenter."""
    made = Container(ada.id, uuid7(), "project")
    async with database.write() as tx:
        assert await add_member(tx, made, bob.id, "commenter")
    return made


async def test_a_member_is_told_whose_it_is_and_their_rank(
    database: Database, project: Container, bob: Somebody
) -> None:
    async with database.read() as read:
        found = await rank(read, bob.actor, project.id, least="commenter")
        shared = await memberships(read, bob.actor, "project")
        other_kind = await memberships(read, bob.actor, "playlist")

    assert (found.owner_id, found.container_id, found.rank) == (
        project.owner_id,
        project.id,
        "commenter",
    )
    assert (shared, other_kind) == ([found], [])


async def test_who_is_no_member_is_sent_to_their_own_things(
    database: Database, project: Container, ada: Somebody
) -> None:
    stranger = await person(database, "eve")
    async with database.read() as read:
        owner = await rank(read, ada.actor, project.id, least="owner")
        nobody = await rank(read, stranger.actor, project.id, least="owner")

    assert (owner.owner_id, owner.rank) == (ada.id, "owner")
    assert (nobody.owner_id, nobody.rank) == (stranger.id, "owner")


async def test_a_rank_that_is_too_low_is_refused(
    database: Database, project: Container, bob: Somebody
) -> None:
    async with database.read() as read:
        with pytest.raises(Forbidden, match=r"You are a commenter here, and only an editor"):
            await rank(read, bob.actor, project.id, least="editor")


@pytest.mark.parametrize("end", [remove_member, None])
async def test_a_change_of_rank_and_an_end_are_written_to_both_sides(
    database: Database,
    project: Container,
    bob: Somebody,
    end: Callable[..., object] | None,
) -> None:
    async with database.write() as tx:
        await change_member(tx, project, bob.id, "editor")
        assert not await add_member(tx, project, bob.id, "viewer")
        both = await tx.fetch(BOTH, MemberRow)
        people = await members_of(tx, project)
        await (remove_member(tx, project, bob.id) if end else end_container(tx, project))
        left = await tx.fetch(BOTH, MemberRow)

    assert both == [MemberRow(bob.id, project.owner_id, project.id, "project editor")]
    assert [(one.user_id, one.rank) for one in people] == [(bob.id, "editor")]
    assert left == []


async def test_every_change_ends_what_the_member_was_shown(
    database: Database, project: Container, bob: Somebody
) -> None:
    tags = Tags()
    slots = tags.slots([memberships_tag(bob.id.hex)]), tags.slots([members_tag(project.id)])
    for change in (
        lambda tx: change_member(tx, project, bob.id, "viewer"),
        lambda tx: remove_member(tx, project, bob.id),
        lambda tx: add_member(tx, project, bob.id, "editor"),
    ):
        before = tags.number
        async with database.write() as tx:
            await change(tx)
        assert [tags.hold(one, before) for one in slots] == [False, False]


async def test_a_rank_that_a_write_relies_on_stays_until_its_end(
    database: Database, project: Container, bob: Somebody
) -> None:
    async with database.write() as tx:
        await rank(tx, bob.actor, project.id)
        removing = asyncio.create_task(_remove(database, project, bob.id))
        async with database.read() as read:
            await eventually(lambda: read.fetch_value(WAITS))
        assert not removing.done()
    await removing

    async with database.read() as read:
        assert (await rank(read, bob.actor, project.id)).owner_id == bob.id


async def _remove(database: Database, project: Container, user_id: UUID) -> None:
    async with database.write() as tx:
        await remove_member(tx, project, user_id)


async def test_there_are_members_only_of_what_is_there(
    database: Database, project: Container, ada: Somebody, bob: Somebody
) -> None:
    async with database.write() as tx:
        with pytest.raises(NotFound):
            await add_member(tx, project, uuid7(), "viewer")
        with pytest.raises(Conflict, match="owns it"):
            await add_member(tx, project, ada.id, "viewer")
        for change in (
            change_member(tx, project, ada.id, "viewer"),
            remove_member(tx, Container(ada.id, uuid7(), "project"), bob.id),
        ):
            with pytest.raises(NotFound):
                await change


async def test_both_sides_are_bounded(
    database: Database, project: Container, monkeypatch: pytest.MonkeyPatch, bob: Somebody
) -> None:
    eve = await person(database, "eve")
    monkeypatch.setattr(members, "MOST_MEMBERS", 1)
    with pytest.raises(Conflict, match="takes no more"):
        async with database.write() as tx:
            await add_member(tx, project, eve.id, "viewer")
    monkeypatch.setattr(members, "MOST_MEMBERSHIPS", 1)
    with pytest.raises(Conflict, match="already, the most"):
        async with database.write() as tx:
            await add_member(tx, Container(eve.id, uuid7(), "project"), bob.id, "viewer")


@pytest.fixture
def registered(database: Database) -> None:
    """Nobody who wants to hear of it."""
    database.declared = jobs.assemble([])


@pytest.mark.parametrize("who", ["member", "owner"])
async def test_a_deleted_account_ends_its_memberships_on_both_sides(
    database: Database, project: Container, ada: Somebody, bob: Somebody, registered: None, who: str
) -> None:
    gone = bob if who == "member" else ada
    async with database.write() as tx:
        await users.delete(tx, gone.actor, gone.id, address="")
        if who == "owner":
            assert await members.end_some_members(tx, ada.id, 10) == 1
        with pytest.raises(NotFound):
            await add_member(tx, project, bob.id, "viewer")

    async with database.read() as read:
        assert await read.fetch(BOTH, MemberRow) == []


@pytest.mark.parametrize(
    ("statement", "arguments", "touched"),
    [
        (members.members_sql._MEMBERSHIP, 2, "memberships"),
        (members.members_sql._LOCKED_MEMBERSHIP, 2, "memberships"),
        (members.members_sql._CONTAINERS, 1, "memberships"),
        (members.members_sql._MEMBERS, 2, "members"),
    ],
)
async def test_a_look_visits_one_partition(
    dsn: str, statement: str, arguments: int, touched: str
) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE look AS {statement}")
        ids = ", ".join([f"'{uuid7()}'"] * arguments)
        plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN EXECUTE look({ids})"))
    finally:
        await connection.close()

    assert plan.count(f" on {touched}_") - plan.count("Bitmap Index Scan") == 1, plan
