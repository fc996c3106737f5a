"""Events of shared things: who hears them, judged when they are sent and when they come again."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
import pytest

from backline.accounts import Container, add_member, members, remove_member
from backline.platform import events
from backline.platform.cache.tags import Tags
from backline.platform.cache.watch import Watch
from backline.platform.database import Database
from backline.platform.database.signals import Signals
from backline.platform.events import Audience, EventHub, Subscriber
from backline.platform.ids import uuid7
from tests.support.waiting import until

INSERT_USER = """
INSERT INTO users (id, email, email_key, name, password_hash) VALUES ($1, $2, $2, $2, '')
"""


class Said(msgspec.Struct, frozen=True):
    text: str


class Room:
    """A hub as a server has it, and what each of its listeners was sent."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.signals = Signals(database.dsn)
        self.watch = Watch(database.dsn, self.signals, Tags())
        self.hub = EventHub(self.signals, Audience(database, self.watch, members.containers))
        self.tasks: list[asyncio.Task[None]] = []

    async def listen(self, user_id: UUID, last_event_id: str | None = None) -> list[str]:
        """What somebody is sent from now on: an event's text, or its name."""
        stream = await self.hub.subscribe(user_id, uuid7(), ["memo", "memberships"], last_event_id)
        sent: list[str] = []
        self.tasks.append(asyncio.create_task(self._gather(stream, sent)))
        return sent

    async def _gather(self, stream: Subscriber, sent: list[str]) -> None:
        async for chunk in stream.chunks():
            lines = dict(line.split(": ", 1) for line in chunk.decode().split("\n") if line)
            if "event" in lines:
                data = msgspec.json.decode(lines["data"])
                sent.append(data.get("text", lines["event"]))

    async def say(self, where: Container, text: str) -> None:
        async with self.database.write() as tx:
            said = Said(text)
            await events.publish(tx, where.owner_id, "memo", "memo", said, container_id=where.id)

    async def add(self, where: Container, user_id: UUID) -> None:
        async with self.database.write() as tx:
            await add_member(tx, where, user_id, "viewer")

    async def remove(self, where: Container, user_id: UUID) -> None:
        async with self.database.write() as tx:
            await remove_member(tx, where, user_id)


@pytest.fixture
async def room(database: Database) -> AsyncIterator[Room]:
    made = Room(database)
    await made.signals.start()
    await made.watch.start()
    await until(lambda: made.signals.connected)
    yield made
    made.hub.close()
    await asyncio.gather(*made.tasks)
    await made.watch.close()
    await made.signals.close()


@pytest.fixture
async def people(database: Database) -> list[UUID]:
    """An owner, a member and a stranger."""
    ids = [uuid7() for _ in range(3)]
    async with database.write() as tx:
        for user_id in ids:
            await tx.execute(INSERT_USER, user_id, f"{user_id.hex}@example.org")
    return ids


@pytest.fixture
async def board(room: Room, people: list[UUID]) -> Container:
    made = Container(people[0], uuid7(), "board")
    await room.add(made, people[1])
    await until(lambda: room.hub._remembered)
    return made


async def test_the_owner_and_members_hear_and_nobody_else(
    room: Room, board: Container, people: list[UUID]
) -> None:
    owner, member, stranger = [await room.listen(one) for one in people]

    await room.say(board, "hello")
    await room.say(Container(people[2], uuid7(), "board"), "elsewhere")

    await until(lambda: owner and member and stranger)
    assert (owner, member, stranger) == (["hello"], ["hello"], ["elsewhere"])


async def test_who_is_added_hears_from_then_on_and_who_is_removed_no_more(
    room: Room, board: Container, people: list[UUID]
) -> None:
    owner, member, other = [await room.listen(one) for one in people]

    await room.say(board, "one")
    await room.say(Container(people[2], uuid7(), "board"), "own")
    await until(lambda: other == ["own"])
    await room.add(board, people[2])
    await room.say(board, "two")
    await until(lambda: "two" in member and "two" in other)
    await room.remove(board, people[1])
    await room.say(board, "three")
    await room.say(Container(people[1], uuid7(), "board"), "mine")
    await until(lambda: "mine" in member)  # so "three" was judged, while they were no member
    await room.add(board, people[1])
    await room.say(board, "four")

    await until(lambda: "four" in owner and "four" in member and "four" in other)
    assert owner == ["one", "two", "three", "four"]
    assert member == ["one", "two", "membership", "mine", "membership", "four"]
    assert other == ["own", "membership", "two", "three", "four"]


async def test_what_waits_in_a_slow_stream_is_judged_when_it_is_sent(
    room: Room, board: Container, people: list[UUID]
) -> None:
    stream = await room.hub.subscribe(people[1], uuid7(), ["memo"], None)
    await room.say(board, "secret")
    await until(stream._queue.qsize)

    await room.remove(board, people[1])
    sent: list[str] = []
    room.tasks.append(asyncio.create_task(room._gather(stream, sent)))
    async with room.database.write() as tx:
        await events.publish(tx, people[1], "memo", "memo", Said("own"))

    await until(lambda: sent)
    assert sent == ["own"]


async def test_what_was_missed_is_judged_by_what_holds_now(
    room: Room, board: Container, people: list[UUID]
) -> None:
    async with room.database.write() as tx:
        await events.publish(tx, people[1], "memo", "memo", Said("own"))
    await room.say(board, "secret")
    await until(lambda: len(room.hub._remembered) > 1)
    last = next(one.id for one in room.hub._remembered if one.owner_id == people[1])

    still = await room.listen(people[1], last)
    await until(lambda: "secret" in still)
    await room.remove(board, people[1])
    gone = await room.listen(people[1], last)

    await until(lambda: "membership" in gone)
    assert "secret" not in gone


async def test_a_stream_asks_the_database_while_this_process_is_out_of_touch(
    room: Room, board: Container, people: list[UUID]
) -> None:
    member = await room.listen(people[1])
    await room.say(board, "one")
    await until(lambda: member == ["one"])
    await room.watch.close()
    async with room.database.write() as tx:  # as another process does, whose signal is lost
        await tx.execute("DELETE FROM memberships")
    known = room.hub._audience._known.get(people[1])
    assert known is not None
    await until(lambda: room.hub._audience.known(people[1]) is None)

    await room.say(board, "two")
    async with room.database.write() as tx:
        await events.publish(tx, people[1], "memo", "memo", Said("own"))

    await until(lambda: len(member) > 1)
    assert member == ["one", "own"]


async def test_a_passing_state_comes_at_once_and_is_not_kept(
    room: Room, board: Container, people: list[UUID]
) -> None:
    member = await room.listen(people[1])

    await events.pass_on(
        room.database, board.owner_id, "memo", "meter", Said("-12 dB"), container_id=board.id
    )

    await until(lambda: member)
    assert member == ["-12 dB"]
    assert "-12 dB" not in str(list(room.hub._remembered))
    with pytest.raises(ValueError, match="too long"):
        await events.pass_on(room.database, board.owner_id, "memo", "meter", Said("x" * 7_900))


async def test_what_is_too_long_for_a_signal_has_members_fetch_anew(
    room: Room, board: Container, people: list[UUID]
) -> None:
    member = await room.listen(people[1])

    await room.say(board, "x" * 7_900)

    await until(lambda: member)
    assert member == ["reset"]
