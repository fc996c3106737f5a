"""The queries of letters: which notices are written about, and that they were."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Write


class Letter(msgspec.Struct, frozen=True):
    """A notice as it is written to somebody."""

    id: UUID
    kind: str
    title: str
    text: str
    path: str


_UNWRITTEN: Final = """owner_id = $1 AND (container_id IS NULL OR container_id = ANY($2::uuid[]))
  AND deleted_at IS NULL AND read_at IS NULL AND written_at IS NULL"""
_TAKE_TURNS: Final = """
SELECT pg_advisory_xact_lock(hashtext('backline.notifications.letters'), hashtext($1))
"""
_DUE: Final = f"""
SELECT id, kind, title, text, path FROM notices WHERE {_UNWRITTEN} AND is_mailed AND id = $3
FOR UPDATE
"""  # noqa: S608  # literals alone
# In the order in which others lock them.
_LOCK_DIGEST: Final = f"""
SELECT id, kind, title, text, path FROM notices
WHERE {_UNWRITTEN} AND NOT is_mailed AND (is_shown OR kind <> ALL($3::text[]))
ORDER BY id FOR UPDATE
"""  # noqa: S608  # literals alone
_SET_WRITTEN: Final = """
UPDATE notices SET written_at = now() WHERE owner_id = $1 AND id = ANY($2::uuid[])
"""
_LEAVE: Final = "UPDATE notices SET is_mailed = false WHERE owner_id = $1 AND id = $2"


async def take_turns(tx: Write, owner_id: UUID) -> None:
    """Until `tx` ends nobody else writes to somebody, so that what they were written is counted."""
    await tx.fetch_value(_TAKE_TURNS, owner_id.hex)


async def due(
    tx: Write, owner_id: UUID, containers: Sequence[UUID], notice_id: UUID
) -> Letter | None:
    """A notice that is to have a letter of its own, until `tx` ends nobody else's."""
    return await tx.fetch_one(_DUE, Letter, owner_id, containers, notice_id)


async def unwritten(
    tx: Write, owner_id: UUID, containers: Sequence[UUID], refused: Sequence[str]
) -> list[Letter]:
    """What somebody hasn't read and wasn't written, the oldest first.

    Of the kinds that they have `refused` by mail, what they were shown on the page alone.
    """
    return await tx.fetch(_LOCK_DIGEST, Letter, owner_id, containers, refused)


async def set_written(tx: Write, owner_id: UUID, notice_ids: Sequence[UUID]) -> None:
    """Note that these stand in a letter."""
    await tx.execute(_SET_WRITTEN, owner_id, list(notice_ids))


async def leave(tx: Write, owner_id: UUID, notice_id: UUID) -> None:
    """Have a notice wait for the digest, if there is one."""
    await tx.execute(_LEAVE, owner_id, notice_id)
