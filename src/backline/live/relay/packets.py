"""One message of a show on its way to destinations, written once for all of them."""

from backline.live.rtmp import flv, messages
from backline.live.rtmp.messages import VIDEO, Payload


class Packet:
    """A message as chunks: `head` for message stream 1, and a `body` that all destinations share.

    `is_key` and `is_header` are about video that begins something, and about what describes it.
    `came_s` is when it came, by the event loop's clock.
    """

    __slots__ = (
        "body",
        "came_s",
        "head",
        "is_header",
        "is_key",
        "kind",
        "payload",
        "size",
        "timestamp_ms",
    )

    def __init__(
        self,
        kind: int,
        timestamp_ms: int,
        payload: Payload,
        came_s: float,
        *,
        is_key: bool = False,
        is_header: bool = False,
    ) -> None:
        self.kind, self.timestamp_ms, self.payload = kind, timestamp_ms, payload
        self.came_s, self.is_key, self.is_header = came_s, is_key, is_header
        self.head = messages.head(kind, timestamp_ms, len(payload))
        self.body = messages.body(kind, timestamp_ms, payload)
        self.size = len(self.head) + len(self.body)

    @property
    def is_frame(self) -> bool:
        """Whether it is video that may be left out until the next keyframe."""
        return self.kind == VIDEO and not self.is_header

    @property
    def is_disposable(self) -> bool:
        """Whether it is video that nothing else refers to."""
        return self.is_frame and not self.is_key and flv.is_disposable(self.payload)

    def head_for(self, stream_id: int) -> bytes:
        """Its head with a destination's own message stream id."""
        if stream_id == 1:
            return self.head
        return messages.head(self.kind, self.timestamp_ms, len(self.payload), stream_id)
