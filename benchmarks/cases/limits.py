"""What limits cost: lists from the cache, each counted in the process or in Redis."""

import contextlib

from benchmarks.rig import servers
from benchmarks.rig.figures import Contest
from benchmarks.rig.ground import Ground
from benchmarks.rig.load import Load
from benchmarks.rig.rounds import Contestant, Pace, measure


def limits(ground: Ground, pace: Pace) -> Contest:
    """Cached lists, limits counted in the process and in Redis."""
    load = Load(ground.users_file)
    with contextlib.ExitStack() as stack:
        # Without Redis, only one process serves a database.
        other = servers.ours(ground, BACKLINE_DATABASE_URL=ground.copy())
        redis = servers.ours(ground, BACKLINE_REDIS_URL=ground.redis_url)
        running = {
            "Backline, counted in the process": stack.enter_context(other),
            "Backline, counted in Redis": stack.enter_context(redis),
        }
        contestants = {
            name: Contestant(one, load, everybody_first=True) for name, one in running.items()
        }
        samples = measure(contestants, pace)
    return Contest(
        "limits",
        "A list of 20 tracks from the cache, no writes",
        "requests/s",
        f"10,000 people by Zipf's law, 64 connections; limits that nobody reaches; "
        f"everybody has looked once before; {pace.text}",
        samples,
    )
