"""One show on this node: the stream that the relay has of it, and what the rows want of that."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

import structlog

from backline.live.keys import LiveKeys, open_theirs
from backline.live.models import Incoming, Ladder, LiveStatus, Relay, Report
from backline.live.publishing import Taken
from backline.live.relay import Change, DestinationFigures, DestinationSpec, OnState, Stream
from backline.live.sql.destinations import Wanted
from backline.platform.secrets.sealing import SealFault

_log = structlog.get_logger()
_UNREADABLE = "Its stream key can't be read any more. Change the destination, and enter it again."
_LONGEST_WORDS = 200


class Session:
    """A show that this node holds.

    `held_until` is when it ends unless its encoder comes back; None while one publishes.
    `has_ladder`: its preview is to be made in smaller sizes, too.
    """

    def __init__(self, taken: Taken, stream: Stream, on_change: OnState) -> None:
        self.taken, self.stream = taken, stream
        self.hold_s = taken.hold_s
        self.has_ladder = False
        self.held_until: datetime | None = None
        self._on_change = on_change
        self._wanted: dict[UUID, Wanted] = {}
        self._unreadable: set[UUID] = set()
        self._retry_at: dict[str, datetime] = {}

    @property
    def presets(self) -> dict[str, str]:
        """The platforms of its destinations, by these one's ids."""
        return {one.id.hex: one.preset for one in self._wanted.values()}

    def want(self, keys: LiveKeys, wanted: Iterable[Wanted]) -> None:
        """Relay to these destinations and no others; those that are as they were aren't touched."""
        now = {one.id: one for one in wanted}
        for gone in self._wanted.keys() - now.keys():
            self.stream.remove(gone.hex)
            self._unreadable.discard(gone)
            self._retry_at.pop(gone.hex, None)
        for one in now.values():
            before = self._wanted.get(one.id)
            if before != one:
                self._adapt(keys, one, before)
        self._wanted = now

    def _adapt(self, keys: LiveKeys, one: Wanted, before: Wanted | None) -> None:
        name = one.id.hex
        try:
            stream_key = open_theirs(keys, one.id, one.stream_key)
        except SealFault:
            _log.warning("destination_key_unreadable", destination=name)
            self._unreadable.add(one.id)
            self.stream.remove(name)
            return
        self._unreadable.discard(one.id)
        self.stream.switch(name, is_on=one.enabled)
        self.stream.add(DestinationSpec(name, one.url, stream_key, one.enabled), self._changed)
        if before is not None and one.retries > before.retries:
            self.stream.retry(name)

    def _changed(self, change: Change) -> None:
        if change.retry_in_s is None:
            self._retry_at.pop(change.destination_id, None)
        else:
            at = datetime.now(UTC) + timedelta(seconds=change.retry_in_s)
            self._retry_at[change.destination_id] = at
        self._on_change(change)

    def watch(self, now: datetime) -> bool:
        """Begin and end the wait for an encoder that is gone; whether it is over in vain."""
        if self.stream.is_publishing:
            self.held_until = None
        elif self.held_until is None:
            self.held_until = now + timedelta(seconds=self.hold_s)
        return self.held_until is not None and now >= self.held_until

    def report(self, ladder: Ladder | None) -> Report:
        """What is said of it, and of its ladder."""
        figures = self.stream.figures()
        incoming = Incoming(
            figures.bitrate_kbps,
            figures.video_fps,
            figures.keyframe_interval_ms,
            figures.video_codec,
            figures.audio_codec,
            figures.width,
            figures.height,
            figures.drift_ms,
            [one[:_LONGEST_WORDS] for one in figures.notices],
        )
        relays = [self._relay(one) for one in self.stream.destinations()]
        relays += [_quiet(one, "failed", _UNREADABLE) for one in sorted(self._unreadable)]
        return Report(incoming if figures.is_publishing else None, self.held_until, relays, ladder)

    def status(self, report: Report) -> LiveStatus:
        """The same as its owner's pages are told."""
        return LiveStatus(
            self.taken.project_id,
            "live" if report.held_until is None else "held",
            self.taken.show_id,
            self.taken.started_at,
            report.held_until,
            report.incoming,
            report.relays,
            report.ladder,
        )

    def _relay(self, one: DestinationFigures) -> Relay:
        destination_id = UUID(one.id)
        wanted = self._wanted.get(destination_id)
        if wanted is not None and not wanted.enabled:
            return _quiet(destination_id, "off", None)
        return Relay(
            destination_id,
            one.state,
            _bounded(one.reason),
            _bounded(one.last_error),
            self._retry_at.get(one.id) if one.state == "connecting" else None,
            one.bitrate_kbps,
            one.lag_ms,
            one.dropped_frames,
            one.reconnects,
            int(one.live_for_s),
        )


def _quiet(destination_id: UUID, state: Literal["off", "failed"], reason: str | None) -> Relay:
    return Relay(destination_id, state, reason, None, None, 0, 0, 0, 0, 0)


def _bounded(words: str | None) -> str | None:
    return words if words is None else words[:_LONGEST_WORDS]
