"""An evening with one's music, in short time: how many statements the cache saves.

A visit is what the pages ask for when somebody signs in, looks at their list, plays 15 tracks
(some more often than others, each with its page, its stream, its waveform and the list behind
it), renames one, looks again, and signs out. Cookies are kept as browsers do, so what follows a
write within 2 s passes the cache by. There are no favourites yet: the renaming stands for them.

Nobody's answers are anybody else's, so a first visit finds little in the cache. It has a line of
its own; the targets are about people who have heard their music within the hour.
"""

import asyncio
import random
import time
from collections.abc import Sequence

import httpx
import msgspec
from argon2 import PasswordHasher

from backline.platform.database import connect
from benchmarks.cases.tracks import cache_figures
from benchmarks.rig import servers
from benchmarks.rig.figures import Contest, Sample, Target
from benchmarks.rig.ground import Ground, Person
from benchmarks.rig.rounds import Pace, say
from benchmarks.rig.servers import Server

_PASSWORD = "a long enough password"  # of people that live as long as a run
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # as ours
_PEOPLE = 10
_PLAYS = 15
_AFTER_A_WRITE_S = 2.1  # what a person takes to look at the page; caches are passed by until then
_IDLE_S = 3.0
_WITH, _PAST = "with the cache, heard before", "past the cache"
_FIRST = "with the cache, first visits"
_OPEN = "UPDATE users SET password_hash = $2 WHERE id = ANY($1::uuid[])"
_DETAILS = """
INSERT INTO track_details (track_id, owner_id, codec, sample_rate_hz, channels, duration_samples,
  peaks, files)
SELECT id, owner_id, 'flac', 44100, 2, 9481500, convert_to(repeat('ab', 1000), 'UTF8'), '{}'
FROM tracks WHERE owner_id = ANY($1::uuid[])
"""


def journey(ground: Ground, pace: Pace) -> Contest:
    """Statements that a visit sends, with the cache and past it, and the hit rate."""
    visits = pace.visits
    samples: dict[str, list[Sample]] = {_WITH: [], _FIRST: [], _PAST: []}
    people = ground.people[-len(samples) * _PEOPLE :]
    asyncio.run(_prepare(ground, people))
    with servers.ours(ground) as server:
        # One round is enough: nothing but chance in the order of requests could change a count.
        for name, found in samples.items():
            who, people = people[:_PEOPLE], people[_PEOPLE:]
            if name == _WITH:
                asyncio.run(_hear_all(server, who))
            often = 1 if name == _FIRST else visits
            sample = asyncio.run(_measure(server, who, often, no_cache=name == _PAST))
            say(f"  {name:30} {sample.rate_per_s:6.1f} statements a visit")
            found.append(sample)
    contest = Contest(
        "journey",
        "Statements of a visit",
        "statements/visit",
        f"{_PEOPLE} people at a time, {visits} visits each (or one first visit), {_PLAYS} plays "
        f"a visit, other people in each line; {_AFTER_A_WRITE_S} s of pause after each "
        "write and none otherwise, so answers don't grow old; bytes of music aren't counted",
        samples,
    )
    saved = 1 - contest.rate(_WITH).median / contest.rate(_PAST).median
    hits = contest.note(_WITH, "hit_rate").median
    first = contest.note(_FIRST, "hit_rate").median
    return msgspec.structs.replace(
        contest,
        targets=(
            Target("at least 70 % fewer statements", saved, 0.7),
            Target("a hit rate over 90 % on reads", hits, 0.9),
        ),
        remarks=(f"Of the reads {hits:.1%} were hits, of those of first visits {first:.1%}.",),
    )


async def _prepare(ground: Ground, people: Sequence[Person]) -> None:
    ids = [person.user_id for person in people]
    database = await connect(ground.dsn, max_size=1)
    async with database.write() as tx:
        await tx.execute(_OPEN, ids, _HASHER.hash(_PASSWORD))
        await tx.execute(_DETAILS, ids)
    await database.close()


async def _hear_all(server: Server, people: Sequence[Person]) -> None:
    """What earlier visits left in the cache: each person's list and all that is played from it."""
    async with httpx.AsyncClient(base_url=f"{server.url}/api/v1", timeout=60) as client:
        for person in people:
            signed_in = {"Authorization": f"Bearer {person.token}"}
            await client.get("/users/me", headers=signed_in)
            answer = await client.get("/tracks", headers=signed_in)
            for item in answer.raise_for_status().json()["items"]:
                for path in _played(item["id"]):
                    (await client.get(path, headers=signed_in)).raise_for_status()


def _played(track: str) -> tuple[str, ...]:
    """What the pages ask for to play a track."""
    return (f"/tracks/{track}", f"/tracks/{track}/stream", f"/tracks/{track}/waveform")


async def _measure(
    server: Server, people: Sequence[Person], visits: int, *, no_cache: bool
) -> Sample:
    before = cache_figures(server)
    await asyncio.sleep(_IDLE_S)
    # What the process asks by itself, however many people there are.
    idle_per_s = (cache_figures(server)["statements"] - before["statements"]) / _IDLE_S
    before, began_s = cache_figures(server), time.monotonic()
    try:
        await asyncio.gather(*(_visit_often(server, one, visits, no_cache) for one in people))
    except httpx.HTTPStatusError as fault:
        log = server.log.read_text(errors="replace")[-4000:]
        raise RuntimeError(f"{fault}\n{log}") from fault
    after, took_s = cache_figures(server), time.monotonic() - began_s
    statements = after["statements"] - before["statements"] - idle_per_s * took_s
    hits = after["hits"] - before["hits"]
    reads = sum(after[key] - before[key] for key in ("hits", "misses", "bypasses"))
    return Sample(statements / len(people) / visits, notes={"hit_rate": hits / reads})


async def _visit_often(server: Server, person: Person, visits: int, no_cache: bool) -> None:
    taste = random.Random(person.user_id.int)  # the same in each run of a person
    for _ in range(visits):
        async with httpx.AsyncClient(base_url=f"{server.url}/api/v1", timeout=60) as client:
            client.headers["Origin"] = server.url
            await _visit(client, person, taste, {"Cache-Control": "no-cache"} if no_cache else {})


async def _visit(
    client: httpx.AsyncClient, person: Person, taste: random.Random, reading: dict[str, str]
) -> None:
    async def read(path: str) -> httpx.Response:
        return (await client.get(path, headers=reading)).raise_for_status()

    who = {"email": f"{person.user_id}@example.org", "password": _PASSWORD}
    answer = (await client.post("/auth/login", json=who)).raise_for_status()
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    await read("/users/me")
    tracks = [item["id"] for item in (await read("/tracks")).json()["items"]]
    await asyncio.sleep(_AFTER_A_WRITE_S)
    liked = [1 / (place + 1) for place in range(len(tracks))]
    for track in taste.choices(tracks, liked, k=_PLAYS):
        for path in _played(track):
            await read(path)
        await read("/tracks")
    title = {"title": f"Mine, {taste.random()}"}
    (await client.patch(f"/tracks/{tracks[0]}", json=title)).raise_for_status()
    await read(f"/tracks/{tracks[0]}")
    await read("/tracks")
    await asyncio.sleep(_AFTER_A_WRITE_S)
    await read("/users/me")
    await read("/tracks")
    (await client.post("/auth/logout")).raise_for_status()
