"""The shapes of photos: rows, answers, forms, payloads, events."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

Status = Literal["processing", "ready", "failed"]
Source = Literal["upload", "folder", "drive"]
TimeSource = Literal["original", "digitized", "modified", "gps", "person"]
OffsetSource = Literal["camera", "gps", "place", "default", "person"]
WarningKind = Literal["no-place", "odd-place", "no-time", "odd-time", "doubtful-time", "unreadable"]
AltText = Annotated[str, Meta(max_length=1_000, pattern=r"^[^\x00-\x08\x0e-\x1f\x7f]*$")]
WallTime = Annotated[
    str,
    Meta(
        max_length=40,
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?$(?!\n)",
        description="Wall time with its offset, `2019-07-04T21:30:00+02:00`, or without one",
    ),
]


class Location(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place, in degrees (WGS 84)."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]


class PhotoItemRow(msgspec.Struct, frozen=True):
    """A row of `photos` as lists show it."""

    id: UUID
    owner_id: UUID
    source: Source
    filename: str
    status: Status
    content_type: str | None
    width_px: int | None
    height_px: int | None
    taken_at: datetime | None
    offset_min: int | None
    latitude: float | None
    longitude: float | None
    alt_text: str
    starred: bool
    group_id: UUID | None
    is_best: bool
    placeholder: bytes | None
    thumbnail_generation: str | None
    webp_generation: str | None
    avif_generation: str | None
    version: int


class PhotoRow(PhotoItemRow, frozen=True):
    """A row of `photos` as its own page shows it."""

    source_id: UUID | None
    error: str | None
    job_id: UUID | None
    size_bytes: int
    camera: str
    time_source: TimeSource | None
    offset_source: OffsetSource | None
    is_doubtful: bool
    place_error_m: float | None
    notes: list[str]
    edited_time: bool
    original_id: UUID | None
    created_at: datetime
    updated_at: datetime
    remote_id: str | None
    concert_id: UUID | None


class Variant(msgspec.Struct, frozen=True):
    """A picture of the photo: its size in pixels, its encoder's quality, and a signed URL."""

    width: int
    height: int
    quality: int
    content_type: str
    url: str


class PhotoWarning(msgspec.Struct, frozen=True):
    """What is odd about a photo, and what can be done about it."""

    kind: WarningKind
    detail: str


class PhotoItem(msgspec.Struct, frozen=True):
    """A photo as lists show it.

    `taken_at` is wall time, with its offset where that is known. `thumbnail` is at most 320 px
    wide and high; `placeholder` a `data:` URL of a few pixels; `variants` are those of the usual
    quality. Photos of one `group_id` look alike.
    """

    id: UUID
    source: Source
    filename: str
    status: Status
    taken_at: str | None
    width: int | None
    height: int | None
    location: Location | None
    alt_text: str
    starred: bool
    group_id: UUID | None
    is_best: bool
    thumbnail: str | None
    placeholder: str | None
    variants: list[Variant]
    version: int


class Photo(msgspec.Struct, frozen=True):
    """A photo. `error` says why a failed one failed; `original` is there if we keep it.

    `remote_url` is where its owner finds one that lies in their Google Drive, `concert_id` the
    concert that it is of, if it is known.

    `offset_source` tells how the offset of `taken_at` became known: the camera said it, it is the
    difference to GPS time, that of the zone at the place, a default, or a person said it.
    """

    id: UUID
    owner_id: UUID
    source: Source
    source_id: UUID | None
    filename: str
    status: Status
    error: str | None
    job_id: UUID | None
    content_type: str | None
    size_bytes: int
    width: int | None
    height: int | None
    camera: str
    taken_at: str | None
    time_source: TimeSource | None
    offset_source: OffsetSource | None
    location: Location | None
    place_error_m: float | None
    alt_text: str
    starred: bool
    group_id: UUID | None
    is_best: bool
    thumbnail: str | None
    placeholder: str | None
    variants: list[Variant]
    original: str | None
    remote_url: str | None
    concert_id: UUID | None
    warnings: list[PhotoWarning]
    created_at: datetime
    updated_at: datetime
    version: int


class PhotoPage(msgspec.Struct, frozen=True):
    """A page of photos."""

    items: list[PhotoItem]
    next_cursor: str | None = None


class PhotoPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A merge patch (RFC 7396) of what people may change; null takes a time or a place away."""

    starred: bool | UnsetType = UNSET
    alt_text: AltText | UnsetType = UNSET
    taken_at: WallTime | UnsetType | None = UNSET
    location: Location | UnsetType | None = UNSET


class Day(msgspec.Struct, frozen=True):
    """How many photos were taken on a day; null: nobody knows when."""

    day: str | None
    count: int


class Days(msgspec.Struct, frozen=True):
    """The days on which photos were taken, the latest first, at most 20,000."""

    days: list[Day]


class Place(msgspec.Struct, frozen=True):
    """Photos that were taken about a kilometre from each other: how many, where, and when."""

    latitude: float
    longitude: float
    count: int
    first_day: str | None
    last_day: str | None


class Places(msgspec.Struct, frozen=True):
    """Where photos were taken, where most were first, at most 500."""

    places: list[Place]


class PhotoChanged(msgspec.Struct, frozen=True):
    """What browsers are told: these photos, and what happened to them. None named: many."""

    ids: list[UUID]
    action: Literal["created", "updated", "deleted", "restored"]


class PhotoJob(msgspec.Struct, frozen=True):
    """The payload of jobs on one photo."""

    photo_id: UUID
    owner_id: UUID


class OwnerJob(msgspec.Struct, frozen=True):
    """The payload of jobs on all that somebody has."""

    owner_id: UUID
