"""What files turn out to be, and why some can't be played."""

import random
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from backline.audio.engine.faults import Unplayable
from tests.audio.engine.conftest import Engine
from tests.support import sounds

pytestmark = pytest.mark.slow

FORMATS = [
    ("a.mp3", (), "mp3", "mp3", "audio/mpeg"),
    ("a.flac", (), "flac", "flac", "audio/flac"),
    ("a.wav", (), "wav", "pcm_s16le", "audio/wav"),
    ("a.aiff", (), "aiff", "pcm_s16be", "audio/aiff"),
    ("a.caf", (), "caf", "pcm_s16be", "audio/x-caf"),
    ("a.ogg", ("-c:a", "libvorbis"), "ogg", "vorbis", "audio/ogg"),
    ("a.opus", ("-c:a", "libopus"), "ogg", "opus", "audio/ogg"),
    ("a.m4a", (), "mp4", "aac", "audio/mp4"),
    ("a.m4a", ("-c:a", "alac"), "mp4", "alac", "audio/mp4"),
    ("a.aac", (), "adts", "aac", "audio/aac"),
    ("a.webm", ("-c:a", "libopus"), "matroska", "opus", "audio/webm"),
    ("a.mka", ("-c:a", "flac"), "matroska", "flac", "audio/x-matroska"),
    ("a.wma", (), "asf", "wmav2", "audio/x-ms-wma"),
    ("a.wv", (), "wavpack", "wavpack", "audio/x-wavpack"),
    ("a.tta", (), "tta", "tta", "audio/x-tta"),
    ("a.au", (), "au", "pcm_s16be", "audio/basic"),
    ("a.ac3", (), "ac3", "ac3", "audio/ac3"),
    ("a.eac3", (), "eac3", "eac3", "audio/eac3"),
]


WMA = next(form for form in FORMATS if form[2] == "asf")


def small(folder: Path, name: str = "small.mp3", *options: str) -> Path:
    return sounds.encoded(sounds.tone(folder / "tone.wav", 0.5), folder / name, *options)


@pytest.mark.parametrize(("name", "options", "container", "codec", "content_type"), FORMATS)
async def test_the_content_tells_the_format(
    engine: Engine,
    tmp_path: Path,
    name: str,
    options: tuple[str, ...],
    container: str,
    codec: str,
    content_type: str,
) -> None:
    lying = tmp_path / "holiday.jpeg"
    source = sounds.tone(tmp_path / "tone.wav", 0.5)
    sounds.encoded(source, tmp_path / f"made-{name}", *options).rename(lying)

    found = (await engine.inspect(lying)).probe

    assert (found.container, found.codec, found.content_type) == (container, codec, content_type)
    assert found.channels == 2
    assert found.duration_s == pytest.approx(0.5, abs=0.25)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 " + bytes(2000), "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(2000), "picture"),
        (b"PK\x03\x04" + bytes(2000), "ZIP"),
        (bytes(4000), "nothing but zeros"),
        (b"Just some words about music. " * 50, "text"),
        (b"MThd\0\0\0\6" + bytes(200), "MIDI"),
        (b"tBaK" + bytes(2000), "TAK, isn't taken"),
        (b"#!AMR\n" + bytes(2000), "AMR, isn't taken"),
        (random.Random(1).randbytes(40_000), "No sound"),  # noqa: S311
        (b"\0\0\0\x20ftypM4A " + bytes(16) + b"\0\0\x10\0mdat" + bytes(4000), "incomplete"),
    ],
)
async def test_what_is_no_audio_is_named(
    engine: Engine, tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(content)

    with pytest.raises(Unplayable, match=reason):
        await engine.inspect(path)


@pytest.mark.parametrize(
    "content",
    [
        "ffconcat version 1.0\nfile '{}'\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{}\n#EXT-X-ENDLIST\n",
    ],
)
async def test_a_list_can_not_reach_other_files(
    engine: Engine, tmp_path: Path, content: str
) -> None:
    secret = small(tmp_path, "secret.mp3")
    path = tmp_path / "list.mp3"
    path.write_text(content.format(secret))

    with pytest.raises(Unplayable, match="but a "):
        await engine.inspect(path)


async def test_a_ten_hour_file_is_refused_before_any_work(engine: Engine, tmp_path: Path) -> None:
    path, rate_hz = tmp_path / "sleep.wav", 8_000
    size = 10 * 3600 * rate_hz
    with path.open("wb") as file:
        layout = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate_hz, rate_hz, 1, 8)
        file.write(b"RIFF" + struct.pack("<I", size + 36) + b"WAVE" + layout)
        file.write(b"data" + struct.pack("<I", size))
        file.truncate(44 + size)

    with pytest.raises(Unplayable, match="10 h long; the limit is 6 h"):
        await engine.inspect(path)


