"""Projects and their stream keys."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write


class ProjectRow(msgspec.Struct, frozen=True):
    """A row of `live_projects` without its key."""

    id: UUID
    name: str
    hold_s: int
    ladder: bool
    closed_until: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int


class KeyRow(msgspec.Struct, frozen=True):
    """A project's key, sealed."""

    id: UUID
    owner_id: UUID
    name: str
    stream_key: bytes


class Found(msgspec.Struct, frozen=True):
    """The project of a publisher; `is_closed` while it was stopped."""

    owner_id: UUID
    id: UUID
    hold_s: int
    key_version: int
    is_closed: bool


class Standing(msgspec.Struct, frozen=True):
    """Whether a project's show may go on, as far as its own row tells."""

    owner_id: UUID
    id: UUID
    hold_s: int
    ladder: bool
    key_version: int
    is_closed: bool
    is_deleted: bool


_FIELDS = "id, name, hold_s, ladder, closed_until, created_at, updated_at, version"
_PROJECTS = f"""
SELECT {_FIELDS} FROM live_projects WHERE owner_id = $1 AND deleted_at IS NULL ORDER BY id
"""  # noqa: S608  # literals alone
_PROJECT = f"""
SELECT {_FIELDS} FROM live_projects WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL
"""  # noqa: S608  # literals alone
_LOCKED = f"""
SELECT {_FIELDS} FROM live_projects WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL
FOR UPDATE
"""  # noqa: S608  # literals alone
# Those in the trash count as well, or restoring them would be a way past the bound.
_INSERT = f"""
INSERT INTO live_projects (owner_id, id, name, hold_s, ladder, stream_key, key_digest)
SELECT $1, $2, $3, $4, $5, $6, $7
WHERE (SELECT count(*) FROM live_projects WHERE owner_id = $1) < $8
RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_UPDATE = f"""
UPDATE live_projects
SET name = $3, hold_s = $4, ladder = $5, version = version + 1, updated_at = now()
WHERE owner_id = $1 AND id = $2 RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_TRASH = "UPDATE live_projects SET deleted_at = now() WHERE owner_id = $1 AND id = $2"
_RESTORE = f"""
UPDATE live_projects SET deleted_at = NULL, version = version + 1, updated_at = now()
WHERE owner_id = $1 AND id = $2 AND deleted_at IS NOT NULL RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_CLOSE = """
UPDATE live_projects SET closed_until = now() + make_interval(secs => $3)
WHERE owner_id = $1 AND id = $2
"""
_OPEN = """
UPDATE live_projects SET closed_until = NULL WHERE owner_id = $1 AND id = $2
"""
_PURGE = """
DELETE FROM live_projects WHERE deleted_at < now() - make_interval(secs => $1)
"""
_FORGET = "DELETE FROM live_projects WHERE owner_id = $1"


async def projects(read: Read, owner_id: UUID) -> list[ProjectRow]:
    """All of somebody's projects, the oldest first."""
    return await read.fetch(_PROJECTS, ProjectRow, owner_id)


async def project(read: Read, owner_id: UUID, project_id: UUID) -> ProjectRow | None:
    """One project."""
    return await read.fetch_one(_PROJECT, ProjectRow, owner_id, project_id)


async def lock(tx: Write, owner_id: UUID, project_id: UUID) -> ProjectRow | None:
    """One project, which nobody else changes until `tx` ends."""
    return await tx.fetch_one(_LOCKED, ProjectRow, owner_id, project_id)


async def insert(
    tx: Write,
    owner_id: UUID,
    project_id: UUID,
    name: str,
    hold_s: int,
    key: tuple[bytes, bytes],
    *,
    ladder: bool,
    most: int,
) -> ProjectRow | None:
    """Add a project with its key, sealed, and that one's digest; None where there are `most`."""
    fields = (owner_id, project_id, name, hold_s, ladder, *key, most)
    return await tx.fetch_one(_INSERT, ProjectRow, *fields)


async def update(
    tx: Write, owner_id: UUID, project_id: UUID, name: str, hold_s: int, *, ladder: bool
) -> ProjectRow | None:
    """Change a project."""
    return await tx.fetch_one(_UPDATE, ProjectRow, owner_id, project_id, name, hold_s, ladder)


