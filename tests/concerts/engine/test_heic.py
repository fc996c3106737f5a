"""HEIC: pictures of a phone's size, the previews beside them, and files that are damaged."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from backline.concerts.engine import ladder
from backline.concerts.engine.findings import Looked, Seen
from backline.concerts.engine.previews import with_previews_as_primary
from backline.platform.confined import Confinement, Limits
from tests.support.photos import encoded, exif, picture

PREVIEW_PX = ladder.THUMBNAIL_PX
LIMITS = Limits(memory_bytes=768 * 2**20, cpu_s=120, wall_s=180.0)
SMALL = encoded(picture(480, 360), "HEIC", previews=[200])
META_END = SMALL.index(b"mdat")


async def thumbnail(confinement: Confinement, folder: Path, data: bytes) -> bytes | None:
    """The thumbnail that a scan makes, or None of what can't be decoded."""
    (folder / "photo").write_bytes(data)
    out = folder / "out"
    out.mkdir(exist_ok=True)
    [looked] = await confinement.call(
        "backline.concerts.engine.look:look",
        *(str(folder), [[b"photo"]], str(out)),
        returns=list[Looked],
        limits=LIMITS,
        reads=[folder],
        writes=[out],
    )
    return (out / "0.webp").read_bytes() if isinstance(looked, Seen) else None


def difference(one: bytes | None, other: bytes | None) -> float:
    """Of two pictures of one size: how far samples are from each other, of 256, on average."""
    assert one is not None
    assert other is not None
    first, second = (Image.open(io.BytesIO(data)).convert("RGB") for data in (one, other))
    assert first.size == second.size
    return sum(ImageStat.Stat(ImageChops.difference(first, second)).mean) / 3


def with_damage(data: bytes) -> bytes:
    """The middle of the file is gone: the picture's own samples, which are most of it."""
    first, last = len(data) // 3, len(data) * 2 // 3
    return data[:first] + bytes(last - first) + data[last:]


async def test_a_picture_of_a_phones_size_is_decoded(
    confinement: Confinement, tmp_path: Path
) -> None:
    image = picture(4_032, 3_024)

    found = await thumbnail(confinement, tmp_path, encoded(image, "HEIC"))

    as_jpeg = await thumbnail(confinement, tmp_path, encoded(image, "JPEG", quality=90))
    assert difference(found, as_jpeg) < 4


@pytest.mark.parametrize("orientation", [1, 3, 6])
async def test_its_preview_stands_for_it(
    confinement: Confinement, tmp_path: Path, orientation: int
) -> None:
    image, said = picture(1_600, 1_200), exif(orientation=orientation)
    data = encoded(image, "HEIC", exif=said, previews=[PREVIEW_PX])

    found = await thumbnail(confinement, tmp_path, data)

    plain = await thumbnail(confinement, tmp_path, encoded(image, "HEIC", exif=said))
    assert difference(found, plain) < 4
    assert found == await thumbnail(confinement, tmp_path, with_damage(data))


@pytest.mark.parametrize("previews", [[], [160]])
async def test_a_picture_without_one_as_large_is_decoded_itself(
    confinement: Confinement, tmp_path: Path, previews: list[int]
) -> None:
    image = picture(1_600, 1_200)
    data = encoded(image, "HEIC", previews=previews)

    found = await thumbnail(confinement, tmp_path, data)

    as_jpeg = await thumbnail(confinement, tmp_path, encoded(image, "JPEG", quality=90))
    assert difference(found, as_jpeg) < 4
    assert found != await thumbnail(confinement, tmp_path, with_damage(data))


@given(st.lists(st.tuples(st.integers(0, META_END), st.integers(0, 255)), max_size=8))
@settings(max_examples=300)
def test_boxes_that_lie_are_passed_over(lies: list[tuple[int, int]]) -> None:
    data = bytearray(SMALL)
    for place, value in lies:
        data[place] = value

    named = list(with_previews_as_primary(bytes(data)))

    assert all(len(one) == len(data) for one in named)
