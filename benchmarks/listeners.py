"""A thousand people who listen at once, in real time, and what a ladder of bitrates saves.

    .venv/bin/python benchmarks/listeners.py [--listeners N] [--seconds N] [--offload]

One `serve` has the first core; nginx as it is shipped, the database and all listeners share the
second. Each listener plays 128 kbit/s by HLS: its playlist, then segment by segment, each asked for
when the one before has been played for its length, with an address signed for it. Told are times to
the first byte, segments that came too late to be heard without a break, and the server's share of
its core and memory. With `--offload` nginx sends the bytes, else they go through Backline.

Then the bytes of what a mix of listeners is sent beside those of always sending the originals.
"""

import argparse
import asyncio
import contextlib
import random
import statistics
import sys
import time
from pathlib import Path
from urllib.parse import urljoin

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import httpx  # noqa: E402
import m3u8  # noqa: E402
import msgspec  # noqa: E402
import psutil  # noqa: E402
import uvloop  # noqa: E402

from backline import main as program  # noqa: E402
from backline.audio.demo.compose import compose  # noqa: E402
from backline.platform import telemetry  # noqa: E402
from backline.platform.database import migrating  # noqa: E402
from benchmarks.rig.servers import take_second_core  # noqa: E402
from tests.support import postgres, sounds  # noqa: E402
from tests.support.installation import sign_up  # noqa: E402
from tests.support.library import ready, stream_url  # noqa: E402
from tests.support.many import (  # noqa: E402
    Process,
    Proxy,
    client_of,
    environment,
    running,
    shared_folder,
)

PIECES, PIECE_S = (0, 1, 2, 3), 40
ASK_S = 30.0
EACH_S = 1.0
# What people have, and how they listen: a share each. Stated, not measured on anybody.
ORIGINALS = {"flac": 0.4, "mp3 at 320": 0.3, "mp3 at 192": 0.3}
LISTENERS = {"low": 0.2, "medium": 0.5, "high": 0.3}
ENDINGS = {
    "flac": ("flac", ()),
    "mp3 at 320": ("mp3", ("-b:a", "320k")),
    "mp3 at 192": ("mp3", ("-b:a", "192k")),
}


class Segment(msgspec.Struct, frozen=True):
    """A stretch of a file, in bytes, and how long it plays."""

    path: str
    first: int
    last: int
    length_s: float


class Heard(msgspec.Struct):
    """What all listeners met with, times in milliseconds."""

    first_byte_ms: list[float]
    whole_ms: list[float]
    late: int = 0
    failed: int = 0
    sent_bytes: int = 0


