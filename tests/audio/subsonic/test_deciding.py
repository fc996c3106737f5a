"""Decisions without a server: profiles in their order, bounds, limitations."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from backline.audio.engine.transcode import Fragments
from backline.audio.models import TrackRow
from backline.audio.sounds import Sound
from backline.audio.subsonic.client_info import parse
from backline.audio.subsonic.deciding import Decision, chosen, decide
from backline.audio.subsonic.faults import Refused
from backline.audio.transcoding import Rendition
from backline.audio.transcoding_sql import Details
from backline.platform.ids import uuid7

NOW = datetime(2026, 5, 1, tzinfo=UTC)
LENGTH_MS, FLAC_BYTES = 100_000, 12_500_000  # 1,000 kbit/s
SIZES = {"low": 800_000, "medium": 1_600_000, "high": 4_000_000}  # 64, 128, 320 kbit/s
FILES = msgspec.json.encode({f"{name}.m4a": size for name, size in SIZES.items()}).decode()
ROW = msgspec.convert(
    {
        **dict.fromkeys(TrackRow.__struct_fields__),
        "id": uuid7(),
        "owner_id": uuid7(),
        "title": "A",
        "artist": "",
        "album": "",
        "album_artist": "",
        "genre": "",
        "status": "ready",
        "filename": "a.flac",
        "content_type": "audio/flac",
        "size_bytes": FLAC_BYTES,
        "duration_ms": LENGTH_MS,
        "has_cover": False,
        "edited": False,
        "warnings": [],
        "artist_ids": [],
        "artist_names": [],
        "has_renditions": True,
        "created_at": NOW,
        "updated_at": NOW,
        "version": 1,
        "play_count": 0,
        "generation": "g1",
    },
    TrackRow,
)
SOUND = Sound(ROW, "flac", Details("flac", 44_100, 2, 4_410_000, FILES, NOW))
SOURCE = Rendition("x", 1, 1, Fragments(44_100, 2, 100.0))
FLAC = {"containers": ["FLAC"], "audioCodecs": ["flac"], "protocols": ["http"]}
MP3 = {"container": "mp3", "audioCodec": "mp3", "protocol": "http"}
OPUS = {"container": "ogg", "audioCodec": "opus", "protocol": "http"}
AAC = {"container": "mp4", "audioCodec": "aac", "protocol": "http"}
HLS = {"container": "ts", "audioCodec": "aac", "protocol": "hls"}


def asked(*, converts: bool = True, **info: Any) -> Decision:
    body = msgspec.json.encode({"name": "p", "platform": "p", **info})
    return decide(SOUND, SOURCE if converts else None, parse(body))


def limited(codec: str, name: str, comparison: str, *values: str, required: bool = True) -> Any:
    limitation = {"name": name, "comparison": comparison, "values": values, "required": required}
    return [{"type": "AudioCodec", "name": codec, "limitations": [limitation]}]


@pytest.mark.parametrize(
    ("info", "can"),
    [
        ({"directPlayProfiles": [FLAC]}, True),
        ({"directPlayProfiles": [{"containers": [], "audioCodecs": [], "protocols": []}]}, True),
        ({"directPlayProfiles": [{**FLAC, "containers": ["mp3"]}]}, False),
        ({"directPlayProfiles": [{**FLAC, "protocols": ["hls"]}]}, False),
        ({"directPlayProfiles": []}, False),
        ({"directPlayProfiles": [FLAC], "maxAudioBitrate": 999_000}, True),
        ({"directPlayProfiles": [FLAC], "maxAudioBitrate": 320_000}, False),
    ],
)
def test_an_original_is_played_by_who_can(info: dict[str, Any], can: bool) -> None:
    decision = asked(**info)

    assert decision.can_direct_play is can
    assert bool(decision.transcode_reason) is not can


def test_the_first_profile_that_can_be_had_counts() -> None:
    for profiles, params in (
        ([HLS, MP3, OPUS], "mp3.320"),
        ([OPUS, MP3], "opus.192"),
        ([AAC, MP3], "aac.high"),
        ([HLS], ""),
    ):
        assert asked(transcodingProfiles=profiles).transcode_params == params, profiles


def test_rates_are_kept_to() -> None:
    def params(profile: object, bps: int) -> str:
        return asked(transcodingProfiles=[profile], maxTranscodingAudioBitrate=bps).transcode_params

    assert params(MP3, 200_000) == "mp3.192"
    assert params(AAC, 128_000) == "aac.medium"
    assert params(AAC, 10_000) == params(MP3, 10_000) == ""


def test_limitations_of_a_codec_are_kept_to() -> None:
    at_most = limited("mp3", "audioBitrate", "LessThanEqual", "100000")
    rate = limited("opus", "audioSamplerate", "Equals", "44100")
    unknown = limited("flac", "audioBitdepth", "LessThanEqual", "16", required=False)
    strict = limited("flac", "audioBitdepth", "LessThanEqual", "16")

    assert asked(transcodingProfiles=[MP3], codecProfiles=at_most).transcode_params == "mp3.96"
    assert asked(transcodingProfiles=[OPUS, MP3], codecProfiles=rate).transcode_params == "mp3.320"
    assert asked(directPlayProfiles=[FLAC], codecProfiles=unknown).can_direct_play
    assert not asked(directPlayProfiles=[FLAC], codecProfiles=strict).can_direct_play
    mono = asked(transcodingProfiles=[{**MP3, "maxAudioChannels": 1}])
    assert mono.transcode_stream is not None
    assert mono.transcode_stream.audio_channels == 1


def test_a_server_that_converts_nothing_gives_renditions() -> None:
    decision = asked(converts=False, transcodingProfiles=[MP3, AAC])

    assert decision.transcode_params == "aac.high"
    assert asked(converts=False, transcodingProfiles=[MP3]).error_reason


def test_only_what_was_decided_is_taken_back() -> None:
    for params in ("aac.high", "mp3.128", "opus.96"):
        assert chosen(params)
    for params in ("", "aac.best", "flac.900", "mp3.99999", "mp3", "../high"):
        with pytest.raises(Refused):
            chosen(params)


def test_a_body_that_is_nested_too_deep_is_refused() -> None:
    with pytest.raises(Refused):
        parse(b'{"x":' + b"[" * 20_000 + b"]" * 20_000 + b"}")
