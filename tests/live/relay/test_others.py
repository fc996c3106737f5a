"""Other people's encoders and destinations: packets arrive as they were, with their times."""

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support import films, rtmp
from tests.support.films import Seen
from tests.support.installation import free_port
from tests.support.nginx_rtmp import nginx_rtmp
from tests.support.node_media_server import node_media_server
from tests.support.relaying import KEY, House
from tests.support.rtmp import SinkServer
from tests.support.waiting import eventually, until

pytestmark = pytest.mark.slow


async def published(house: House, film: Path, *options: str) -> None:
    """Have ffmpeg publish a film, and the show end as its encoder does."""
    await films.publish(film, f"rtmp://127.0.0.1:{house.port}/live/{KEY}", *options)
    await until(lambda: house.gone)
    await house.is_in("live", "one")
    await house.stream().end("Over.")


@pytest.mark.parametrize(
    ("picture", "sound"), [("h264", "aac"), ("hevc", "aac"), ("av1", "aac"), ("h264", "opus")]
)
async def test_from_ffmpeg_to_ffmpeg(
    house: House, tmp_path: Path, picture: str, sound: str
) -> None:
    film, port = films.film(picture, sound), free_port()
    house.to("one", f"rtmp://127.0.0.1:{port}/app", "name")
    async with films.recorded(port, tmp_path / "heard.flv") as recorder:
        await published(house, film)
        await films.ended(recorder)

    assert await films.packets(tmp_path / "heard.flv") == await films.packets(film)


async def test_a_show_of_five_hours(house: House, tmp_path: Path) -> None:
    film, port = films.film(), free_port()
    house.to("one", f"rtmp://127.0.0.1:{port}/app", "name")
    async with films.recorded(port, tmp_path / "heard.flv") as recorder:
        await published(house, film, "-output_ts_offset", "20000")
        await films.ended(recorder)

    heard = await films.packets(tmp_path / "heard.flv")
    assert heard == [moved(one, 20_000_000) for one in await films.packets(film)]


def moved(packet: Seen, by_ms: int) -> Seen:
    return packet._replace(dts=packet.dts + by_ms, pts=packet.pts + by_ms)


async def test_to_nginx(house: House, tmp_path: Path) -> None:
    film = films.film()
    async with nginx_rtmp(tmp_path) as server:
        house.to("one", f"rtmp://127.0.0.1:{server.port}/record", "name")
        await published(house, film)
        await until(lambda: server.is_written("name"))
        heard = await films.packets(server.recording("name"))

    assert films.since_first(heard) == films.since_first(await films.packets(film))


async def test_from_nginx(house: House, tmp_path: Path) -> None:
    """nginx pushes what ffmpeg publishes to it: an encoder with another way of writing chunks."""
    async with rtmp.sink_server() as sink, nginx_rtmp(tmp_path, push_to=house.port) as server:
        house.to("one", sink.url)
        await assert_pushed(sink, f"rtmp://127.0.0.1:{server.port}/push/{KEY}")


async def assert_pushed(sink: SinkServer, url: str) -> None:
    """What is published there comes here, from where the one who pushes it begins."""
    film = films.film()
    async with films.published_without_end(film, url):
        await until(lambda: len(sink.messages) > 200)
    wanted = {(one.stream, one.digest) for one in await films.packets(film)}
    frames = [one for one in sink.messages if one.kind in {8, 9} and one.payload[1] == 1]
    found = [(0, one.payload[5:]) if one.kind == 9 else (1, one.payload[2:]) for one in frames]
    assert {(stream, sha256(body).hexdigest()) for stream, body in found} <= wanted


async def test_to_node_media_server(house: House, tmp_path: Path) -> None:
    film = films.film()
    async with node_media_server(tmp_path) as server:
        house.to("one", f"rtmp://127.0.0.1:{server.port}/app", "name")
        await published(house, film)
        wanted = await films.packets(film)

        async def heard() -> list[Seen]:
            return await films.packets(server.recordings[0]) if server.recordings else []

        await eventually(lambda: _has(heard, len(wanted)))
        found = await heard()

    assert films.since_first(found) == films.since_first(wanted)


async def _has(heard: Callable[[], Awaitable[list[Seen]]], count: int) -> bool:
    return len(await heard()) == count


async def test_from_node_media_server(house: House, tmp_path: Path) -> None:
    target = f"rtmp://127.0.0.1:{house.port}/live/{KEY}"
    async with rtmp.sink_server() as sink, node_media_server(tmp_path, target) as server:
        house.to("one", sink.url)
        await assert_pushed(sink, f"rtmp://127.0.0.1:{server.port}/app/name")


LIBRTMP = """
import ctypes, sys
rtmp = ctypes.CDLL("librtmp.so.1")
rtmp.RTMP_Alloc.restype = ctypes.c_void_p
session = ctypes.c_void_p(rtmp.RTMP_Alloc())
rtmp.RTMP_Init(session)
url = ctypes.create_string_buffer(sys.argv[1].encode())
assert rtmp.RTMP_SetupURL(session, url)
rtmp.RTMP_EnableWrite(session)
assert rtmp.RTMP_Connect(session, None)
assert rtmp.RTMP_ConnectStream(session, 0)
data = open(sys.argv[2], "rb").read()
at = 13
while at < len(data):
    part = data[at:at + 15 + int.from_bytes(data[at + 1:at + 4], "big")]
    assert rtmp.RTMP_Write(session, part, len(part)) == len(part)
    at += len(part)
rtmp.RTMP_Close(session)
rtmp.RTMP_Free(session)
"""


def has_librtmp() -> bool:
    return bool(shutil.which("ldconfig", path="/sbin:/usr/sbin")) and any(
        Path("/usr/lib").glob("*/librtmp.so.1")
    )


@pytest.mark.skipif(not has_librtmp(), reason="librtmp isn't here (it comes with curl's library)")
async def test_from_librtmp(house: House, tmp_path: Path) -> None:
    film, port = films.film(), free_port()
    house.to("one", f"rtmp://127.0.0.1:{port}/app", "name")
    url = f"rtmp://127.0.0.1:{house.port}/live/{KEY}"
    async with films.recorded(port, tmp_path / "heard.flv") as recorder:
        encoder = await asyncio.create_subprocess_exec(
            sys.executable, "-c", LIBRTMP, url, str(film), stderr=asyncio.subprocess.PIPE
        )
        await films.ended(encoder)
        await until(lambda: house.gone)
        await house.is_in("live", "one")
        await house.stream().end("Over.")
        await films.ended(recorder)

    assert await films.packets(tmp_path / "heard.flv") == await films.packets(film)