async def test_a_streamed_wav_that_claims_four_gigabytes_is_as_long_as_its_bytes(
    engine: Engine, tmp_path: Path
) -> None:
    path = sounds.tone(tmp_path / "streamed.wav", 2)
    content = bytearray(path.read_bytes())
    content[4:8] = content[40:44] = b"\xff" * 4
    path.write_bytes(content)

    found = (await engine.inspect(path)).probe

    assert found.duration_s == pytest.approx(2, abs=0.01)


async def test_a_video_without_sound_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "silent.mp4"
    sounds.run("-f", "lavfi", "-i", "color=s=64x64:d=1", str(path))

    with pytest.raises(Unplayable, match="no sound in it"):
        await engine.inspect(path)


async def test_of_a_video_the_sound_is_taken(engine: Engine, tmp_path: Path) -> None:
    path, tone = tmp_path / "clip.mp4", sounds.tone(tmp_path / "tone.wav")
    sounds.run("-f", "lavfi", "-i", "color=s=64x64:d=1", "-i", str(tone), str(path))

    source = await engine.inspect(path)

    assert source.probe.codec == "aac"
    assert any("video" in warning for warning in source.warnings)


async def test_a_codec_that_is_not_let_in_is_named(engine: Engine, tmp_path: Path) -> None:
    path = small(tmp_path, "surround.mka", "-c:a", "dca", "-strict", "-2", "-ar", "48000")

    with pytest.raises(Unplayable, match="'dts'"):
        await engine.inspect(path)


async def test_an_absurd_sample_rate_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = sounds.tone(tmp_path / "slow.wav", 1, rate_hz=1_000)

    with pytest.raises(Unplayable, match="sample rate is 1,000 Hz"):
        await engine.inspect(path)


async def test_too_many_channels_are_refused(engine: Engine, tmp_path: Path) -> None:
    path = sounds.tone(tmp_path / "wall.wav", 0.5, channels=12)

    with pytest.raises(Unplayable, match="12 channels"):
        await engine.inspect(path)


async def test_protected_sound_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = small(tmp_path, "bought.m4a")
    path.write_bytes(path.read_bytes().replace(b"mp4a", b"drms", 1))

    with pytest.raises(Unplayable, match="copy-protected"):
        await engine.inspect(path)


@pytest.mark.slow
@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    form=st.sampled_from(FORMATS),
    changes=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=40),
    cut=st.one_of(st.none(), st.integers(0, 6000)),
)
@example(form=WMA, changes=[(201, 16)], cut=None)
async def test_mutated_files_are_sources_or_unplayable(
    engine: Engine,
    tmp_path_factory: pytest.TempPathFactory,
    form: tuple[str, tuple[str, ...], str, str, str],
    changes: list[tuple[int, int]],
    cut: int | None,
) -> None:
    folder = tmp_path_factory.getbasetemp() / "fuzz"
    folder.mkdir(exist_ok=True)
    kept = folder / f"{form[3]}-{form[0]}"
    if not kept.exists():
        small(folder, f"making-{form[0]}", *form[1]).rename(kept)
    content = bytearray(kept.read_bytes()[:cut])
    for at, value in changes:
        if at < len(content):
            content[at] = value
    path = folder / "mutated"
    path.write_bytes(content)

    try:
        source = await engine.inspect(path)
    except Unplayable as fault:
        assert "could not be read" not in fault.reason  # noqa: PT017
    else:
        assert source.probe.channels > 0
        assert not any("could not be read" in warning for warning in source.warnings)
