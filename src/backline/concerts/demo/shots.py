"""The sample photos as files: painted, with the EXIF of a camera, in a folder for each night."""

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from PIL import Image

from backline.concerts.demo.catalogue import NIGHTS, Night, Shot
from backline.concerts.demo.painting import paint

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_BURST: Final = 3


def shots(nights: Sequence[Night] = NIGHTS, first: int = 0) -> Iterator[Shot]:
    """All of them: each night has single shots, and ends with a burst of three.

    `first` is the number of the first night among all that there are.
    """
    for n, night in enumerate(nights, first):
        chance = random.Random(n)  # noqa: S311  # the same photos every time
        at, seed = night.begins, n * 1_000
        for number in range(night.count):
            is_burst = number > night.count - _BURST
            at += timedelta(seconds=1) if is_burst else timedelta(minutes=chance.uniform(2, 17))
            seed += 0 if is_burst else 1
            portrait = not is_burst and number != night.count - _BURST and chance.random() < 0.3  # noqa: PLR2004
            yield Shot(night, n * 100 + number + 1, at.replace(microsecond=0), portrait, seed)


def write(shot: Shot, folder: Path) -> Path:
    """Paint a shot into its file beneath `folder`."""
    nudge = 0.0015 * (shot.number % 3)
    pixels = paint(shot.night.hue, shot.seed, portrait=shot.portrait, nudge=nudge)
    path = folder / shot.path
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    Image.fromarray(pixels).save(aside, "JPEG", quality=86, exif=_exif(shot))
    aside.rename(path)
    return path


def _exif(shot: Shot) -> Image.Exif:
    exif, night = Image.Exif(), shot.night
    exif[0x010F], exif[0x0110] = night.camera
    details = exif.get_ifd(_EXIF_IFD)
    details[0x9003] = details[0x9004] = f"{shot.taken_at:%Y:%m:%d %H:%M:%S}"
    if night.offset is not None:
        details[0x9011] = night.offset
    if night.gps:
        gps = exif.get_ifd(_GPS_IFD)
        gps[1], gps[2] = "N" if night.latitude >= 0 else "S", _sixtieths(night.latitude)
        gps[3], gps[4] = "E" if night.longitude >= 0 else "W", _sixtieths(night.longitude)
    return exif


def _sixtieths(degrees: float) -> tuple[float, float, float]:
    whole, rest = divmod(abs(degrees), 1)
    minutes, rest = divmod(rest * 60, 1)
    return whole, minutes, round(rest * 60, 3)
