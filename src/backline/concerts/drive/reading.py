"""What Drive's list says of a file, judged: nothing of it is believed because it was said."""

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, cast
from uuid import UUID

import msgspec

from backline.concerts import folders, times
from backline.concerts.engine import bounds, claims
from backline.concerts.engine.findings import Metadata
from backline.concerts.sql.making import Facts

# What photos are made of, as elsewhere; other pictures are passed over.
_TYPES: Final = {
    "image/jpeg": "image/jpeg",
    "image/jpg": "image/jpeg",
    "image/png": "image/png",
    "image/webp": "image/webp",
    "image/heic": "image/heic",
    "image/heif": "image/heic",
    "image/avif": "image/avif",
}
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,200}")
_MD5: Final = re.compile(r"[0-9a-fA-F]{32}")
_SHA256: Final = re.compile(r"[0-9a-fA-F]{64}")
_DIGITS: Final = re.compile(r"[0-9]{1,18}")
_EVIDENCE_BYTES: Final = 16
_MOST_NAME: Final = 255
_MOST_LINK: Final = 2_000
_SECOND_NS: Final = 1_000_000_000
_UNNAMED: Final = "Photo"


class _Image(msgspec.Struct):
    time: object = None
    location: object = None
    width: object = None
    height: object = None
    cameraMake: object = None  # noqa: N815  # theirs, as in what follows
    cameraModel: object = None  # noqa: N815


class _File(msgspec.Struct):
    id: object = None
    name: object = None
    mimeType: object = None  # noqa: N815
    size: object = None
    md5Checksum: object = None  # noqa: N815
    sha256Checksum: object = None  # noqa: N815
    modifiedTime: object = None  # noqa: N815
    trashed: object = False
    thumbnailLink: object = None  # noqa: N815
    imageMediaMetadata: object = None  # noqa: N815


class Listed(msgspec.Struct, frozen=True):
    """A picture of a Drive. A digest is None where Drive doesn't tell one that can be one.

    `link` leads to its small picture, for hours, if pictures may be read. `evidence` is a digest of
    all else that is kept of it: what has the same is as it was.
    """

    id: UUID
    remote_id: str
    name: str
    size_bytes: int
    md5: bytes | None
    sha256: bytes | None
    modified_ns: int
    facts: Facts
    evidence: bytes
    link: str | None


def file_id(remote_id: str) -> UUID:
    """What a file is known by among those of its source."""
    return folders.file_id(remote_id.encode())


def is_id(remote_id: object) -> bool:
    """Whether it can be a file's id, and so stand in an address."""
    return isinstance(remote_id, str) and _ID.fullmatch(remote_id) is not None


def read(raw: Sequence[msgspec.Raw], default_zone: str | None) -> list[Listed]:
    """The photos among files, each once, without those in the trash.

    It blocks: zones are looked up. Of an id that comes twice the last counts.
    """
    now = datetime.now(UTC)
    photos: dict[str, Listed] = {}
    for one in raw:
        try:
            file = msgspec.json.decode(one, type=_File)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
        if not is_id(file.id):
            continue
        remote_id = str(file.id)
        photos.pop(remote_id, None)
        listed = _listed(file, remote_id, default_zone, now)
        if listed is not None and file.trashed is not True:
            photos[remote_id] = listed
    return list(photos.values())


def _listed(file: _File, remote_id: str, default_zone: str | None, now: datetime) -> Listed | None:
    content_type = _TYPES.get(file.mimeType.lower()) if isinstance(file.mimeType, str) else None
    if content_type is None:
        return None
    name, size_bytes = _name(file.name), _size(file.size)
    md5, sha256 = _digest(_MD5, file.md5Checksum), _digest(_SHA256, file.sha256Checksum)
    image = _image(file.imageMediaMetadata)
    metadata = _metadata(image)
    width_px, height_px = _side(image.width), _side(image.height)
    said = (name, content_type, size_bytes, md5, sha256, width_px, height_px, metadata)
    digest = hashlib.blake2b(msgspec.json.encode(said), digest_size=_EVIDENCE_BYTES).digest()
    time = times.settle(metadata, default_zone, now)
    facts = Facts(
        content_type=content_type,
        width_px=width_px if height_px is not None else None,
        height_px=height_px if width_px is not None else None,
        camera=metadata.camera,
        taken_at=time.taken_at,
        time_source=time.time_source,
        offset_min=time.offset_min,
        offset_source=time.offset_source,
        is_doubtful=time.is_doubtful,
        gps_at=None,
        latitude=metadata.latitude,
        longitude=metadata.longitude,
        place_error_m=None,
        notes=[*metadata.notes, *(["odd-time"] if time.is_odd else [])],
        fingerprint=None,
        contrast=None,
        placeholder=None,
    )
    modified_ns = _modified_ns(file.modifiedTime)
    return Listed(
        *(file_id(remote_id), remote_id, name, size_bytes, md5, sha256),
        *(modified_ns, facts, digest),
        link=_link(file.thumbnailLink),
    )


def _image(given: object) -> _Image:
    """Its fields are anything, so it converts if it is an object at all."""
    try:
        return msgspec.convert(given, _Image)
    except msgspec.ValidationError:
        return _Image()


def _metadata(image: _Image) -> Metadata:
    taken = _taken(image.time)
    place, notes = _place(image.location)
    return Metadata(
        taken=taken.isoformat() if taken is not None else None,
        time_source="original" if taken is not None else None,
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        camera=claims.camera(image.cameraMake, image.cameraModel),
        notes=notes,
    )


def _taken(given: object) -> datetime | None:
    try:
        return claims.wall(claims.text(given))
    except ValueError:
        return None


def _place(given: object) -> tuple[tuple[float, float] | None, tuple[str, ...]]:
    if not isinstance(given, dict):
        return claims.place(None, None, was_said=given is not None)
    said = cast("dict[str, object]", given)
    latitude, longitude = _number(said.get("latitude")), _number(said.get("longitude"))
    return claims.place(latitude, longitude, was_said=bool(said))


def _number(given: object) -> float | None:
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    try:
        return float(given)
    except OverflowError:
        return None


def _name(given: object) -> str:
    """A line that people can read; names in Drive are anything, also paths."""
    return claims.text(given)[:_MOST_NAME] or _UNNAMED


def _size(given: object) -> int:
    """Drive writes sizes as text; what isn't one is nothing, and a size is only what is said."""
    text = str(given) if isinstance(given, int) and not isinstance(given, bool) else given
    return int(text) if isinstance(text, str) and _DIGITS.fullmatch(text) else 0


def _digest(form: re.Pattern[str], given: object) -> bytes | None:
    if isinstance(given, str) and form.fullmatch(given):
        return bytes.fromhex(given)
    return None


def _link(given: object) -> str | None:
    """Where it leads is looked at before anybody goes there."""
    return given if isinstance(given, str) and 0 < len(given) <= _MOST_LINK else None


def _side(given: object) -> int | None:
    if isinstance(given, bool) or not isinstance(given, int):
        return None
    return given if 0 < given <= bounds.MAX_SIDE_PX else None


def _modified_ns(given: object) -> int:
    if not isinstance(given, str):
        return 0
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        return 0
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    try:
        return int(at.timestamp()) * _SECOND_NS
    except (OverflowError, ValueError, OSError):
        return 0
