"""What confined processes find out about a picture.

Kept apart from them, so that whoever asks needs not load a decoder.
"""

from typing import Final, Literal

import msgspec

CameraTime = Literal["original", "digitized", "modified"]
PhotoFormat = Literal["jpeg", "png", "webp", "heic", "avif"]
THUMBNAIL: Final = "thumbnail.webp"


class Metadata(msgspec.Struct, frozen=True):
    """What a picture says of itself, unjudged.

    `taken` is wall time (ISO 8601, no offset), as the camera's clock showed it; `offset_min` what
    the camera said of its zone; `gps_utc` the instant that satellites told. `notes` are kinds of
    warnings.
    """

    taken: str | None = None
    time_source: CameraTime | None = None
    offset_min: int | None = None
    gps_utc: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    place_error_m: float | None = None
    camera: str = ""
    notes: tuple[str, ...] = ()


class Seen(msgspec.Struct, frozen=True, tag="seen"):
    """A picture that was read and decoded.

    Width and height are as it is looked at, its orientation applied. `fingerprint` has 128 bits;
    `contrast` is how much its tones differ (0 to 127): those of a dark frame hardly do, and its
    fingerprint says nothing. `placeholder` is a WebP of a few pixels.
    """

    format: PhotoFormat
    size_bytes: int
    sha256: bytes
    width_px: int
    height_px: int
    metadata: Metadata
    fingerprint: bytes
    contrast: int
    placeholder: bytes
    thumbnail_bytes: int


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """It isn't taken; `reason` is a sentence for its owner."""

    reason: str


Looked = Seen | Refused


class Drawn(msgspec.Struct, frozen=True, tag="drawn"):
    """The variants that were drawn: names of files, and their sizes in bytes."""

    files: dict[str, int]
