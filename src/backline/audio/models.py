"""The shapes of the audio library: rows, answers, forms, payloads."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

Status = Literal["processing", "ready", "failed"]
Quality = Literal["low", "medium", "high", "original", "auto"]
Sort = Literal["created_at", "-created_at", "title", "artist", "album"]
Label = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00-\x08\x0e-\x1f\x7f]*$")]
Title = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00-\x08\x0e-\x1f\x7f]*\S")]
Number = Annotated[int, Meta(ge=0, le=9999)]


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
    created_at: datetime
    updated_at: datetime
    version: int


class Loudness(msgspec.Struct, frozen=True):
    """Loudness by EBU R128; `gain_db` brings the track to -18 LUFS (ReplayGain 2)."""

    integrated_lufs: float | None
    true_peak_dbtp: float | None
    gain_db: float | None


class Cover(msgspec.Struct, frozen=True):
    """Signed URLs of the cover, WebP: 160 and 640 px wide."""

    small: str
    large: str


class Track(msgspec.Struct, frozen=True):
    """A track of someone's library. `error` says why a failed one failed."""

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
    created_at: datetime
    updated_at: datetime
    version: int


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


class StreamLink(msgspec.Struct, frozen=True):
    """Where to listen, until when, and what kind of content the URL gives."""

    url: str
    expires_at: datetime
    content_type: str


class Waveform(msgspec.Struct, frozen=True):
    """About 1,000 pairs of the lowest and highest sample, -128 to 127."""

    peaks: list[tuple[int, int]]


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
    files: dict[str, int]
