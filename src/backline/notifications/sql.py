"""The queries of notices, each a typed function."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.notifications.models import Notice, NoticeRow
from backline.platform.database import Read, Write
from backline.platform.ids import uuid7


class Told(msgspec.Struct, frozen=True):
    """A notice that was just written; `is_much` where its person now has many."""

    owner_id: UUID
    id: UUID
    is_shown: bool
    is_mailed: bool
    is_much: bool


_FIELDS: Final = """id, kind, title, text, path, subject_kind, subject_id, actor_id, created_at,
  read_at"""
# What lies in a container is there for its members; `$2` are all that somebody is a member of.
_SEEN: Final = """owner_id = $1 AND (container_id IS NULL OR container_id = ANY($2::uuid[]))
  AND is_shown AND deleted_at IS NULL"""

# The settings are looked up for each person by itself, so that only their partition is visited.
_INSERT: Final = """
INSERT INTO notices (owner_id, id, kind, reason, title, text, path, subject_kind, subject_id,
  container_id, actor_id, is_shown, is_mailed)
SELECT n.owner_id, n.id, n.kind, n.reason, n.title, n.text, n.path, n.subject_kind, n.subject_id,
  n.container_id, n.actor_id, n.is_shown, n.is_mailed
FROM (
  SELECT n.*, coalesce((s.choice ->> 'page')::boolean, n.page) AS is_shown,
    coalesce((s.choice ->> 'mail')::boolean, n.mail) AS is_mailed
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
      $8::text[], $9::uuid[], $10::uuid[], $11::uuid[], $12::boolean[], $13::boolean[])
    AS n (owner_id, id, kind, reason, title, text, path, subject_kind, subject_id, container_id,
      actor_id, page, mail)
  LEFT JOIN LATERAL (
    SELECT choices -> n.kind AS choice FROM notice_settings WHERE owner_id = n.owner_id LIMIT 1
  ) s ON true
) n
WHERE n.is_shown OR n.is_mailed
ON CONFLICT (owner_id, reason) DO NOTHING
RETURNING owner_id, id, is_shown, is_mailed, (
  SELECT count(*) FROM (
    SELECT FROM notices kept WHERE kept.owner_id = notices.owner_id LIMIT $14
  ) few) >= $14 AS is_much
"""
_PAGE: Final = f"""
SELECT {_FIELDS} FROM notices WHERE {_SEEN} AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4
"""  # noqa: S608  # literals alone
_UNREAD_PAGE: Final = f"""
SELECT {_FIELDS} FROM notices WHERE {_SEEN} AND read_at IS NULL AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4
"""  # noqa: S608  # literals alone
_UNREAD: Final = f"""
SELECT count(*) FROM notices WHERE {_SEEN} AND read_at IS NULL
"""  # noqa: S608  # literals alone
_ONE: Final = f"SELECT {_FIELDS} FROM notices WHERE {_SEEN} AND id = $3"  # noqa: S608  # as above
_COUNT_KNOWN: Final = f"""
SELECT count(*) FROM notices WHERE {_SEEN} AND id = ANY($3::uuid[])
"""  # noqa: S608  # literals alone
# In one order, so that two who mark the same don't wait for each other.
_MARK: Final = f"""
WITH meant AS MATERIALIZED (
  SELECT id FROM notices
  WHERE {_SEEN} AND (read_at IS NULL) = $3 AND ($4::uuid[] IS NULL OR id = ANY($4))
    AND ($5::uuid IS NULL OR id <= $5)
  ORDER BY id FOR UPDATE
)
UPDATE notices n SET read_at = CASE WHEN $3 THEN now() END
FROM meant WHERE n.owner_id = $1 AND n.id = meant.id
RETURNING n.id
"""  # noqa: S608  # literals alone
_DELETE: Final = f"""
UPDATE notices SET deleted_at = now(), title = '', text = '', path = '/', is_mailed = false
WHERE {_SEEN} AND id = $3
"""  # noqa: S608  # literals alone
_PRUNE: Final = """
DELETE FROM notices WHERE owner_id = $1 AND id < (
  SELECT id FROM notices WHERE owner_id = $1 ORDER BY id DESC OFFSET $2 LIMIT 1)
"""
_FORGET: Final = "DELETE FROM notices WHERE owner_id = $1"


async def insert(tx: Write, notices: Sequence[Notice], much: int) -> list[Told]:
    """Add those that their people want to be told of, and weren't told yet for the same reason."""
    rows = [
        (
            one.to,
            uuid7(),
            one.kind.name,
            one.reason,
            one.line,
            one.words,
            one.path,
            *(one.subject or (None, None)),
            one.container.id if one.container and one.container.owner_id != one.to else None,
            one.actor_id,
            one.kind.page,
            one.kind.mail,
        )
        for one in notices
    ]
    return await tx.fetch(_INSERT, Told, *map(list, zip(*rows, strict=True)), much)


async def page(
    read: Read,
    owner_id: UUID,
    containers: Sequence[UUID],
    *,
    unread: bool,
    before: UUID | None,
    limit: int,
) -> list[NoticeRow]:
    """A page of somebody's notices, the newest first, those older than `before`."""
    sql = _UNREAD_PAGE if unread else _PAGE
    return await read.fetch(sql, NoticeRow, owner_id, containers, before, limit)


async def unread(read: Read, owner_id: UUID, containers: Sequence[UUID]) -> int:
    """How many somebody hasn't read."""
    return int(await read.fetch_value(_UNREAD, owner_id, containers))


async def one(
    read: Read, owner_id: UUID, containers: Sequence[UUID], notice_id: UUID
) -> NoticeRow | None:
    """One notice of somebody's."""
    return await read.fetch_one(_ONE, NoticeRow, owner_id, containers, notice_id)


async def count_known(
    read: Read, owner_id: UUID, containers: Sequence[UUID], ids: Sequence[UUID]
) -> int:
    """How many of these are somebody's."""
    return int(await read.fetch_value(_COUNT_KNOWN, owner_id, containers, ids))


async def mark(
    tx: Write,
    owner_id: UUID,
    containers: Sequence[UUID],
    *,
    read: bool,
    ids: Sequence[UUID] | None,
    up_to: UUID | None,
) -> list[UUID]:
    """Make notices read, or unread again; those that weren't already."""
    return await tx.fetch_values(_MARK, owner_id, containers, read, ids, up_to)


async def delete(tx: Write, owner_id: UUID, containers: Sequence[UUID], notice_id: UUID) -> bool:
    """Take the words of a notice away; False where there is none."""
    return await tx.execute(_DELETE, owner_id, containers, notice_id) > 0


async def prune(tx: Write, owner_id: UUID, kept: int) -> int:
    """Remove all but somebody's latest; how many that were."""
    return await tx.execute(_PRUNE, owner_id, kept - 1)


async def forget(tx: Write, owner_id: UUID) -> None:
    """Remove the notices of somebody who is gone."""
    await tx.execute(_FORGET, owner_id)