class Listener:
    """One who listens over a connection of their own."""

    def __init__(self, port: int, heard: Heard) -> None:
        self._port, self._heard = port, heard

    async def listen(self, segments: list[Segment], begin_s: float, until_s: float) -> None:
        """Play from the first segment on, again and again, until the clock says so."""
        await asyncio.sleep(begin_s - time.monotonic())
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        with contextlib.closing(writer):
            due_s, at = time.monotonic(), 0
            while due_s < until_s:
                await asyncio.sleep(due_s - time.monotonic())
                segment = segments[at % len(segments)]
                async with asyncio.timeout(ASK_S):
                    await self._ask(reader, writer, segment)
                # It is heard when the one before has ended, which is a segment's length from now.
                if time.monotonic() > due_s + segment.length_s:
                    self._heard.late += 1
                due_s += segment.length_s
                at += 1

    async def _ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, segment: Segment
    ) -> None:
        began_s = time.perf_counter()
        writer.write(
            f"GET {segment.path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
            f"Range: bytes={segment.first}-{segment.last}\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        self._heard.first_byte_ms.append(1000 * (time.perf_counter() - began_s))
        length = segment.last - segment.first + 1
        body = await reader.readexactly(length)
        self._heard.whole_ms.append(1000 * (time.perf_counter() - began_s))
        self._heard.sent_bytes += len(body)
        if not head.startswith(b"HTTP/1.1 206"):
            raise RuntimeError(head.decode(errors="replace"))


def main(listeners: int, seconds: int, *, offload: bool) -> None:
    """Make music, listen to it, print."""
    telemetry.set_up_logging(level="warning", as_json=False)
    cores = sorted(psutil.Process().cpu_affinity() or [])
    take_second_core()
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(shared_folder())
        database = stack.enter_context(postgres.running())
        dsn = database.dsn(database.create())
        asyncio.run(migrating.migrate(dsn, program.migrations()))
        told = {
            **environment(folder, dsn),
            "BACKLINE_TRUSTED_PROXIES": "127.0.0.1/32",
            **({"BACKLINE_MEDIA_OFFLOAD": "nginx"} if offload else {}),
        }
        server, worker = (Process(role, folder, told) for role in ("serve", "work"))
        proxy = Proxy(folder, [server])
        stack.enter_context(running((server, worker), proxy))
        client = stack.enter_context(client_of(proxy.url))
        sign_up(client)
        tracks = _music(client, folder)
        worker.clean_up()
        assert server.process is not None
        watched = psutil.Process(server.process.pid)
        watched.cpu_affinity(cores[:1])
        asyncio.run(_listen(client, proxy, watched, tracks["mp3 at 320"], listeners, seconds))
        _tell_of_bytes(client, proxy.url, tracks)


def _music(client: httpx.Client, folder: Path) -> dict[str, list[str]]:
    """The sample pieces in each format of the mix, ready to play."""
    made: dict[str, list[str]] = {}
    for index in PIECES:
        piece = Path(compose(index, str(folder / f"piece-{index}.flac")).path)
        for name, (ending, options) in ENDINGS.items():
            cut = folder / f"{index} {name}.{ending}"
            sounds.run("-i", str(piece), "-t", str(PIECE_S), "-map", "0:a", *options, str(cut))
            made.setdefault(name, []).append(str(ready(client, cut)["id"]))
    return made


def _segments(client: httpx.Client, base: str, track_id: str) -> list[Segment]:
    """What a player finds out of a track's playlist at 128 kbit/s."""
    path = stream_url(client, track_id, quality="medium", format="hls")
    playlist = m3u8.loads(httpx.get(base + path).raise_for_status().text)
    found: list[Segment] = []
    for one in playlist.segments:
        length, _, first = one.byterange.partition("@")
        start = int(first or found[-1].last + 1)
        file = urljoin(path, one.uri)
        found.append(Segment(file, start, start + int(length) - 1, one.duration))
    return found


async def _listen(
    client: httpx.Client,
    proxy: Proxy,
    watched: psutil.Process,
    tracks: list[str],
    listeners: int,
    seconds: int,
) -> None:
    heard = Heard([], [])
    chance = random.Random(11)
    addresses = [_segments(client, proxy.url, one) for one in tracks]
    now_s = time.monotonic()
    longest_s = max(segment.length_s for one in addresses for segment in one)
    people = [
        Listener(proxy.port, heard).listen(
            chance.choice(addresses), now_s + chance.uniform(0, longest_s), now_s + seconds
        )
        for _ in range(listeners)
    ]
    watching = asyncio.create_task(_watch(watched))
    used_s = sum(watched.cpu_times()[:2])
    for fault in await asyncio.gather(*people, return_exceptions=True):
        if fault is not None:
            heard.failed += 1
            print(f"a listener gave up: {fault!r}", file=sys.stderr)
    took_s = time.monotonic() - now_s
    used_s = sum(watched.cpu_times()[:2]) - used_s
    watching.cancel()
    memory_mb = await watching
    cuts = statistics.quantiles(heard.first_byte_ms, n=100)
    wholes = statistics.quantiles(heard.whole_ms, n=100)
    print(
        f"{listeners} listeners for {took_s:.0f} s, {len(heard.first_byte_ms)} segments, "
        f"{heard.sent_bytes * 8 / took_s / 1e6:.0f} Mbit/s: {heard.late} late, {heard.failed} gave "
        f"up\nfirst byte: median {cuts[49]:.1f} ms, p95 {cuts[94]:.1f}, p99 {cuts[98]:.1f}; whole "
        f"segment: median {wholes[49]:.1f} ms, p95 {wholes[94]:.1f}\nthe server: "
        f"{100 * used_s / took_s:.0f} % of a core; {memory_mb[0]:.0f} MB at first, at most "
        f"{max(memory_mb):.0f}, {memory_mb[-1]:.0f} at last",
        flush=True,
    )


async def _watch(process: psutil.Process) -> list[float]:
    """The process's private memory, in MB, once a second until it is cancelled."""
    seen: list[float] = []
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            seen.append(process.memory_full_info().uss / 1e6)
            await asyncio.sleep(EACH_S)
    return seen


def _tell_of_bytes(client: httpx.Client, base: str, tracks: dict[str, list[str]]) -> None:
    """Bytes a second of music, as the mix is sent and as it lies there."""
    sent = original = 0.0
    for name, share in ORIGINALS.items():
        for track_id in tracks[name]:
            each = share / len(tracks[name]) / PIECE_S
            original += each * _size(client, base, track_id, "original")
            for rung, part in LISTENERS.items():
                sent += each * part * _size(client, base, track_id, rung)
    print(
        f"originals {original * 8 / 1000:.0f} kbit/s, sent {sent * 8 / 1000:.0f} kbit/s: "
        f"{100 * (1 - sent / original):.0f} % less"
    )


def _size(client: httpx.Client, base: str, track_id: str, quality: str) -> int:
    answer = httpx.head(base + stream_url(client, track_id, quality=quality)).raise_for_status()
    return int(answer.headers["Content-Length"])


if __name__ == "__main__":
    uvloop.install()
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--listeners", type=int, default=1_000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--offload", action="store_true")
    chosen = parser.parse_args()
    main(chosen.listeners, chosen.seconds, offload=chosen.offload)
