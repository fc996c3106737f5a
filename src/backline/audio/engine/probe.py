"""What a stranger's file is, by its content: runs inside a confined child, plain and blocking.

Names and declared types are never looked at. `source.inspect` is the way in from outside.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

import av
import msgspec
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.stream import VideoStream

from backline.audio.engine import bounds
from backline.audio.engine.findings import Probe, Refused
from backline.audio.engine.formats import CONTAINERS, DEMUXERS, Container, decoders_of, not_audio
from backline.audio.engine.pictures import FRONT_COVER, OTHER, Embedded, write_pictures
from backline.audio.engine.pieces import MOST_PIECES, Piece, Window, pieces_of
from backline.audio.engine.sampling import sound_hash

_HEAD_BYTES: Final = 64 * 1024
_FIRST_PACKETS: Final = 400
_MOST_ATTACHED: Final = 20
_MOST_TEXTS: Final = 50
_ASF_ENCRYPTION: Final = bytes.fromhex("fbb311 2223bdd211b4b700a0c955fc6e".replace(" ", ""))
_PROTECTED_TAGS: Final = frozenset({"drms", "drmi", "enca", "encv", "aavd"})
_OPTIONS: Final = {
    "format_whitelist": DEMUXERS,
    "protocol_whitelist": "file",
    "probesize": "5000000",
    "analyzeduration": "5000000",
}

_PROTECTED: Final = (
    "This file is copy-protected, so only its shop's own player can open it. "
    "Upload an unprotected copy."
)


def probe(path: str, folder: str) -> Probe | Refused:
    """Open each piece of the file, choose its first audio stream, decode the first frame of it.

    Pictures that are attached to it are written into `folder`, unless that is empty.
    """
    with Path(path).open("rb") as file:
        found = probe_open(file, folder)
        if isinstance(found, Refused):
            return found
        return msgspec.structs.replace(found, sound_hash=sound_hash(file))


def probe_open(file: BinaryIO, folder: str) -> Probe | Refused:
    """The same of a file that is open."""
    size_bytes = file.seek(0, 2)
    if not size_bytes:
        return Refused("The file is empty: it holds no bytes at all. Upload it again.")
    pieces = pieces_of(file)
    if len(pieces) > MOST_PIECES:
        return Refused(
            f"This file is a chain of more than {MOST_PIECES:,} recordings. "
            "Cut it into tracks and upload those."
        )
    opened = [(piece, _probe_piece(file, piece, folder)) for piece in pieces]
    good = [(piece, found) for piece, found in opened if isinstance(found, Probe)]
    if not good and pieces[0].offset:
        whole = _probe_piece(file, Piece(0, size_bytes), folder)
        return whole if isinstance(whole, Probe) else opened[0][1]
    if not good:
        return opened[0][1]
    return _joined([piece for piece, _ in good], [found for _, found in good], size_bytes)


def _joined(pieces: list[Piece], found: list[Probe], size_bytes: int) -> Probe | Refused:
    first = found[0]
    lengths_s = [piece.duration_s for piece in found]
    duration_s = sum(length_s or 0 for length_s in lengths_s) if all(lengths_s) else None
    fault = bounds.too_long(duration_s or 0)
    if fault is not None:
        return Refused(fault)
    return msgspec.structs.replace(
        first,
        decoders=",".join(dict.fromkeys(piece.decoders for piece in found)),
        channels=max(piece.channels for piece in found),
        duration_s=duration_s,
        size_bytes=size_bytes,
        has_video=any(piece.has_video for piece in found),
        pieces=pieces if pieces != [Piece(0, size_bytes)] else [],
    )


def _probe_piece(file: BinaryIO, piece: Piece, folder: str) -> Probe | Refused:
    window = Window(file, piece)
    head = window.read(_HEAD_BYTES)
    window.seek(0)
    try:
        return _probe_open(window, head, piece.size_bytes, folder)
    except (FFmpegError, ValueError, IndexError, OSError):  # OSError: led to where no byte can be
        if head[4:8] == b"ftyp":
            return Refused(
                "This MP4 file is incomplete: the part that says where its sound lies is "
                "missing. Its upload or recording was probably cut short."
            )
        return Refused(not_audio(head))


def _probe_open(window: Window, head: bytes, size_bytes: int, folder: str) -> Probe | Refused:
    with av.open(window, "r", options=_OPTIONS, metadata_errors="surrogateescape") as opened:
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
        pictures = _attached(opened, folder) if folder else 0
        found = _measured(opened, stream, kind, codec, decoders, head, size_bytes)
    if isinstance(found, Probe):
        return msgspec.structs.replace(found, pictures=pictures)
    return found


def _attached(opened: InputContainer, folder: str) -> int:
    """Write the attached pictures; Matroska calls the front `cover.jpg` (RFC 9559 §21.2)."""
    streams = [video for video in opened.streams.video if _is_picture(video)][:_MOST_ATTACHED]
    if not streams:
        return 0
    found: dict[int, Embedded] = {}
    # libavformat hands them out before anything else.
    for packet in islice(opened.demux(streams), _MOST_ATTACHED):
        name = packet.stream.metadata.get("filename", "").lower()
        kind = FRONT_COVER if name.startswith("cover.") or not name else OTHER
        found.setdefault(packet.stream.index, Embedded(bytes(packet), kind))
        if len(found) == len(streams):
            break
    opened.seek(0)
    return write_pictures(list(found.values()), folder)[0]


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
            texts.setdefault(_text(name).lower()[:50], _text(value)[: bounds.MAX_TEXT_CHARS])
    return texts


def _text(value: str) -> str:
    """A text of a container's: UTF-8, or what old programs on Windows write."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return value
