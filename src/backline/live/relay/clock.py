"""The time of a show: what encoders' timestamps become, so that destinations see them go on.

As long as they make sense, timestamps pass unchanged. When they jump, or another encoder takes
over, they go on from where they were, and audio and video keep their distance.
"""

from typing import Final

_WRAP: Final = 1 << 32
_HALF: Final = 1 << 31
# Audio and video may be interleaved so badly; beyond it nobody means what they say.
_BACK_MS: Final = 3_000
_AHEAD_MS: Final = 30_000
_STEP_MS: Final = 20


class _Track:
    """The latest timestamp of audio or of video, and what is added to each."""

    __slots__ = ("last_ms", "offset_ms")

    def __init__(self, last_ms: int, offset_ms: int) -> None:
        self.last_ms, self.offset_ms = last_ms, offset_ms


class Clock:
    """One show's time. `now_ms` is the latest that was given out, not wrapped."""

    def __init__(self) -> None:
        self.now_ms = 0
        self.jumps = 0
        self.last_jump_ms = 0
        self._tracks: dict[int, _Track] = {}
        # What was added last, by whichever track jumped first.
        self._offset_ms = 0
        self._has_begun = False
        self._goes_on = False

    def begin_again(self, silent_ms: int) -> None:
        """Another encoder goes on after so long a silence, with timestamps of its own."""
        self._tracks.clear()
        if self._has_begun:
            self.now_ms += max(silent_ms, _STEP_MS)
            self._goes_on = True

    def frame(self, kind: int, timestamp_ms: int) -> int:
        """The timestamp (32 bits) with which a frame goes out."""
        track = self._tracks.get(kind)
        if track is None:
            track = self._tracks[kind] = self._begin(timestamp_ms)
        elif (
            not track.offset_ms
            and 0 <= timestamp_ms - track.last_ms < _AHEAD_MS
            and self.now_ms < _WRAP
        ):  # nearly always
            track.last_ms = timestamp_ms
            self.now_ms = max(self.now_ms, timestamp_ms)
            return timestamp_ms
        forward_ms = (timestamp_ms - track.last_ms + _HALF) % _WRAP - _HALF
        out_ms = (timestamp_ms + track.offset_ms) % _WRAP
        ahead_ms = (out_ms - self.now_ms + _HALF) % _WRAP - _HALF
        if not -_BACK_MS < forward_ms < _AHEAD_MS or self.now_ms + ahead_ms < 0:
            self._jump(track, timestamp_ms, forward_ms)
            forward_ms = 1
            out_ms = (timestamp_ms + track.offset_ms) % _WRAP
            ahead_ms = (out_ms - self.now_ms + _HALF) % _WRAP - _HALF
        if forward_ms > 0:
            track.last_ms = timestamp_ms
        if ahead_ms > 0:
            self.now_ms += ahead_ms
        return out_ms

    def other(self, timestamp_ms: int) -> int:
        """The timestamp of what is no frame: headers and data, whose own says little."""
        if not self._has_begun:
            return timestamp_ms
        if self._goes_on:
            return self.now_ms % _WRAP
        out_ms = (timestamp_ms + self._offset_ms) % _WRAP
        ahead_ms = (out_ms - self.now_ms + _HALF) % _WRAP - _HALF
        return out_ms if -_BACK_MS < ahead_ms < _BACK_MS else self.now_ms % _WRAP

    def _begin(self, timestamp_ms: int) -> _Track:
        """A track's first frame."""
        if not self._has_begun:
            self._has_begun = True
            self.now_ms = timestamp_ms
        elif self._goes_on:
            self._goes_on = False
            self._offset_ms = self.now_ms - timestamp_ms
        track = _Track(timestamp_ms, self._offset_ms)
        self._fit(track, timestamp_ms)
        return track

    def _fit(self, track: _Track, timestamp_ms: int) -> None:
        """Use what the other track's time was moved by, unless that leads astray."""
        ahead_ms = (timestamp_ms + self._offset_ms - self.now_ms + _HALF) % _WRAP - _HALF
        if not -_BACK_MS < ahead_ms < _BACK_MS or self.now_ms + ahead_ms < 0:
            self._offset_ms = self.now_ms + _STEP_MS - timestamp_ms
        track.offset_ms = self._offset_ms

    def _jump(self, track: _Track, timestamp_ms: int, forward_ms: int) -> None:
        self.jumps += 1
        self.last_jump_ms = forward_ms
        self._fit(track, timestamp_ms)
