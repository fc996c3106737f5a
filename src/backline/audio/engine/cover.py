"""Covers: an embedded picture becomes two WebP files; runs inside a confined child.

Only the loaders of `_LOADERS` can be reached, chosen by the picture's first bytes: never
SVG, PDF or anything that ImageMagick would open.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pyvips

from backline.audio.engine import bounds
from backline.audio.engine.files import RenderedFile, seal
from backline.audio.engine.findings import LARGE_NAME, SMALL_NAME, Covers, NoCover

SMALL_PX: Final = 160
LARGE_PX: Final = 640

_QUALITY: Final = 82


def make_covers(picture_paths: list[str], out_dir: str) -> Covers | NoCover:
    """Draw both sizes of the first picture that is whole into `out_dir`, fsync'd.

    Where none is whole, of the first that can be drawn in part, or say why it can't be done. A
    picture's size in pixels is read from its header first, so a bomb costs nothing.
    """
    pyvips.block_untrusted_set(True)
    pyvips.cache_set_max(0)
    reasons: list[NoCover] = []
    for fail_on in ("truncated", "none"):
        for path in picture_paths:
            made = _make(path, out_dir, fail_on)
            if isinstance(made, Covers):
                return made
            reasons.append(made)
    return reasons[0] if reasons else NoCover("The cover was left out: there is no picture.")


def _make(picture_path: str, out_dir: str, fail_on: str) -> Covers | NoCover:
    with Path(picture_path).open("rb") as file:
        head = file.read(64)
    loader = _loader(head)
    if loader is None:
        return NoCover("The cover was left out: it is no JPEG, PNG, WebP, GIF or AVIF picture.")
    try:
        header: Any = loader(picture_path)
        fault = _too_large(int(header.width), int(header.height))
        if fault is not None:
            return NoCover(fault)
        return Covers(
            small=_draw(picture_path, out_dir, SMALL_NAME, SMALL_PX, fail_on),
            large=_draw(picture_path, out_dir, LARGE_NAME, LARGE_PX, fail_on),
        )
    except pyvips.Error:
        _remove(out_dir)
        return NoCover("The cover was left out: its picture is damaged.")


def _loader(head: bytes) -> Callable[[str], Any] | None:
    for magic, loader in _LOADERS:
        if head.startswith(magic):
            return loader
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return pyvips.Image.webpload
    if head[4:8] == b"ftyp" and head[8:12] in {b"avif", b"mif1", b"heic", b"heix"}:
        return pyvips.Image.heifload
    return None


_LOADERS: Final[tuple[tuple[bytes, Callable[[str], Any]], ...]] = (
    (b"\xff\xd8\xff", pyvips.Image.jpegload),
    (b"\x89PNG\r\n\x1a\n", pyvips.Image.pngload),
    (b"GIF8", pyvips.Image.gifload),
)


def _too_large(width_px: int, height_px: int) -> str | None:
    within = width_px * height_px <= bounds.MAX_COVER_PIXELS
    if within and max(width_px, height_px) <= bounds.MAX_COVER_SIDE_PX:
        return None
    return (
        f"The cover was left out: it is {width_px:,} x {height_px:,} pixels and the limit is "
        f"{bounds.MAX_COVER_PIXELS // 1_000_000} megapixels."
    )


def _draw(picture_path: str, out_dir: str, name: str, side_px: int, fail_on: str) -> RenderedFile:
    image: Any = pyvips.Image.thumbnail(
        picture_path, side_px, height=side_px, size="down", output_profile="srgb", fail_on=fail_on
    )
    target = Path(out_dir) / name
    image.webpsave(str(target), Q=_QUALITY, effort=4, smart_subsample=True, keep="none")
    return seal(target, "image/webp")


def _remove(out_dir: str) -> None:
    for name in (SMALL_NAME, LARGE_NAME):
        (Path(out_dir) / name).unlink(missing_ok=True)
