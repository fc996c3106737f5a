"""What a picture is by its first bytes; what its name says means nothing."""

from typing import Final

from backline.concerts.engine.findings import PhotoFormat

HEAD_BYTES: Final = 64
CONTENT_TYPES: Final[dict[PhotoFormat, str]] = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "heic": "image/heic",
    "avif": "image/avif",
}
_AVIF: Final = frozenset({b"avif", b"avis"})
_HEIC: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_FIRST_BRAND, _BRAND_BYTES = 8, 4


def sniff(head: bytes) -> PhotoFormat | None:
    """The format, or None for what isn't a photo: SVG, HTML, video, anything else."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return _by_brands(head)
    return None


def _by_brands(head: bytes) -> PhotoFormat | None:
    """ISO base media: a brand, a version, further brands (ISO/IEC 14496-12 §4.3)."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    starts = (_FIRST_BRAND, *range(16, end - _BRAND_BYTES + 1, _BRAND_BYTES))
    brands = {head[start : start + _BRAND_BYTES] for start in starts}
    if brands & _AVIF:
        return "avif"
    return "heic" if brands & _HEIC else None
