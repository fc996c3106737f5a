"""What relaying costs: ours beside `ffmpeg -c copy` for each stream and nginx-rtmp's push.

    .venv/bin/python benchmarks/live.py [--streams 200] [--seconds 60] [--only NAME] [--tls]

The relay has the first core, encoders and destinations are on the second. FFmpeg is measured with
fewer streams and its figures are given for each, since it needs a process for every one.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import msgspec  # noqa: E402
import psutil  # noqa: E402
import uvloop  # noqa: E402

from benchmarks.rig.shows import Shows  # noqa: E402
from tests.support import nginx_rtmp, sounds  # noqa: E402
from tests.support.installation import free_port  # noqa: E402
from tests.support.smtp import certificate  # noqa: E402

DESTINATIONS = 3
WARM_UP_S = 6.0


class Result(msgspec.Struct, frozen=True):
    """What one contestant did and used."""

    name: str
    streams: int
    seconds: float
    cpu: float
    private_mb: float
    resident_mb: float
    sent_mbps: float
    received_mbps: float
    load_cpu: float
    late_ms: float
    told: dict[str, object]

    def line(self) -> str:
        """A row of the table."""
        kept = self.received_mbps / (self.sent_mbps * DESTINATIONS) if self.sent_mbps else 0
        return (
            f"{self.name:22} {self.streams:4} streams  {self.cpu:6.1%} of a core "
            f"({self.cpu / self.streams:6.3%} each)  {self.private_mb:7.1f} MB private "
            f"({self.private_mb / self.streams:5.2f} each)  {self.resident_mb:7.1f} MB resident  "
            f"in {self.sent_mbps:6.1f}, out {self.received_mbps:7.1f} Mbit/s ({kept:.1%})  "
            f"load {self.load_cpu:.0%}, {self.late_ms:.0f} ms late  {json.dumps(self.told)}"
        )


class Contestant(msgspec.Struct, frozen=True):
    """A relay that runs: its processes, and where stream `n` is published."""

    name: str
    processes: list[subprocess.Popen[bytes]]
    place: Callable[[int], tuple[int, str, str]]


@contextlib.contextmanager
def ours(ports: list[int], core: int, secure: list[str]) -> Iterator[Contestant]:
    """Our relay, in a process of its own."""
    port = free_port()
    program = [sys.executable, str(ROOT / "benchmarks/peers/relay.py"), *secure]
    command = [*program, str(port), *map(str, ports)]
    with _running([command], core) as processes:
        yield Contestant("Backline", processes, lambda n: (port, "live", f"stream-{n}"))


@contextlib.contextmanager
def nginx(ports: list[int], core: int, folder: Path) -> Iterator[Contestant]:
    """nginx with its RTMP module, one process."""
    program, port = nginx_rtmp.program(), free_port()
    if program is None:
        sys.exit("nginx's RTMP module isn't here: apt-get install nginx libnginx-mod-rtmp")
    urls = [f"rtmp://127.0.0.1:{one}/app" for one in ports]
    path = nginx_rtmp.configuration(folder, port, urls)
    with _running([[program, "-c", str(path), "-p", str(folder)]], core) as processes:
        yield Contestant("nginx-rtmp", processes, lambda n: (port, "push", f"stream-{n}"))


@contextlib.contextmanager
def ffmpeg(ports: list[int], core: int, streams: int) -> Iterator[Contestant]:
    """A process for each stream, that copies it to all destinations."""
    inlets = [free_port() for _ in range(streams)]
    commands = [
        [
            *(str(sounds.ffmpeg()), "-nostdin", "-loglevel", "fatal", "-listen", "1"),
            *("-i", f"rtmp://127.0.0.1:{inlet}/live/stream-{number}"),
            *(word for one in ports for word in _copy(one, number)),
        ]
        for number, inlet in enumerate(inlets)
    ]
    with _running(commands, core) as processes:
        yield Contestant("ffmpeg -c copy", processes, lambda n: (inlets[n], "live", f"stream-{n}"))


def _copy(port: int, number: int) -> list[str]:
    return ["-c", "copy", "-f", "flv", f"rtmp://127.0.0.1:{port}/app/stream-{number}"]


@contextlib.contextmanager
def _running(commands: list[list[str]], core: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    processes = [
        subprocess.Popen(["taskset", "-c", str(core), *command], stdout=subprocess.PIPE)
        for command in commands
    ]
    try:
        yield processes
    finally:
        for one in processes:
            one.kill()
            one.wait()


async def measure(
    contestant: Contestant, shows: Shows, streams: int, seconds: float, tls: ssl.SSLContext | None
) -> Result:
    """Let all streams play, and see what the relay uses once they do."""
    for number in range(streams):
        port, app, name = contestant.place(number)
        async with asyncio.timeout(60):
            while True:
                try:
                    await shows.connect(port, app, name, tls)
                    break
                except OSError:
                    await asyncio.sleep(0.05)
    shows.begin()
    await shows.play(WARM_UP_S)
    watched = [psutil.Process(one.pid) for one in contestant.processes]
    before = _cpu_s(watched), _counts(shows), time.process_time(), time.monotonic()
    await shows.play(seconds)
    took_s = time.monotonic() - before[3]
    cpu_s, (sent, received) = _cpu_s(watched) - before[0], _counts(shows)
    load_s = time.process_time() - before[2]
    memory = [one.memory_full_info() for one in watched]
    return Result(
        name=contestant.name,
        streams=streams,
        seconds=took_s,
        cpu=cpu_s / took_s,
        private_mb=sum(one.uss for one in memory) / 1e6,
        resident_mb=sum(one.rss for one in memory) / 1e6,
        sent_mbps=(sent - before[1][0]) * 8 / took_s / 1e6,
        received_mbps=(received - before[1][1]) * 8 / took_s / 1e6,
        load_cpu=load_s / took_s,
        late_ms=shows.latest_ms,
        told=_told(contestant),
    )


def _told(contestant: Contestant) -> dict[str, object]:
    """What our own relay knows of it."""
    if contestant.name != "Backline":
        return {}
    process = contestant.processes[0]
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=30)
    return dict(json.loads(out))


def _cpu_s(watched: list[psutil.Process]) -> float:
    return sum(sum(one.cpu_times()[:2]) for one in watched)


def _counts(shows: Shows) -> tuple[int, int]:
    sent = sum(one.sent_bytes for one in shows.encoders)
    return sent, sum(one.received_bytes for one in shows.sinks)


async def run(given: argparse.Namespace, core: int) -> None:
    """One contestant after the other, each with encoders and destinations of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for contestant in given.only or ["backline", "nginx", "ffmpeg"]:
            shows = Shows(given.kbps)
            server = client = None
            secure: list[str] = []
            if given.tls:
                server, trusted = certificate(folder)
                client = ssl.create_default_context(cafile=str(trusted))
                secure = [str(trusted), str(trusted.with_suffix(".key"))]
            await shows.open_sinks(DESTINATIONS, server)
            streams = given.streams
            if contestant == "ffmpeg":
                streams = min(streams, given.ffmpeg_streams)
            started = {
                "backline": lambda shows=shows, s=secure: ours(shows.ports, core, s),
                "nginx": lambda shows=shows: nginx(shows.ports, core, folder),
                "ffmpeg": lambda shows=shows, n=streams: ffmpeg(shows.ports, core, n),
            }[contestant]
            with started() as one:
                result = await measure(one, shows, streams, given.seconds, client)
            print(result.line(), flush=True)


def main() -> None:
    """Read what is wanted, keep off the relay's core, measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--streams", type=int, default=200)
    parser.add_argument("--ffmpeg-streams", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--kbps", type=int, default=2_500)
    parser.add_argument("--only", action="append", choices=["backline", "nginx", "ffmpeg"])
    parser.add_argument("--tls", action="store_true", help="RTMPS in and out; ours only")
    given = parser.parse_args()
    if given.tls:
        given.only = ["backline"]
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    uvloop.run(run(given, cores[0]))


if __name__ == "__main__":
    main()
