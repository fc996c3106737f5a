"""Short films for encoders to publish, made and compared by ffmpeg."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.support import sounds
from tests.support.waiting import until

WAIT_S = 60
PICTURE = {
    "h264": ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "25"),
    "hevc": ("-c:v", "libx265", "-preset", "ultrafast", "-g", "25", "-x265-params", "log-level=0"),
    "av1": ("-c:v", "libsvtav1", "-preset", "12", "-g", "25", "-svtav1-params", "tune=0"),
}
_MADE = TemporaryDirectory(prefix="films-")  # gone with this process
SOUND = {"aac": ("-c:a", "aac"), "opus": ("-c:a", "libopus", "-ar", "48000")}


class Seen(NamedTuple):
    """A packet as a demuxer sees it: stream, times, size, hash."""

    stream: int
    dts: int
    pts: int
    size: int
    digest: str


@cache
def film(
    picture: str = "h264", sound: str = "aac", seconds: int = 4, size: str = "320x180"
) -> Path:
    """A moving picture with a tone, as FLV."""
    path = Path(_MADE.name) / f"{picture}-{sound}-{seconds}.flv"
    sounds.run(
        *("-f", "lavfi", "-i", f"testsrc2=s={size}:r=25:d={seconds}"),
        *("-f", "lavfi", "-i", f"sine=440:r=48000:d={seconds}"),
        *PICTURE[picture],
        *("-pix_fmt", "yuv420p"),
        *SOUND[sound],
        *("-flvflags", "no_duration_filesize"),
        str(path),
    )
    return path


async def packets(path: Path) -> list[Seen]:
    """What a file holds, packet by packet."""
    text = await _output("-copyts", "-i", str(path), "-c", "copy", "-f", "framehash", "-")
    rows = [line.split(",") for line in text.splitlines() if line and not line.startswith("#")]
    return [
        Seen(int(row[0]), int(row[1]), int(row[2]), int(row[4]), row[5].strip()) for row in rows
    ]


def since_first(found: list[Seen]) -> list[Seen]:
    """The same with times from the first packet on."""
    first = found[0].dts
    return [one._replace(dts=one.dts - first, pts=one.pts - first) for one in found]


async def publish(path: Path, url: str, *options: str) -> None:
    """Send a film, somewhat faster than it plays."""
    source = ("-readrate", "4", "-copyts", "-i", str(path))
    await _output(*source, "-c", "copy", *options, "-f", "flv", url)


@asynccontextmanager
async def published_without_end(path: Path, url: str, rate: int = 4) -> AsyncIterator[None]:
    """A film that is sent again and again, `rate` times its speed, until the end of the block."""
    source = ("-stream_loop", "-1", "-readrate", str(rate), "-i", str(path))
    process = await _start(*source, "-c", "copy", "-f", "flv", url)
    try:
        yield
    finally:
        process.kill()
        await process.communicate()


@asynccontextmanager
async def recorded(port: int, target: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A destination that is ffmpeg itself, and writes what it hears to a file until its end."""
    url = f"rtmp://127.0.0.1:{port}/app/name"
    process = await _start("-copyts", "-listen", "1", "-i", url, "-c", "copy", str(target))
    try:
        await until(lambda: _is_listened_at(port))
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


def _is_listened_at(port: int) -> bool:
    """Whether somebody listens at a port of IPv4; it isn't tried, since they answer only once."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)


async def ended(process: asyncio.subprocess.Process) -> None:
    """Wait until a process has ended well."""
    _, errors = await asyncio.wait_for(process.communicate(), WAIT_S)
    assert process.returncode == 0, errors.decode()[-2_000:]


async def _output(*options: str) -> str:
    process = await _start(*options)
    out, errors = await asyncio.wait_for(process.communicate(), WAIT_S)
    assert process.returncode == 0, errors.decode()[-2_000:]
    return out.decode()


async def _start(*options: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        str(sounds.ffmpeg()),
        *("-nostdin", "-hide_banner", "-loglevel", "error", "-y"),
        *options,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
