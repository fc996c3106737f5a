"""Samples of shows: written every half minute by whoever holds one, read in even steps."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from backline.live.models import Ended, SampledState
from backline.platform.database import Read, Write


class Measured(msgspec.Struct, frozen=True):
    """What came in, as a node measured it; by its epoch it holds the show."""

    owner_id: UUID
    project_id: UUID
    show_id: UUID
    epoch: int
    bitrate_kbps: int
    fps: float
    keyframe_interval_ms: int | None
    drift_ms: int | None


class MeasuredRelay(msgspec.Struct, frozen=True):
    """The same of a destination."""

    owner_id: UUID
    show_id: UUID
    destination_id: UUID
    state: SampledState
    bitrate_kbps: int
    lag_ms: int
    dropped_frames: int


class SampledShow(msgspec.Struct, frozen=True):
    """A show, and when its first and its last sample were made, if there are any."""

    id: UUID
    project_id: UUID
    started_at: datetime
    ended_at: datetime | None
    ended_by: Ended | None
    returns: int
    first_at: datetime | None
    last_at: datetime | None


class Point(msgspec.Struct, frozen=True):
    """What came in during one step; `place` counts the steps from the first sample."""

    place: int
    bitrate_kbps: int
    fps: float
    keyframe_interval_ms: int | None
    drift_ms: int | None


class RelayPoint(msgspec.Struct, frozen=True):
    """The same of a destination."""

    destination_id: UUID
    place: int
    name: str
    state: SampledState
    bitrate_kbps: int
    lag_ms: int
    dropped_frames: int


# The same moments for everybody: whoever takes a show over goes on in step, and clocks may differ.
# What is being deleted meanwhile is waited for, and gets none.
_NOW = "to_timestamp(round(extract(epoch FROM now()) / {every_s}) * {every_s})"
_INSERT = f"""
INSERT INTO live_samples
  (owner_id, show_id, at, bitrate_kbps, fps, keyframe_interval_ms, drift_ms)
SELECT s.owner_id, s.show_id, {_NOW.format(every_s="$10::integer")},
  said.bitrate_kbps, said.fps, said.keyframe_interval_ms, said.drift_ms
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::integer[], $7::real[],
    $8::integer[], $9::integer[])
  AS said (owner_id, project_id, show_id, epoch, bitrate_kbps, fps, keyframe_interval_ms, drift_ms)
JOIN live_streams s ON s.owner_id = said.owner_id AND s.project_id = said.project_id
  AND s.show_id = said.show_id AND s.epoch = said.epoch AND s.node = $1 AND s.state = 'live'
JOIN live_shows w ON w.owner_id = s.owner_id AND w.id = s.show_id
FOR KEY SHARE OF w
ON CONFLICT DO NOTHING RETURNING show_id
"""  # noqa: S608  # literals alone
_INSERT_RELAYS = f"""
INSERT INTO live_relay_samples
  (owner_id, show_id, at, destination_id, name, state, bitrate_kbps, lag_ms, dropped_frames)
SELECT said.owner_id, said.show_id, {_NOW.format(every_s="$8::integer")},
  d.id, d.name, said.state, said.bitrate_kbps, said.lag_ms, said.dropped_frames
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::integer[], $6::integer[],
    $7::integer[])
  AS said (owner_id, show_id, destination_id, state, bitrate_kbps, lag_ms, dropped_frames)
JOIN live_destinations d ON d.owner_id = said.owner_id AND d.id = said.destination_id
ON CONFLICT DO NOTHING
"""  # noqa: S608  # literals alone
_THIN = """
DELETE FROM live_samples s USING unnest($1::uuid[], $2::uuid[]) AS long (owner_id, show_id)
WHERE s.owner_id = long.owner_id AND s.show_id = long.show_id
  AND s.at <= now() - make_interval(secs => $3)
"""
_THIN_RELAYS = """
DELETE FROM live_relay_samples s USING unnest($1::uuid[], $2::uuid[]) AS long (owner_id, show_id)
WHERE s.owner_id = long.owner_id AND s.show_id = long.show_id
  AND s.at <= now() - make_interval(secs => $3)
