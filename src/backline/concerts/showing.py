"""Photos as they are answered: rows with signed URLs, wall times with their offsets, warnings."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Final
from uuid import UUID

from backline.concerts import keys
from backline.concerts.engine import ladder
from backline.concerts.engine.findings import THUMBNAIL
from backline.concerts.models import (
    Location,
    Photo,
    PhotoItem,
    PhotoItemRow,
    PhotoRow,
    PhotoWarning,
    Variant,
    WarningKind,
)
from backline.platform.media.signing import MediaSigner

_REMOTE: Final = "https://drive.google.com/file/d/{}/view"
_SAID: Final[dict[WarningKind, str]] = {
    "no-place": "This picture doesn't say where it was taken. Your phone or browser may have "
    "removed the place when it was uploaded: many phones do unless the original file is chosen.",
    "odd-place": "This picture says a place that can't be right, so it is left out.",
    "no-time": "This picture doesn't say when it was taken. You can say it here.",
    "odd-time": "The camera's clock can't have been right. You can correct the time here.",
    "doubtful-time": "What this picture says of its time zone disagrees. Please check the time.",
    "unreadable": "What the camera wrote into this picture is damaged, so it was left out.",
}


def item(row: PhotoItemRow, signer: MediaSigner) -> PhotoItem:
    """A row of a list as it is answered. By position: by name, a list would take twice as long."""
    return PhotoItem(
        row.id,
        row.source,
        row.filename,
        row.status,
        wall_time(row.taken_at, row.offset_min),
        row.width_px,
        row.height_px,
        _location(row),
        row.alt_text,
        row.starred,
        row.group_id,
        row.is_best,
        thumbnail(row.owner_id, row.id, row.thumbnail_generation, signer),
        placeholder(row.placeholder),
        _variants(row, signer, (ladder.SHOWN_QUALITY,)),
        row.version,
    )


def items(rows: Sequence[PhotoItemRow], signer: MediaSigner) -> list[PhotoItem]:
    """The rows of a list."""
    return [item(row, signer) for row in rows]


def photo(row: PhotoRow, signer: MediaSigner) -> Photo:
    """A photo by itself, with all that is known of it."""
    original = None
    if row.original_id is not None:
        where = keys.prefix(row.owner_id, row.original_id, keys.SOURCE)
        original = f"{_folder(signer, where)}/{keys.ORIGINAL}"
    return Photo(
        id=row.id,
        owner_id=row.owner_id,
        source=row.source,
        source_id=row.source_id,
        filename=row.filename,
        status=row.status,
        error=row.error,
        job_id=row.job_id,
        content_type=row.content_type,
        size_bytes=row.size_bytes,
        width=row.width_px,
        height=row.height_px,
        camera=row.camera,
        taken_at=wall_time(row.taken_at, row.offset_min),
        time_source=row.time_source,
        offset_source=row.offset_source,
        location=_location(row),
        place_error_m=row.place_error_m,
        alt_text=row.alt_text,
        starred=row.starred,
        group_id=row.group_id,
        is_best=row.is_best,
        thumbnail=thumbnail(row.owner_id, row.id, row.thumbnail_generation, signer),
        placeholder=placeholder(row.placeholder),
        variants=_variants(row, signer, ladder.QUALITIES),
        original=original,
        remote_url=None if row.remote_id is None else _REMOTE.format(row.remote_id),
        concert_id=row.concert_id,
        warnings=_warnings(row),
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )


def wall_time(taken_at: datetime | None, offset_min: int | None) -> str | None:
    """Wall time as text, never shifted; with its offset where that is known."""
    if taken_at is None or offset_min is None:
        return None if taken_at is None else taken_at.isoformat()
    return taken_at.replace(tzinfo=timezone(timedelta(minutes=offset_min))).isoformat()


def _location(row: PhotoItemRow) -> Location | None:
    if row.latitude is None or row.longitude is None:
        return None
    return Location(row.latitude, row.longitude)


def _folder(signer: MediaSigner, prefix: str) -> str:
    """URLs that stay the same as long as a signature does, so they are made once in that time."""
    made = signer.made(datetime.now(UTC))
    known = made.get(prefix)
    if known is None:
        known = signer.folder(prefix, datetime.now(UTC)).url
        made.keep(prefix, known)
    return known


def thumbnail(
    owner_id: UUID, photo_id: UUID, generation: str | None, signer: MediaSigner
) -> str | None:
    """The small picture of a photo, if it is drawn."""
    if generation is None:
        return None
    return f"{_folder(signer, keys.prefix(owner_id, photo_id, generation))}/{THUMBNAIL}"


def placeholder(pixels: bytes | None) -> str | None:
    """A few pixels as a `data:` URL."""
    if not pixels:
        return None
    return "data:image/webp;base64," + base64.b64encode(pixels).decode()


def _variants(row: PhotoItemRow, signer: MediaSigner, qualities: Sequence[int]) -> list[Variant]:
    """Those that are drawn, AVIF first: a browser takes the first that it knows."""
    if row.webp_generation is None or row.width_px is None or row.height_px is None:
        return []
    drawn: list[tuple[ladder.Encoding, str]] = [("webp", row.webp_generation)]
    if row.avif_generation is not None:
        drawn.insert(0, ("avif", row.avif_generation))
    found: list[Variant] = []
    for encoding, generation in drawn:
        where = _folder(signer, keys.prefix(row.owner_id, row.id, generation))
        content_type = ladder.CONTENT_TYPES[encoding]
        for width in ladder.widths(row.width_px):
            height = max(round(row.height_px * width / row.width_px), 1)
            found += [
                Variant(
                    *(width, height, quality, content_type),
                    f"{where}/{ladder.name(width, quality, encoding)}",
                )
                for quality in qualities
            ]
    return found


def _warnings(row: PhotoRow) -> list[PhotoWarning]:
    if row.content_type is None:
        return []  # nobody has looked yet
    kinds: list[WarningKind] = []
    if row.latitude is None:
        if "odd-place" in row.notes:
            kinds.append("odd-place")
        elif row.source == "upload":
            kinds.append("no-place")
    if row.taken_at is None:
        kinds.append("no-time")
    elif not row.edited_time and "odd-time" in row.notes:
        kinds.append("odd-time")
    elif row.is_doubtful:
        kinds.append("doubtful-time")
    if "unreadable" in row.notes:
        kinds.append("unreadable")
    return [PhotoWarning(kind, _SAID[kind]) for kind in kinds]
