"""The queries of what tracks sound like, each a typed function."""

from collections.abc import Iterable, Sequence
from typing import LiteralString
from uuid import UUID

import msgspec

from backline.audio.engine.kin import RULES, Character
from backline.platform.database import Read, Write


class Undescribed(msgspec.Struct, frozen=True):
    """A track whose sound waits to be described."""

    id: UUID
    generation: str | None
    has_renditions: bool
    content_type: str
    duration_ms: int | None


_PLAYABLE: LiteralString = "t.deleted_at IS NULL AND t.status = 'ready'"
_WANT = """
INSERT INTO track_sounds (owner_id, track_id) SELECT $1, unnest($2::uuid[])
ON CONFLICT (owner_id, track_id) DO UPDATE SET rules = 0
WHERE track_sounds.rules <> 0 AND ($3 OR track_sounds.numbers = '{}')
"""
_WANT_ALL: LiteralString = f"""
INSERT INTO track_sounds (owner_id, track_id)
SELECT t.owner_id, t.id FROM tracks t
WHERE {_PLAYABLE}
  AND NOT EXISTS (SELECT FROM track_sounds s WHERE s.owner_id = t.owner_id AND s.track_id = t.id)
LIMIT $1
ON CONFLICT DO NOTHING
"""  # noqa: S608  # literals alone
_WANT_ANEW = "UPDATE track_sounds SET rules = 0 WHERE rules NOT IN (0, $1)"
_OWNERS: LiteralString = f"""
SELECT DISTINCT s.owner_id FROM track_sounds s
JOIN tracks t ON t.id = s.track_id AND t.owner_id = s.owner_id
WHERE s.rules = 0 AND {_PLAYABLE}
"""  # noqa: S608  # literals alone
_WAITING: LiteralString = f"""
SELECT t.id, t.generation, t.has_renditions AND t.generation IS NOT NULL AS has_renditions,
  t.content_type, t.duration_ms
FROM track_sounds s JOIN tracks t ON t.id = s.track_id AND t.owner_id = s.owner_id
WHERE s.owner_id = $1 AND s.rules = 0 AND {_PLAYABLE} ORDER BY s.track_id LIMIT $2
"""  # noqa: S608  # literals alone
_DESCRIBE = """
UPDATE track_sounds SET rules = $3, numbers = $4, tempo_bpm = $5, described_at = now()
WHERE owner_id = $1 AND track_id = $2
"""
_FORGET = "DELETE FROM track_sounds WHERE owner_id = $1"


async def want(tx: Write, owner_id: UUID, track_ids: Sequence[UUID], *, anew: bool) -> None:
    """Have sounds described, those too that were already if `anew`."""
    await tx.execute(_WANT, owner_id, list(track_ids), anew)


async def want_all(tx: Write, limit: int) -> int:
    """Have so many of everybody's tracks described that nobody has asked for; how many that was."""
    return await tx.execute(_WANT_ALL, limit)


async def want_anew(tx: Write) -> None:
    """Have described again what was by other rules."""
    await tx.execute(_WANT_ANEW, RULES)


async def owners_waiting(read: Read) -> list[UUID]:
    """Whose tracks wait."""
    return await read.fetch_values(_OWNERS)


async def waiting(read: Read, owner_id: UUID, limit: int) -> list[Undescribed]:
    """Some of the tracks that wait."""
    return await read.fetch(_WAITING, Undescribed, owner_id, limit)


async def describe(tx: Write, owner_id: UUID, found: Iterable[tuple[UUID, Character]]) -> None:
    """Keep what sounds are like."""
    rows = [(owner_id, one, RULES, made.numbers, made.tempo_bpm) for one, made in found]
    await tx.execute_many(_DESCRIBE, rows)


async def forget(tx: Write, owner_id: UUID) -> None:
    """Remove all of somebody who is gone."""
    await tx.execute(_FORGET, owner_id)
