"""Photos matched to concerts by the job, beside the matcher alone on the same people's photos.

    .venv/bin/python benchmarks/matching_job.py [--people 6] [--world judging]

Some people of a made world, from those with few concerts to those with many, have accounts of
a real server. Their photos are rows as a scan writes them, the world's map is imported, all cities
are loaded, and a stand-in for setlist.fm speaks of that world's shows. The jobs cut, judge and make
concerts; what they said is read from the database and judged as the matcher is.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import msgspec  # noqa: E402

from backline.concerts.demo.services.server import serving  # noqa: E402
from backline.concerts.demo.services.setlistfm import SetlistFm  # noqa: E402
from backline.main import program  # noqa: E402
from backline.platform import telemetry  # noqa: E402
from backline.platform.database import migrating  # noqa: E402
from benchmarks.cases.matching import table  # noqa: E402
from benchmarks.rig import matched  # noqa: E402
from benchmarks.rig.judging import Fault, Score, judge  # noqa: E402
from benchmarks.rig.matchers import our_groups, ours  # noqa: E402
from benchmarks.rig.rounds import say  # noqa: E402
from tests.concerts.nights import judged  # noqa: E402
from tests.concerts.truth import shapes  # noqa: E402
from tests.concerts.truth.outside import Outside  # noqa: E402
from tests.concerts.truth.parameters import JUDGING, TUNING, Parameters  # noqa: E402
from tests.concerts.truth.world import World  # noqa: E402
from tests.support import postgres  # noqa: E402
from tests.support.api import serving_api  # noqa: E402
from tests.support.quick import quick_folder  # noqa: E402
from tests.support.things import Person  # noqa: E402

EACH_S = 300.0
KEY = "k"
WORLDS = {one.name: one for one in (JUDGING, TUNING)}


def main(parameters: Parameters, count: int, *, shows_faults: bool) -> None:
    """Measure and print."""
    telemetry.set_up_logging(level="warning", as_json=False)
    say(f"Making the world for {parameters.name} …")
    world = World(parameters)
    people = chosen(world, count)
    alone = judge(world, ours, our_groups, people)
    with quick_folder() as folder, postgres.running() as server:
        answers = asyncio.run(_by_job(world, people, server.dsn(server.create()), folder))
    by_job = judge(world, lambda _, person, __: answers[person.id], our_groups, people)
    scores = [
        msgspec.structs.replace(score, world=name)
        for score, name in ((alone, "matcher alone"), (by_job, "through the job"))
    ]
    print(table(scores), flush=True)
    if shows_faults:
        _print_faults(alone, by_job, world)


def chosen(world: World, count: int) -> list[int]:
    """As many people, from those who go out little to those who go out much."""
    everybody = sorted(world.people)
    count = min(count, len(everybody))
    return [everybody[(2 * n + 1) * len(everybody) // (2 * count)] for n in range(count)]


async def _by_job(
    world: World, people: Sequence[int], dsn: str, folder: Path
) -> dict[int, list[shapes.Session]]:
    await migrating.migrate(dsn, program().migrations)
    service = SetlistFm(Outside(world), key=KEY, per_second=10**6, per_day=10**6)
    async with serving(service) as stand_in:
        told = {
            "BACKLINE_SETLISTFM_KEY": KEY,
            "BACKLINE_SETLISTFM_URL": stand_in.url,
            "BACKLINE_SETLISTFM_PER_SECOND": "100",
            "BACKLINE_SETLISTFM_BURST": "100",
            "BACKLINE_SETLISTFM_PER_DAY": "1000000",
        }
        async with serving_api(dsn, folder, quiet=True, **told) as api:
            say("Loading cities and venues …")
            await matched.chart(api, world)
            moved: dict[int, tuple[Person, dict[UUID, str]]] = {}
            for number in people:
                person = Person(api, f"person{number}@example.org")
                await person.sign_in()
                them, photos = world.people[number], world.photos_of[number]
                moved[number] = person, dict(await matched.move_in(person, photos, them))
            say(f"Matching {sum(len(world.photos_of[one]) for one in people):,} photos …")
            began_s = time.monotonic()
            await judged(api, bound_s=EACH_S * len(people))
            took_s, asked = time.monotonic() - began_s, len(stand_in.asked)
            say(f"It took {took_s:.0f} s and {asked:,} questions to setlist.fm's stand-in.")
            return {
                number: await matched.said(
                    api.platform.database, UUID(person.id), world.photos_of[number], noted
                )
                for number, (person, noted) in moved.items()
            }


def _print_faults(alone: Score, by_job: Score, world: World) -> None:
    """Those that only one of the two has."""
    for name, faults, others in (
        ("only the job", by_job.faults, alone.faults),
        ("only the matcher", alone.faults, by_job.faults),
    ):
        known = {_key(one) for one in others}
        for one in faults:
            if _key(one) not in known:
                event = world.events[one.event_id] if one.event_id else None
                print(f"{name}: {one.what}, person {one.person_id}, {one.said}, {event}")


def _key(fault: Fault) -> tuple[object, ...]:
    return fault.what, fault.person_id, tuple(sorted(fault.photo_ids))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=6)
    parser.add_argument("--world", choices=WORLDS, default=JUDGING.name)
    parser.add_argument("--faults", action="store_true", help="print where the two differ")
    args = parser.parse_args()
    main(WORLDS[args.world], args.people, shows_faults=args.faults)
