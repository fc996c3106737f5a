"""One destination's life: connecting, sending, waiting, trying again, giving up."""

import asyncio
import contextlib
import random
import ssl
from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec
import structlog

from backline.live.relay.backlog import Backlog, Preface
from backline.live.relay.line import Line, open_line
from backline.live.relay.meters import Rate
from backline.live.relay.models import (
    Change,
    DestinationFigures,
    DestinationSpec,
    OnState,
    Pace,
    State,
)
from backline.live.relay.packets import Packet
from backline.live.relay.places import Place, place_of
from backline.live.relay.progress import Progress
from backline.live.rtmp.faults import Turned
from backline.live.rtmp.messages import Payload
from backline.platform.outside.breaker import Breaker

_log = structlog.get_logger()
_AT_ONCE_BYTES: Final = 128 << 10
_JITTER: Final = 0.25


class Way(NamedTuple):
    """How destinations are reached, the same for all."""

    allow_private: bool
    tls: Callable[[], ssl.SSLContext]
    pace: Pace


class Source(NamedTuple):
    """What a destination has to know of its stream."""

    stream_id: str
    preface: Preface
    codecs: Callable[[], tuple[str, ...]]
    bytes_per_s: Callable[[], float]
    on_change: Callable[[], None]


class Push:
    """Sends a stream to one destination, as long as it is on and somebody publishes."""

    def __init__(self, spec: DestinationSpec, source: Source, way: Way, on_state: OnState) -> None:
        self.spec = spec
        self._source, self._way, self._on_state = source, way, on_state
        pace = way.pace
        self._pace = pace
        self._backlog = Backlog(
            source.preface, disposable_ms=pace.drop_disposable_ms, frames_ms=pace.drop_frames_ms
        )
        self._breaker = Breaker(failures=pace.breaker_failures, open_s=pace.breaker_open_s)
        self._attempts = 0
        self._line: Line | None = None
        self._progress: Progress | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_wanted = asyncio.Event()
        self._hurry = asyncio.Event()
        self._emptied = asyncio.Event()
        self._rate = Rate()
        self._told = Change(source.stream_id, spec.id, "idle", None)
        self._last_error: str | None = None
        self._lives = 0
        self._live_since_s = 0.0
        self._sent_before = 0
        # Whether packets are of use to it.
        self.listens = False

    @property
    def flows(self) -> bool:
        """Whether it takes bytes as they are, without a look at single packets."""
        line = self._line
        return (
            line is not None
            and line.stream_id == 1
            and not line.is_paused
            and self._backlog.is_even
            and not line.has_ended
        )

    def wake(self, opening: list[Packet] | None) -> None:
        """Somebody publishes: connect, unless that is done, and begin with the opening if given."""
        self._is_wanted.set()
        if not self.spec.is_on:
            return
        if self._line is None and self._told.state != "failed":
            self._backlog.begin(opening, round(self._pace.fill_s * 1000))
            self.listens = True
            self._hurry.set()
        if self._task is None:
            name = f"push-{self.spec.id}"
            self._task = asyncio.get_running_loop().create_task(self._run(), name=name)

    def switch(self, *, is_on: bool) -> None:
        """Turn it on, to be woken, or off."""
        self.spec = msgspec.structs.replace(self.spec, is_on=is_on)
        if is_on:
            self.retry()
        else:
            self.stop()

    def rest(self) -> None:
        """Nobody publishes: keep the connection, but make no other."""
        self._is_wanted.clear()

    def retry(self) -> None:
        """Try again at once, whatever was said before."""
        self._breaker.succeeded()
        self._attempts = 0
        self._hurry.set()
        if self._line is not None and self._told.state == "stalled":
            self._line.give_up(Turned("Somebody asked for another try.", final=False))

    def offer(self, packet: Packet, *, has_video: bool) -> None:
        """Take a packet for later, or leave it out."""
        self._backlog.offer(packet, has_video=has_video)

    def write(self, data: Payload) -> bool:
        """Send bytes that are written for everybody; whether more can follow in this way."""
        line = self._line
        if line is None:
            return False
        line.write(data)
        return not (line.is_paused or line.has_ended)

    def drain(self) -> None:
        """Send what waits, as far as there is room."""
        line = self._line
        if line is None or not line.stream_id:
            return
        while self._backlog and not line.is_paused and not line.has_ended:
            datas: list[Payload] = []
            for packet in self._backlog.take(_AT_ONCE_BYTES):
                datas += (packet.head_for(line.stream_id), packet.body)
            line.write_all(datas)
        if not self._backlog:
            self._emptied.set()

    async def end(self) -> None:
        """Send what waits, say goodbye, close: within the time that there is for it."""
        line = self._line
        if line is None or not line.stream_id:
            self.stop()
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._pace.finish_s):
                self._emptied.clear()
                self.drain()
                await self._emptied.wait()
        self.stop()
        await asyncio.wait({line.ended}, timeout=self._pace.finish_s)

    def stop(self) -> None:
        """End it, but say goodbye if there is somebody to hear it."""
        self.listens = False
        if self._line is not None:
            self._line.finish(self._pace.finish_s)
            self._line = None
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._backlog.clear()
        self._tell("idle", None)

    def look(self, now_s: float) -> None:
        """See whether a live connection is still one; called about once a second."""
        line, progress = self._line, self._progress
        if line is None or progress is None or line.has_ended:
            return
        self._rate.sample(now_s, self._sent_bytes)
        still_s = progress.look(
            now_s, waits=len(self._backlog) > 0, bytes_per_s=self._source.bytes_per_s()
        )
        if still_s > self._pace.give_up_s:
            reason = f"The destination has taken nothing for {still_s:.0f} s."
            line.give_up(Turned(reason, final=False))
        elif still_s > self._pace.stall_s:
            self._tell("stalled", "The destination takes nothing any more.")
        else:
            self._tell("live", None)
            if now_s - self._live_since_s > self._pace.settled_s:
                self._attempts = 0
                self._breaker.succeeded()

    def figures(self) -> DestinationFigures:
        """How it fares at this moment."""
        line, now_s = self._line, self._now_s()
        bytes_per_s = self._source.bytes_per_s()
        waiting = line.waiting_bytes if line is not None else 0
        in_line_ms = round(waiting * 1000 / bytes_per_s) if bytes_per_s else 0
        is_live = self._told.state in {"live", "stalled"}
        return DestinationFigures(
            id=self.spec.id,
            state=self._told.state,
            reason=self._told.reason,
            last_error=self._last_error,
            sent_bytes=self._sent_bytes,
            bitrate_kbps=round(self._rate.per_s * 8 / 1000) if is_live else 0,
            lag_ms=self._backlog.waits_ms(now_s) + in_line_ms if is_live else 0,
            dropped_frames=self._backlog.dropped_frames,
            reconnects=max(self._lives - 1, 0),
            live_for_s=now_s - self._live_since_s if is_live else 0.0,
        )

    @property
    def _sent_bytes(self) -> int:
        return self._sent_before + (self._line.delivered_bytes if self._line is not None else 0)

    async def _run(self) -> None:
        while True:
            if not self._is_wanted.is_set():
                self.listens = False
                self._tell("idle", None)
                await self._is_wanted.wait()
            try:
                ended = await self._attempt()
            except Exception as fault:  # noqa: BLE001  # one destination's fault ends no show
                _log.exception("push_failed", destination=self.spec.id)
                ended = Turned(f"Sending there failed: {type(fault).__name__}.", final=False)
            self._last_error = str(ended)
            self._breaker.failed()
            await self._wait_after(ended)

    async def _wait_after(self, ended: Turned) -> None:
        """Until the next attempt: for its time, for somebody who asks, or for ever."""
        is_final = ended.final and not self._lives
        is_left_alone = is_final or not self._breaker.allows()
        if self._lives or is_left_alone:
            self.listens = False
            self._backlog.clear()
        if is_final:
            self._tell("failed", str(ended))
            await self._pause(None)
        elif is_left_alone:
            self._tell("failed", str(ended), self._pace.breaker_open_s)
            await self._pause(self._pace.breaker_open_s)
        else:
            delay_s = self._delay_s()
            self._tell("connecting", str(ended), round(delay_s, 1))
            await self._pause(delay_s)
        if not self.listens:
            self._backlog.begin(None, 0)
            self.listens = True
            self._source.on_change()

    def _delay_s(self) -> float:
        pace = self._pace
        grown_s = pace.backoff_s * pace.backoff_factor**self._attempts
        self._attempts += 1
        jitter = random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311  # nobody gains by guessing it
        return min(grown_s, pace.backoff_cap_s) * jitter

    async def _pause(self, seconds: float | None) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurry.wait()

    async def _attempt(self) -> Turned:
        """Connect, and send for as long as it goes well; why it no longer does."""
        self._hurry.clear()
        self._tell("connecting", self._last_error)
        try:
            place = place_of(self.spec.url)
        except ValueError as fault:
            return Turned(str(fault), final=True)
        try:
            line = await open_line(
                lambda: self._make_line(place),
                place,
                allow_private=self._way.allow_private,
                tls=self._way.tls() if place.is_secure else None,
                within_s=self._pace.connect_s,
            )
        except Turned as said:
            return said
        self._line = line
        try:
            return await self._serve(line)
        finally:
            self._sent_before += line.delivered_bytes
            if self._line is line:
                self._line = self._progress = None
                self._emptied.set()
                line.abort()

    def _make_line(self, place: Place) -> Line:
        return Line(place, self.spec.stream_key, self._source.codecs(), self.drain)

    async def _serve(self, line: Line) -> Turned:
        answer_s = self._pace.answer_s
        await asyncio.wait(
            {line.accepted, line.ended}, timeout=answer_s, return_when=asyncio.FIRST_COMPLETED
        )
        if line.ended.done():
            return line.ended.result()
        if not line.accepted.done():
            reason = f"The destination was connected to, but didn't {line.step} in {answer_s:g} s."
            return Turned(reason, final=False)
        self._hurry.clear()
        self._lives += 1
        self._live_since_s = self._now_s()
        self._progress = Progress(line, self._pace, self._live_since_s)
        self._rate.forget()
        self._backlog.connected()
        self.drain()
        self._tell("live", None)
        await asyncio.wait({line.ended})
        return line.ended.result()

    def _tell(self, state: State, reason: str | None, retry_in_s: float | None = None) -> None:
        told = Change(self._source.stream_id, self.spec.id, state, reason, retry_in_s)
        if told != self._told:
            self._told = told
            self._on_state(told)

    @staticmethod
    def _now_s() -> float:
        return asyncio.get_running_loop().time()
