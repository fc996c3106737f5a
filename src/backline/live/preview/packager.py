"""One show as segments: cut at keyframes, the last few kept, in a bounded room.

Segments never change, and their names are used once: a playlist says which there are now.
"""

import secrets
from collections import deque
from collections.abc import Callable
from typing import Final

import msgspec

from backline.live.preview import codecs
from backline.live.preview.boxes import AUDIO_TRACK, VIDEO_TRACK, Entry, Run, Sample, opening
from backline.live.preview.boxes import segment as write_segment
from backline.live.preview.codecs import FRAME_SAMPLES, MILLISECONDS
from backline.live.rtmp import flv
from backline.live.rtmp.messages import AUDIO, VIDEO, Payload

WINDOW: Final = 6  # segments in a playlist
_BESIDE: Final = 2  # that stay for who asks by an older one
_LEAST_MS: Final = 1_000
# Without a picture there is no keyframe to wait for.
_SOUND_MS: Final = 2_000
_WRAP: Final = 1 << 32
_HALF: Final = 1 << 31
# What a sample costs beside its bytes.
_SAMPLE_BYTES: Final = 250
# The room is for what is kept, what is being made, and that once more while it is written.
_KEPT_SHARE: Final = 2
_MAKING_SHARE: Final = 4
# Sound is counted by its samples until it is so far from what its timestamps say.
_APART_S: Final = 0.1
_SILENCE_MS: Final = 3_000
_MOST_LATER_MS: Final = 10_000


class Segment(msgspec.Struct, frozen=True):
    """`number` is its place in the show; `opening` the file that has to be read before."""

    number: int
    name: str
    body: bytes
    duration_ms: int
    opening: str
    is_break: bool


