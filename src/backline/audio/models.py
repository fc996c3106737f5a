"""The shapes of the audio library: rows, answers, forms, payloads."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

Status = Literal["processing", "ready", "failed"]
Quality = Literal["low", "medium", "high", "original", "auto"]
Sort = Literal[
    "created_at",
    "-created_at",
    "title",
    "artist",
    "album",
    "-favorite_at",
    "-rating",
    "-play_count",
    "-last_played_at",
]
AlbumSort = Literal["title", "artist", "year", "-year", "-added_at"]
Role = Literal["main", "guest"]
GenreSort = Literal["name", "-track_count"]
Label = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00-\x08\x0e-\x1f\x7f]*$")]
_TITLE = r"^[^\x00-\x08\x0e-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x08\x0e-\x1f\x7f]*$"
Title = Annotated[str, Meta(min_length=1, max_length=500, pattern=_TITLE)]
Number = Annotated[int, Meta(ge=0, le=9999)]
MOST_AT_ONCE = 200  # tracks
MOST_TEXT_CHARS = 100_000  # of lyrics


class Line(msgspec.Struct, frozen=True):
    """A line of lyrics; `start_ms` is when it is sung, None where that isn't known."""

    text: str
    start_ms: int | None = None


class TrackRow(msgspec.Struct, frozen=True):
    """A row of `tracks` as lists and pages show it."""

    id: UUID
    owner_id: UUID
    title: str
    artist: str
    album: str
    album_artist: str
    genre: str
    year: int | None
    track_number: int | None
    disc_number: int | None
    duration_ms: int | None
    status: Status
    error: str | None
    job_id: UUID | None
    filename: str
    content_type: str
    size_bytes: int
    loudness_lufs: float | None
    true_peak_dbtp: float | None
    gain_db: float | None
    generation: str | None
    has_cover: bool
    edited: bool
    warnings: list[str]
    mbid: UUID | None
    album_id: UUID | None
    artist_ids: list[UUID]
    artist_names: list[str]
    folder_id: UUID | None
    has_renditions: bool
    created_at: datetime
    updated_at: datetime
    version: int
    favorite_at: datetime | None
    rating: int | None
    play_count: int
    last_played_at: datetime | None


class Loudness(msgspec.Struct, frozen=True):
    """Loudness by EBU R128; `gain_db` brings the track to -18 LUFS (ReplayGain 2)."""

    integrated_lufs: float | None
    true_peak_dbtp: float | None
    gain_db: float | None


class Cover(msgspec.Struct, frozen=True):
    """Signed URLs of the cover, WebP: 160 and 640 px wide."""

    small: str
    large: str


class Credit(msgspec.Struct, frozen=True):
    """An artist, by the name that a track credits them with."""

    id: UUID
    name: str


class Track(msgspec.Struct, frozen=True):
    """A track of someone's library. `error` says why a failed one failed.

    `artist` and `album` are the words of its tags or its owner, `artists` and `album_id` what
    they are filed under; `musicbrainz_id` is the recording's. `warnings` say what its owner should
    know of one that plays: cut short, damaged, left out. `favorite_at` is since when it is one of
    my favourites, `rating` from 1 to 5 stars; neither changes the `version`, nor does a play. The
    original of one with a `folder_id` stays in that folder; until it `has_renditions` it plays as
    it is, if it plays in browsers.
    """

    id: UUID
    owner_id: UUID
    title: str
    artist: str
    album: str
    album_artist: str
    genre: str
    year: int | None
    track_number: int | None
    disc_number: int | None
    duration_ms: int | None
    status: Status
    error: str | None
    job_id: UUID | None
    filename: str
    content_type: str
    size_bytes: int
    loudness: Loudness | None
    cover: Cover | None
    warnings: list[str]
    musicbrainz_id: UUID | None
    album_id: UUID | None
    artists: list[Credit]
    folder_id: UUID | None
    has_renditions: bool
    created_at: datetime
    updated_at: datetime
    version: int
    favorite_at: datetime | None
    rating: int | None
    play_count: int
    last_played_at: datetime | None


class TrackPage(msgspec.Struct, frozen=True):
    """A page of tracks."""

    items: list[Track]
    next_cursor: str | None = None


class TrackPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A merge patch (RFC 7396) of what people may change."""

    title: Title | UnsetType = UNSET
    artist: Label | UnsetType = UNSET
    album: Label | UnsetType = UNSET
    album_artist: Label | UnsetType = UNSET
    genre: Label | UnsetType = UNSET
    year: Number | UnsetType | None = UNSET
    track_number: Number | UnsetType | None = UNSET
    disc_number: Number | UnsetType | None = UNSET


class Labels(msgspec.Struct, frozen=True):
    """What a track is called, from its tags or from a person."""

    title: str
    artist: str = ""
    album: str = ""
    album_artist: str = ""
    genre: str = ""
    year: int | None = None
    track_number: int | None = None
    disc_number: int | None = None


class TracksPatch(TrackPatch, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A merge patch of many tracks: each is given what it says."""

    track_ids: Annotated[list[UUID], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class Tags(msgspec.Struct, frozen=True):
    """What a file says about itself; text of at most 500 characters, None if unsaid.

    `artists` and `album_artists` are given where it names several, one by one; `…_mbids` are
    MusicBrainz's ids of them, `album_mbid` and `mbid` of the release and of the recording.
    `released_on` is the day, as 1997-06-16, where one is named.
    """

    title: str | None = None
    artist: str | None = None
    album: str | None = None
    album_artist: str | None = None
    genre: str | None = None
    year: int | None = None
    track_number: int | None = None
    disc_number: int | None = None
    artists: list[str] | None = None
    album_artists: list[str] | None = None
    genres: list[str] | None = None
    artist_sort: str | None = None
    album_artist_sort: str | None = None
    album_sort: str | None = None
    artist_mbids: list[UUID] | None = None
    album_artist_mbids: list[UUID] | None = None
    album_mbid: UUID | None = None
    mbid: UUID | None = None
    is_compilation: bool | None = None
    released_on: str | None = None


class TrackFilter(msgspec.Struct, frozen=True):
    """Which tracks: with words, of an artist, of a genre, favourites, rated at least so.

    `search` is a `tsquery` of `text.query`.
    """

    search: str | None = None
    artist_id: UUID | None = None
    genre_id: UUID | None = None
    is_favorite: bool = False
    min_rating: int | None = None


class AlbumFilter(msgspec.Struct, frozen=True):
    """Which albums: of an artist (a `guest`: with them on it), a genre, some years, favourites.

    `search` is a `tsquery` of `text.marked_query`.
    """

    artist_id: UUID | None = None
    role: Role = "main"
    genre_id: UUID | None = None
    from_year: int | None = None
    to_year: int | None = None
    search: str | None = None
    is_favorite: bool = False


class StreamLink(msgspec.Struct, frozen=True):
    """Where to listen, until when, and what kind of content the URL gives."""

    url: str
    expires_at: datetime
    content_type: str


class Waveform(msgspec.Struct, frozen=True):
    """About 1,000 pairs of the lowest and highest sample, -128 to 127."""

    peaks: list[tuple[int, int]]


class Lyrics(msgspec.Struct, frozen=True):
    """The words of a track; where they are timed, each line says when it is sung."""

    is_timed: bool
    lines: list[Line]


class LyricsText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words as people have them: plain lines, or LRC (`[01:02.50]A line`). Empty removes them."""

    text: Annotated[str, Meta(max_length=MOST_TEXT_CHARS)]


class TrackChanged(msgspec.Struct, frozen=True):
    """What browsers are told of a track."""

    id: UUID
    action: Literal["created", "updated", "deleted", "restored"]


class TrackJob(msgspec.Struct, frozen=True):
    """The payload of jobs on one track."""

    track_id: UUID
    owner_id: UUID


class Rendered(msgspec.Struct, frozen=True):
    """What a finished rendition says of its track; `files` are its names and sizes in bytes."""

    generation: str
    labels: Labels
    tags: Tags
    duration_ms: int
    content_type: str
    loudness_lufs: float | None
    true_peak_dbtp: float | None
    gain_db: float | None
    has_cover: bool
    codec: str
    sample_rate_hz: int
    channels: int
    duration_samples: int
    peaks: bytes
    warnings: tuple[str, ...]
    lyrics: list[Line]
    files: dict[str, int]
    sound_hash: bytes = b""
