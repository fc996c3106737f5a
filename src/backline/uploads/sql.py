"""The queries of resumable uploads, each a typed function."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write

LIFE = timedelta(hours=24)  # since the last bytes came


class UploadRow(msgspec.Struct, frozen=True):
    """A row of `uploads`; `thing_id` is what it became, `payer_id` whose quota holds it."""

    id: UUID
    owner_id: UUID
    kind: str
    subject: UUID | None
    payer_id: UUID
    filename: str
    content_type: str
    length_bytes: int
    offset_bytes: int
    expires_at: datetime
    thing_id: UUID | None


_UPLOAD = """
SELECT id, owner_id, kind, subject, coalesce(payer_id, owner_id) AS payer_id, filename,
  content_type, length_bytes, offset_bytes, expires_at, track_id AS thing_id
FROM uploads WHERE id = $1 AND owner_id = $2 AND expires_at > now()
"""
_COUNT = """
SELECT count(*) FROM uploads WHERE owner_id = $1 AND track_id IS NULL AND expires_at > now()
"""
_INSERT = """
INSERT INTO uploads (id, owner_id, kind, subject, payer_id, filename, content_type, length_bytes,
  expires_at)
VALUES ($1, $2, $3, $4, nullif($5::uuid, $2::uuid), $6, $7, $8, now() + $9::interval)
"""
_MOVE = """
UPDATE uploads SET offset_bytes = $4, expires_at = now() + $5::interval
WHERE id = $1 AND owner_id = $2 AND offset_bytes = $3 AND track_id IS NULL
"""
_FINISH = """
UPDATE uploads SET offset_bytes = length_bytes, track_id = $4, expires_at = now() + $5::interval
WHERE id = $1 AND owner_id = $2 AND offset_bytes = $3 AND track_id IS NULL
"""
_SET_THING = "UPDATE uploads SET track_id = $3 WHERE id = $1 AND owner_id = $2"


async def upload(read: Read, upload_id: UUID, owner_id: UUID) -> UploadRow | None:
    """One upload that hasn't expired."""
    return await read.fetch_one(_UPLOAD, UploadRow, upload_id, owner_id)


async def count_unfinished(read: Read, owner_id: UUID) -> int:
    """How many uploads someone has begun and not finished."""
    return await read.fetch_value(_COUNT, owner_id)


async def insert_upload(
    tx: Write,
    upload_id: UUID,
    owner_id: UUID,
    *,
    kind: str,
    subject: UUID | None,
    payer_id: UUID,
    filename: str,
    content_type: str,
    length_bytes: int,
) -> None:
    """Add an upload of which nothing has come yet."""
    await tx.execute(
        _INSERT,
        upload_id,
        owner_id,
        kind,
        subject,
        payer_id,
        filename,
        content_type,
        length_bytes,
        LIFE,
    )


async def move_offset(
    tx: Write, upload_id: UUID, owner_id: UUID, *, expected: int, offset_bytes: int
) -> bool:
    """Commit an offset; False where another was committed since `expected` was read."""
    return await tx.execute(_MOVE, upload_id, owner_id, expected, offset_bytes, LIFE) > 0


async def finish(
    tx: Write, upload_id: UUID, owner_id: UUID, *, expected: int, thing_id: UUID
) -> bool:
    """Say that an upload is whole and what it became; False as `move_offset`."""
    return await tx.execute(_FINISH, upload_id, owner_id, expected, thing_id, LIFE) > 0


_EXTEND = """
UPDATE uploads SET length_bytes = length_bytes + $3, expires_at = now() + $4::interval
WHERE id = $1 AND owner_id = $2 AND track_id IS NULL
"""


async def set_thing(tx: Write, upload_id: UUID, owner_id: UUID, thing_id: UUID) -> None:
    """Say what a whole upload became, where that was there already."""
    await tx.execute(_SET_THING, upload_id, owner_id, thing_id)


async def extend(tx: Write, upload_id: UUID, owner_id: UUID, more_bytes: int) -> bool:
    """Let an upload be longer than it was said to be; False where it has ended."""
    return await tx.execute(_EXTEND, upload_id, owner_id, more_bytes, LIFE) > 0


class Ended(msgspec.Struct, frozen=True):
    """What is left to do for an upload whose row is gone: its bytes, and its charge."""

    id: UUID
    kind: str
    payer_id: UUID
    charged_bytes: int


_DELETE = """
DELETE FROM uploads WHERE id = $1 AND owner_id = $2
RETURNING id, kind, coalesce(payer_id, owner_id) AS payer_id,
  CASE WHEN track_id IS NULL THEN length_bytes ELSE 0 END AS charged_bytes
"""
_DELETE_OF_OWNER = """
DELETE FROM uploads WHERE owner_id = $1
RETURNING id, kind, coalesce(payer_id, owner_id) AS payer_id,
  CASE WHEN track_id IS NULL THEN length_bytes ELSE 0 END AS charged_bytes
"""
_DELETE_EXPIRED = """
DELETE FROM uploads
WHERE id IN (
  SELECT id FROM uploads WHERE expires_at <= now() ORDER BY expires_at LIMIT 100
  FOR UPDATE SKIP LOCKED
)
RETURNING id, kind, coalesce(payer_id, owner_id) AS payer_id,
  CASE WHEN track_id IS NULL THEN length_bytes ELSE 0 END AS charged_bytes
"""
_KNOWN = "SELECT id FROM uploads WHERE id = ANY($1::uuid[])"


async def delete(tx: Write, upload_id: UUID, owner_id: UUID) -> Ended | None:
    """Remove one upload's row."""
    return await tx.fetch_one(_DELETE, Ended, upload_id, owner_id)


async def delete_of_owner(tx: Write, owner_id: UUID) -> list[Ended]:
    """Remove the rows of all that someone has uploaded."""
    return await tx.fetch(_DELETE_OF_OWNER, Ended, owner_id)


async def delete_expired(tx: Write) -> list[Ended]:
    """Remove up to 100 rows that have expired."""
    return await tx.fetch(_DELETE_EXPIRED, Ended)


async def known(read: Read, upload_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the uploads that have a row."""
    return set(await read.fetch_values(_KNOWN, list(upload_ids)))
