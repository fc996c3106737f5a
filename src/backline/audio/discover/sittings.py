"""What was heard together: in one sitting, which lasts for an hour from its first play."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import combinations
from typing import Final
from uuid import UUID

from backline.audio.discover.neighbors_sql import Heard

LENGTH: Final = timedelta(hours=1)
_MOST_TRACKS: Final = 40  # of a sitting; more are skipped through


def together(plays: Sequence[Heard]) -> Counter[tuple[UUID, UUID]]:
    """In how many sittings two tracks were heard, by their ids in order; `plays` are by time."""
    counts: Counter[tuple[UUID, UUID]] = Counter()
    for sitting in _sittings(plays):
        counts.update(combinations(sorted(sitting), 2))
    return counts


def _sittings(plays: Sequence[Heard]) -> Iterator[set[UUID]]:
    tracks: set[UUID] = set()
    began_at = None
    for play in plays:
        if began_at is None or play.played_at - began_at >= LENGTH:
            yield tracks
            tracks = set[UUID]()
            began_at = play.played_at
        if len(tracks) < _MOST_TRACKS:
            tracks.add(play.track_id)
    yield tracks
