"""Graphs: what came in during a show, and how each destination did, from its samples."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Final, TypeVar
from uuid import UUID

from backline.live.models import DestinationGraph, IncomingGraph, Show, ShowGraph
from backline.live.sql import samples as sql
from backline.live.sql.samples import Point, RelayPoint, SampledShow
from backline.platform.actor import Actor
from backline.platform.database import Read
from backline.platform.errors import NotFound

EVERY_S: Final = 30
KEPT_S: Final = 24 * 3600  # of a longer show its last day
MOST_POINTS: Final = 300
_V = TypeVar("_V")
_NONE: Final = IncomingGraph([], [], [], [])


async def graph(read: Read, actor: Actor, project_id: UUID, show_id: UUID) -> ShowGraph:
    """A show over time, in `MOST_POINTS` even steps at the most.

    Raises:
        NotFound: there is no such show of such a project, or it is someone else's.
    """
    found = await sql.show(read, actor.user_id, project_id, show_id)
    if found is None:
        raise NotFound("There is no such show.")
    if found.first_at is None or found.last_at is None:
        return ShowGraph(_shown(found), None, EVERY_S, _NONE, [])
    between = (found.first_at, found.last_at)
    samples = round((found.last_at - found.first_at).total_seconds()) // EVERY_S + 1
    step_s = EVERY_S * -(-samples // MOST_POINTS)
    steps = -(-samples * EVERY_S // step_s)
    points = await sql.points(read, actor.user_id, show_id, between, step_s)
    relays = await sql.relay_points(read, actor.user_id, show_id, between, step_s)
    return ShowGraph(
        _shown(found),
        found.first_at - timedelta(seconds=EVERY_S),
        step_s,
        _incoming(points, steps),
        [_destination(list(of), steps) for _, of in groupby(relays, _id)],
    )


def _shown(found: SampledShow) -> Show:
    ends = (found.started_at, found.ended_at, found.ended_by)
    return Show(found.id, found.project_id, *ends, found.returns)


def _incoming(points: Sequence[Point], steps: int) -> IncomingGraph:
    return IncomingGraph(
        _spread(steps, ((one.place, one.bitrate_kbps) for one in points)),
        _spread(steps, ((one.place, round(one.fps, 2)) for one in points)),
        _spread(steps, ((one.place, one.keyframe_interval_ms) for one in points)),
        _spread(steps, ((one.place, one.drift_ms) for one in points)),
    )


def _destination(points: Sequence[RelayPoint], steps: int) -> DestinationGraph:
    return DestinationGraph(
        points[0].destination_id,
        points[-1].name,
        _spread(steps, ((one.place, one.state) for one in points)),
        _spread(steps, ((one.place, one.bitrate_kbps) for one in points)),
        _spread(steps, ((one.place, one.lag_ms) for one in points)),
        _spread(steps, ((one.place, one.dropped_frames) for one in points)),
    )


def _spread(steps: int, known: Iterable[tuple[int, _V]]) -> list[_V | None]:
    """A value a step, None where there is none."""
    found: list[_V | None] = [None] * steps
    for place, value in known:
        found[place] = value
    return found


def _id(one: RelayPoint) -> UUID:
    return one.destination_id
