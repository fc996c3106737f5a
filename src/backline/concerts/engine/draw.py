"""Draw a photo's variants; runs inside a confined child."""

import os
from pathlib import Path
from typing import Any, Final

import pyvips

from backline.concerts.engine import ladder, opening
from backline.concerts.engine.findings import THUMBNAIL, Drawn, Refused, Seen
from backline.concerts.engine.ladder import Encoding
from backline.concerts.engine.look import flat, see
from backline.concerts.engine.opening import Unusable

_ANY_HEIGHT_PX: Final = 10_000_000
_WEBP_EFFORT: Final = 3
_AVIF_EFFORT: Final = 2  # ten times WebP's cost already


def see_and_draw(root: str, name: str, out_dir: str) -> tuple[Seen, Drawn] | Refused:
    """Look at a picture beneath `root`, and draw its thumbnail and its WebP variants."""
    opening.prepare()
    try:
        picture = opening.open_picture(opening.load(root, [os.fsencode(name)]))
        largest = _largest(picture)
        seen = see(picture, Path(out_dir) / THUMBNAIL, largest)
        return seen, _draw(picture, largest, out_dir, "webp")
    except Unusable as fault:
        return Refused(str(fault))
    except (pyvips.Error, ValueError):
        return Refused("This picture is damaged: it can't be decoded.")


def draw(root: str, name: str, out_dir: str, encoding: Encoding) -> Drawn | Refused:
    """Draw a picture's variants in one encoding."""
    opening.prepare()
    try:
        picture = opening.open_picture(opening.load(root, [os.fsencode(name)]))
        return _draw(picture, _largest(picture), out_dir, encoding)
    except Unusable as fault:
        return Refused(str(fault))
    except (pyvips.Error, ValueError):
        return Refused("This picture is damaged: it can't be decoded.")


def _largest(picture: opening.Opened) -> Any:
    """The one decoding, of which all else is made."""
    return flat(picture.thumbnail(ladder.widths(picture.width_px)[-1], _ANY_HEIGHT_PX))


def _draw(picture: opening.Opened, image: Any, out_dir: str, encoding: Encoding) -> Drawn:
    """Each smaller variant is made of the one before; `image` is the largest."""
    files: dict[str, int] = {}
    for width_px in reversed(ladder.widths(picture.width_px)):
        if width_px < image.width:
            image = image.thumbnail_image(width_px, height=_ANY_HEIGHT_PX).copy_memory()
        for quality in ladder.QUALITIES:
            path = Path(out_dir) / ladder.name(width_px, quality, encoding)
            _save(image, path, quality, encoding)
            files[path.name] = path.stat().st_size
    return Drawn(files)


def _save(image: Any, path: Path, quality: int, encoding: Encoding) -> None:
    if encoding == "webp":
        image.webpsave(str(path), Q=quality, effort=_WEBP_EFFORT, keep="none")
    else:
        image.heifsave(
            str(path),
            Q=ladder.AVIF_QUALITIES[quality],
            effort=_AVIF_EFFORT,
            compression="av1",
            keep="none",
        )
