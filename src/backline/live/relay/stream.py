"""One show in this process: what comes in, and to whom it goes. Written once, sent to all."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from backline.live.relay.clock import Clock
from backline.live.relay.headers import Headers
from backline.live.relay.meters import Meter
from backline.live.relay.models import (
    DestinationFigures,
    DestinationSpec,
    OnState,
    StreamFigures,
)
from backline.live.relay.packets import Packet
from backline.live.relay.push import Push, Source, Way
from backline.live.rtmp import describing, flv, messages
from backline.live.rtmp.amf import TooMuch
from backline.live.rtmp.faults import ProtocolFault
from backline.live.rtmp.messages import CHUNK_BYTES, DATA, VIDEO, Payload

# What is kept of a show's first seconds for the first destination, while there is none.
_OPENING_S: Final = 5.0
_OPENING_BYTES: Final = 2 << 20
# For how long another encoder's keyframe is waited for before its sound is taken alone.
_KEYFRAME_S: Final = 5.0
_MOST_NOTICES: Final = 5

Close = Callable[[str], None]
"""Ends an encoder's connection, with a word about why."""


class Watcher(Protocol):
    """Somebody who is shown each frame as destinations get it, and what it is coded by."""

    def header(self, kind: int, payload: Payload) -> None:
        """A sequence header; the present ones come first."""
        ...

    def frame(self, kind: int, timestamp_ms: int, payload: Payload, *, is_key: bool) -> None:
        """A frame of sound or picture."""
        ...


