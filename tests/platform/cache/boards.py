"""People who share boards, with members let in and put out at random, through several processes.

A second after somebody's removal was answered they neither see nor hear anything of the board;
the devices that asked for it at once. The other way round, who was let in sees it within a second.
"""

import asyncio
import itertools
import random
import time
from typing import Any
from uuid import UUID

import httpx
import msgspec

from backline.accounts import Container, remove_member
from tests.platform.cache.processes import PROMISED_S, Devices, Processes

PEOPLE = 4
BOARDS = "/api/v1/boards"
STATUS = {"editor": 200, "viewer": 403, None: 404}  # of a write, by the rank


class Change(msgspec.Struct):
    """Of somebody's rank on a board (None: out): by which client, from when to when."""

    rank: str | None
    by: httpx.AsyncClient | None
    began_s: float
    answered_s: float = float("inf")


class Board:
    """A board, and what was done to it."""

    def __init__(self, board_id: str, owner: Devices, others: list[Devices]) -> None:
        self.id, self.owner = board_id, owner
        out = Change(None, None, float("-inf"), float("-inf"))
        self.changes: dict[str, list[Change]] = {one.id: [out] for one in others}
        self.turns = {one.id: asyncio.Lock() for one in others}
        self.began_s: dict[int, float] = {1: float("-inf")}
        self.answered: list[tuple[float, int, httpx.AsyncClient]] = []

    def rank(
        self, user_id: str, client: httpx.AsyncClient, since_s: float, until_s: float, late_s: float
    ) -> str | None:
        """The rank that a client has to know of, `late_s` after its change was answered.

        `unsure` where a later change may have been seen by `until_s`.
        """
        if user_id == self.owner.id:
            return "editor"
        changes = self.changes[user_id]
        known = [
            place
            for place, one in enumerate(changes)
            if one.answered_s + (0 if one.by is client else late_s) <= since_s
        ]
        later = changes[known[-1] + 1 :]
        return "unsure" if any(one.began_s < until_s for one in later) else changes[known[-1]].rank

    def due(self, client: httpx.AsyncClient, asked_s: float) -> int:
        """The version that a client has to see by then."""
        return max(
            (
                version
                for at_s, version, by in self.answered
                if at_s + (0 if by is client else PROMISED_S) <= asked_s
            ),
            default=1,
        )


class Heard(msgspec.Struct):
    """An event that came over somebody's stream."""

    board: str
    version: int
    user_id: str
    client: httpx.AsyncClient
    opened_s: float
    at_s: float
    url: str


