"""Whom a track is by, which album it is on, and its genres, worked out of what it is called.

Names that tags give one by one are believed. Text in one piece is parted only where nobody's name
could be meant: at `;`, at ` / ` with spaces, and before "feat.": AC/DC, Simon & Garfunkel and
Earth, Wind & Fire stay whole. MusicBrainz's ids of several artists tell how many there are.
"""

import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import Final
from uuid import UUID

import msgspec

from backline.audio.models import Labels, Tags
from backline.platform import text

VARIOUS: Final = "Various Artists"
VARIOUS_MBID: Final = UUID("89ad4ac3-39f7-470e-963a-56509c546377")
MOST_ARTISTS: Final = 20
MOST_GENRES: Final = 10

_VARIOUS: Final = frozenset({"various artists", "various", "va", "v.a.", "v/a", "verschiedene"})
_FEATURING: Final = re.compile(r"\s[(\[]?(?:feat\.?|ft\.?|featuring)\s+", re.IGNORECASE)
_IN_TITLE: Final = re.compile(
    r"[(\[](?:feat\.?|ft\.?|featuring)\s+([^()\[\]]{1,200})[)\]]", re.IGNORECASE
)
_BETWEEN_ARTISTS: Final = re.compile(r"\s*;\s*|\s+/\s+")
_BETWEEN_ALL: Final = re.compile(
    r"\s*[;,/&]\s*|\s+(?:and|und|et|y|x|vs\.?|with|feat\.?|ft\.?|featuring)\s+", re.IGNORECASE
)
_BETWEEN_GENRES: Final = re.compile(r"\s*[;,/]\s*")


class Name(msgspec.Struct, frozen=True):
    """An artist as a track or an album credits them; `sort` is what they are filed by, if said."""

    name: str
    mbid: UUID | None = None
    sort: str | None = None

    @property
    def key(self) -> str:
        """The same for every way to write it."""
        return name_key(self.name)


class OnAlbum(msgspec.Struct, frozen=True):
    """The album that a track is on, as the track says it."""

    title: str
    artist: str
    artists: tuple[Name, ...]
    is_compilation: bool
    mbid: UUID | None = None
    sort: str | None = None


class Credits(msgspec.Struct, frozen=True):
    """What a track is filed under."""

    artists: tuple[Name, ...] = ()
    album: OnAlbum | None = None
    genres: tuple[str, ...] = ()
    mbid: UUID | None = None


def name_key(name: str) -> str:
    """A name as it is compared."""
    return text.fold(name)[:300]


def credits_of(labels: Labels, tags: Tags) -> Credits:
    """What a track is filed under that is called so and whose file has these tags.

    Where a person has changed a label, the tags that go with it don't count any more.
    """
    is_artist = labels.artist == (tags.artist or "")
    artists = _names(
        labels.artist,
        tags.artists if is_artist else None,
        tags.artist_mbids if is_artist else None,
        tags.artist_sort if is_artist else None,
    )
    return Credits(
        _once([*artists, *guests_in(labels.title)]),
        _album(labels, tags, artists),
        genres_in(labels.genre),
        tags.mbid,
    )


def guests_in(title: str) -> list[Name]:
    """Those whom a title names beside its artists."""
    return [Name(name) for said in _IN_TITLE.findall(title) for name in _parted(said)]


def _album(labels: Labels, tags: Tags, artists: Sequence[Name]) -> OnAlbum | None:
    title = labels.album.strip()
    if not title:
        return None
    said = labels.album_artist.strip()
    is_same = labels.album_artist == (tags.album_artist or "")
    by = _names(
        said,
        tags.album_artists if is_same else None,
        tags.album_artist_mbids if is_same else None,
        tags.album_artist_sort if is_same else None,
    )
    is_compilation = tags.is_compilation is True
    if _is_various(said) or (not said and is_compilation):
        said, by, is_compilation = VARIOUS, [Name(VARIOUS, VARIOUS_MBID)], True
    elif not by:
        # Guests come and go from song to song; whose album it is doesn't.
        by = list(artists[:1])
        said = by[0].name if by else ""
    is_album = labels.album == (tags.album or "")
    return OnAlbum(
        title,
        said,
        _once(by),
        is_compilation,
        tags.album_mbid if is_album else None,
        tags.album_sort if is_album else None,
    )


def _is_various(said: str) -> bool:
    return name_key(said) in _VARIOUS


def _names(
    said: str, listed: list[str] | None, mbids: list[UUID] | None, sort: str | None
) -> list[Name]:
    names = listed or _parted(said)
    ids = mbids or []
    if len(names) == 1 and len(ids) > 1:
        # MusicBrainz knows that they are several; where they can be parted into as many, they are.
        parts = [part for part in _BETWEEN_ALL.split(said) if part.strip()]
        names = parts if len(parts) == len(ids) else names
    if len(ids) != len(names):
        # The first one's, if there is one alone: "X feat. Y" is often given as X.
        ids = ids if len(ids) == 1 else []
    sorts = _parted(sort) if sort else []
    sorts = sorts if len(sorts) == len(names) else []
    found = [
        Name(name[:500], mbid, order)
        for name, mbid, order in zip_longest(names, ids, sorts)
        if name
    ]
    return found[:MOST_ARTISTS]


def _parted(said: str) -> list[str]:
    pieces = _FEATURING.split(said)
    names = [name for piece in pieces for name in _BETWEEN_ARTISTS.split(piece)]
    # Of "(feat. X)" the bracket is left.
    first, *guests = (name.strip() for name in names) if names else ("",)
    guests = [
        name.removesuffix(")").removesuffix("]") if "(" not in name else name for name in guests
    ]
    return [name for name in (first, *guests) if name]


def genres_in(said: str) -> tuple[str, ...]:
    """The genres that a text names, each once."""
    found: dict[str, str] = {}
    for name in _BETWEEN_GENRES.split(said):
        if name.strip():
            found.setdefault(name_key(name), name.strip()[:200])
    return tuple(found.values())[:MOST_GENRES]


def _once(names: Sequence[Name]) -> tuple[Name, ...]:
    found: dict[str, Name] = {}
    for name in names:
        if name.key:
            found.setdefault(name.key, name)
    return tuple(found.values())[:MOST_ARTISTS]
