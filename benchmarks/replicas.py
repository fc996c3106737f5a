"""How much more is read with two replicas than from one server, where each has its own share.

`benchmarks/replicas.py [--seconds N] [--rounds N] [--share PERCENT]`. Each PostgreSQL is put into
a control group of its own that gives it the same part of a core and no more (CPU quota, cgroup v1
or v2), so that three of them fit on two cores beside the reader and none gains by another's rest.
The reader asks for a page of 20 tracks as a GET does, 64 at once, through the same code, now with
the primary alone, now with its replicas, in turn. Told are reads per second and what CPU time
each server used for them. It needs to be root, for the groups.
"""

import argparse
import asyncio
import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import uvloop  # noqa: E402

from backline.audio import listing_sql  # noqa: E402
from backline.audio.models import TrackFilter  # noqa: E402
from backline.platform.database import Database  # noqa: E402
from backline.platform.ids import uuid7  # noqa: E402
from backline.platform.secrets import load_or_make_secrets  # noqa: E402
from tests.support.postgres import PrivatePostgres  # noqa: E402
from tests.support.replicas import Cluster, Process, clustered, reading  # noqa: E402

READERS, PEOPLE, TRACKS = 64, 500, 25
PERIOD_US = 20_000
PERSON = """
INSERT INTO users (id, email, email_key, name, password_hash)
SELECT id, id || '@example.org', id || '@example.org', 'Somebody', '' FROM unnest($1::uuid[]) id
"""
MUSIC = """
INSERT INTO tracks (id, owner_id, title, artist, album, filename, content_type, size_bytes, sha256,
  status, duration_ms, generation, has_cover, title_key, artist_key, album_key, search)
SELECT gen_random_uuid(), owner, 'Song ' || n, 'The Somebodies', 'Live', 'a.flac', 'audio/flac',
  30000000, '\\x00', 'ready', 215000, 'a1b2c3d4', true, 'song', 'somebodies', 'live', ''
FROM unnest($1::uuid[]) owner, generate_series(1, $2) n
"""


class Share:
    """A control group with a part of a core."""

    def __init__(self, name: str, percent: int) -> None:
        self._is_second = Path("/sys/fs/cgroup/cgroup.controllers").exists()
        base = Path("/sys/fs/cgroup") if self._is_second else Path("/sys/fs/cgroup/cpu")
        self.folder = base / f"backline-bench-{os.getpid()}-{name}"
        self.folder.mkdir()
        quota_us = PERIOD_US * percent // 100
        if self._is_second:
            (self.folder / "cpu.max").write_text(f"{quota_us} {PERIOD_US}")
        else:
            (self.folder / "cpu.cfs_period_us").write_text(str(PERIOD_US))
            (self.folder / "cpu.cfs_quota_us").write_text(str(quota_us))

    def take(self, server: PrivatePostgres) -> None:
        """Put a server with all its processes into it; those that it starts later follow."""
        assert server.process is not None
        postmaster = server.process.pid
        found = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for pid in (str(postmaster), *found):
            with contextlib.suppress(ProcessLookupError):
                (self.folder / "cgroup.procs").write_text(pid)

    def release(self) -> None:
        """Remove it; its processes go back to where all others are."""
        for pid in (self.folder / "cgroup.procs").read_text().split():
            with contextlib.suppress(OSError):
                (self.folder.parent / "cgroup.procs").write_text(pid)
        self.folder.rmdir()


@contextlib.contextmanager
def shared_out(servers: list[PrivatePostgres], percent: int) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for number, server in enumerate(servers):
            share = Share(str(number), percent)
            stack.callback(share.release)
            share.take(server)
        yield


def used_s(server: PrivatePostgres) -> float:
    """CPU time of a server's processes that live, in seconds."""
    assert server.process is not None
    postmaster = server.process.pid
    pids = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


async def fill(database: Database) -> list[UUID]:
    people = [uuid7() for _ in range(PEOPLE)]
    async with database.write() as tx:
        await tx.execute(PERSON, people)
        await tx.execute(MUSIC, people, TRACKS)
    return people


async def measure(process: Process, people: list[UUID], seconds: float, *, near: bool) -> float:
    """Reads per second."""
    count = 0
    until_s = time.monotonic() + seconds

    async def read_on(number: int) -> None:
        nonlocal count
        while time.monotonic() < until_s:
            number = (number * 31 + 7) % PEOPLE
            view = process.view() if near else process.database
            async with view.read() as read:
                rows = await listing_sql.tracks(
                    read, people[number], TrackFilter(), sort="-created_at", after=None, limit=21
                )
            assert len(rows) == 21
            count += 1

    began_s = time.monotonic()
    await asyncio.gather(*(read_on(number) for number in range(READERS)))
    return count / (time.monotonic() - began_s)


async def run(arguments: argparse.Namespace, cluster: Cluster, name: str, folder: str) -> None:
    servers = [cluster.primary, *cluster.replicas]
    secrets = load_or_make_secrets(Path(folder) / "secrets.json")
    async with reading(cluster.primary.dsn(name), cluster.urls(name), secrets) as process:
        people = await fill(process.database)
        await process.until_fresh()
        ratios: list[float] = []
        print(f"{READERS} readers; each server has {arguments.share} % of a core")
        with shared_out(servers, arguments.share):
            for near in (False, True):  # until every connection has prepared its statement
                await measure(process, people, 2, near=near)
            for number in range(arguments.rounds):
                rates: dict[bool, float] = {}
                for near in (False, True) if number % 2 == 0 else (True, False):
                    before = [used_s(server) for server in servers]
                    rate = rates[near] = await measure(
                        process, people, arguments.seconds, near=near
                    )
                    after = [used_s(server) for server in servers]
                    shares = [
                        (b - a) / arguments.seconds for a, b in zip(before, after, strict=True)
                    ]
                    told = ", ".join(f"{share:.0%}" for share in shares)
                    cost_ms = sum(shares) / rate * 1000
                    what = "with two replicas" if near else "the primary alone"
                    print(f"  {what}: {rate:6.0f} reads/s (CPU {told}; {cost_ms:.2f} ms a read)")
                ratios.append(rates[True] / rates[False])
        shown = ", ".join(f"{ratio:.2f}" for ratio in ratios)
        print(f"with two replicas {statistics.median(ratios):.2f} times as many ({shown})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--share", type=int, default=6)
    arguments = parser.parse_args()
    with clustered() as cluster, tempfile.TemporaryDirectory() as folder:
        name = cluster.primary.create(cluster.template)
        uvloop.run(run(arguments, cluster, name, folder))


if __name__ == "__main__":
    main()
