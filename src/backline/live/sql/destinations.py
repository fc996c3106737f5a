"""Destinations of projects."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write


class DestinationRow(msgspec.Struct, frozen=True):
    """A row of `live_destinations` without its key."""

    id: UUID
    project_id: UUID
    name: str
    preset: str
    url: str
    enabled: bool
    created_at: datetime
    updated_at: datetime
    version: int


class Wanted(msgspec.Struct, frozen=True):
    """A destination as whoever relays to it needs it."""

    project_id: UUID
    id: UUID
    preset: str
    url: str
    stream_key: bytes
    enabled: bool
    retries: int


class SealedRow(msgspec.Struct, frozen=True):
    """A destination's key."""

    id: UUID
    owner_id: UUID
    stream_key: bytes


_FIELDS = "id, project_id, name, preset, url, enabled, created_at, updated_at, version"
_DESTINATIONS = f"""
SELECT {_FIELDS} FROM live_destinations
WHERE owner_id = $1 AND project_id = $2 AND deleted_at IS NULL ORDER BY id
"""  # noqa: S608  # literals alone
_LOCKED = f"""
SELECT {_FIELDS} FROM live_destinations
WHERE owner_id = $1 AND project_id = $2 AND id = $3 AND deleted_at IS NULL FOR UPDATE
"""  # noqa: S608  # literals alone
# The project's row is locked: nobody adds another meanwhile.
_INSERT = f"""
INSERT INTO live_destinations (owner_id, project_id, id, name, preset, url, stream_key, enabled)
SELECT $1, $2, $3, $4, $5, $6, $7, $8
WHERE (SELECT count(*) FROM live_destinations WHERE owner_id = $1 AND project_id = $2) < $9
RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_UPDATE = f"""
UPDATE live_destinations SET name = $4, url = $5, stream_key = coalesce($6, stream_key),
  enabled = $7, version = version + 1, updated_at = now()
WHERE owner_id = $1 AND project_id = $2 AND id = $3 RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_TRASH = """
UPDATE live_destinations SET deleted_at = now()
WHERE owner_id = $1 AND project_id = $2 AND id = $3
"""
_RESTORE = f"""
UPDATE live_destinations SET deleted_at = NULL, version = version + 1, updated_at = now()
WHERE owner_id = $1 AND project_id = $2 AND id = $3 AND deleted_at IS NOT NULL
RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_RETRY = """
UPDATE live_destinations SET retries = retries + 1
WHERE owner_id = $1 AND project_id = $2 AND id = $3
"""
_WANTED = """
SELECT d.project_id, d.id, d.preset, d.url, d.stream_key, d.enabled, d.retries
FROM unnest($1::uuid[], $2::uuid[]) AS asked (owner_id, project_id)
JOIN live_destinations d USING (owner_id, project_id)
WHERE d.deleted_at IS NULL ORDER BY d.id
"""
_PURGE = """
DELETE FROM live_destinations WHERE deleted_at < now() - make_interval(secs => $1)
"""
_SEALED_BEFORE = """
SELECT id, owner_id, stream_key FROM live_destinations
WHERE (owner_id, id) > ($1, $2) AND NOT starts_with(encode(stream_key, 'escape'), $3)
ORDER BY owner_id, id LIMIT $4 FOR UPDATE
"""
_RESEAL = "UPDATE live_destinations SET stream_key = $3 WHERE owner_id = $1 AND id = $2"


async def destinations(read: Read, owner_id: UUID, project_id: UUID) -> list[DestinationRow]:
    """All of a project's destinations, the oldest first."""
    return await read.fetch(_DESTINATIONS, DestinationRow, owner_id, project_id)


async def lock(
    tx: Write, owner_id: UUID, project_id: UUID, destination_id: UUID
) -> DestinationRow | None:
    """One destination, which nobody else changes until `tx` ends."""
    return await tx.fetch_one(_LOCKED, DestinationRow, owner_id, project_id, destination_id)


async def insert(
    tx: Write, owner_id: UUID, row: DestinationRow, stream_key: bytes, *, most: int
) -> DestinationRow | None:
    """Add a destination with its key, sealed; None where the project has `most`."""
    named = (row.project_id, row.id, row.name, row.preset, row.url)
    fields = (owner_id, *named, stream_key, row.enabled, most)
    return await tx.fetch_one(_INSERT, DestinationRow, *fields)


async def update(
    tx: Write, owner_id: UUID, row: DestinationRow, stream_key: bytes | None
) -> DestinationRow | None:
    """Change a destination; without a key it keeps its own."""
    fields = (row.project_id, row.id, row.name, row.url, stream_key, row.enabled)
    return await tx.fetch_one(_UPDATE, DestinationRow, owner_id, *fields)


async def trash(tx: Write, owner_id: UUID, project_id: UUID, destination_id: UUID) -> None:
    """Put a destination where it can be restored from for a while."""
    await tx.execute(_TRASH, owner_id, project_id, destination_id)


async def restore(
    tx: Write, owner_id: UUID, project_id: UUID, destination_id: UUID
) -> DestinationRow | None:
    """Take a destination out of there; None where it isn't in it."""
    return await tx.fetch_one(_RESTORE, DestinationRow, owner_id, project_id, destination_id)


async def retry(tx: Write, owner_id: UUID, project_id: UUID, destination_id: UUID) -> None:
    """Ask whoever relays to it to try again now."""
    await tx.execute(_RETRY, owner_id, project_id, destination_id)


async def wanted(read: Read, of: Sequence[tuple[UUID, UUID]]) -> list[Wanted]:
    """All destinations of these projects, by owner and id."""
    owners, ids = [owner for owner, _ in of], [project_id for _, project_id in of]
    return await read.fetch(_WANTED, Wanted, owners, ids)


async def purge(tx: Write, after_s: int) -> int:
    """Remove what was deleted so long ago."""
    return await tx.execute(_PURGE, after_s)


async def sealed_before(
    tx: Write, after: tuple[UUID, UUID], newest: str, limit: int
) -> list[SealedRow]:
    """Keys that another root than `newest` sealed, by the destinations' owners and ids."""
    return await tx.fetch(_SEALED_BEFORE, SealedRow, *after, f"{newest}:", limit)


async def reseal(tx: Write, owner_id: UUID, destination_id: UUID, sealed: bytes) -> None:
    """Keep the same key under another root."""
    await tx.execute(_RESEAL, owner_id, destination_id, sealed)
