"""Covers from good pictures, bombs and things that are no pictures."""

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
import pyvips

from backline.audio.engine.cover import make_covers
from backline.audio.engine.findings import Covers, NoCover
from backline.audio.engine.source import draw_covers
from tests.audio.engine.conftest import Engine


def drawn(width_px: int, height_px: int) -> Any:
    image: Any = pyvips.Image.xyz(width_px, height_px).bandjoin(90)
    return image.cast("uchar").copy(interpretation="srgb")


def size_of(path: Path) -> tuple[int, int]:
    image: Any = pyvips.Image.new_from_file(str(path))
    return image.width, image.height


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bomb(width_px: int, height_px: int) -> bytes:
    header = struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1_000_000), 9) * 10
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", pixels)


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "gif"])
def test_both_sizes_are_drawn(tmp_path: Path, ending: str) -> None:
    picture = tmp_path / f"in.{ending}"
    drawn(1000, 800).write_to_file(str(picture))

    covers = make_covers(str(picture), str(tmp_path))

    assert isinstance(covers, Covers)
    assert size_of(tmp_path / covers.large.name) == (640, 512)
    assert size_of(tmp_path / covers.small.name) == (160, 128)
    assert (tmp_path / covers.small.name).read_bytes()[8:12] == b"WEBP"
    assert covers.small.size_bytes == (tmp_path / covers.small.name).stat().st_size


def test_a_small_picture_is_not_blown_up(tmp_path: Path) -> None:
    drawn(50, 40).write_to_file(str(tmp_path / "in.png"))

    covers = make_covers(str(tmp_path / "in.png"), str(tmp_path))

    assert isinstance(covers, Covers)
    assert size_of(tmp_path / covers.large.name) == (50, 40)


@pytest.mark.parametrize("size_px", [(20_000, 20_000), (200_000, 10), (2**31 - 1, 2**31 - 1)])
async def test_a_bomb_is_left_out_with_a_reason(
    engine: Engine, tmp_path: Path, size_px: tuple[int, int]
) -> None:
    picture = tmp_path / "bomb.png"
    picture.write_bytes(bomb(*size_px))

    outcome = await draw_covers(engine.confinement, picture, engine.out)

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

    outcome = await draw_covers(engine.confinement, picture, engine.out)

    assert isinstance(outcome, NoCover)
    assert not list(engine.out.iterdir())


def test_the_same_picture_gives_the_same_bytes(tmp_path: Path) -> None:
    drawn(900, 900).write_to_file(str(tmp_path / "in.jpg"))
    folders = [tmp_path / "a", tmp_path / "b"]

    first, second = (
        (folder.mkdir(), make_covers(str(tmp_path / "in.jpg"), str(folder)))[1]
        for folder in folders
    )

    assert first == second
