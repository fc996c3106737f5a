"""Projects by their owners and ids."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write

Colour = Literal["grey", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"]

_FIELDS: Final = """owner_id, id, name, name_key, description, colour, archived_at, deleted_at,
  created_at, updated_at, version"""
_BY_ID: Final = "WHERE owner_id = $1 AND id = $2"


class ProjectRow(msgspec.Struct, frozen=True):
    """A row of `projects`."""

    owner_id: UUID
    id: UUID
    name: str
    name_key: str
    description: str
    colour: Colour
    archived_at: datetime | None
    deleted_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int


class State(msgspec.Struct, frozen=True):
    """What a project says of what is in it."""

    id: UUID
    is_archived: bool
    is_deleted: bool


class Of(msgspec.Struct, frozen=True):
    """A project among everybody's."""

    owner_id: UUID
    id: UUID


_PROJECT: Final = f"SELECT {_FIELDS} FROM projects {_BY_ID}"  # noqa: S608  # literals alone
_LOCKED: Final = f"{_PROJECT} FOR UPDATE"
_OWN: Final = f"SELECT {_FIELDS} FROM projects WHERE owner_id = $1"  # noqa: S608
_THESE: Final = f"""
SELECT {_FIELDS} FROM projects
JOIN unnest($1::uuid[], $2::uuid[]) AS asked(owner_id, id) USING (owner_id, id)
"""  # noqa: S608  # literals alone
_STATES: Final = """
SELECT p.id, p.archived_at IS NOT NULL AS is_archived, p.deleted_at IS NOT NULL AS is_deleted
FROM projects p JOIN unnest($1::uuid[], $2::uuid[]) AS asked(owner_id, id) USING (owner_id, id)
"""
_INSERT: Final = f"""
INSERT INTO projects (owner_id, id, name, name_key, description, colour)
SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM projects WHERE owner_id = $1) < $7
RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_UPDATE: Final = f"""
UPDATE projects SET name = $3, name_key = $4, description = $5, colour = $6, archived_at = $7,
  deleted_at = $8, version = version + 1, updated_at = now()
{_BY_ID} RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_DELETE: Final = f"DELETE FROM projects {_BY_ID}"  # noqa: S608  # literals alone
_DELETED_BEFORE: Final = "SELECT owner_id, id FROM projects WHERE deleted_at < $1 LIMIT $2"
_FORGET: Final = "DELETE FROM projects WHERE owner_id = $1"


async def project(read: Read, owner_id: UUID, project_id: UUID) -> ProjectRow | None:
    """One project, also one in the trash."""
    return await read.fetch_one(_PROJECT, ProjectRow, owner_id, project_id)


async def lock(tx: Write, owner_id: UUID, project_id: UUID) -> ProjectRow | None:
    """One project, which nobody else changes until `tx` ends."""
    return await tx.fetch_one(_LOCKED, ProjectRow, owner_id, project_id)


async def own(read: Read, owner_id: UUID) -> list[ProjectRow]:
    """All of somebody's own, those in the trash as well."""
    return await read.fetch(_OWN, ProjectRow, owner_id)


async def these(read: Read, asked: Sequence[tuple[UUID, UUID]]) -> list[ProjectRow]:
    """Those of the projects (by owner and id) that there are."""
    return await read.fetch(_THESE, ProjectRow, *_columns(asked))


async def states(read: Read, asked: Sequence[tuple[UUID, UUID]]) -> dict[UUID, State]:
    """What is the matter with projects (by owner and id), of those that there are."""
    return {one.id: one for one in await read.fetch(_STATES, State, *_columns(asked))}


async def insert(
    tx: Write, owner_id: UUID, project_id: UUID, texts: Sequence[str], most: int
) -> ProjectRow | None:
    """Add a project: its name, the name's key, description, colour; None where there are `most`."""
    return await tx.fetch_one(_INSERT, ProjectRow, owner_id, project_id, *texts, most)


async def update(tx: Write, row: ProjectRow) -> ProjectRow | None:
    """Write a project that is locked; the next version of it."""
    texts = (row.name, row.name_key, row.description, row.colour)
    times = (row.archived_at, row.deleted_at)
    return await tx.fetch_one(_UPDATE, ProjectRow, row.owner_id, row.id, *texts, *times)


async def delete(tx: Write, owner_id: UUID, project_id: UUID) -> None:
    """Remove a project for good."""
    await tx.execute(_DELETE, owner_id, project_id)


async def deleted_before(read: Read, before: datetime, limit: int) -> list[Of]:
    """Up to `limit` projects, of anybody, that were put into the trash before then."""
    return await read.fetch(_DELETED_BEFORE, Of, before, limit)


async def forget(tx: Write, owner_id: UUID) -> None:
    """Remove the projects of somebody who is gone."""
    await tx.execute(_FORGET, owner_id)


def _columns(asked: Sequence[tuple[UUID, UUID]]) -> tuple[list[UUID], list[UUID]]:
    return [one[0] for one in asked], [one[1] for one in asked]
