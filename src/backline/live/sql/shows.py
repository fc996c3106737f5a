"""What was shown, and the nodes that take streams in."""

from datetime import datetime
from uuid import UUID

from backline.live.models import Show
from backline.platform.database import Read, Write

_INSERT = """
INSERT INTO live_shows (owner_id, id, project_id) VALUES ($1, $2, $3) RETURNING started_at
"""
_GO_ON = """
UPDATE live_shows SET ended_at = NULL, ended_by = NULL, returns = returns + 1
WHERE owner_id = $1 AND id = $2 RETURNING started_at
"""
_SHOWS = """
SELECT id, project_id, started_at, ended_at, ended_by, returns FROM live_shows
WHERE owner_id = $1 AND project_id = $2
  AND ($3::timestamptz IS NULL OR (started_at, id) < ($3, $4::uuid))
ORDER BY started_at DESC, id DESC LIMIT $5
"""
_PRUNE = "DELETE FROM live_shows WHERE ended_at < now() - interval '400 days'"


async def insert(tx: Write, owner_id: UUID, show_id: UUID, project_id: UUID) -> datetime:
    """A show begins: when that is."""
    return await tx.fetch_value(_INSERT, owner_id, show_id, project_id)


async def go_on(tx: Write, owner_id: UUID, show_id: UUID) -> datetime:
    """A show's encoder has come back: when it began."""
    return await tx.fetch_value(_GO_ON, owner_id, show_id)


async def shows(
    read: Read,
    owner_id: UUID,
    project_id: UUID,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Show]:
    """A project's shows, the newest first."""
    at, show_id = before or (None, None)
    return await read.fetch(_SHOWS, Show, owner_id, project_id, at, show_id, limit)


async def prune(tx: Write) -> int:
    """Forget shows of more than 400 days ago."""
    return await tx.execute(_PRUNE)


_SEEN = """
INSERT INTO live_nodes (node, state, fault, previews_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (node) DO UPDATE SET state = excluded.state, fault = excluded.fault,
  previews_at = excluded.previews_at, seen_at = now()
"""
_GONE = "DELETE FROM live_nodes WHERE node = $1 OR seen_at < now() - interval '1 hour'"
_READY = """
SELECT count(*) FROM live_nodes WHERE state = 'ready' AND seen_at > now() - interval '15 seconds'
"""
_FAULT = """
SELECT fault FROM live_nodes
WHERE fault IS NOT NULL AND seen_at > now() - interval '15 seconds' ORDER BY seen_at DESC LIMIT 1
"""


async def node_seen(
    tx: Write, node: str, state: str, fault: str | None, previews_at: str | None
) -> None:
    """A node says that it is there."""
    await tx.execute(_SEEN, node, state, fault, previews_at)


async def node_gone(tx: Write, node: str) -> None:
    """A node has ended; others that never said so are forgotten after an hour."""
    await tx.execute(_GONE, node)


async def ready_nodes(read: Read) -> int:
    """How many nodes take streams in now."""
    return int(await read.fetch_value(_READY))


async def node_fault(read: Read) -> str | None:
    """Why a node that is there can't."""
    return await read.fetch_value(_FAULT)
