"""Photos of 12 megapixels as cameras write them: grain, EXIF with a time and a place, none alike.

Pictures are costly to make, so a few are, and each photo is one of them with a time of its own.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyvips

from tests.support import photos

WIDTH_PX, HEIGHT_PX = 4_000, 3_000
_GRAIN, _TONES, _QUALITY = 7, 50, 90
_FIRST = datetime(2019, 7, 4, 20)  # noqa: DTZ001  # a camera's clock


def take(folder: Path, count: int, pictures: int) -> list[Path]:
    """So many photos in a folder, of so many pictures."""
    seen = [_picture(seed) for seed in range(pictures)]
    made: list[Path] = []
    for n in range(count):
        at = _FIRST + timedelta(seconds=7 * n)
        block = photos.exif(
            f"{at:%Y:%m:%d %H:%M:%S}", place=photos.BERLIN, offset="+02:00"
        ).tobytes()
        segment = b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block
        data = seen[n % pictures]
        made.append(photos.write(folder / f"IMG_{n:05}.jpg", data[:2] + segment + data[2:]))
    return made


def _picture(seed: int) -> bytes:
    size = (WIDTH_PX, HEIGHT_PX)
    tones: Any = pyvips.Image.perlin(*size, cell_size=400, seed=seed)
    others = [pyvips.Image.perlin(*size, cell_size=cell, seed=seed + cell) for cell in (250, 120)]
    grain: Any = pyvips.Image.gaussnoise(*size, sigma=_GRAIN, mean=128, seed=seed)
    image: Any = tones.bandjoin(others) * _TONES + grain
    return bytes(image.cast("uchar").copy(interpretation="srgb").jpegsave_buffer(Q=_QUALITY))
