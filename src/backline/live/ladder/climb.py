"""One show's ladder on a worker: its next segment is fetched, made smaller, and brought back."""

import asyncio
import time
from typing import Final

import structlog

from backline.live.ladder.making import SEGMENTS, Maker
from backline.live.ladder.pace import Pace
from backline.live.preview import asking
from backline.live.preview.asking import Missing
from backline.live.preview.pieces import Piece
from backline.live.sql.ladders import Held
from backline.platform.errors import Unavailable
from backline.platform.secrets import Secrets

_log = structlog.get_logger()
_PAUSE_S: Final = 1.0
_UNHEARD_S: Final = 20.0
# Another node's numbers begin elsewhere: with the time of the day.
_MOST_MISSED: Final = 60


class Climb:
    """Goes on until it is cancelled. `held` is the lease as it was last renewed."""

    def __init__(self, held: Held, maker: Maker, secrets: Secrets) -> None:
        self.held = held
        self._maker, self._secrets = maker, secrets
        self._pace = Pace()
        self._after = 0
        self._unheard_since_s: float | None = None

    @property
    def is_unheard(self) -> bool:
        """Whether its node hasn't answered here for so long that another worker should try."""
        since_s = self._unheard_since_s
        return since_s is not None and time.monotonic() - since_s > _UNHEARD_S

    async def run(self) -> None:
        """Make segment after segment."""
        while True:
            try:
                if not await self._step():
                    await asyncio.sleep(_PAUSE_S)
            except Unavailable as fault:  # its node ends, or is too busy to answer
                self._unheard_since_s = self._unheard_since_s or time.monotonic()
                project = self.held.project_id.hex
                _log.info("ladder_waits", project=project, reason=fault.detail)
                await asyncio.sleep(_PAUSE_S)

    async def _step(self) -> bool:
        """Make a segment; whether there was one."""
        at, of = self.held.at, (self.held.project_id, self.held.show_id)
        if at is None:
            self._unheard_since_s = None
            return False
        piece = await asking.following(self._secrets, at, of, self._after)
        self._unheard_since_s = None
        if isinstance(piece, Missing):
            return False
        self._note_missed(piece)
        began_s = time.monotonic()
        made = await self._maker.make(piece, self._pace.most_px)
        self._pace.took(time.monotonic() - began_s, piece.duration_ms / 1000)
        if made is not None and made.rungs:
            await asking.bring(self._secrets, at, of, made)
        return True

    def _note_missed(self, piece: Piece) -> None:
        missed = piece.number - self._after - 1
        if self._after and 0 < missed <= _MOST_MISSED:
            SEGMENTS.labels("skipped").inc(missed)
        self._after = piece.number
