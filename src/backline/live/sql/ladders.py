"""Which shows want smaller sizes, who makes them, and who waits for that."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from backline.platform.database import Write


class Waiting(msgspec.Struct, frozen=True):
    """How a ladder stands: made by somebody, or at a place in the queue, from 1 on."""

    project_id: UUID
    is_made: bool
    place: int


class Held(msgspec.Struct, frozen=True):
    """A ladder that a worker has; `at` is where its show's segments are, None for nowhere now."""

    owner_id: UUID
    project_id: UUID
    show_id: UUID
    epoch: int
    at: str | None


# Rows are locked in the order of their keys, by nodes and workers alike. Whoever wants it anew, or
# for another show, goes to the end of the queue. A project that is just being deleted is passed
# over: a row of it would refer to nothing.
_WANT = """
INSERT INTO live_ladders AS l (owner_id, project_id, show_id, node, wanted_until)
SELECT p.owner_id, p.id, asked.show_id, $4, now() + make_interval(secs => $5)
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS asked (owner_id, id, show_id)
JOIN live_projects p USING (owner_id, id)
ORDER BY p.owner_id, p.id FOR KEY SHARE OF p SKIP LOCKED
ON CONFLICT (owner_id, project_id) DO UPDATE SET
  asked_at = CASE WHEN l.wanted_until < now() OR l.show_id <> excluded.show_id
    THEN now() ELSE l.asked_at END,
  worker = CASE WHEN l.show_id = excluded.show_id THEN l.worker END,
  show_id = excluded.show_id, node = excluded.node, wanted_until = excluded.wanted_until
"""
_UNWANT = """
WITH gone AS (
  SELECT owner_id, project_id FROM live_ladders l
  JOIN unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS asked (owner_id, project_id, show_id)
    USING (owner_id, project_id, show_id)
  WHERE l.node = $4
  ORDER BY owner_id, project_id FOR UPDATE OF l
)
DELETE FROM live_ladders l USING gone
WHERE l.owner_id = gone.owner_id AND l.project_id = gone.project_id
"""
_STANDING = """
WITH wanted AS (
  SELECT project_id, asked_at, worker IS NOT NULL AND lease_until > now() AS is_made
  FROM live_ladders WHERE wanted_until > now()
), queue AS (
  SELECT project_id, is_made,
    row_number() OVER (PARTITION BY is_made ORDER BY asked_at, project_id)::int AS place
  FROM wanted
)
SELECT project_id, is_made, place FROM queue WHERE project_id = ANY($1::uuid[])
"""
_TAKE = """
WITH free AS (
  SELECT owner_id, project_id FROM live_ladders
  WHERE wanted_until > now() AND (worker IS NULL OR lease_until < now())
  ORDER BY asked_at, project_id LIMIT $2 FOR UPDATE SKIP LOCKED
)
UPDATE live_ladders l
SET worker = $1, epoch = l.epoch + 1, lease_until = now() + make_interval(secs => $3)
FROM free WHERE l.owner_id = free.owner_id AND l.project_id = free.project_id
RETURNING l.owner_id, l.project_id, l.show_id, l.epoch, (
  SELECT n.previews_at FROM live_streams s JOIN live_nodes n ON n.node = s.node
  WHERE s.owner_id = l.owner_id AND s.project_id = l.project_id AND s.show_id = l.show_id
    AND s.state = 'live' AND s.lease_until > now()
) AS at
"""
_RENEW = """
WITH mine AS (
  SELECT owner_id, project_id FROM live_ladders l
  JOIN unnest($2::uuid[], $3::uuid[], $4::bigint[]) AS held (owner_id, project_id, epoch)
    USING (owner_id, project_id, epoch)
  WHERE l.worker = $1 AND l.wanted_until > now()
  ORDER BY owner_id, project_id FOR UPDATE OF l
)
UPDATE live_ladders l SET lease_until = now() + make_interval(secs => $5)
FROM mine WHERE l.owner_id = mine.owner_id AND l.project_id = mine.project_id
RETURNING l.owner_id, l.project_id, l.show_id, l.epoch, (
  SELECT n.previews_at FROM live_streams s JOIN live_nodes n ON n.node = s.node
  WHERE s.owner_id = l.owner_id AND s.project_id = l.project_id AND s.show_id = l.show_id
    AND s.state = 'live' AND s.lease_until > now()
) AS at
"""
_RELEASE = """
WITH mine AS (
  SELECT owner_id, project_id FROM live_ladders WHERE worker = $1
  ORDER BY owner_id, project_id FOR UPDATE
)
UPDATE live_ladders l SET worker = NULL, lease_until = NULL
FROM mine WHERE l.owner_id = mine.owner_id AND l.project_id = mine.project_id
"""
_PRUNE = """
WITH gone AS (
  SELECT owner_id, project_id FROM live_ladders
  WHERE wanted_until < now() - interval '60 seconds'
  ORDER BY owner_id, project_id FOR UPDATE SKIP LOCKED
)
DELETE FROM live_ladders l USING gone
WHERE l.owner_id = gone.owner_id AND l.project_id = gone.project_id
"""


async def want(
    tx: Write, node: str, of: Sequence[tuple[UUID, UUID, UUID]], *, for_s: float
) -> None:
    """Have a node want ladders for a while: owner, project, show."""
    await tx.execute(_WANT, *_columns(of), node, for_s)


async def unwant(tx: Write, node: str, of: Sequence[tuple[UUID, UUID, UUID]]) -> None:
    """Have it want them no more; what another node has taken over since then stays wanted."""
    await tx.execute(_UNWANT, *_columns(of), node)


async def standing(tx: Write, projects: Sequence[UUID]) -> list[Waiting]:
    """How the ladders of these projects stand."""
    return await tx.fetch(_STANDING, Waiting, projects)


async def take(tx: Write, worker: str, most: int, *, lease_s: float) -> list[Held]:
    """Give a worker those that have waited longest."""
    return await tx.fetch(_TAKE, Held, worker, most, lease_s)


async def renew(tx: Write, worker: str, held: Sequence[Held], *, lease_s: float) -> list[Held]:
    """Hold ladders a while longer; those that are still wanted, and still this worker's."""
    columns = (
        [one.owner_id for one in held],
        [one.project_id for one in held],
        [one.epoch for one in held],
    )
    return await tx.fetch(_RENEW, Held, worker, *columns, lease_s)


async def release(tx: Write, worker: str) -> None:
    """Give back all that a worker has: they wait where they waited before."""
    await tx.execute(_RELEASE, worker)


async def prune(tx: Write) -> None:
    """Remove those that nobody has wanted for a minute."""
    await tx.execute(_PRUNE)


def _columns(of: Sequence[tuple[UUID, UUID, UUID]]) -> list[list[UUID]]:
    return [list(column) for column in zip(*of, strict=True)]
