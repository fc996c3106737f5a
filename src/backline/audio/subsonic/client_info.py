"""What a player says it can play, as it sends it to `getTranscodeDecision`.

Bit rates are in bits per second (OpenSubsonic, `ClientInfo`); what we don't know is ignored.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from backline.audio.subsonic.faults import Code, Refused

MOST_BYTES: Final = 64 * 1024
_Word = Annotated[str, Meta(max_length=100)]
_Words = Annotated[list[_Word], Meta(max_length=100)]
_Rate = Annotated[int, Meta(ge=0, le=2**53)]
_Channels = Annotated[int, Meta(ge=0, le=1000)]
Fact = Literal["audioChannels", "audioBitrate", "audioProfile", "audioSamplerate", "audioBitdepth"]
Facts = Mapping[Fact, int]
"""What is known of a sound: what isn't, is left out."""


class Limitation(msgspec.Struct, frozen=True):
    """What a player can't take of a codec; one that isn't `required` holds for what is known."""

    name: Fact
    comparison: Literal["Equals", "NotEquals", "LessThanEqual", "GreaterThanEqual"]
    values: _Words
    required: bool = False

    def allows(self, facts: Facts) -> bool:
        """Whether a sound is within it."""
        known = facts.get(self.name)
        if known is None:
            return not self.required
        numbers = [int(value) for value in self.values if value.isascii() and value.isdigit()]
        if self.comparison == "Equals":
            return known in numbers
        if self.comparison == "NotEquals":
            return known not in numbers
        if not numbers:
            return not self.required
        return known <= numbers[0] if self.comparison == "LessThanEqual" else known >= numbers[0]


class CodecProfile(msgspec.Struct, frozen=True):
    """The limitations of one codec, by its name."""

    name: _Word
    type: _Word = "AudioCodec"
    limitations: Annotated[list[Limitation], Meta(max_length=10)] = []


class DirectPlayProfile(msgspec.Struct, frozen=True, rename="camel"):
    """What is played as it is; an empty list is any."""

    containers: _Words = []
    audio_codecs: _Words = []
    protocols: _Words = []
    max_audio_channels: _Channels = 0


class TranscodingProfile(msgspec.Struct, frozen=True, rename="camel"):
    """What is played once it was converted; the first of them is liked best."""

    container: _Word
    audio_codec: _Word
    protocol: _Word = "http"
    max_audio_channels: _Channels = 0


class ClientInfo(msgspec.Struct, frozen=True, rename="camel"):
    """A player. Rates of 0 are without a bound."""

    name: _Word = ""
    platform: _Word = ""
    max_audio_bitrate: _Rate = 0
    max_transcoding_audio_bitrate: _Rate = 0
    direct_play_profiles: Annotated[list[DirectPlayProfile], Meta(max_length=50)] = []
    transcoding_profiles: Annotated[list[TranscodingProfile], Meta(max_length=20)] = []
    codec_profiles: Annotated[list[CodecProfile], Meta(max_length=50)] = []

    def allows(self, codec: frozenset[str], facts: Facts) -> bool:
        """Whether a sound of a codec, by any of its names, is within what is said of it."""
        return all(
            limitation.allows(facts)
            for profile in self.codec_profiles
            if profile.name.lower() in codec
            for limitation in profile.limitations
        )


def parse(body: bytes) -> ClientInfo:
    """Read the body of a call.

    Raises:
        Refused: it is missing, too large, or something else.
    """
    if not body:
        raise Refused(Code.MISSING, "What the player can play is missing: a body of JSON.")
    if len(body) > MOST_BYTES:
        raise Refused(Code.OTHER, f"A player says what it can play in {MOST_BYTES:,} bytes.")
    try:
        return msgspec.json.decode(body, type=ClientInfo)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Refused(Code.OTHER, f"The body isn't a ClientInfo: {fault}"[:300]) from fault
