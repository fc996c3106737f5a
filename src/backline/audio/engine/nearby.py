"""What may lie beside a file of music: its words, and the picture of its folder."""

from itertools import product
from typing import Final

_STEMS: Final = (b"cover", b"folder", b"front", b"albumart")
_ENDINGS: Final = (b".jpg", b".jpeg", b".png", b".webp")
_SPELLINGS: Final = (bytes.lower, bytes.capitalize, bytes.upper)

COVER_NAMES: Final = tuple(
    dict.fromkeys(
        spelled(stem) + (ending.upper() if spelled is bytes.upper else ending)
        for stem, ending, spelled in product(_STEMS, _ENDINGS, _SPELLINGS)
    )
)
"""Names of pictures that stand for a whole folder, the best first."""


def lyrics_name(name: bytes) -> bytes:
    """What the file with the words of `name` is called."""
    return name.rpartition(b".")[0] + b".lrc"
