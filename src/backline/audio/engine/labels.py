"""Tags by the names that each family of formats gives them, made into ours: clean and bounded."""

import re
import unicodedata
from collections.abc import Mapping
from itertools import islice
from typing import Final

import msgspec

from backline.audio.engine import bounds
from backline.audio.engine.findings import Tags

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "title": ("title", "tit2", "\xa9nam", "inam"),
    "artist": ("artist", "tpe1", "\xa9art", "author", "iart"),
    "album": ("album", "talb", "\xa9alb", "wm/albumtitle", "iprd"),
    "album_artist": (
        *("albumartist", "album artist", "album_artist", "tpe2", "aart", "wm/albumartist"),
    ),
    "genre": ("genre", "tcon", "\xa9gen", "gnre", "wm/genre", "ignr"),
    "year": (
        *("date", "year", "tdrc", "tyer", "tdor", "\xa9day", "wm/year", "originaldate", "icrd"),
    ),
    "track_number": ("tracknumber", "track", "trck", "trkn", "wm/tracknumber", "part_number"),
    "disc_number": ("discnumber", "disc", "disk", "tpos", "wm/partofset"),
}
"""Each of our tags by the names of ID3, Vorbis, MP4, ASF, APE, RIFF and Matroska."""


def filled(tags: Tags, texts: Mapping[str, str]) -> Tags:
    """The tags, and where they say nothing what the container's own `texts` say."""
    spare = normalised({name.lower(): [value] for name, value in texts.items()})
    unsaid = {
        field: getattr(spare, field)
        for field in Tags.__struct_fields__
        if getattr(tags, field) is None
    }
    return msgspec.structs.replace(tags, **unsaid)


def normalised(found: Mapping[str, list[str]]) -> Tags:
    """Tags by any family's names (in lower case) as ours: cleaned, cut and in range."""

    def texts(field: str) -> list[str]:
        named = (found[name] for name in NAMES[field] if name in found)
        return next(named, list[str]())

    def text(field: str) -> str | None:
        cleaned = (clean(value) for value in islice(texts(field), 20))
        joined = "; ".join(dict.fromkeys(value for value in cleaned if value))
        return joined[: bounds.MAX_TEXT_CHARS].strip() or None

    def number(field: str, pattern: str, top: int) -> int | None:
        match = re.search(pattern, " ".join(texts(field)[:3])[:100], re.ASCII)
        value = int(match[1]) if match else 0
        return value if 0 < value <= top else None

    return Tags(
        title=text("title"),
        artist=text("artist"),
        album=text("album"),
        album_artist=text("album_artist"),
        genre=text("genre"),
        year=number("year", r"\b(\d{4})(?!\d)", 9999),
        track_number=number("track_number", r"^\D{0,2}(\d{1,5})", 9999),
        disc_number=number("disc_number", r"^\D{0,2}(\d{1,5})", 999),
    )


def clean(value: str) -> str:
    """The text in NFC on one line, without NULs, other controls and lone surrogates."""
    short = unicodedata.normalize("NFC", value[: 4 * bounds.MAX_TEXT_CHARS])
    kept = "".join(" " if _unwanted(char) else char for char in short)
    return " ".join(kept.split())[: bounds.MAX_TEXT_CHARS]


def _unwanted(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}
