"""How much comes and goes: rates over the last few seconds, and what the eye wants of a stream."""

from collections import deque
from typing import Final

_SECONDS: Final = 5


class Rate:
    """A count's growth in a second, over the last five seconds; `sample` it about once a second."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque(maxlen=_SECONDS + 1)

    def sample(self, now_s: float, count: int) -> None:
        """Note how much it is by now."""
        self._samples.append((now_s, count))

    @property
    def per_s(self) -> float:
        """The growth in a second."""
        if len(self._samples) < 2:  # noqa: PLR2004  # a line needs two points
            return 0.0
        (began_s, before), (now_s, now) = self._samples[0], self._samples[-1]
        return (now - before) / (now_s - began_s) if now_s > began_s else 0.0

    def forget(self) -> None:
        """Begin anew, as after a pause."""
        self._samples.clear()


class Meter:
    """What is counted of a stream as it comes; plain numbers, since they move at every message."""

    __slots__ = (
        "audio_at_s",
        "audio_ms",
        "bytes_rate",
        "frames",
        "frames_rate",
        "keyframe_at_s",
        "keyframe_interval_ms",
        "keyframe_ms",
        "received_bytes",
        "video_at_s",
        "video_ms",
    )

    def __init__(self) -> None:
        self.received_bytes = self.frames = 0
        self.audio_ms = self.video_ms = 0
        self.audio_at_s = self.video_at_s = self.keyframe_at_s = 0.0
        self.keyframe_ms: int | None = None
        self.keyframe_interval_ms: int | None = None
        self.bytes_rate, self.frames_rate = Rate(), Rate()

    def keyframe(self, timestamp_ms: int, now_s: float) -> None:
        """A keyframe has come."""
        self.keyframe_at_s = now_s
        if self.keyframe_ms is not None:
            self.keyframe_interval_ms = (timestamp_ms - self.keyframe_ms) % (1 << 32)
        self.keyframe_ms = timestamp_ms

    def sample(self, now_s: float) -> None:
        """Note how much it is by now, about once a second."""
        self.bytes_rate.sample(now_s, self.received_bytes)
        self.frames_rate.sample(now_s, self.frames)

    @property
    def drift_ms(self) -> int | None:
        """How far audio is ahead of video, if both have come: times against arrivals."""
        if not (self.audio_at_s and self.video_at_s):
            return None
        apart_ms = (self.audio_ms - self.video_ms + (1 << 31)) % (1 << 32) - (1 << 31)
        return round(apart_ms - (self.audio_at_s - self.video_at_s) * 1000)

    def lacks(self, began_s: float, now_s: float, within_s: float) -> list[str]:
        """What an encoder that began then should have sent by now, in sentences for people."""

        def is_late(at_s: float) -> bool:
            return now_s - max(at_s, began_s) > within_s

        found: list[str] = []
        if is_late(self.video_at_s):
            found.append("The encoder sends no picture.")
        elif is_late(self.keyframe_at_s):
            found.append(
                f"No keyframe has come for more than {within_s:g} s. Whoever connects has to wait "
                "for one: set the encoder's keyframe interval to 2 s."
            )
        if is_late(self.audio_at_s):
            found.append("The encoder sends no sound. YouTube, for one, takes no show without it.")
        return found

    def begin_again(self) -> None:
        """Another encoder has come."""
        self.keyframe_ms = None
        self.bytes_rate.forget()
        self.frames_rate.forget()
