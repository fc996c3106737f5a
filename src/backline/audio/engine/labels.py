"""Tags by the names that each family of formats gives them, made into ours: clean and bounded."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Final
from uuid import UUID

import msgspec

from backline.audio.engine import bounds
from backline.audio.engine.formats import ENDINGS
from backline.audio.models import Tags


def _free(*names: str) -> tuple[str, ...]:
    """A tag that ID3 and MP4 have no name of their own for."""
    return tuple(f"{prefix}:{name}" for name in names for prefix in ("txxx", _MP4_FREE))


_MP4_FREE: Final = "----:com.apple.itunes"
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
    "released_on": (
        *("originaldate", "tdor", "date", "tdrl", "tdrc", "\xa9day", "releasedate", "icrd"),
    ),
    "track_number": ("tracknumber", "track", "trck", "trkn", "wm/tracknumber", "part_number"),
    "disc_number": ("discnumber", "disc", "disk", "tpos", "wm/partofset"),
    "artists": ("artists", *_free("artists"), "wm/artists"),
    "album_artists": ("albumartists", "album_artists", *_free("albumartists", "album_artists")),
    "artist_sort": ("artistsort", "tsop", "soar", "wm/artistsortorder", "artist-sort"),
    "album_artist_sort": (
        *("albumartistsort", "tso2", "soaa", "wm/albumartistsortorder", "album_artist-sort"),
        *_free("albumartistsort"),
    ),
    "album_sort": ("albumsort", "tsoa", "soal", "wm/albumsortorder", "album-sort"),
    "artist_mbids": (
        *("musicbrainz_artistid", "musicbrainz/artist id"),
        *_free("musicbrainz artist id", "musicbrainz_artistid"),
    ),
    "album_artist_mbids": (
        *("musicbrainz_albumartistid", "musicbrainz/album artist id"),
        *_free("musicbrainz album artist id", "musicbrainz_albumartistid"),
    ),
    "album_mbid": (
        *("musicbrainz_albumid", "musicbrainz/album id"),
        *_free("musicbrainz album id", "musicbrainz_albumid"),
    ),
    "mbid": (
        *("musicbrainz_trackid", "musicbrainz/track id", "ufid:http://musicbrainz.org"),
        *_free("musicbrainz track id", "musicbrainz_trackid"),
    ),
    "compilation": ("compilation", "tcmp", "cpil", "wm/iscompilation", *_free("compilation")),
}
"""Each of our tags by the names of ID3, Vorbis, MP4, ASF, APE, RIFF and Matroska."""

_MOST_NAMES: Final = 20
_YES: Final = frozenset({"1", "true", "yes"})

_YEAR: Final = re.compile(
    # 1984, 1984-05-06, and without hyphens: 198405, 19840506. Longer figures are no dates.
    r"(?<!\d)(\d{4})(?:(?:0\d|1[0-2])(?:[0-2]\d|3[01])?)?(?!\d)",
    re.ASCII,
)
_DAY: Final = re.compile(r"(?<!\d)([12]\d{3})-?(\d\d)-?(\d\d)(?!\d)", re.ASCII)
"""1984-05-06, or 19840506."""

_NUMBER: Final = re.compile(r"^\D{0,16}(\d{1,5})(?!\d)", re.ASCII)
"""`3`, `3/12`, `A3`, `Disc 3`."""

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)

_BLANKS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that show nothing: Hangul fillers, the Braille cell without a dot."""


def title_from(filename: str) -> str:
    """What a track is called until its tags say otherwise: its file's name without the ending."""
    stem, _, ending = filename.rpartition(".")
    name = stem if stem and ending.lower() in ENDINGS else filename
    return clean(name.replace("_", " ")) or "Untitled"


def filled(tags: Tags, *spare: Tags) -> Tags:
    """The tags, and where they say nothing what the `spare` ones say, the first of them first."""
    for more in spare:
        unsaid = {
            field: getattr(more, field)
            for field in Tags.__struct_fields__
            if getattr(tags, field) is None
        }
        tags = msgspec.structs.replace(tags, **unsaid)
    return tags


def of_texts(texts: Mapping[str, str]) -> Tags:
    """What a container's own texts say."""
    return normalised({name.lower(): [value] for name, value in texts.items()})


