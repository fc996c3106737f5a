"""Which tracks are like one, and why: read from what the jobs have found."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.audio import tracks
from backline.audio.discover import neighbors_sql as sql
from backline.audio.discover import reasons
from backline.audio.discover.neighbors_sql import SimilarRow
from backline.audio.discover.reasons import Reason
from backline.audio.engine import kin
from backline.audio.models import Track, TrackRow
from backline.platform.actor import Actor
from backline.platform.database import Read
from backline.platform.media.signing import MediaSigner

MOST: Final = kin.MOST


class Similar(msgspec.Struct, frozen=True):
    """A track that is like another: `score` orders them, `reasons` say why."""

    track: Track
    score: float
    reasons: list[Reason]


class SimilarPage(msgspec.Struct, frozen=True):
    """The tracks that are like one, the nearest first."""

    items: list[Similar]
    next_cursor: None = None


async def similar(
    read: Read, actor: Actor, track_id: UUID, limit: int
) -> tuple[TrackRow, list[SimilarRow]]:
    """One of the actor's tracks, and those that are like it.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await tracks.get(read, actor, track_id)
    return row, await sql.similar(read, actor.user_id, track_id, limit)


def shown_all(row: TrackRow, rows: Sequence[SimilarRow], signer: MediaSigner) -> list[Similar]:
    """Rows as they are answered. What no reason is true of any more is left out."""
    because = [why(row, one) for one in rows]
    seen = tracks.shown_all(rows, signer)
    return [
        Similar(track, round(one.score, 3), found)
        for one, track, found in zip(rows, seen, because, strict=True)
        if any(reason.code != "years" for reason in found)
    ]


def why(row: TrackRow, one: SimilarRow) -> list[Reason]:
    """Why a track is like another."""
    return reasons.measured(one.sound, one.heard, one.beside) + reasons.shared(row, one)
