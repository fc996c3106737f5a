"""Saved views: lists under a name."""

from datetime import datetime
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write


class ViewRow(msgspec.Struct, frozen=True):
    """A row of `task_views`; `filters` is JSON."""

    id: UUID
    name: str
    filters: str
    created_at: datetime
    updated_at: datetime
    version: int


_FIELDS = "id, name, filters, created_at, updated_at, version"
_VIEWS = f"SELECT {_FIELDS} FROM task_views WHERE owner_id = $1 ORDER BY name, id"  # noqa: S608
_LOCKED = f"SELECT {_FIELDS} FROM task_views WHERE owner_id = $1 AND id = $2 FOR UPDATE"  # noqa: S608
_INSERT = f"""
INSERT INTO task_views (owner_id, id, name, filters)
SELECT $1, $2, $3, $4::text::jsonb
WHERE (SELECT count(*) FROM task_views WHERE owner_id = $1) < $5
RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_UPDATE = f"""
UPDATE task_views SET name = $3, filters = $4::text::jsonb, version = version + 1,
  updated_at = now()
WHERE owner_id = $1 AND id = $2 RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_DELETE = "DELETE FROM task_views WHERE owner_id = $1 AND id = $2"
_FORGET = "DELETE FROM task_views WHERE owner_id = $1"


async def views(read: Read, owner_id: UUID) -> list[ViewRow]:
    """All of somebody's views by their names."""
    return await read.fetch(_VIEWS, ViewRow, owner_id)


async def lock(tx: Write, owner_id: UUID, view_id: UUID) -> ViewRow | None:
    """One view, which nobody else changes until `tx` ends."""
    return await tx.fetch_one(_LOCKED, ViewRow, owner_id, view_id)


async def insert(
    tx: Write, owner_id: UUID, view_id: UUID, name: str, filters: str, most: int
) -> ViewRow | None:
    """Add a view; None where there are `most` of them."""
    return await tx.fetch_one(_INSERT, ViewRow, owner_id, view_id, name, filters, most)


async def update(
    tx: Write, owner_id: UUID, view_id: UUID, name: str, filters: str
) -> ViewRow | None:
    """Change a view."""
    return await tx.fetch_one(_UPDATE, ViewRow, owner_id, view_id, name, filters)


async def delete(tx: Write, owner_id: UUID, view_id: UUID) -> bool:
    """Remove a view; False where there is none."""
    return await tx.execute(_DELETE, owner_id, view_id) > 0


async def forget(tx: Write, owner_id: UUID) -> None:
    """Remove the views of somebody who is gone."""
    await tx.execute(_FORGET, owner_id)