async def trash(tx: Write, owner_id: UUID, project_id: UUID) -> None:
    """Put a project where it can be restored from for a while."""
    await tx.execute(_TRASH, owner_id, project_id)


async def restore(tx: Write, owner_id: UUID, project_id: UUID) -> ProjectRow | None:
    """Take a project out of there; None where it isn't in it."""
    return await tx.fetch_one(_RESTORE, ProjectRow, owner_id, project_id)


async def close(tx: Write, owner_id: UUID, project_id: UUID, for_s: int) -> None:
    """Have a project's key open nothing for a while."""
    await tx.execute(_CLOSE, owner_id, project_id, for_s)


async def reopen(tx: Write, owner_id: UUID, project_id: UUID) -> None:
    """Have it open again."""
    await tx.execute(_OPEN, owner_id, project_id)


async def purge(tx: Write, after_s: int) -> int:
    """Remove what was deleted so long ago, with all that belongs to it."""
    return await tx.execute(_PURGE, after_s)


async def forget(tx: Write, owner_id: UUID) -> None:
    """Remove everything of somebody who is gone."""
    await tx.execute(_FORGET, owner_id)


_KEY = """
SELECT id, owner_id, name, stream_key FROM live_projects
WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL
"""
_SET_KEY = """
UPDATE live_projects SET stream_key = $3, key_digest = $4, key_version = key_version + 1
WHERE owner_id = $1 AND id = $2
"""
_BY_KEY = """
SELECT owner_id, id, hold_s, key_version, coalesce(closed_until > now(), false) AS is_closed
FROM live_projects WHERE key_digest = ANY($1::bytea[]) AND deleted_at IS NULL
FOR UPDATE
"""
_STANDINGS = """
SELECT p.owner_id, p.id, p.hold_s, p.ladder, p.key_version,
  coalesce(p.closed_until > now(), false) AS is_closed,
  p.deleted_at IS NOT NULL AS is_deleted
FROM unnest($1::uuid[], $2::uuid[]) AS asked (owner_id, id)
JOIN live_projects p USING (owner_id, id)
"""
# What an older root sealed, for it to be sealed by the newest.
_SEALED_BEFORE = """
SELECT id, owner_id, name, stream_key FROM live_projects
WHERE (owner_id, id) > ($1, $2) AND NOT starts_with(encode(stream_key, 'escape'), $3)
ORDER BY owner_id, id LIMIT $4 FOR UPDATE
"""
_RESEAL = """
UPDATE live_projects SET stream_key = $3, key_digest = $4 WHERE owner_id = $1 AND id = $2
"""


async def key(read: Read, owner_id: UUID, project_id: UUID) -> KeyRow | None:
    """A project's key."""
    return await read.fetch_one(_KEY, KeyRow, owner_id, project_id)


async def set_key(
    tx: Write, owner_id: UUID, project_id: UUID, sealed: bytes, digest: bytes
) -> None:
    """Give a project another key."""
    await tx.execute(_SET_KEY, owner_id, project_id, sealed, digest)


async def by_key(tx: Write, digests: Sequence[bytes]) -> Found | None:
    """The project with one of these digests; who else asks for it waits until `tx` ends."""
    return await tx.fetch_one(_BY_KEY, Found, digests)


async def standings(read: Read, of: Sequence[tuple[UUID, UUID]]) -> list[Standing]:
    """How these projects stand, by owner and id; what is gone for good isn't there."""
    owners, ids = [owner for owner, _ in of], [project_id for _, project_id in of]
    return await read.fetch(_STANDINGS, Standing, owners, ids)


async def sealed_before(
    tx: Write, after: tuple[UUID, UUID], newest: str, limit: int
) -> list[KeyRow]:
    """Keys that another root than `newest` sealed, by the projects' owners and ids."""
    return await tx.fetch(_SEALED_BEFORE, KeyRow, *after, f"{newest}:", limit)


async def reseal(tx: Write, owner_id: UUID, project_id: UUID, sealed: bytes, digest: bytes) -> None:
    """Keep the same key under another root."""
    await tx.execute(_RESEAL, owner_id, project_id, sealed, digest)