class Packager:
    """Frames in, segments out. `fault` says why none come, in words for people.

    `first_number` is that of the first segment: numbers grow from one packager of a show to the
    next. `on_segment` is called with each new one there.
    """

    def __init__(
        self,
        room_bytes: int,
        first_number: int,
        told_size: Callable[[], codecs.Size | None],
        on_segment: Callable[[], None],
    ) -> None:
        self.segments: deque[Segment] = deque()
        self.openings: dict[str, bytes] = {}
        self.entries: dict[str, list[Entry]] = {}  # what each of those describes
        self.breaks = 0  # before the first segment that is listed
        self.fault: str | None = None
        self._name = secrets.token_hex(4)
        self._kept_most = room_bytes // _KEPT_SHARE
        self._making_most = room_bytes // _MAKING_SHARE
        self._number, self._told_size, self._on_segment = first_number, told_size, on_segment
        self._kept_bytes = self._making_bytes = 0
        self._video: Entry | None = None
        self._audio: Entry | None = None
        self._opening: str | None = None
        self._openings_made = 0
        self._has_picture = False  # also one that can't be played
        self._is_break = False
        self._began_ms: int | None = None
        self._now_ms: int | None = None
        self._frames: list[Sample] = []
        self._sounds: list[Sample] = []
        self._sound_at = 0

    @property
    def size_bytes(self) -> int:
        """What it holds."""
        return self._kept_bytes + self._making_bytes

    def header(self, kind: int, payload: Payload) -> None:
        """Learn how what follows is coded."""
        tracks = flv.tracks(kind, payload)
        if len(tracks) != 1 or not flv.is_header(tracks[0].packet):
            return
        track = tracks[0]
        configuration = payload[track.at :]
        if kind == VIDEO:
            self._has_picture = True
            entry = codecs.video(track.codec, configuration, self._told_size())
            if entry is None:
                self.fault = "Browsers can't play the codec of the picture; H.264 they all can."
            had, self._video = self._video, entry
        else:
            entry = codecs.audio(track.codec, configuration)
            had, self._audio = self._audio, entry
        if had != entry:
            self._leave()

    def frame(self, kind: int, timestamp_ms: int, payload: Payload, *, is_key: bool) -> None:
        """Take a frame with the time (32 bits) that it goes out with."""
        now_ms = timestamp_ms if self._now_ms is None else self._now_ms
        forward_ms = (timestamp_ms - now_ms + _HALF) % _WRAP - _HALF
        at_ms = max(now_ms + forward_ms, 0)
        if self._began_ms is not None and at_ms - now_ms > _SILENCE_MS:
            # Nothing came for a while: no frame lasts for that long.
            self._close(now_ms)
            self._is_break = True
        self._now_ms = max(now_ms, at_ms)
        if kind == VIDEO:
            self._has_picture = True
            self._picture(at_ms, payload, is_key=is_key)
        else:
            self._sound(at_ms, payload)
        if self._making_bytes > self._making_most:
            self._give_up()

    def _picture(self, at_ms: int, payload: Payload, *, is_key: bool) -> None:
        if self._video is None:
            return
        if is_key and (self._began_ms is None or at_ms - self._began_ms >= _LEAST_MS):
            self._close(at_ms)
            self._begin(at_ms)
        if self._began_ms is None:
            return
        found = _coded(payload)
        if found is None:
            return
        at, later_ms = found
        if self._frames:  # times that stand still or go back a little
            at_ms = max(at_ms, self._frames[-1].at)
        self._frames.append(Sample(at_ms, later_ms, is_key, memoryview(payload)[at:]))
        self._making_bytes += len(payload) + _SAMPLE_BYTES

    def _sound(self, at_ms: int, payload: Payload) -> None:
        tracks = flv.tracks(AUDIO, payload)
        if self._audio is None or len(tracks) != 1:
            return
        track = tracks[0]
        if track.packet != 1 or track.codec != "mp4a" or track.at >= len(payload):
            return
        if not self._has_picture and (
            self._began_ms is None or at_ms - self._began_ms >= _SOUND_MS
        ):
            self._close(at_ms)
            self._begin(at_ms)
        if self._began_ms is None:
            return
        rate = self._audio.timescale
        told = at_ms * rate // MILLISECONDS
        if abs(told - self._sound_at) > rate * _APART_S:
            self._sound_at = max(told, self._sounds[-1].at + 1 if self._sounds else 0)
        self._sounds.append(Sample(self._sound_at, 0, True, memoryview(payload)[track.at :]))
        self._sound_at += FRAME_SAMPLES
        self._making_bytes += len(payload) + _SAMPLE_BYTES

    def _begin(self, at_ms: int) -> None:
        if self._opening is None:
            entries = [one for one in (self._video, self._audio) if one is not None]
            self._openings_made += 1
            self._opening = f"{self._name}-{self._openings_made}.mp4"
            self.openings[self._opening] = opening(entries)
            self.entries[self._opening] = entries
            self._is_break = self._is_break or self._openings_made > 1
        self._began_ms = at_ms

    def _close(self, ends_ms: int) -> None:
        """Make a segment of what has come."""
        began_ms, name = self._began_ms, self._opening
        frames, sounds = self._frames, self._sounds
        self._drop()
        if began_ms is None or name is None or not (frames or sounds):
            return
        body = write_segment(
            self._number,
            [Run(VIDEO_TRACK, frames, ends_ms), Run(AUDIO_TRACK, sounds, self._sound_at)],
        )
        duration_ms = max(ends_ms - began_ms, 1)
        called = f"{self._name}-{self._number}.m4s"
        made = Segment(self._number, called, body, duration_ms, name, self._is_break)
        self._number += 1
        self._is_break = False
        self.fault = None
        self.segments.append(made)
        self._kept_bytes += len(body)
        while len(self.segments) > 1 and (
            self._kept_bytes > self._kept_most or len(self.segments) > WINDOW + _BESIDE
        ):
            self._forget()
        self._on_segment()

    def _forget(self) -> None:
        gone = self.segments.popleft()
        self._kept_bytes -= len(gone.body)
        self.breaks += gone.is_break
        needed = {one.opening for one in self.segments} | {self._opening}
        self.openings = {name: body for name, body in self.openings.items() if name in needed}
        self.entries = {name: found for name, found in self.entries.items() if name in needed}

    def _leave(self) -> None:
        """Close what has come, since what follows is described otherwise."""
        if self._began_ms is not None:
            self._close(self._now_ms or 0)
        self._opening = None

    def _give_up(self) -> None:
        """Throw away what is too long to be kept, and wait for the next keyframe."""
        self._drop()
        self.fault = (
            "Too much comes between two keyframes for a preview. Set the encoder's keyframe "
            "interval to 2 s, or lower its bitrate."
        )
        self._is_break = True

    def _drop(self) -> None:
        self._frames, self._sounds = [], []
        self._began_ms = None
        self._making_bytes = 0


def _coded(payload: Payload) -> tuple[int, int] | None:
    """Where a frame's bytes begin, and how much later than decoded it is shown, in ms."""
    tracks = flv.tracks(VIDEO, payload)
    if len(tracks) != 1:
        return None
    track = tracks[0]
    if not flv.is_enhanced(VIDEO, payload):
        is_frame, at = track.packet == 1, track.at
        later_ms = _signed(payload, 2) if is_frame and track.at <= len(payload) else 0
    else:
        has_time = track.packet == 1 and track.codec in {"avc1", "hvc1"}
        is_frame, at = track.packet in {1, 3}, track.at + 3 * has_time
        later_ms = _signed(payload, track.at) if has_time and at <= len(payload) else 0
    if not is_frame or at >= len(payload):
        return None
    return at, min(max(later_ms, -_MOST_LATER_MS), _MOST_LATER_MS)


def _signed(payload: Payload, at: int) -> int:
    """A signed number of three bytes."""
    value = payload[at] << 16 | payload[at + 1] << 8 | payload[at + 2]
    return value - (1 << 24) if value & 0x800000 else value
