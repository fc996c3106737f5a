"""Segments made smaller, each in a confined process of its own, and counted."""

import asyncio
import time
from typing import Final

import structlog
from prometheus_client import Counter, Gauge, Histogram

from backline.live.preview.pieces import Made, Piece
from backline.platform.confined import Confinement, ConfinementFault, ConfinementLost, Limits
from backline.platform.confined.limits import MIB

_log = structlog.get_logger()
# By its name: only confined processes have to load the decoders.
_TRANSCODE: Final = "backline.live.ladder.transcoding:transcode"
_LEAST_S: Final = 10.0
_TIMES: Final = 4
RUNNING = Gauge("backline_live_ladders_running", "Shows that this worker makes in smaller sizes")
SEGMENTS = Counter(
    "backline_live_ladder_segments_total",
    "Segments that were made in smaller sizes, left out for being late, or failed",
    ["outcome"],
)
_SPENT = Histogram(
    "backline_live_ladder_segment_seconds",
    "How long a segment took in all its sizes",
    buckets=(0.1, 0.25, 0.5, 1, 2, 3, 4, 6, 10, 20),
)


class Maker:
    """Makes `most` segments at a time; a process that dies or hangs takes one with it."""

    def __init__(self, confinement: Confinement, most: int) -> None:
        self._confinement, self._places = confinement, asyncio.Semaphore(most)

    async def make(self, piece: Piece, most_px: int) -> Made | None:
        """A segment in the sizes up to `most_px`; None where it can't be.

        Raises:
            ConfinementLost: no process can be started any more.
        """
        limits = Limits(
            memory_bytes=768 * MIB,
            cpu_s=60,
            wall_s=max(piece.duration_ms / 1000 * _TIMES, _LEAST_S),
            file_bytes=0,
        )
        async with self._places:
            began_s = time.monotonic()
            try:
                made = await self._confinement.call(
                    _TRANSCODE, piece, most_px, returns=Made, limits=limits
                )
            except ConfinementLost:
                raise
            except ConfinementFault as fault:
                _log.info("ladder_segment_failed", reason=fault.reason, tail=fault.tail[:200])
                SEGMENTS.labels("failed").inc()
                return None
            _SPENT.observe(time.monotonic() - began_s)
        SEGMENTS.labels("made").inc()
        return made
