"""How a player hears a track: as it is, by a stored rendition, or converted while it listens.

The decision is the player's: its profiles are taken in their order, and the first that can be had
counts. What was decided is named in a word that the player hands back.
"""

import re
from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from backline.audio.engine.ladder import RungName
from backline.audio.engine.transcode import Coding, Target, made_channels, made_rate_hz, target
from backline.audio.sounds import Sound
from backline.audio.subsonic.client_info import (
    ClientInfo,
    DirectPlayProfile,
    Facts,
    TranscodingProfile,
)
from backline.audio.subsonic.faults import Code, Refused
from backline.audio.transcoding import Source

# An encoder's average is a bit more than what it was told.
_TOLERANCE: Final = 1.03
_BEST_KBPS: Final[dict[Coding, int]] = {"mp3": 320, "opus": 192}
_STEPS_KBPS: Final = (320, 256, 224, 192, 160, 128, 112, 96, 80, 64, 48, 40, 32, 24, 16)
_CONTAINERS: Final[dict[str, tuple[str, ...]]] = {
    "audio/mpeg": ("mp3",),
    "audio/mp4": ("mp4", "m4a", "m4b"),
    "audio/aac": ("aac", "adts"),
    "audio/flac": ("flac",),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/wav": ("wav",),
    "audio/webm": ("webm", "mka"),
    "audio/x-matroska": ("mka", "matroska", "webm"),
    "audio/aiff": ("aiff", "aif"),
    "audio/x-ms-wma": ("wma", "asf"),
    "audio/x-wavpack": ("wv", "wavpack"),
    "audio/x-ape": ("ape",),
    "audio/x-tta": ("tta",),
    "audio/x-musepack": ("mpc", "musepack"),
    "audio/x-dsf": ("dsf",),
}
_MADE: Final[dict[tuple[str, str], Coding]] = {
    ("mp3", "mp3"): "mp3",
    ("ogg", "opus"): "opus",
    ("oga", "opus"): "opus",
    ("opus", "opus"): "opus",
}
_RENDITIONS: Final = frozenset({"mp4", "m4a"})
_AAC: Final = frozenset({"aac"})
_PARAMS = re.compile(r"(?:aac\.(?P<rung>low|medium|high)|(?P<coding>mp3|opus)\.(?P<kbps>\d{1,3}))")
_NO_DIRECT: Final = "no direct play of this container and codec"
_TOO_MUCH: Final = "the bit rate is above what the player takes"
_LIMITED: Final = "the codec is limited by the player"


