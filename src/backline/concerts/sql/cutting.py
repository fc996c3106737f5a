"""Sessions as they are cut from photos: what is read for that, and what is written."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts.models import OffsetSource
from backline.concerts.sql.sessions import State
from backline.platform.database import Read, Write


class PhotoFact(msgspec.Struct, frozen=True):
    """A photo as evidence, and the session that it is in."""

    id: UUID
    taken_at: datetime
    latitude: float | None
    longitude: float | None
    place_error_m: float | None
    offset_min: int | None
    offset_source: OffsetSource | None
    gps_at: datetime | None
    edited_time: bool
    camera: str
    session_id: UUID | None
    source_id: UUID | None


class Known(msgspec.Struct, frozen=True):
    """A session as it was cut before."""

    id: UUID
    state: State
    evidence: bytes
    concert_id: UUID | None
    is_decided: bool
    made_concert: bool


class Cut(msgspec.Struct, frozen=True):
    """A session as it is cut now."""

    id: UUID
    began_at: datetime
    ended_at: datetime
    latitude: float | None
    longitude: float | None
    place_error_m: float | None
    zone: str | None
    photo_count: int
    evidence: bytes
    days: list[date]


class Placed(msgspec.Struct, frozen=True):
    """A photo, and the session that it is in now."""

    id: UUID
    session_id: UUID


_FIELDS: Final = """id, taken_at, latitude, longitude, place_error_m, offset_min, offset_source,
  gps_at, edited_time, camera, session_id, source_id"""
_FACTS: Final = f"""
SELECT {_FIELDS} FROM photos
WHERE owner_id = $1 AND deleted_at IS NULL AND taken_at IS NOT NULL
  AND (coalesce(taken_at, '-infinity'), id) > ($2::timestamp, $3::uuid)
ORDER BY coalesce(taken_at, '-infinity'), id LIMIT $4
"""  # noqa: S608  # literals alone
_OF_SESSION: Final = f"""
SELECT {_FIELDS} FROM photos
WHERE owner_id = $1 AND session_id = $2 AND deleted_at IS NULL AND taken_at IS NOT NULL
ORDER BY taken_at, id LIMIT $3
"""  # noqa: S608  # literals alone
_SOURCES: Final = """
SELECT id FROM photo_sources
WHERE owner_id = $1 AND (kind = 'folder' AND (path = $2 OR starts_with(path, $2 || '/'))
  OR kind = 'drive' AND path = $3)
"""
_KNOWN: Final = """
SELECT id, state, evidence, concert_id, is_decided, made_concert
FROM photo_sessions WHERE owner_id = $1
"""
# What a person decided stays so, whatever photos come to it; all else is judged anew.
_WRITE: Final = """
INSERT INTO photo_sessions AS s (owner_id, id, state, began_at, ended_at, days, latitude,
  longitude, place_error_m, zone, photo_count, evidence)
VALUES ($1, $2, 'waiting', $3, $4, $11, $5, $6, $7, $8, $9, $10)
ON CONFLICT (owner_id, id) DO UPDATE SET
  state = CASE WHEN s.is_decided THEN s.state ELSE 'waiting' END,
  began_at = excluded.began_at, ended_at = excluded.ended_at, days = excluded.days,
  latitude = excluded.latitude, longitude = excluded.longitude,
  place_error_m = excluded.place_error_m, zone = excluded.zone,
  photo_count = excluded.photo_count, evidence = excluded.evidence,
  looks = 0, look_at = now(), updated_at = now(), version = s.version + 1
"""
# Photos are locked by their ids, in the order in which all others take many of them.
_PLACE: Final = """
WITH held AS (
  SELECT id FROM photos WHERE owner_id = $1 AND id = ANY($2::uuid[])
  ORDER BY id FOR NO KEY UPDATE)
UPDATE photos p SET session_id = n.session_id,
  concert_id = CASE WHEN p.edited_concert THEN p.concert_id ELSE s.concert_id END,
  version = p.version + 1
FROM held
JOIN unnest($2::uuid[], $3::uuid[]) AS n (id, session_id) ON n.id = held.id
JOIN photo_sessions s ON s.owner_id = $1 AND s.id = n.session_id
WHERE p.owner_id = $1 AND p.id = held.id
"""
_DROP: Final = "DELETE FROM photo_sessions WHERE owner_id = $1 AND id = ANY($2::uuid[])"
_COUNT: Final = """
UPDATE histories SET waiting = (SELECT count(*) FROM photo_sessions
  WHERE owner_id = $1 AND state = 'waiting' AND NOT is_decided)
WHERE owner_id = $1
"""
_UNCUT: Final = """
SELECT DISTINCT owner_id FROM photos
WHERE deleted_at IS NULL AND session_id IS NULL AND taken_at IS NOT NULL AND owner_id > $1
ORDER BY owner_id LIMIT $2
"""
_BATCH: Final = 2_000


async def facts(
    read: Read, owner_id: UUID, after: tuple[datetime, UUID], limit: int
) -> list[PhotoFact]:
    """Somebody's photos with a time, by that."""
    return await read.fetch(_FACTS, PhotoFact, owner_id, *after, limit)


async def of_session(read: Read, owner_id: UUID, session_id: UUID, limit: int) -> list[PhotoFact]:
    """The photos of a session."""
    return await read.fetch(_OF_SESSION, PhotoFact, owner_id, session_id, limit)


async def sources_in(read: Read, owner_id: UUID, folder: str, account_id: str) -> list[UUID]:
    """Somebody's sources of photos in a folder, and the Drive of an account."""
    return await read.fetch_values(_SOURCES, owner_id, folder, account_id)


async def known(read: Read, owner_id: UUID) -> list[Known]:
    """Somebody's sessions as they were cut before."""
    return await read.fetch(_KNOWN, Known, owner_id)


async def write(tx: Write, owner_id: UUID, cuts: Sequence[Cut]) -> None:
    """Write sessions that are new or have changed."""
    rows = [(owner_id, *msgspec.structs.astuple(cut)) for cut in cuts]
    for start in range(0, len(rows), _BATCH):
        await tx.execute_many(_WRITE, rows[start : start + _BATCH])


async def place(tx: Write, owner_id: UUID, placed: Sequence[Placed]) -> None:
    """Put photos into sessions, and to the concerts of those unless they were moved by hand."""
    ordered = sorted(placed, key=lambda one: one.id)
    for start in range(0, len(ordered), _BATCH):
        part = ordered[start : start + _BATCH]
        ids, session_ids = [one.id for one in part], [one.session_id for one in part]
        await tx.execute(_PLACE, owner_id, ids, session_ids)


async def drop(tx: Write, owner_id: UUID, session_ids: Sequence[UUID]) -> None:
    """Remove sessions in which nothing is left."""
    await tx.execute(_DROP, owner_id, list(session_ids))


async def count_waiting(tx: Write, owner_id: UUID) -> None:
    """Count the sessions that wait to be judged."""
    await tx.execute(_COUNT, owner_id)


async def uncut(read: Read, after: UUID, limit: int) -> list[UUID]:
    """Whose photos are in no session although they have a time."""
    return await read.fetch_values(_UNCUT, after, limit)
