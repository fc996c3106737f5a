"""The queries of what people chose, and of whose digest is due."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write


class SettingsRow(msgspec.Struct, frozen=True):
    """A row of `notice_settings`; `choices` is JSON."""

    owner_id: UUID
    choices: str
    time_zone: str
    is_digest: bool
    digest_hour: int
    digested_on: date | None
    next_digest_at: datetime | None


_FIELDS: Final = """owner_id, choices, time_zone, is_digest, digest_hour, digested_on,
  next_digest_at"""
_GET: Final = f"SELECT {_FIELDS} FROM notice_settings WHERE owner_id = $1"  # noqa: S608  # literals
_BEGIN: Final = """
INSERT INTO notice_settings (owner_id, time_zone, is_digest, digest_hour) VALUES ($1, $2, false, $3)
ON CONFLICT (owner_id) DO NOTHING
"""
_LOCK: Final = f"""
SELECT {_FIELDS} FROM notice_settings WHERE owner_id = $1 FOR UPDATE
"""  # noqa: S608  # literals alone
_SET: Final = """
UPDATE notice_settings SET choices = $2::text::jsonb, time_zone = $3, is_digest = $4,
  digest_hour = $5, digested_on = $6, next_digest_at = $7
WHERE owner_id = $1
"""
_WANTS_LETTER: Final = """
SELECT coalesce((choices -> $2 ->> 'mail')::boolean, true) FROM notice_settings WHERE owner_id = $1
"""
_DUE: Final = f"""
SELECT {_FIELDS} FROM notice_settings WHERE next_digest_at <= $1
ORDER BY next_digest_at LIMIT $2 FOR UPDATE SKIP LOCKED
"""  # noqa: S608  # literals alone
_MOVE_ON: Final = """
UPDATE notice_settings s SET digested_on = due.day, next_digest_at = due.next_at
FROM unnest($1::uuid[], $2::date[], $3::timestamptz[]) AS due (owner_id, day, next_at)
WHERE s.owner_id = due.owner_id
"""
_FORGET: Final = "DELETE FROM notice_settings WHERE owner_id = $1"


async def get(read: Read, owner_id: UUID) -> SettingsRow | None:
    """What somebody chose, if anything."""
    return await read.fetch_one(_GET, SettingsRow, owner_id)


async def lock(tx: Write, owner_id: UUID, time_zone: str, digest_hour: int) -> SettingsRow:
    """What somebody chose, nobody else changes it until `tx` ends; begun with what is usual."""
    await tx.execute(_BEGIN, owner_id, time_zone, digest_hour)
    row = await tx.fetch_one(_LOCK, SettingsRow, owner_id)
    assert row is not None  # noqa: S101  # it was made in this transaction, or is locked by it
    return row


async def put(tx: Write, row: SettingsRow) -> None:
    """Replace what somebody chose."""
    await tx.execute(_SET, *msgspec.structs.astuple(row))


async def wants_letter(read: Read, owner_id: UUID, kind: str) -> bool:
    """Whether somebody hasn't said no to letters of a kind."""
    return await read.fetch_value(_WANTS_LETTER, owner_id, kind) is not False


async def due(tx: Write, now: datetime, limit: int) -> list[SettingsRow]:
    """Some of those whose digest is due; nobody else gets these before `tx` ends."""
    return await tx.fetch(_DUE, SettingsRow, now, limit)


async def move_on(tx: Write, rows: Sequence[tuple[UUID, date, datetime]]) -> None:
    """Note the days that digests were for, and when the next ones are due."""
    await tx.execute(_MOVE_ON, *map(list, zip(*rows, strict=True)))


async def forget(tx: Write, owner_id: UUID) -> None:
    """Remove what somebody chose who is gone."""
    await tx.execute(_FORGET, owner_id)
