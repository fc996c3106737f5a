"""What a player is given of a track: the original, a rendition, or what is made for it."""

from typing import Final, Literal

import msgspec

from backline.audio import originals
from backline.audio.engine.ladder import RungName
from backline.audio.engine.transcode import Coding, Target, target
from backline.audio.sounds import Sound

Original = Literal["original"]
Choice = Original | RungName | Target
ORIGINAL: Final = "original"

# A claimed rate is one of ours or of an encoder's: the average of what it made is a bit more.
_TOLERANCE: Final = 1.03
_BEST_KBPS: Final[dict[Coding, int]] = {"mp3": 320, "opus": 192}
_CODINGS: Final[dict[str, Coding]] = {
    "mp3": "mp3",
    "opus": "opus",
    "ogg": "opus",
    "oga": "opus",
}
_AAC: Final = frozenset({"aac", "m4a", "mp4"})
_SAME: Final = {"mp3": "mp3", "opus": "opus", "ogg": "opus vorbis", "oga": "opus vorbis"}


class Wish(msgspec.Struct, frozen=True):
    """What a player asks for: `most_kbps` is 0 for no bound, `format` empty for whatever plays."""

    format: str = ""
    most_kbps: int = 0
    offset_s: int = 0


def choose(sound: Sound, wish: Wish) -> Choice:
    """What suits a wish best; what lies there whole goes before what would have to be made."""
    if wish.format == "raw":
        return ORIGINAL
    coding = _CODINGS.get(wish.format)
    if not wish.offset_s:
        if _original_suits(sound, wish):
            return ORIGINAL
        if coding is None:
            rung = _rung(sound, wish.most_kbps)
            if rung is not None:
                return rung
    coding = coding or "mp3"
    return target(coding, wish.most_kbps or _BEST_KBPS[coding])


def _original_suits(sound: Sound, wish: Wish) -> bool:
    kbps, codec = sound.original_kbps, sound.codec or ""
    if wish.most_kbps and (kbps is None or kbps > wish.most_kbps * _TOLERANCE):
        return False
    if wish.format in _SAME:
        return codec in _SAME[wish.format].split()
    if wish.format in _AAC and sound.details is not None:
        return codec == "aac"
    return originals.plays(sound.row.content_type, codec)


def _rung(sound: Sound, most_kbps: int) -> RungName | None:
    """The best rendition within a bit rate."""
    best: RungName | None = None
    for name, kbps in sound.rungs_kbps.items():  # from low to high
        if not most_kbps or kbps <= most_kbps * _TOLERANCE:
            best = name
    return best
