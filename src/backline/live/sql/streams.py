"""Who holds which stream, what they say of it, and the shows that come of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write


class StreamRow(msgspec.Struct, frozen=True):
    """A project's stream as its next holder finds it.

    `is_held`: somebody has it, or had it less than a minute ago without a word of its end.
    `is_fresh`: it was taken less than a minute ago. `is_missed`: its encoder left so lately that
    its return would go on with the show. `is_live`: nobody has said that it ended.
    """

    epoch: int
    show_id: UUID
    is_held: bool
    is_fresh: bool
    is_missed: bool
    is_live: bool
    takeovers: int
    report: str


class Said(msgspec.Struct, frozen=True):
    """What is known of a project now, for its owner."""

    id: UUID
    is_closed: bool
    state: str | None
    is_leased: bool | None
    show_id: UUID | None
    report: str | None
    started_at: datetime | None


class Holder(msgspec.Struct, frozen=True):
    """Who holds a show: where its previews are, `host:port`; None where they are turned off."""

    previews_at: str | None


class Lost(msgspec.Struct, frozen=True):
    """A stream whose holder has been silent for too long."""

    owner_id: UUID
    project_id: UUID


# What a returning encoder may miss and still find its show: its own tries, and a change of servers.
_STREAM = """
SELECT s.epoch, s.show_id,
  s.state = 'live' AND s.lease_until > now() - interval '60 seconds' AS is_held,
  s.taken_at > now() - interval '60 seconds' AS is_fresh,
  s.state = 'ended' AND coalesce(w.ended_by IN ('encoder', 'server')
    AND w.ended_at > now() - interval '60 seconds', false) AS is_missed,
  s.state = 'live' AS is_live, s.takeovers, s.report
FROM live_streams s LEFT JOIN live_shows w ON w.owner_id = s.owner_id AND w.id = s.show_id
WHERE s.owner_id = $1 AND s.project_id = $2
"""
_TAKE = """
INSERT INTO live_streams
  (owner_id, project_id, epoch, node, show_id, state, taken_at, takeovers, lease_until)
VALUES ($1, $2, 1, $3, $4, 'live', now(), $5, now() + make_interval(secs => $6))
ON CONFLICT (owner_id, project_id) DO UPDATE SET
  epoch = live_streams.epoch + 1, node = excluded.node, show_id = excluded.show_id,
  state = 'live', taken_at = now(), takeovers = excluded.takeovers,
  lease_until = excluded.lease_until, report = '{}'
RETURNING epoch
"""
_RENEW = """
UPDATE live_streams s
SET lease_until = now() + make_interval(secs => $6), report = said.report
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[])
  AS said (owner_id, project_id, epoch, report)
WHERE s.owner_id = said.owner_id AND s.project_id = said.project_id
  AND s.epoch = said.epoch AND s.node = $5 AND s.state = 'live'
RETURNING s.project_id
"""
_END = """
WITH ended AS (
  UPDATE live_streams SET state = 'ended', lease_until = now(), report = '{}'
  WHERE owner_id = $1 AND project_id = $2 AND epoch = $3 AND state = 'live'
  RETURNING owner_id, show_id
)
UPDATE live_shows w SET ended_at = now(), ended_by = $4
FROM ended WHERE w.owner_id = ended.owner_id AND w.id = ended.show_id
"""
_END_LOST = """
WITH lost AS (
  SELECT owner_id, project_id FROM live_streams
  WHERE state = 'live' AND lease_until < now() - interval '60 seconds' FOR UPDATE
), ended AS (
  UPDATE live_streams s SET state = 'ended', report = '{}' FROM lost
  WHERE s.owner_id = lost.owner_id AND s.project_id = lost.project_id
  RETURNING s.owner_id, s.project_id, s.show_id, s.lease_until
), shows AS (
  UPDATE live_shows w SET ended_at = ended.lease_until, ended_by = 'lost'
  FROM ended WHERE w.owner_id = ended.owner_id AND w.id = ended.show_id
)
SELECT owner_id, project_id FROM ended
"""
_COUNT_LIVE = """
SELECT count(*) FROM live_streams
WHERE owner_id = $1 AND project_id <> $2 AND state = 'live' AND lease_until > now()
"""
_SAID = """
SELECT p.id, coalesce(p.closed_until > now(), false) AS is_closed, s.state,
  s.lease_until > now() AS is_leased, s.show_id, s.report, w.started_at
FROM live_projects p
LEFT JOIN live_streams s ON s.owner_id = p.owner_id AND s.project_id = p.id
LEFT JOIN live_shows w ON w.owner_id = s.owner_id AND w.id = s.show_id
WHERE p.owner_id = $1 AND ($2::uuid IS NULL OR p.id = $2) AND p.deleted_at IS NULL
ORDER BY p.id
"""
_HOLDER = """
SELECT n.previews_at
FROM live_streams s JOIN live_nodes n ON n.node = s.node
WHERE s.owner_id = $1 AND s.project_id = $2 AND s.show_id = $3
  AND s.state = 'live' AND s.lease_until > now()
"""


async def stream(read: Read, owner_id: UUID, project_id: UUID) -> StreamRow | None:
    """A project's stream, if it ever had one."""
    return await read.fetch_one(_STREAM, StreamRow, owner_id, project_id)


async def take(
    tx: Write,
    owner_id: UUID,
    project_id: UUID,
    node: str,
    show_id: UUID,
    *,
    takeovers: int,
    lease_s: float,
) -> int:
    """Give a project's stream to a node; the epoch by which it holds it."""
    fields = (owner_id, project_id, node, show_id, takeovers, lease_s)
    return int(await tx.fetch_value(_TAKE, *fields))


async def renew(
    tx: Write,
    node: str,
    held: Sequence[tuple[UUID, UUID, int, str]],
    *,
    lease_s: float,
) -> set[UUID]:
    """Hold streams a while longer: owner, project, epoch, report; which of them the node has."""
    if not held:
        return set()
    owners, ids, epochs, reports = (list(column) for column in zip(*held, strict=True))
    found = await tx.fetch_values(_RENEW, owners, ids, epochs, reports, node, lease_s)
    return set(found)


async def end(tx: Write, owner_id: UUID, project_id: UUID, epoch: int, why: str) -> bool:
    """End a stream and its show; False where another has taken it, or it has ended."""
    return await tx.execute(_END, owner_id, project_id, epoch, why) > 0


async def end_lost(tx: Write) -> list[Lost]:
    """End those whose holders have been silent for a minute."""
    return await tx.fetch(_END_LOST, Lost)


async def count_live(read: Read, owner_id: UUID, besides: UUID) -> int:
    """How many of somebody's projects are live, one left aside."""
    return int(await read.fetch_value(_COUNT_LIVE, owner_id, besides))


async def said(read: Read, owner_id: UUID, project_id: UUID | None) -> list[Said]:
    """What is known of one of somebody's projects, or of all."""
    return await read.fetch(_SAID, Said, owner_id, project_id)


async def holder(read: Read, owner_id: UUID, project_id: UUID, show_id: UUID) -> Holder | None:
    """Who holds a show now; None where nobody does."""
    return await read.fetch_one(_HOLDER, Holder, owner_id, project_id, show_id)