class StreamDetails(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """A sound; rates in bits per second and Hz."""

    container: str
    codec: str
    protocol: Literal["http"] = msgspec.field(default_factory=lambda: "http")
    audio_channels: int = 0
    audio_bitrate: int = 0
    audio_samplerate: int = 0


class Decision(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What a player may do; `transcode_params` go with `getTranscodeStream`."""

    can_direct_play: bool = msgspec.field()
    can_transcode: bool = msgspec.field()
    transcode_reason: list[str] = []
    error_reason: str = ""
    transcode_params: str = ""
    source_stream: StreamDetails | None = None
    transcode_stream: StreamDetails | None = None


class Made(msgspec.Struct, frozen=True):
    """What a track can be given as: a rendition, or what is converted."""

    choice: RungName | Target
    details: StreamDetails

    @property
    def params(self) -> str:
        """The word for it."""
        if isinstance(self.choice, Target):
            return f"{self.choice.coding}.{self.choice.bitrate_bps // 1000}"
        return f"aac.{self.choice}"


def decide(sound: Sound, source: Source | None, info: ClientInfo) -> Decision:
    """What suits a player; `source` is what could be converted, None where nothing can."""
    reason = _why_not_direct(sound, info)
    made = next(_possible(sound, source, info), None)
    error = ""
    if reason is not None and made is None:
        error = "This track can't be given as the player needs it."
    return Decision(
        reason is None,
        made is not None,
        [] if reason is None else [reason],
        error,
        "" if made is None else made.params,
        _of_original(sound),
        None if made is None else made.details,
    )


def chosen(params: str) -> RungName | Target:
    """What was decided before.

    Raises:
        Refused: no decision said this.
    """
    found = _PARAMS.fullmatch(params)
    if found is None:
        raise Refused(Code.OTHER, "These aren't the transcodeParams of a decision. Ask for one.")
    match found["rung"], found["coding"]:
        case ("low" | "medium" | "high") as rung, _:
            return rung
        case _, ("mp3" | "opus") as coding:
            return target(coding, int(found["kbps"]))
        case _:
            raise AssertionError(params)


def _of_original(sound: Sound) -> StreamDetails:
    containers = _CONTAINERS.get(sound.row.content_type, ("unknown",))
    rate = round((sound.original_kbps or 0) * 1000)
    return StreamDetails(containers[0], sound.codec or "unknown", audio_bitrate=rate)


def _why_not_direct(sound: Sound, info: ClientInfo) -> str | None:
    """Why the original can't be played as it is; None where it can."""
    codec = _names_of(sound.codec or "")
    containers = frozenset(_CONTAINERS.get(sound.row.content_type, ()))
    if not any(_takes(one, containers, codec) for one in info.direct_play_profiles):
        return _NO_DIRECT
    rate_bps = (sound.original_kbps or 0) * 1000
    if info.max_audio_bitrate and rate_bps > info.max_audio_bitrate * _TOLERANCE:
        return _TOO_MUCH
    facts: Facts = {"audioBitrate": round(rate_bps)} if rate_bps else {}
    return None if info.allows(codec, facts) else _LIMITED


def _takes(profile: DirectPlayProfile, containers: frozenset[str], codec: frozenset[str]) -> bool:
    def has(said: list[str], any_of: frozenset[str]) -> bool:
        return not said or any(one.lower() in any_of for one in said)

    return (
        has(profile.protocols, frozenset({"http"}))
        and has(profile.containers, containers)
        and has(profile.audio_codecs, codec)
    )


def _possible(sound: Sound, source: Source | None, info: ClientInfo) -> Iterator[Made]:
    """What can be had, by the player's profiles in their order."""
    for profile in info.transcoding_profiles:
        container, codec = profile.container.lower(), profile.audio_codec.lower()
        if profile.protocol.lower() != "http":
            continue
        if container in _RENDITIONS and codec == "aac":
            offered = _rungs(sound, container)
        else:
            coding = _MADE.get((container, codec))
            offered = _targets(coding, source, info, container) if coding and source else iter(())
        yield from (made for made in offered if _fits(made, info, profile))


def _rungs(sound: Sound, container: str) -> Iterator[Made]:
    """The renditions, the best first."""
    if sound.details is None:
        return
    for name, kbps in reversed(sound.rungs_kbps.items()):
        said = StreamDetails(
            container,
            "aac",
            audio_channels=sound.details.channels,
            audio_bitrate=round(kbps * 1000),
            audio_samplerate=sound.details.sample_rate_hz,
        )
        yield Made(name, said)


def _targets(coding: Coding, source: Source, info: ClientInfo, container: str) -> Iterator[Made]:
    """What a coding gives within what the player takes: the best, then less and less."""
    most_kbps = _BEST_KBPS[coding]
    bounds = [one for one in (_bound_bps(info), 1000 * most_kbps) if one]
    kbps = min(bounds) // 1000
    rates = dict.fromkeys(target(coding, min(kbps, step)).bitrate_bps for step in _STEPS_KBPS)
    for rate_bps in rates:
        wanted = Target(coding, rate_bps)
        said = StreamDetails(
            container,
            coding,
            audio_channels=made_channels(source.feed, wanted),
            audio_bitrate=wanted.bitrate_bps,
            audio_samplerate=made_rate_hz(source.feed, wanted),
        )
        yield Made(wanted, said)


def _fits(made: Made, info: ClientInfo, profile: TranscodingProfile) -> bool:
    said, bound_bps = made.details, _bound_bps(info)
    if bound_bps and said.audio_bitrate > bound_bps * _TOLERANCE:
        return False
    if profile.max_audio_channels and said.audio_channels > profile.max_audio_channels:
        return False
    facts: Facts = {
        "audioChannels": said.audio_channels,
        "audioBitrate": said.audio_bitrate,
        "audioSamplerate": said.audio_samplerate,
    }
    return info.allows(_names_of(said.codec), facts)


def _bound_bps(info: ClientInfo) -> int:
    """The most that what is converted may have; 0 without a bound."""
    said = (info.max_audio_bitrate, info.max_transcoding_audio_bitrate)
    return min((one for one in said if one), default=0)


def _names_of(codec: str) -> frozenset[str]:
    """What a codec is called by players."""
    names = {codec}
    if codec.startswith("pcm_"):
        names |= {"pcm", "wav"}
    if codec.startswith("wma"):
        names.add("wma")
    if codec.startswith("mpc"):
        names.add("mpc")
    if codec.startswith("dsd_"):
        names.add("dsd")
    return frozenset(names - {""})
