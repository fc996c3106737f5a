"""The containers and codecs that are let in, and names for common things that aren't sound.

Everything else is refused before a decoder sees it: the fewer decoders strangers' bytes can
reach, the fewer faults in them matter.
"""

from typing import Final

import msgspec


class Container(msgspec.Struct, frozen=True):
    """A container: our name, libavformat's demuxer, media type, and how its length is known."""

    name: str
    demuxer: str
    content_type: str
    estimates_duration: bool = False


CONTAINERS: Final[dict[str, Container]] = {
    "mp3": Container("mp3", "mp3", "audio/mpeg", estimates_duration=True),
    "aac": Container("adts", "aac", "audio/aac", estimates_duration=True),
    "flac": Container("flac", "flac", "audio/flac"),
    "wav": Container("wav", "wav", "audio/wav"),
    "w64": Container("w64", "w64", "audio/x-w64"),
    "aiff": Container("aiff", "aiff", "audio/aiff"),
    "caf": Container("caf", "caf", "audio/x-caf"),
    "ogg": Container("ogg", "ogg", "audio/ogg"),
    "mov,mp4,m4a,3gp,3g2,mj2": Container("mp4", "mov", "audio/mp4"),
    "matroska,webm": Container("matroska", "matroska", "audio/x-matroska"),
    "asf": Container("asf", "asf", "audio/x-ms-wma"),
    "wv": Container("wavpack", "wv", "audio/x-wavpack"),
    "ape": Container("ape", "ape", "audio/x-ape"),
    "tta": Container("tta", "tta", "audio/x-tta"),
    "mpc": Container("musepack", "mpc", "audio/x-musepack"),
    "mpc8": Container("musepack", "mpc8", "audio/x-musepack"),
    "au": Container("au", "au", "audio/basic"),
    "ac3": Container("ac3", "ac3", "audio/ac3", estimates_duration=True),
    "eac3": Container("eac3", "eac3", "audio/eac3", estimates_duration=True),
    "dsf": Container("dsf", "dsf", "audio/x-dsf"),
}
"""libavformat's name of each container that is let in."""

DEMUXERS: Final = ",".join(container.demuxer for container in CONTAINERS.values())

_DECODERS: Final[dict[str, str]] = {
    "mp3": "mp3float,mp3",
    "mp2": "mp2float,mp2",
    "aac": "aac",
    "opus": "opus,libopus",
    "vorbis": "vorbis,libvorbis",
    "flac": "flac",
    "alac": "alac",
    "wavpack": "wavpack",
    "ape": "ape",
    "wmav1": "wmav1",
    "wmav2": "wmav2",
    "wmapro": "wmapro",
    "wmalossless": "wmalossless",
    "adpcm_ms": "adpcm_ms",
    "adpcm_ima_wav": "adpcm_ima_wav",
    "adpcm_ima_qt": "adpcm_ima_qt",
    "tta": "tta",
    "mpc7": "mpc7",
    "mpc8": "mpc8",
    "ac3": "ac3",
    "eac3": "eac3",
    "dsd_lsbf_planar": "dsd_lsbf_planar",
    "dsd_msbf_planar": "dsd_msbf_planar",
}

_PCM: Final = (
    *("pcm_u8", "pcm_s8", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be"),
    *("pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_f32be", "pcm_f64le", "pcm_f64be"),
    *("pcm_alaw", "pcm_mulaw", "pcm_s64le", "pcm_s64be", "pcm_s8_planar"),
)


def decoders_of(codec: str) -> str | None:
    """The decoders allowed for a codec, comma-separated, or None when it isn't let in."""
    if codec in _PCM:
        return codec
    return _DECODERS.get(codec)


ENDINGS: Final = frozenset(
    {
        *("3g2", "3gp", "aac", "ac3", "aif", "aifc", "aiff", "alac", "ape", "asf", "au", "bwf"),
        *("caf", "dsf", "eac3", "f4a", "fla", "flac", "m4a", "m4b", "m4r", "m4v", "mka", "mkv"),
        *("mov", "mp+", "mp2", "mp3", "mp4", "mpa", "mpc", "mpga", "mpp", "oga", "ogg", "ogv"),
        *("opus", "rf64", "snd", "tta", "w64", "wav", "wave", "webm", "wma", "wv"),
    }
)
"""The endings of files that hold sound; all else behind a dot is a part of the name."""

_TELLTALES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"MThd", "a MIDI file, which holds notes but no sound"),
    (b"#EXTM3U", "a playlist, which holds addresses but no sound"),
    (b"ffconcat", "a list of other files"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"<?xml", "an XML document"),
    (b"<svg", "a picture (SVG)"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
)

_STRANGE: Final[tuple[tuple[bytes, str], ...]] = (
    (b"FRM8", "DSDIFF"),
    (b"tBaK", "TAK"),
    (b"OFR ", "OptimFROG"),
    (b"ajkg", "Shorten"),
    (b".RMF", "RealMedia"),
    (b".ra\xfd", "RealAudio"),
    (b"#!AMR", "AMR"),
    (b"\x7f\xfe\x80\x01", "DTS"),
    (b"LA02", "Lossless Audio"),
    (b"LA03", "Lossless Audio"),
    (b"LA04", "Lossless Audio"),
    (b"NVF ", "NVF"),
    (b"Extended Module:", "XM"),
    (b"IMPM", "IT"),
    (b"Creative Voice File", "VOC"),
)
"""Formats that do hold sound, by their first bytes, but whose decoders aren't let in."""

_WANTED: Final = (
    "Backline plays MP3, AAC, FLAC, ALAC, WAV, AIFF, Ogg Vorbis, Opus, WMA, WavPack, APE, TTA, "
    "Musepack, AC-3, DSF, AU and WebM."
)


def not_audio(head: bytes) -> str:
    """Say what a file that is no known audio seems to be, from its first bytes."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, what in _TELLTALES:
        if start.startswith(magic):
            return f"This is not audio but {what}. {_WANTED}"
    for magic, name in _STRANGE:
        if start.startswith(magic):
            return f"The format of this file, {name}, isn't taken. {_WANTED}"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return f"This is not audio but a picture (WebP). {_WANTED}"
    if head and not head.strip(b"\0"):
        return "The file holds nothing but zeros, so its upload or copy went wrong. Try it again."
    if _is_text(head):
        return f"This is not audio but text. {_WANTED}"
    return f"No sound was found in this file: it is no audio format that is known here. {_WANTED}"


def _is_text(head: bytes) -> bool:
    return bool(head) and all(byte >= ord(" ") or byte in b"\t\r\n" for byte in head[:512])