class Stream:
    """A show: one publisher at a time, any number of destinations. See the relay's face."""

    def __init__(self, stream_id: str, way: Way, forget: Callable[[str], None]) -> None:
        self.id = stream_id
        self._way, self._forget = way, forget
        self._clock = Clock()
        self._headers = Headers()
        self._meter = Meter()
        self._notices: deque[str] = deque(maxlen=_MOST_NOTICES)
        self._pushes: dict[str, Push] = {}
        # Those that take bytes as they come, and those that need a look at each packet.
        self._flowing: list[Push] = []
        self._aside: list[Push] = []
        self._pending: list[Payload] = []
        self._is_settled = True
        self._opening: list[Packet] | None = None
        self._opening_bytes = 0
        self._close: Close | None = None
        self._publishers = 0
        self._began_s = self._left_s = 0.0
        self._has_video = False
        self._jumps = 0
        self._watcher: Watcher | None = None
        # Until when a further publisher's first keyframe is waited for; 0 is not at all.
        self._awaits_key_until_s = 0.0
        self._now_s = asyncio.get_running_loop().time
        self._source = Source(
            stream_id,
            self._headers.packets,
            lambda: self._headers.enhanced,
            lambda: self._meter.bytes_rate.per_s,
            self._unsettle,
        )

    @property
    def is_publishing(self) -> bool:
        """Whether an encoder publishes at this moment."""
        return self._close is not None

    def add(self, spec: DestinationSpec, on_state: OnState) -> None:
        """Send the stream to one more destination; the same again changes nothing."""
        there = self._pushes.get(spec.id)
        if there is not None:
            if there.spec == spec:
                return
            self.remove(spec.id)
        self._unsettle()
        push = self._pushes[spec.id] = Push(spec, self._source, self._way, on_state)
        if self.is_publishing:
            push.wake(list(self._opening) if self._opening is not None else None)
        self.flush()

    def remove(self, destination_id: str) -> None:
        """Send it there no more; nothing happens if that isn't one of its destinations."""
        push = self._pushes.get(destination_id)
        if push is not None:
            self.flush()
            del self._pushes[destination_id]
            push.stop()
            self._settle()

    def switch(self, destination_id: str, *, is_on: bool) -> None:
        """Turn a destination on or off."""
        push = self._pushes.get(destination_id)
        if push is None or push.spec.is_on == is_on:
            return
        push.switch(is_on=is_on)
        if self.is_publishing:
            push.wake(None)
        self._unsettle()
        self.flush()

    def retry(self, destination_id: str) -> None:
        """Try a destination again at once, whatever it said before, also one that is stalled."""
        push = self._pushes.get(destination_id)
        if push is not None:
            push.retry()

    def watch(self, watcher: Watcher | None) -> None:
        """Show somebody all that comes from now on, or nobody any more."""
        self._watcher = watcher
        if watcher is not None:
            for kind, payload in self._headers.payloads():
                watcher.header(kind, payload)

    @property
    def size(self) -> tuple[int, int] | None:
        """The picture's width and height as the encoder describes them."""
        return self._headers.size

    def attach(self, close: Close) -> None:
        """An encoder publishes from now on; `close` ends it when another takes over."""
        older, self._close = self._close, close
        if older is not None:
            older("Another encoder publishes with this key now.")
        now_s = self._now_s()
        self._publishers += 1
        if self._publishers == 1:
            self._opening = []
        else:
            self.flush()
            silent_s = now_s - self._left_s if older is None else 0.0
            self._clock.begin_again(round(silent_s * 1000))
            self._meter.begin_again()
            self._awaits_key_until_s = now_s + _KEYFRAME_S
        self._began_s = now_s
        self._meter.sample(now_s)
        for push in self._pushes.values():
            push.wake([] if self._publishers == 1 else None)
        self._unsettle()
        self.flush()

    def detach(self, close: Close) -> bool:
        """An encoder has gone; whether it was the one that publishes."""
        if self._close != close:
            return False
        self.flush()
        self._close = None
        self._left_s = self._now_s()
        for push in self._pushes.values():
            push.rest()
        return True

    async def end(self, reason: str) -> None:
        """The show is over: its encoder is told why, destinations get what waits for them."""
        close, self._close = self._close, None
        if close is not None:
            close(reason)
        self.flush()
        self._forget(self.id)
        await asyncio.gather(*(push.end() for push in self._pushes.values()))

    def media(self, kind: int, timestamp_ms: int, payload: Payload) -> None:
        """Take a message from the encoder: audio, video or data."""
        size = len(payload)
        self._meter.received_bytes += size
        if kind == DATA:
            self._data(timestamp_ms, payload)
            return
        if not size:
            return
        first = payload[0]
        is_plain = size > 1 and payload[1] == 1 and first in flv.PLAIN[kind]
        if not is_plain and flv.may_be_header(kind, payload):
            is_header, is_new = self._headers.keep(kind, payload)
            if is_header:
                self._header(kind, timestamp_ms, payload, is_new=is_new)
                return
        is_key = kind == VIDEO and first in flv.KEYFRAMES and flv.is_keyframe(payload)
        if self._awaits_key_until_s and not self._may_go_on(is_key=is_key):
            return
        out_ms = self._clock.frame(kind, timestamp_ms)
        self._measure(kind, out_ms, payload, is_key=is_key)
        if self._aside or self._opening is not None:
            self._give(Packet(kind, out_ms, payload, self._now_s(), is_key=is_key))
        elif self._flowing:
            self._pending += (
                messages.head(kind, out_ms, size),
                payload if size <= CHUNK_BYTES else messages.body(kind, out_ms, payload),
            )

    def _header(self, kind: int, timestamp_ms: int, payload: Payload, *, is_new: bool) -> None:
        """Pass on what describes the frames, unless all have heard it."""
        self._has_video = self._has_video or kind == VIDEO
        if is_new and self._watcher is not None:
            self._watcher.header(kind, payload)
        if is_new or self._publishers == 1:
            when_ms = self._clock.other(timestamp_ms)
            self._give(Packet(kind, when_ms, payload, self._now_s(), is_header=True))

    def _measure(self, kind: int, out_ms: int, payload: Payload, *, is_key: bool) -> None:
        """Count a frame, see what is unusual about it, and show it to whoever watches."""
        meter = self._meter
        if self._watcher is not None:
            self._watcher.frame(kind, out_ms, payload, is_key=is_key)
        if self._clock.jumps != self._jumps:
            self._jumps = self._clock.jumps
            self._notice_jump()
        if kind == VIDEO:
            meter.frames += 1
            if not meter.video_at_s:
                self._has_video = True
                self._headers.see(kind, payload)
            meter.video_ms, meter.video_at_s = out_ms, self._now_s()
            if is_key:
                meter.keyframe(out_ms, meter.video_at_s)
        else:
            if not meter.audio_at_s:
                self._headers.see(kind, payload)
            meter.audio_ms, meter.audio_at_s = out_ms, self._now_s()

    def flush(self) -> None:
        """Send what has come since the last time; whoever calls `media` calls it now and then."""
        if self._pending:
            together = b"".join(self._pending)
            self._pending.clear()
            for push in self._flowing:
                if not push.write(together):
                    self._is_settled = False
        if self._aside or not self._is_settled:
            self._settle()

    def look(self, now_s: float) -> None:
        """See how everything goes; called about once a second."""
        if self.is_publishing:
            self._meter.sample(now_s)
        for push in self._pushes.values():
            push.look(now_s)
        # Where nobody listened, nothing is sent by which one who begins to would be noticed.
        self.flush()

    def destinations(self) -> list[DestinationFigures]:
        """How each destination fares."""
        return [push.figures() for push in self._pushes.values()]

    def figures(self) -> StreamFigures:
        """How what comes in fares."""
        meter, headers = self._meter, self._headers
        size = headers.size
        here, now_s = self.is_publishing, self._now_s()
        lacks = meter.lacks(self._began_s, now_s, self._way.pace.lack_s) if here else []
        return StreamFigures(
            is_publishing=here,
            received_bytes=meter.received_bytes,
            bitrate_kbps=round(meter.bytes_rate.per_s * 8 / 1000) if here else 0,
            video_fps=round(meter.frames_rate.per_s, 1) if here else 0.0,
            keyframe_interval_ms=meter.keyframe_interval_ms,
            video_codec=headers.video_codec,
            audio_codec=headers.audio_codec,
            width=size[0] if size else None,
            height=size[1] if size else None,
            drift_ms=meter.drift_ms,
            publishing_for_s=now_s - self._began_s if here else 0.0,
            publishers=self._publishers,
            notices=(*self._notices, *lacks),
        )

    def _settle(self) -> None:
        """Send what waits where there is room, and see who takes bytes as they come.

        Only when everybody has had everything may one change from one side to the other.
        """
        self._is_settled = True
        flowing: list[Push] = []
        aside: list[Push] = []
        for push in self._pushes.values():
            if push.listens:
                push.drain()
                (flowing if push.flows else aside).append(push)
        self._flowing, self._aside = flowing, aside

    def _unsettle(self) -> None:
        self._is_settled = False

    def _data(self, timestamp_ms: int, payload: Payload) -> None:
        """A description is kept for those who come later; anything else passes."""
        try:
            found = describing.read(payload)
        except TooMuch as fault:
            self._notice(f"The encoder's description of the stream was left out. {fault}")
            return
        except ProtocolFault:
            found = None
        if found is not None:
            had = self._headers.description
            self._headers.description = found
            payload = found.for_servers
            if self._publishers > 1 and had is not None and had.for_servers == payload:
                return
        self._give(Packet(DATA, self._clock.other(timestamp_ms), payload, self._now_s()))

    def _give(self, packet: Packet) -> None:
        """Hand a packet to everybody."""
        if self._opening is not None:
            self._keep_opening(packet)
        for push in self._aside:
            push.offer(packet, has_video=self._has_video)
        if self._flowing:
            self._pending += (packet.head, packet.body)

    def _keep_opening(self, packet: Packet) -> None:
        """Keep a show's first seconds until somebody has them, or nobody comes for them."""
        self._opening_bytes += packet.size
        is_over = (
            self._pushes
            or self._opening_bytes > _OPENING_BYTES
            or self._now_s() - self._began_s > _OPENING_S
        )
        if is_over or self._opening is None:
            self._opening = None
        else:
            self._opening.append(packet)

    def _may_go_on(self, *, is_key: bool) -> bool:
        """Whether another publisher's show goes on with this frame."""
        if not is_key and self._has_video and self._now_s() < self._awaits_key_until_s:
            return False
        self._awaits_key_until_s = 0.0
        return True

    def _notice_jump(self) -> None:
        way = "back" if self._clock.last_jump_ms < 0 else "ahead"
        seconds = abs(self._clock.last_jump_ms) / 1000
        self._notice(f"Timestamps jumped {way} by {seconds:,.0f} s; the show goes on without it.")

    def _notice(self, text: str) -> None:
        if text not in self._notices:
            self._notices.append(text)
