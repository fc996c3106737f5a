"""People with tracks of their own, who read and write them through several processes.

Nobody sees older than they wrote, nobody sees anybody else's, and everybody sees a change within a
second.
"""

import asyncio
import random
import time
from uuid import UUID

import httpx

from backline.platform.cache import invalidate
from tests.platform.cache.processes import PROMISED_S, Devices, Processes
from tests.platform.front.cached.conftest import add_track

PEOPLE, TRACKS = 4, 2
LIST = "/api/v1/tracks"
WRITE = """
UPDATE tracks SET version = version + 1, title = $2 WHERE id = $1 RETURNING version
"""


class Person:
    """Somebody, and what their devices have to see."""

    def __init__(self, devices: Devices, tracks: list[str]) -> None:
        self.devices, self.id, self.tracks = devices, devices.id, tracks
        self.own: dict[str, int] = dict.fromkeys(tracks, 1)
        self.acknowledged: dict[str, list[tuple[float, int]]] = {one: [] for one in tracks}

    def wrote(self, track: str, version: int) -> None:
        """A write was answered just now."""
        self.acknowledged[track].append((time.monotonic(), version))

    def due(self, track: str, asked_s: float) -> int:
        """The version that everybody has to see by then."""
        promised = [v for at_s, v in self.acknowledged[track] if at_s <= asked_s - PROMISED_S]
        return max(promised, default=1)


class Tracks:
    """The people, and what they do."""

    def __init__(self, world: Processes, people: list[Person]) -> None:
        self.world, self.people = world, people

    async def live(self, luck: random.Random) -> None:
        """One of those who read and write at random, until time is up."""
        deeds = [self.read_own, self.read_other, self.write, self.write_far, self.write_slowly]
        while self.world.goes_on:
            person = luck.choice(self.people)
            deed = luck.choices(deeds, weights=[30, 60, 6, 2, 1])[0]
            await deed(luck, person)
            await asyncio.sleep(luck.random() * 0.02)

    async def read_own(self, luck: random.Random, person: Person) -> None:
        """By the browser that wrote: it never sees older than it wrote."""
        least = dict(person.own)
        await self.read(luck, person, person.devices.browser, least)

    async def read_other(self, luck: random.Random, person: Person) -> None:
        """By a program that never wrote: a second is all it has to wait."""
        asked_s = time.monotonic()
        least = {track: person.due(track, asked_s) for track in person.tracks}
        await self.read(luck, person, person.devices.program, least)

    async def read(
        self, luck: random.Random, person: Person, client: httpx.AsyncClient, least: dict[str, int]
    ) -> None:
        url, one = luck.choice(self.world.urls), luck.choice([None, *person.tracks])
        answer = await client.get(f"{url}{LIST}/{one}" if one else f"{url}{LIST}")
        assert answer.status_code == 200, answer.text
        state = answer.headers["cache-status"]
        self.world.seen[state] += 1
        items = [answer.json()] if one else answer.json()["items"]
        for item in items:
            if item["owner_id"] != person.id:
                self.world.faults.append(f"{person.id} was shown {item['owner_id']}'s ({state})")
            elif item["version"] < least[item["id"]]:
                was, due = item["version"], least[item["id"]]
                self.world.faults.append(f"{url}: version {was} instead of {due} ({state})")
        if len(items) != (1 if one else TRACKS):
            self.world.faults.append(f"{len(items)} tracks ({state})")

    async def write(self, luck: random.Random, person: Person) -> None:
        """By the browser, at any process."""
        url, track = luck.choice(self.world.urls), luck.choice(person.tracks)
        title = f"Title {luck.random()}"
        answer = await person.devices.browser.patch(f"{url}{LIST}/{track}", json={"title": title})
        assert answer.status_code == 200, answer.text
        version = answer.json()["version"]
        person.own[track] = max(person.own[track], version)
        person.wrote(track, version)

    async def write_far(self, luck: random.Random, person: Person, wait_s: float = 0.0) -> None:
        """As a job does it: in a process of its own, without anybody's watermark."""
        track = luck.choice(person.tracks)
        async with self.world.database.write() as tx:
            tags = f"tracks:{UUID(person.id).hex}", f"track:{UUID(track).hex}"
            invalidate(tx, *tags)
            await asyncio.sleep(wait_s)
            version: int = await tx.fetch_value(WRITE, UUID(track), f"Far {luck.random()}")
        person.wrote(track, version)

    async def write_slowly(self, luck: random.Random, person: Person) -> None:
        """In a transaction that others overtake."""
        await self.write_far(luck, person, wait_s=luck.random())


async def tracks_of(world: Processes) -> Tracks:
    """Four people, each with two tracks."""
    people: list[Person] = []
    for number in range(PEOPLE):
        devices = await world.devices(f"person{number}")
        email = f"person{number}@example.org"
        tracks = [str(await add_track(world.api, email, f"Track {n}")) for n in range(TRACKS)]
        people.append(Person(devices, tracks))
    return Tracks(world, people)