"""
_SHOW = """
SELECT w.id, w.project_id, w.started_at, w.ended_at, w.ended_by, w.returns,
  (SELECT min(s.at) FROM live_samples s WHERE s.owner_id = w.owner_id AND s.show_id = w.id)
    AS first_at,
  (SELECT max(s.at) FROM live_samples s WHERE s.owner_id = w.owner_id AND s.show_id = w.id)
    AS last_at
FROM live_shows w JOIN live_projects p ON p.owner_id = w.owner_id AND p.id = w.project_id
WHERE w.owner_id = $1 AND w.project_id = $2 AND w.id = $3 AND p.deleted_at IS NULL
"""
_POINTS = """
SELECT floor(extract(epoch FROM at - $3) / $5::integer)::integer AS place,
  round(avg(bitrate_kbps))::integer AS bitrate_kbps, avg(fps) AS fps,
  round(avg(keyframe_interval_ms))::integer AS keyframe_interval_ms,
  round(avg(drift_ms))::integer AS drift_ms
FROM live_samples WHERE owner_id = $1 AND show_id = $2 AND at BETWEEN $3 AND $4
GROUP BY 1 ORDER BY 1
"""
# The worst state and the longest lag tell of a step; the name is the newest.
_RELAY_POINTS = """
SELECT destination_id, floor(extract(epoch FROM at - $3) / $5::integer)::integer AS place,
  (array_agg(name ORDER BY at DESC))[1] AS name,
  (ARRAY['failed', 'stalled', 'connecting', 'idle', 'live'])[min(array_position(
    ARRAY['failed', 'stalled', 'connecting', 'idle', 'live'], state))] AS state,
  round(avg(bitrate_kbps))::integer AS bitrate_kbps, max(lag_ms) AS lag_ms,
  sum(dropped_frames)::integer AS dropped_frames
FROM live_relay_samples WHERE owner_id = $1 AND show_id = $2 AND at BETWEEN $3 AND $4
GROUP BY 1, 2 ORDER BY 1, 2
"""


async def insert(tx: Write, node: str, measured: Sequence[Measured], *, every_s: int) -> set[UUID]:
    """Add a sample to each show that the node has; to which of them."""
    columns = _columns(measured, Measured)
    return set(await tx.fetch_values(_INSERT, node, *columns, every_s))


async def insert_relays(tx: Write, measured: Sequence[MeasuredRelay], *, every_s: int) -> None:
    """Add a sample of each destination, under its present name."""
    await tx.execute(_INSERT_RELAYS, *_columns(measured, MeasuredRelay), every_s)


async def forget(tx: Write, shows: Sequence[tuple[UUID, UUID]], *, after_s: int) -> None:
    """Forget samples of shows, by their owners and ids, that are older than that."""
    owners, ids = [owner for owner, _ in shows], [one for _, one in shows]
    await tx.execute(_THIN, owners, ids, after_s)
    await tx.execute(_THIN_RELAYS, owners, ids, after_s)


async def show(read: Read, owner_id: UUID, project_id: UUID, show_id: UUID) -> SampledShow | None:
    """A show of a project that is there."""
    return await read.fetch_one(_SHOW, SampledShow, owner_id, project_id, show_id)


async def points(
    read: Read, owner_id: UUID, show_id: UUID, between: tuple[datetime, datetime], step_s: int
) -> list[Point]:
    """What came in between two moments, both inclusive, a row a step that has samples."""
    return await read.fetch(_POINTS, Point, owner_id, show_id, *between, step_s)


async def relay_points(
    read: Read, owner_id: UUID, show_id: UUID, between: tuple[datetime, datetime], step_s: int
) -> list[RelayPoint]:
    """The same of each destination, the oldest first."""
    return await read.fetch(_RELAY_POINTS, RelayPoint, owner_id, show_id, *between, step_s)


def _columns(rows: Sequence[msgspec.Struct], of: type[msgspec.Struct]) -> list[list[object]]:
    return [[getattr(row, name) for row in rows] for name in of.__struct_fields__]
