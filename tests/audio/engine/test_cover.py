"""Covers from good pictures, bombs and things that are no pictures."""

import struct
import zlib
from pathlib import Path

import pytest

from backline.audio.engine.findings import Covers, NoCover
from tests.audio.engine.conftest import Engine
from tests.support import sounds

pytestmark = pytest.mark.slow


def drawn(path: Path, width_px: int, height_px: int) -> Path:
    sounds.run(
        "-f", "lavfi", "-i", f"testsrc=s={width_px}x{height_px}", "-frames:v", "1", str(path)
    )
    return path


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bomb(width_px: int, height_px: int) -> bytes:
    header = struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1_000_000), 9) * 10
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", pixels)


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "gif"])
async def test_both_sizes_are_drawn(engine: Engine, tmp_path: Path, ending: str) -> None:
    picture = drawn(tmp_path / f"in.{ending}", 1000, 800)

    covers = await engine.cover(picture)

    assert isinstance(covers, Covers)
    small = await engine.measure(covers.small.name)
    large = await engine.measure(covers.large.name)
    assert (large.width_px, large.height_px) == (640, 512)
    assert (small.width_px, small.height_px) == (160, 128)
    assert large.deviation > 50
    assert (engine.out / covers.small.name).read_bytes()[8:12] == b"WEBP"
    assert covers.small.size_bytes == (engine.out / covers.small.name).stat().st_size


async def test_of_several_pictures_the_first_whole_one_is_drawn(
    engine: Engine, tmp_path: Path
) -> None:
    good = drawn(tmp_path / "good.jpg", 700, 700)
    cut, junk = tmp_path / "cut.jpg", tmp_path / "junk.jpg"
    cut.write_bytes(drawn(tmp_path / "whole.jpg", 500, 300).read_bytes()[:9_000])
    junk.write_bytes(b"no picture")

    covers = await engine.cover(junk, cut, good)
    alone = await engine.cover(junk, cut)

    assert isinstance(covers, Covers)
    assert isinstance(alone, Covers)
    drawn_alone = await engine.measure(alone.large.name)
    assert (drawn_alone.width_px, drawn_alone.height_px) == (500, 300)


async def test_a_small_picture_is_not_blown_up(engine: Engine, tmp_path: Path) -> None:
    covers = await engine.cover(drawn(tmp_path / "in.png", 50, 40))

    assert isinstance(covers, Covers)
    large = await engine.measure(covers.large.name)
    assert (large.width_px, large.height_px) == (50, 40)


@pytest.mark.parametrize("size_px", [(20_000, 20_000), (200_000, 10), (2**31 - 1, 2**31 - 1)])
async def test_a_bomb_is_left_out_with_a_reason(
    engine: Engine, tmp_path: Path, size_px: tuple[int, int]
) -> None:
    picture = tmp_path / "bomb.png"
    picture.write_bytes(bomb(*size_px))

    outcome = await engine.cover(picture)

    assert isinstance(outcome, NoCover)
    assert "left out" in outcome.warning
    assert not list(engine.out.iterdir())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="x"/></svg>',
        b"%PDF-1.4 something",
        b"push graphic-context\nviewbox 0 0 9 9\nimage over 0,0 0,0 'label:@x'\n",
        b"P6 2 2 255 " + bytes(12),
        b"\xff\xd8\xff\xe0 and then nothing of a JPEG",
        b"\x89PNG\r\n\x1a\n and then nothing of a PNG",
    ],
)
async def test_what_is_no_picture_is_left_out(
    engine: Engine, tmp_path: Path, content: bytes
) -> None:
    picture = tmp_path / "picture"
    picture.write_bytes(content)

    outcome = await engine.cover(picture)

    assert isinstance(outcome, NoCover)
    assert not list(engine.out.iterdir())


async def test_the_same_picture_gives_the_same_bytes(engine: Engine, tmp_path: Path) -> None:
    picture = drawn(tmp_path / "in.jpg", 900, 900)

    assert await engine.cover(picture) == await engine.cover(picture)
