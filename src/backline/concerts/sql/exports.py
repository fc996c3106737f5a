"""Exports: files of histories that somebody asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write

Format = Literal["csv", "json", "pdf"]
ExportStatus = Literal["running", "ready", "failed"]

_FIELDS: Final = """owner_id, id, format, filters::text AS filters, status, error, warnings, job_id,
  generation, count, size_bytes, created_at, ready_at, expires_at"""


class ExportRow(msgspec.Struct, frozen=True):
    """A row of `concert_exports`; `filters` is JSON."""

    owner_id: UUID
    id: UUID
    format: Format
    filters: str
    status: ExportStatus
    error: str | None
    warnings: list[str]
    job_id: UUID
    generation: str | None
    count: int | None
    size_bytes: int | None
    created_at: datetime
    ready_at: datetime | None
    expires_at: datetime


# Whoever asks holds it, so that twenty at once don't become forty.
_TURN: Final = "SELECT pg_advisory_xact_lock(hashtext('backline.concerts.exports'), hashtext($1))"
_EXPORTS: Final = f"""
SELECT {_FIELDS} FROM concert_exports WHERE owner_id = $1 ORDER BY id DESC LIMIT 200
"""  # noqa: S608  # literals alone
_EXPORT: Final = f"""
SELECT {_FIELDS} FROM concert_exports WHERE owner_id = $1 AND id = $2
"""  # noqa: S608  # literals alone
_INSERT: Final = f"""
INSERT INTO concert_exports (owner_id, id, format, filters, status, job_id, expires_at)
SELECT $1, $2, $3, $4::text::jsonb, 'running', $5, $6
WHERE (SELECT count(*) FROM concert_exports WHERE owner_id = $1) < $7
RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_SET_READY: Final = """
UPDATE concert_exports SET status = 'ready', error = NULL, generation = $3, count = $4,
  size_bytes = $5, warnings = $6, ready_at = now()
WHERE owner_id = $1 AND id = $2
"""
_SET_FAILED: Final = """
UPDATE concert_exports SET status = 'failed', error = $3
WHERE owner_id = $1 AND id = $2 AND status = 'running'
"""
_DELETE: Final = f"""
DELETE FROM concert_exports WHERE owner_id = $1 AND id = $2 RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_EXPIRED: Final = f"""
SELECT {_FIELDS} FROM concert_exports WHERE expires_at < now() LIMIT $1
"""  # noqa: S608  # literals alone
_PAGE: Final = f"""
SELECT {_FIELDS} FROM concert_exports
WHERE generation IS NOT NULL AND (owner_id, id) > ($1, $2) ORDER BY owner_id, id LIMIT $3
"""  # noqa: S608  # literals alone
_KNOWN: Final = "SELECT generation FROM concert_exports WHERE generation = ANY($1::text[])"
_FORGET: Final = "DELETE FROM concert_exports WHERE owner_id = $1"


async def take_turn(tx: Write, owner_id: UUID) -> None:
    """Wait until nobody else asks for an export of theirs; until `tx` ends."""
    await tx.fetch_value(_TURN, owner_id.hex)


async def exports(read: Read, owner_id: UUID) -> list[ExportRow]:
    """All of somebody's exports, the newest first."""
    return await read.fetch(_EXPORTS, ExportRow, owner_id)


async def export(read: Read, owner_id: UUID, export_id: UUID) -> ExportRow | None:
    """One export."""
    return await read.fetch_one(_EXPORT, ExportRow, owner_id, export_id)


async def insert(
    tx: Write,
    owner_id: UUID,
    export_id: UUID,
    *,
    kind: Format,
    filters: str,
    job_id: UUID,
    expires_at: datetime,
    most: int,
) -> ExportRow | None:
    """Add an export that is about to be made; None where there are `most` of them."""
    args = (owner_id, export_id, kind, filters, job_id, expires_at, most)
    return await tx.fetch_one(_INSERT, ExportRow, *args)


async def set_ready(
    tx: Write,
    owner_id: UUID,
    export_id: UUID,
    generation: str,
    count: int,
    size_bytes: int,
    warnings: Sequence[str],
) -> bool:
    """Point to the file that was made; False where the export was deleted meanwhile."""
    args = (owner_id, export_id, generation, count, size_bytes, list(warnings))
    return await tx.execute(_SET_READY, *args) > 0


async def set_failed(tx: Write, owner_id: UUID, export_id: UUID, error: str) -> bool:
    """Say why there is no file; False where that is of no interest any more."""
    return await tx.execute(_SET_FAILED, owner_id, export_id, error) > 0


async def delete(tx: Write, owner_id: UUID, export_id: UUID) -> ExportRow | None:
    """Remove an export; what it was, or None where there is none."""
    return await tx.fetch_one(_DELETE, ExportRow, owner_id, export_id)


async def expired(read: Read, limit: int) -> list[ExportRow]:
    """Exports of anybody whose time has passed."""
    return await read.fetch(_EXPIRED, ExportRow, limit)


async def page(read: Read, after: tuple[UUID, UUID], limit: int) -> list[ExportRow]:
    """Exports that have a file, by owner and id; `after` is the last one of the page before."""
    return await read.fetch(_PAGE, ExportRow, *after, limit)


async def known(read: Read, generations: Sequence[str]) -> set[str]:
    """Those of the generations that an export points to."""
    return set(await read.fetch_values(_KNOWN, list(generations)))


async def forget(tx: Write, owner_id: UUID) -> None:
    """Remove the exports of somebody who is gone."""
    await tx.execute(_FORGET, owner_id)