def normalised(found: Mapping[str, list[str]]) -> Tags:
    """Tags by any family's names (in lower case) as ours: cleaned, cut and in range.

    Of several names for one thing the first counts that says something of use.
    """

    def texts(field: str) -> Iterator[list[str]]:
        return (found[name] for name in NAMES[field] if name in found)

    def text(field: str) -> str | None:
        return next((said for values in texts(field) if (said := _joined(values))), None)

    def number(field: str, pattern: re.Pattern[str], top: int) -> int | None:
        matches = (pattern.search(" ".join(values[:3])[:100]) for values in texts(field))
        figures = (int(match[1]) for match in matches if match)
        return next((figure for figure in figures if 0 < figure <= top), None)

    def day(field: str) -> str | None:
        matches = (_DAY.search(" ".join(values[:3])[:100]) for values in texts(field))
        return next((said for match in matches if match and (said := _day(match))), None)

    def ids(field: str) -> list[UUID] | None:
        return next((found for values in texts(field) if (found := _uuids(values))), None)

    return Tags(
        title=text("title"),
        artist=text("artist"),
        album=text("album"),
        album_artist=text("album_artist"),
        genre=text("genre"),
        year=number("year", _YEAR, 9999),
        track_number=number("track_number", _NUMBER, 9999),
        disc_number=number("disc_number", _NUMBER, 999),
        artists=_several(*texts("artists"), *texts("artist")),
        album_artists=_several(*texts("album_artists"), *texts("album_artist")),
        genres=_several(*texts("genre")),
        artist_sort=text("artist_sort"),
        album_artist_sort=text("album_artist_sort"),
        album_sort=text("album_sort"),
        artist_mbids=ids("artist_mbids"),
        album_artist_mbids=ids("album_artist_mbids"),
        album_mbid=next(iter(ids("album_mbid") or ()), None),
        mbid=next(iter(ids("mbid") or ()), None),
        is_compilation=(text("compilation") or "").lower() in _YES or None,
        released_on=day("released_on"),
    )


def _day(match: re.Match[str]) -> str | None:
    """A day that there is; the first of a year is what programs write for the year alone."""
    try:
        said = date(*map(int, match.groups()))
    except ValueError:
        return None
    return None if (said.month, said.day) == (1, 1) else said.isoformat()


def _several(*said: list[str]) -> list[str] | None:
    """The first of the lists that names several, clean; None where none does."""
    for values in said:
        cleaned = (clean(value) for value in islice(values, _MOST_NAMES))
        names = list(dict.fromkeys(value for value in cleaned if value))
        if len(names) > 1:
            return names
    return None


def _uuids(values: list[str]) -> list[UUID]:
    """The ids among values; some programs write several into one, with signs between them."""
    found = (match for value in values[:_MOST_NAMES] for match in _UUID.findall(value[:2_000]))
    return [UUID(one) for one in islice(found, _MOST_NAMES)]


def _joined(values: list[str]) -> str | None:
    cleaned = (clean(value) for value in islice(values, 20))
    joined = "; ".join(dict.fromkeys(value for value in cleaned if value))
    return joined[: bounds.MAX_TEXT_CHARS].strip() or None


def clean(value: str) -> str:
    """The text in NFC on one line, without NULs, other controls and lone surrogates.

    Empty where nothing of it can be seen.
    """
    short = value[: 4 * bounds.MAX_TEXT_CHARS]
    if short.isascii() and short.isprintable():  # as most are, and nothing of it needs a look
        return " ".join(short.split())[: bounds.MAX_TEXT_CHARS]
    short = unicodedata.normalize("NFC", short)
    kept = "".join(" " if _unwanted(char) else char for char in short)
    shown = " ".join(kept.split())[: bounds.MAX_TEXT_CHARS]
    return shown if any(_is_seen(char) for char in shown) else ""


def _unwanted(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}


def is_blank(text: str) -> bool:
    """Whether nothing of a text can be seen."""
    return not clean(text)


def _is_seen(char: str) -> bool:
    return unicodedata.category(char)[0] not in "CMZ" and char not in _BLANKS