class Boards:
    """The people, their boards, and what they do."""

    def __init__(self, world: Processes, people: list[Devices], boards: list[Board]) -> None:
        self.world, self.people = world, people
        self.boards = {one.id: one for one in boards}
        self.heard: list[Heard] = []
        # A browser's marks are kept in the order of its writes.
        self.writing = {one.id: asyncio.Lock() for one in people}

    async def live(self, luck: random.Random) -> None:
        """One of those who read, write, let in and put out at random, until time is up."""
        deeds = [self.look, self.look_at_all, self.look_who_is_in, self.write, self.change]
        while self.world.goes_on:
            deed = luck.choices(deeds, weights=[40, 20, 10, 10, 8])[0]
            await deed(luck, luck.choice(self.people), luck.choice(list(self.boards.values())))
            await asyncio.sleep(luck.random() * 0.02)

    async def look(self, luck: random.Random, person: Devices, board: Board) -> None:
        """At one board."""
        client, asked_s, answer = await self._get(luck, person, f"/{board.id}")
        if answer.status_code == 200:
            self._compare(board, client, asked_s, answer.json(), answer)
        self._judge(board, person.id, client, asked_s, answer.status_code == 200, answer)

    async def look_at_all(self, luck: random.Random, person: Devices, _board: Board) -> None:
        """At all that somebody sees."""
        client, asked_s, answer = await self._get(luck, person, "")
        found = {one["id"]: one for one in answer.json()["items"]}
        for board in self.boards.values():
            if board.id in found:
                self._compare(board, client, asked_s, found[board.id], answer)
            self._judge(board, person.id, client, asked_s, board.id in found, answer)

    async def look_who_is_in(self, luck: random.Random, _person: Devices, board: Board) -> None:
        """At a board's members, as its owner."""
        client, asked_s, answer = await self._get(luck, board.owner, f"/{board.id}/members")
        for user_id in board.changes:
            is_in = user_id in answer.json()["items"]
            self._judge(board, user_id, client, asked_s, is_in, answer)

    async def write(self, luck: random.Random, person: Devices, board: Board) -> None:
        """On a board: only editors may, from the very moment."""
        address = f"{luck.choice(self.world.urls)}{BOARDS}/{board.id}"
        async with self.writing[person.id]:
            began_s = time.monotonic()
            form = {"text": f"Text {luck.random()}"}
            answer = await person.browser.patch(address, json=form)
        now_s = time.monotonic()
        if answer.status_code == 200:
            version = answer.json()["version"]
            board.began_s[version] = began_s
            board.answered.append((now_s, version, person.browser))
        rank = board.rank(person.id, person.browser, began_s, now_s, late_s=0)
        if rank != "unsure" and answer.status_code != STATUS[rank]:
            self.world.faults.append(f"{answer.status_code} to a write by {rank}")

    async def change(self, luck: random.Random, _person: Devices, board: Board) -> None:
        """Let somebody in, give them another rank or put them out."""
        person = luck.choice([one for one in self.people if one is not board.owner])
        address = f"{luck.choice(self.world.urls)}{BOARDS}/{board.id}/members/{person.id}"
        way, rank = luck.choice(["put out", "leave", "far"]), luck.choice(["editor", "viewer"])
        async with board.turns[person.id]:
            changes = board.changes[person.id]
            if changes[-1].rank is None or luck.random() < 0.2:
                one = Change(rank, board.owner.browser, time.monotonic())
                changes.append(one)
                async with self.writing[board.owner.id]:
                    answer = await board.owner.browser.put(address, json={"rank": rank})
                answer.raise_for_status()
                self.world.seen["let in"] += 1
            elif way == "far":
                one = Change(None, None, time.monotonic())
                changes.append(one)
                container = Container(UUID(board.owner.id), UUID(board.id), "board")
                async with self.world.database.write() as tx:
                    await remove_member(tx, container, UUID(person.id))
            else:
                by = board.owner if way == "put out" else person
                one = Change(None, by.browser, time.monotonic())
                changes.append(one)
                async with self.writing[by.id]:
                    (await by.browser.delete(address)).raise_for_status()
            one.answered_s = time.monotonic()

    async def listen(self, luck: random.Random, person: Devices, url: str) -> None:
        """Open a stream again and again, and go on where the last one ended."""
        last: dict[str, str] = {}
        while self.world.goes_on:
            opened_s, address = time.monotonic(), f"{url}/api/v1/events?topics=boards"
            try:
                async with (
                    asyncio.timeout(luck.uniform(0.3, 2.5)),
                    person.program.stream("GET", address, headers=last) as stream,
                ):
                    await self._gather(stream, person, url, opened_s, last)
            except TimeoutError:
                await asyncio.sleep(luck.random() * 0.3)

    async def _gather(
        self,
        stream: httpx.Response,
        person: Devices,
        url: str,
        opened_s: float,
        last: dict[str, str],
    ) -> None:
        async for line in stream.aiter_lines():
            name, _, said = line.partition(": ")
            if name == "id":
                last["last-event-id"] = said
            elif name == "data" and said != "{}":
                data: dict[str, Any] = msgspec.json.decode(said)
                one = (data["id"], data["version"], person.id, person.program)
                self.heard.append(Heard(*one, opened_s, time.monotonic(), url))

    def judge_what_was_heard(self) -> None:
        """Whether anybody heard of what they were no member of any more, at once or again."""
        for one in self.heard:
            board = self.boards[one.board]
            written_s = board.began_s[one.version]
            self.world.seen["heard again" if written_s < one.opened_s else "heard"] += 1
            since_s = max(written_s, one.opened_s)
            rank = board.rank(one.user_id, one.client, since_s, one.at_s, PROMISED_S)
            if rank is None:
                late_s = since_s - board.changes[one.user_id][-1].answered_s
                self.world.faults.append(f"{one.url}: heard of a board {late_s:.1f} s too late")

    async def _get(
        self, luck: random.Random, person: Devices, path: str
    ) -> tuple[httpx.AsyncClient, float, httpx.Response]:
        client = luck.choice([person.browser, person.program])
        asked_s = time.monotonic()
        answer = await client.get(luck.choice(self.world.urls) + BOARDS + path)
        assert answer.status_code in {200, 404}, answer.text
        self.world.seen[answer.headers.get("cache-status", "none")] += 1
        return client, asked_s, answer

    def _compare(
        self,
        board: Board,
        client: httpx.AsyncClient,
        asked_s: float,
        item: dict[str, Any],
        answer: httpx.Response,
    ) -> None:
        """Whether what is seen of a board is new enough."""
        due = board.due(client, asked_s)
        if item["version"] < due:
            state = answer.headers["cache-status"]
            self.world.faults.append(f"version {item['version']} instead of {due} ({state})")

    def _judge(
        self,
        board: Board,
        user_id: str,
        client: httpx.AsyncClient,
        asked_s: float,
        is_seen: bool,  # what was found
        answer: httpx.Response,
    ) -> None:
        """Whether somebody is seen to be in who has to be in, or out who has to be out."""
        rank = board.rank(user_id, client, asked_s, time.monotonic(), PROMISED_S)
        if rank == "unsure":
            return
        self.world.seen["kept out" if rank is None else "seen"] += 1
        if is_seen != (rank is not None):
            state = answer.headers.get("cache-status", "none")
            self.world.faults.append(f"{answer.url} as {rank}: seen {is_seen} ({state})")


async def boards_of(world: Processes) -> Boards:
    """Four people, of whom two have a board each, that nobody else sees yet."""
    people = [await world.devices(f"person{number}") for number in range(PEOPLE)]
    boards: list[Board] = []
    for owner, url in zip(people[:2], itertools.cycle(world.urls), strict=False):
        answer = await owner.browser.post(f"{url}{BOARDS}", json={"text": "first"})
        boards.append(
            Board(
                answer.raise_for_status().json()["id"],
                owner,
                [one for one in people if one is not owner],
            )
        )
    return Boards(world, people, boards)
