"""What both sides do about the connection itself: windows, acknowledgements, pings."""

from collections.abc import Callable

from backline.live.rtmp import messages
from backline.live.rtmp.messages import Payload

_HALF_WRAP = 1 << 31


class Controls:
    """Acknowledges what arrives by the peer's window, answers pings, counts what is acknowledged.

    Sending never waits for acknowledgements: many peers send none.
    """

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._window_bytes = messages.WINDOW_BYTES
        self._told_bytes = 0
        self._bandwidth = 0
        self.acknowledged_bytes = 0
        self.acknowledgements = 0

    def received(self, count: int) -> None:
        """Acknowledge if `count` bytes in all are a window more than at the last time."""
        if count - self._told_bytes >= self._window_bytes:
            self._told_bytes = count
            self._send(messages.control(messages.ACKNOWLEDGEMENT, count))

    def handle(self, kind: int, payload: Payload) -> None:
        """Follow a control message; those that concern chunks are followed by the reader.

        Raises:
            ProtocolFault: it is too short.
        """
        if kind == messages.WINDOW_SIZE:
            self._window_bytes = max(messages.number_in(payload), 1_000)
        elif kind == messages.ACKNOWLEDGEMENT:
            self._acknowledged(messages.number_in(payload))
        elif kind == messages.PEER_BANDWIDTH:
            wanted = messages.number_in(payload)
            if wanted != self._bandwidth:
                self._bandwidth = wanted
                self._send(messages.control(messages.WINDOW_SIZE, wanted))
        elif kind == messages.USER_CONTROL and len(payload) >= 6:
            event = payload[0] << 8 | payload[1]
            if event == messages.PING:
                number = int.from_bytes(payload[2:6], "big")
                self._send(messages.user_control(messages.PONG, number))

    def _acknowledged(self, low: int) -> None:
        """Count on past 4 GiB; a number that seems to go back is a peer's reset, or nonsense."""
        forward = (low - self.acknowledged_bytes) % messages.WRAP_MS
        if 0 < forward < _HALF_WRAP:
            self.acknowledged_bytes += forward
        self.acknowledgements += 1
