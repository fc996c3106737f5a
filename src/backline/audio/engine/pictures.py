"""Pictures that may become a cover: which of them first, and where they lie until one is drawn."""

from pathlib import Path
from typing import Final

import msgspec

from backline.audio.engine import bounds

FRONT_COVER: Final = 3
OTHER: Final = 0
_ICONS: Final = (1, 2)
_MOST_COVERS: Final = 4
_MAGICS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF")
_MOST_BEFORE_BYTES: Final = 64


class Embedded(msgspec.Struct, frozen=True):
    """One picture's bytes as they stand in the file; `kind` is ID3's number of what it shows."""

    data: bytes
    kind: int = FRONT_COVER


def picture_path(folder: str, number: int) -> Path:
    """Where the picture of that rank, from 0, is written."""
    return Path(folder) / f"picture-{number}"


def write_pictures(pictures: list[Embedded], folder: str) -> tuple[int, str | None]:
    """Write those that may be the cover, as they are, the best first: the front, others, icons.

    The answer is how many they were; where they were too large, the warning for the owner.
    """
    best = sorted((one for one in pictures if one.data), key=_rank)
    fitting = [one for one in best if len(one.data) <= bounds.MAX_COVER_BYTES]
    different = list(dict.fromkeys(trimmed(one.data) for one in fitting))[:_MOST_COVERS]
    for number, data in enumerate(different):
        picture_path(folder, number).write_bytes(data)
    if different or not best:
        return len(different), None
    size = f"{len(best[0].data) / 2**20:.0f} MB"
    limit = f"{bounds.MAX_COVER_BYTES // 2**20} MB"
    return 0, f"The cover was left out: it is {size} large and the limit is {limit}."


def _rank(picture: Embedded) -> int:
    if picture.kind == FRONT_COVER:
        return 0
    if picture.kind in _ICONS:
        return 3
    return 1 if picture.kind == OTHER else 2


def trimmed(data: bytes) -> bytes:
    """A picture without the few bytes that some programs leave before its beginning."""
    if data.startswith(_MAGICS):
        return data
    head = data[: _MOST_BEFORE_BYTES + 8]
    begins = [at for magic in _MAGICS if 0 < (at := head.find(magic)) <= _MOST_BEFORE_BYTES]
    return data[min(begins) :] if begins else data
