"""What waits for one destination: filled while it connects, kept short when it is slow.

Frames are dropped as encoders do it: first those that nothing refers to, then all up to the next
keyframe. Audio stays, and so does what describes the stream. How much waits is counted by when it
came, not by its timestamps: an encoder that sends much at once makes no destination slow.
"""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

from backline.live.relay.packets import Packet
from backline.live.rtmp.messages import AUDIO

# Whatever times say: a queue of this size belongs to nobody who could still catch up.
MOST_BYTES: Final = 32 << 20
_ALL: Final = 2

Preface = Callable[[Packet], list[Packet]]
"""The description and headers as they are now, to go before a packet."""


class Backlog:
    """A queue of packets with a beginning that a player understands."""

    def __init__(self, preface: Preface, *, disposable_ms: int, frames_ms: int) -> None:
        self._preface = preface
        self._disposable_ms, self._frames_ms = disposable_ms, frames_ms
        self._packets: deque[Packet] = deque()
        self._needs_beginning = True
        self._needs_key = False
        self._is_connected = False
        self._fill_ms = 0
        # What may wait besides, until it has been empty once: what came while it connected.
        self._extra_ms = 0
        # How far frames are being dropped: 0 not, 1 those that nothing refers to, 2 all.
        self._level = 0
        self.size_bytes = 0
        self.dropped_frames = 0

    def __len__(self) -> int:
        return len(self._packets)

    @property
    def is_even(self) -> bool:
        """Whether nothing waits and nothing is waited for: what comes can go straight on."""
        return not (self._packets or self._needs_beginning or self._needs_key)

    @property
    def span_ms(self) -> int:
        """How much of the show waits."""
        return self._span_to(self._packets[-1]) if self._packets else 0

    def waits_ms(self, now_s: float) -> int:
        """For how long the first that waits has waited."""
        return round((now_s - self._packets[0].came_s) * 1000) if self._packets else 0

    def begin(self, opening: Iterable[Packet] | None, fill_ms: int) -> None:
        """Be filled for a connection that is being made.

        With an `opening` that is the show from its first message. Without, it begins at the next
        keyframe. Once it holds more than `fill_ms`, it begins anew at each further keyframe.
        """
        self.clear()
        self._is_connected = self._needs_key = False
        self._fill_ms = fill_ms
        self._needs_beginning = opening is None
        for packet in opening or ():
            self._append(packet)

    def connected(self) -> None:
        """From now on it is emptied, so what stays too long is dropped."""
        self._is_connected = True
        self._extra_ms = self.span_ms
        self._level = 0

    def offer(self, packet: Packet, *, has_video: bool) -> None:
        """Take a packet, or leave it out."""
        begins = packet.is_key or (not has_video and packet.kind == AUDIO and not packet.is_header)
        if not self._is_connected and self._is_overfull(packet, begins=begins):
            self.clear()
            self._needs_beginning = True
        if self._needs_beginning:
            if not begins:
                return
            self._needs_beginning = False
            for one in self._preface(packet):
                self._append(one)
        if not self._is_connected or self._fits(packet):
            self._append(packet)
        elif packet.is_frame:
            self.dropped_frames += 1

    def take(self, most_bytes: int) -> list[Packet]:
        """The next packets, of about so many bytes."""
        found: list[Packet] = []
        while self._packets and most_bytes > 0:
            packet = self._packets.popleft()
            self.size_bytes -= packet.size
            most_bytes -= packet.size
            found.append(packet)
        if not self._packets:
            self._extra_ms = 0
        return found

    def clear(self) -> None:
        """Throw all of it away."""
        self._packets.clear()
        self.size_bytes = 0

    def _is_overfull(self, packet: Packet, *, begins: bool) -> bool:
        """Whether what waits for a connection should begin anew."""
        if self.size_bytes > MOST_BYTES:
            return True
        return begins and self._span_to(packet) >= self._fill_ms

    def _fits(self, packet: Packet) -> bool:
        """Whether a packet may wait; older ones are dropped when more waits than may."""
        level = self._level_with(packet)
        if level > self._level:
            self._keep(lambda one: not (one.is_frame if level == _ALL else one.is_disposable))
            self._needs_key = self._needs_key or level == _ALL
        self._level = level
        if self.size_bytes > MOST_BYTES:
            self.clear()
            self._needs_beginning = True
            return False
        if not packet.is_frame:
            return True
        if packet.is_key:
            if level == _ALL:  # of keyframes that wait, the newest is enough
                self._keep(lambda one: not one.is_frame)
            self._needs_key = level == _ALL
            return True
        return not self._needs_key and not (level and packet.is_disposable)

    def _level_with(self, packet: Packet) -> int:
        over_ms = self._span_to(packet) - self._extra_ms
        if over_ms > self._frames_ms or self.size_bytes > MOST_BYTES:
            return _ALL
        return int(over_ms > self._disposable_ms)

    def _span_to(self, packet: Packet) -> int:
        if not self._packets:
            return 0
        return round((packet.came_s - self._packets[0].came_s) * 1000)

    def _keep(self, wanted: Callable[[Packet], bool]) -> None:
        kept = deque(one for one in self._packets if wanted(one))
        self.dropped_frames += len(self._packets) - len(kept)
        self._packets = kept
        self.size_bytes = sum(one.size for one in kept)

    def _append(self, packet: Packet) -> None:
        self._packets.append(packet)
        self.size_bytes += packet.size
