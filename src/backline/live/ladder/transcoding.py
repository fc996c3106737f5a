"""One segment in smaller sizes: runs inside a confined process, plain and blocking.

Sound is taken as it is. Pictures keep their times and begin with a keyframe, so that players may
change from any size to any other between two segments.
"""

import io
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import av
from av.container import InputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from backline.live.ladder.steps import AUDIO, Step, pixel_of, size_of, steps_below
from backline.live.preview import codecs
from backline.live.preview.boxes import AUDIO_TRACK, VIDEO_TRACK, Entry, Run, Sample, opening
from backline.live.preview.boxes import segment as write_segment
from backline.live.preview.pieces import Made, Piece, Rung

_OPTIONS: Final = {"format_whitelist": "mov", "protocol_whitelist": ""}
# Of more than some 30 pictures a second every other is left out.
_LEAST_APART_MS: Final = 29
_FPS: Final = 30
_PARAMETERS, _MORE_PARAMETERS = 7, 8
_LEFT_OUT: Final = frozenset({6, 9})  # remarks, and marks between pictures


def transcode(piece: Piece, most_px: int) -> Made:
    """A segment in the steps below its own size, up to `most_px`, and its sound alone.

    Without a picture there is nothing to be made.
    """
    data = io.BytesIO(piece.opening + piece.body)
    with av.open(data, "r", format="mov", options=_OPTIONS) as film:
        if not film.streams.video:
            return Made(piece.number, [])
        return Made(piece.number, _rungs(film, piece, most_px))


def _rungs(film: InputContainer, piece: Piece, most_px: int) -> list[Rung]:
    video = film.streams.video[0]
    video.codec_context.thread_count = 1
    width, height = video.codec_context.width, video.codec_context.height
    pixel = pixel_of(video.sample_aspect_ratio)
    steps = steps_below(width, height, most_px, pixel)
    encoders = [_Encoder(one, size_of(one, width, height, pixel)) for one in steps]
    sounds: list[Sample] = []
    sounds_end = 0
    ends: list[tuple[int, int]] = []
    first: tuple[int, int] | None = None  # when the first picture is decoded, and when shown
    last_ms = -_LEAST_APART_MS
    for packet in film.demux():
        if packet.stream.type == "audio" and packet.dts is not None:
            sounds.append(Sample(packet.dts, 0, True, memoryview(bytes(packet))))
            sounds_end = packet.dts + (packet.duration or 0)
        elif packet.stream.index == video.index and steps:
            if packet.dts is not None:
                shown = packet.dts if packet.pts is None else packet.pts
                first = first or (packet.dts, shown)
                ends.append((packet.dts, packet.duration or 0))
            for frame in _pictures(video, packet):
                # What is shown before the keyframe depends on what isn't here.
                at = frame.pts
                if at is None or first is None or at < first[1] or at - last_ms < _LEAST_APART_MS:
                    continue
                last_ms = at
                for encoder in encoders:
                    encoder.take(frame, at)
    heard = _sound(film)
    rungs: list[Rung] = []
    if first is not None:
        ends_ms = sum(ends[-1]) + first[1] - first[0]
        sound = Run(AUDIO_TRACK, sounds, sounds_end)
        rungs = [one.rung(piece, ends_ms, heard, sound) for one in encoders]
    if heard is not None and sounds:
        body = write_segment(piece.number, [Run(AUDIO_TRACK, sounds, sounds_end)])
        rungs.append(Rung(AUDIO, 0, 0, 0.0, heard.codecs, opening([heard]), body))
    return rungs


def _pictures(video: VideoStream, packet: Any) -> list[VideoFrame]:
    """The pictures that a packet brings; at the end those that were held back."""
    context: Any = video.codec_context  # whose packets' type is unknown
    return context.decode(None if packet.dts is None else packet)


def _sound(film: InputContainer) -> Entry | None:
    """How the sound is described."""
    if not film.streams.audio:
        return None
    return codecs.audio("mp4a", film.streams.audio[0].codec_context.extradata or b"")


class _Encoder:
    """One step of a segment."""

    def __init__(self, step: Step, size: tuple[int, int]) -> None:
        self._step, self._size = step, size
        self._samples: list[Sample] = []
        self._has_begun = False
        self._parameters: dict[int, bytes] = {}
        # The type of its packets is unknown.
        self._context: Any = VideoCodecContext.create("libx264", "w")
        self._context.width, self._context.height = size
        self._context.pix_fmt = "yuv420p"
        self._context.time_base = Fraction(1, codecs.MILLISECONDS)
        self._context.framerate = Fraction(_FPS)
        self._context.bit_rate = step.kbps * 1_000
        self._context.thread_count = 1
        self._context.options = {
            "preset": "superfast",
            "profile": "main",
            "bf": "0",
            "g": "100000",  # the keyframe at the beginning is the only one
            "sc_threshold": "0",
            "maxrate": str(step.kbps * 1_200),
            "bufsize": str(step.kbps * 1_500),
        }

    def take(self, frame: VideoFrame, at_ms: int) -> None:
        """Make a picture small, and encode it."""
        width, height = self._size
        small = frame.reformat(width, height, "yuv420p", interpolation="BILINEAR")
        small.pts, small.time_base = at_ms, self._context.time_base
        small.pict_type = PictureType.NONE if self._has_begun else PictureType.I
        self._has_begun = True
        for packet in self._context.encode(small):
            self._keep(packet)

    def rung(self, piece: Piece, ends_ms: int, heard: Entry | None, sound: Run) -> Rung:
        """All of it, with the sound."""
        for packet in self._context.encode(None):
            self._keep(packet)
        entry = codecs.video("avc1", self._configuration(), self._size)
        if entry is None or not self._samples:
            raise ValueError("The encoder made no picture.")
        entries = [entry] if heard is None else [entry, heard]
        body = write_segment(piece.number, [Run(VIDEO_TRACK, self._samples, ends_ms), sound])
        named = ",".join(one.codecs for one in entries)
        fps = len(self._samples) * 1_000 / piece.duration_ms
        return Rung(self._step.name, *self._size, fps, named, opening(entries), body)

    def _keep(self, packet: Any) -> None:
        """Keep a picture as MP4 has it: units with their lengths, and its description apart."""
        units: list[bytes] = []
        for unit in _units(bytes(packet)):
            kind = unit[0] & 0x1F
            if kind in {_PARAMETERS, _MORE_PARAMETERS}:
                self._parameters[kind] = unit
            elif kind not in _LEFT_OUT:
                units += [len(unit).to_bytes(4, "big"), unit]
        at = packet.pts if packet.pts is not None else 0
        self._samples.append(Sample(at, 0, not self._samples, memoryview(b"".join(units))))

    def _configuration(self) -> bytes:
        """The `avcC` (ISO/IEC 14496-15 §5.3.3.1)."""
        one, other = self._parameters[_PARAMETERS], self._parameters[_MORE_PARAMETERS]
        head = b"\x01" + one[1:4] + b"\xff\xe1"
        sizes = (len(one).to_bytes(2, "big"), len(other).to_bytes(2, "big"))
        return head + sizes[0] + one + b"\x01" + sizes[1] + other


def _units(data: bytes) -> Iterator[bytes]:
    """The units of a byte stream (ITU-T H.264 Annex B)."""
    for part in data.split(b"\0\0\x01"):
        unit = part.rstrip(b"\0")
        if unit:
            yield unit
