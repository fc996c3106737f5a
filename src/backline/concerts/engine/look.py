"""Look at pictures: metadata, fingerprint, thumbnail; runs inside a confined child.

A picture is read and decoded once. Many go through one process, so that its beginning costs
nothing; whatever is wrong with one of them is that one's answer.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pyvips

from backline.concerts.engine import exif, ladder, opening
from backline.concerts.engine.findings import Looked, Metadata, Refused, Seen
from backline.concerts.engine.fingerprint import fingerprint
from backline.concerts.engine.opening import Opened, Unusable

_PLACEHOLDER_PX: Final = 12
_PLACEHOLDER_QUALITY: Final = 40
_THUMBNAIL_QUALITY: Final = 74
_EFFORT: Final = 0  # twice as fast as 2, for files that are a thirtieth larger
_DAMAGED: Final = "This picture is damaged: it can't be decoded."


def look(root: str, paths: list[list[bytes]], out_dir: str) -> list[Looked]:
    """Look at files beneath `root`; the thumbnail of the n-th is `out_dir/n.webp`."""
    opening.prepare()
    return [_look(root, parts, Path(out_dir) / f"{n}.webp") for n, parts in enumerate(paths)]


def _look(root: str, parts: Sequence[bytes], thumbnail: Path) -> Looked:
    try:
        picture = opening.open_picture(opening.load(root, parts))
        return see(picture, thumbnail)
    except Unusable as fault:
        return Refused(str(fault))
    except (pyvips.Error, ValueError, OSError):
        return Refused(_DAMAGED)


def see(picture: Opened, thumbnail: Path | None, decoded: Any = None) -> Seen:
    """All that is to be found out of a picture; its thumbnail is drawn on the way.

    `decoded` is the picture at a larger size, flat, where somebody has it already.

    Raises:
        pyvips.Error: it can't be decoded.
    """
    small = _small(picture, decoded)
    found, contrast = fingerprint(small)
    tiny: Any = small.thumbnail_image(_PLACEHOLDER_PX, height=_PLACEHOLDER_PX)
    placeholder: Any = tiny.webpsave_buffer(Q=_PLACEHOLDER_QUALITY, effort=_EFFORT, keep="none")
    size_bytes = 0
    if thumbnail is not None:
        small.webpsave(str(thumbnail), Q=_THUMBNAIL_QUALITY, effort=_EFFORT, keep="none")
        size_bytes = thumbnail.stat().st_size
    return Seen(
        format=picture.format,
        size_bytes=len(picture.data),
        sha256=hashlib.sha256(picture.data).digest(),
        width_px=picture.width_px,
        height_px=picture.height_px,
        metadata=exif.read(picture.exif) if picture.exif else Metadata(),
        fingerprint=found,
        contrast=contrast,
        placeholder=bytes(placeholder),
        thumbnail_bytes=size_bytes,
    )


def _small(picture: Opened, decoded: Any) -> Any:
    if decoded is None:
        return flat(picture.thumbnail(ladder.THUMBNAIL_PX, ladder.THUMBNAIL_PX))
    small: Any = decoded.thumbnail_image(
        ladder.THUMBNAIL_PX, height=ladder.THUMBNAIL_PX, size="down"
    )
    return small.copy_memory()


def flat(image: Any) -> Any:
    """Eight bits a sample, and what is seen through it dark."""
    if image.format != "uchar":
        image = image.colourspace("srgb").cast("uchar")
    if image.hasalpha():
        image = image.flatten(background=[18, 16, 14]).cast("uchar")
    return image
