"""What a stranger's file is, by its content: runs inside a confined child, plain and blocking.

Names and declared types are never looked at. `source.inspect` is the way in from outside.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.stream import VideoStream

from backline.audio.engine import bounds
from backline.audio.engine.findings import Probe, Refused
from backline.audio.engine.formats import CONTAINERS, DEMUXERS, Container, decoders_of, not_audio

_HEAD_BYTES: Final = 64 * 1024
_FIRST_PACKETS: Final = 400
_MOST_TEXTS: Final = 50
_ASF_ENCRYPTION: Final = bytes.fromhex("fbb311 2223bdd211b4b700a0c955fc6e".replace(" ", ""))
_PROTECTED_TAGS: Final = frozenset({"drms", "drmi", "enca", "encv", "aavd"})


_PROTECTED: Final = (
    "This file is copy-protected, so only its shop's own player can open it. "
    "Upload an unprotected copy."
)


class _Nameless:
    """A file without its name: libavformat would believe an ending more than a short MP3."""

    def __init__(self, file: BinaryIO) -> None:
        self.read, self.seek, self.tell = file.read, file.seek, file.tell


def probe(path: str) -> Probe | Refused:
    """Open the file, choose its first audio stream and decode the first frame of it."""
    with Path(path).open("rb") as file:
        head = file.read(_HEAD_BYTES)
        size_bytes = file.seek(0, 2)
    if not size_bytes:
        return Refused("The file is empty: it holds no bytes at all. Upload it again.")
    try:
        return _probe_open(path, head, size_bytes)
    except (FFmpegError, ValueError, IndexError):
        if head[4:8] == b"ftyp":
            return Refused(
                "This MP4 file is incomplete: the part that says where its sound lies is "
                "missing. Its upload or recording was probably cut short."
            )
        return Refused(not_audio(head))


def _probe_open(path: str, head: bytes, size_bytes: int) -> Probe | Refused:
    options = {
        "format_whitelist": DEMUXERS,
        "protocol_whitelist": "file",
        "probesize": "5000000",
        "analyzeduration": "5000000",
    }
    with (
        Path(path).open("rb") as file,
        av.open(_Nameless(file), "r", options=options, metadata_errors="replace") as opened,
    ):
        kind = CONTAINERS.get(opened.format.name)
        if kind is None:
            return Refused(not_audio(head))
        stream = next(iter(opened.streams.audio), None)
        if stream is None:
            return Refused("This file has no sound in it: no audio track was found.")
        context: Any = stream.codec_context  # None where libavcodec has no decoder
        codec = context.codec.canonical_name if context is not None else "unknown"
        decoders = decoders_of(codec)
        if decoders is None or context is None:
            return Refused(f"Its sound is coded as {codec!r}, which Backline can't read.")
        if context.codec_tag in _PROTECTED_TAGS or _ASF_ENCRYPTION in head:
            return Refused(_PROTECTED)
        return _measured(opened, stream, kind, codec, decoders, head, size_bytes)


def _measured(
    opened: InputContainer,
    stream: AudioStream,
    kind: Container,
    codec: str,
    decoders: str,
    head: bytes,
    size_bytes: int,
) -> Probe | Refused:
    frame = _first_frame(opened, stream)
    if frame is None:
        return Refused("No sound could be read from this file: it is damaged from its start.")
    fault = _absurd(frame.sample_rate, frame.layout.nb_channels)
    duration_s = _duration_s(opened, stream, size_bytes if codec.startswith("pcm_") else None)
    over = duration_s is not None and duration_s > bounds.MAX_DURATION_S
    if over and kind.estimates_duration:
        duration_s = _counted_s(opened, stream)
    fault = fault or bounds.too_long(duration_s or 0)
    if fault is not None:
        return Refused(fault)
    return Probe(
        container=kind.name,
        demuxer=kind.demuxer,
        content_type=_content_type(kind, head, codec),
        codec=codec,
        decoders=decoders,
        sample_rate_hz=frame.sample_rate,
        channels=frame.layout.nb_channels,
        bitrate_bps=stream.bit_rate or opened.bit_rate or None,
        duration_s=duration_s,
        size_bytes=size_bytes,
        has_video=any(not _is_picture(video) for video in opened.streams.video),
        texts=_texts(opened, stream),
    )


def _is_picture(stream: VideoStream) -> bool:
    return bool(stream.disposition & Disposition.attached_pic)


def _frames(opened: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    for count, packet in enumerate(opened.demux(stream)):
        if count > _FIRST_PACKETS:
            return
        try:
            yield from packet.decode()
        except FFmpegError:
            continue


def _first_frame(opened: InputContainer, stream: AudioStream) -> AudioFrame | None:
    try:
        return next((frame for frame in _frames(opened, stream) if frame.samples), None)
    except FFmpegError:
        return None


def _absurd(sample_rate_hz: int, channels: int) -> str | None:
    if not bounds.MIN_SAMPLE_RATE_HZ <= sample_rate_hz <= bounds.MAX_SAMPLE_RATE_HZ:
        return (
            f"Its sample rate is {sample_rate_hz:,} Hz; Backline takes "
            f"{bounds.MIN_SAMPLE_RATE_HZ:,} to {bounds.MAX_SAMPLE_RATE_HZ:,} Hz."
        )
    if not 1 <= channels <= bounds.MAX_CHANNELS:
        return f"It has {channels} channels; Backline takes 1 to {bounds.MAX_CHANNELS}."
    return None


def _duration_s(opened: InputContainer, stream: AudioStream, pcm_bytes: int | None) -> float | None:
    if stream.duration and stream.time_base:
        claimed = float(stream.duration * stream.time_base)
    elif opened.duration:
        claimed = opened.duration / av.time_base
    else:
        return None
    # A WAV file that was streamed claims 4 GB; PCM can't hold more than its bytes.
    if pcm_bytes is not None and stream.bit_rate:
        return min(claimed, pcm_bytes * 8 / stream.bit_rate)
    return claimed if claimed > 0 else None


def _counted_s(opened: InputContainer, stream: AudioStream) -> float:
    """Count the packets, where the claimed length was only guessed from the first of them."""
    opened.seek(0)
    counted_s = 0.0
    for packet in opened.demux(stream):
        if packet.duration and packet.time_base:
            counted_s += float(packet.duration * packet.time_base)
    return counted_s


def _content_type(kind: Container, head: bytes, codec: str) -> str:
    if kind.name == "matroska" and b"webm" in head[:64]:
        return "audio/webm"
    if kind.name == "mp3" and codec == "mp2":
        return "audio/mpeg"
    return kind.content_type


def _texts(opened: InputContainer, stream: AudioStream) -> dict[str, str]:
    texts: dict[str, str] = {}
    for source in (opened.metadata, stream.metadata):
        for name, value in source.items():
            if len(texts) >= _MOST_TEXTS:
                return texts
            texts.setdefault(name.lower()[:50], value[: bounds.MAX_TEXT_CHARS])
    return texts
