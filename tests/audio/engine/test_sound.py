"""What is heard of odd sources: chains, other scales, samples that are none; against themselves."""

import array
import math
import random
import struct
from pathlib import Path

import pytest

from backline.audio.engine.render import Rendition
from tests.audio.engine.conftest import Engine
from tests.support import sounds

pytestmark = pytest.mark.slow

RATE_HZ = 44_100
FULL_SCALE_DB = -3.5  # of a sine, half a decibel below full scale
RUNGS = ("low", "medium", "high")


def floats(path: Path, samples: list[float], rate_hz: int = RATE_HZ, channels: int = 1) -> Path:
    """A WAV file of 32-bit floats, the same in each channel."""
    body = array.array("f", [one for one in samples for _ in range(channels)]).tobytes()
    step = 4 * channels
    layout = struct.pack("<4sIHHIIHH", b"fmt ", 16, 3, channels, rate_hz, step * rate_hz, step, 32)
    head = b"RIFF" + struct.pack("<I", len(body) + 36) + b"WAVE" + layout
    path.write_bytes(head + b"data" + struct.pack("<I", len(body)) + body)
    return path


def sine(seconds: float, level: float, hz: float = 440, rate_hz: int = RATE_HZ) -> list[float]:
    turn = 2 * math.pi * hz / rate_hz
    return [level * math.sin(turn * at) for at in range(round(seconds * rate_hz))]


def heard(folder: Path, rung: str) -> "array.array[float]":
    """A rung decoded to floats, one channel."""
    return decoded(folder / f"{rung}.m4a")


def decoded(path: Path) -> "array.array[float]":
    target = path.with_suffix(".heard")
    options = ("-af", "pan=mono|c0=c0", "-ar", str(RATE_HZ), "-f", "f32le")
    sounds.run("-i", str(path), *options, str(target))
    samples = array.array("f")
    samples.frombytes(target.read_bytes())
    return samples


def level_db(samples: "array.array[float] | list[float]") -> float:
    return 10 * math.log10(sum(one * one for one in samples) / len(samples) + 1e-12)


def pitch_hz(samples: "array.array[float]", start_s: float) -> float:
    """Of a tone, by its crossings of zero in half a second."""
    part = samples[round(start_s * RATE_HZ) : round((start_s + 0.5) * RATE_HZ)]
    return sum(part[at - 1] < 0 <= part[at] for at in range(1, len(part))) * 2


def signal_to_noise_db(wanted: list[float], got: "array.array[float]") -> float:
    """Of all but the beginning and the end, where a tone is no tone."""
    pairs = list(zip(wanted, got, strict=False))[8192 : len(wanted) - 8192]
    return level_db([a for a, _ in pairs]) - level_db([a - b for a, b in pairs])


def tone(folder: Path, name: str, hz: float, *options: str, channels: int = 1) -> Path:
    source = sounds.tone(folder / "tone.wav", 2, hz=hz, channels=channels)
    return sounds.encoded(source, folder / name, *options)


async def rendered(engine: Engine, path: Path) -> Rendition:
    rendition = await engine.render(path)
    assert sorted(file.name for file in rendition.files) == sorted(
        found.name for found in engine.out.iterdir()
    )
    return rendition


async def test_a_chain_of_unlike_links_is_heard_from_end_to_end(
    engine: Engine, tmp_path: Path
) -> None:
    vorbis = ("-c:a", "libvorbis")
    links = [
        tone(tmp_path, "a.ogg", 440, *vorbis, "-q:a", "1"),
        tone(tmp_path, "b.ogg", 880, *vorbis, "-q:a", "8", channels=2),
        tone(tmp_path, "c.ogg", 660, *vorbis, "-q:a", "3", "-ar", "32000"),
        tone(tmp_path, "d.opus", 1000, "-c:a", "libopus"),
    ]
    path = tmp_path / "chain.ogg"
    path.write_bytes(b"".join(link.read_bytes() for link in links))

    rendition = await rendered(engine, path)

    assert (rendition.rate_hz, rendition.channels) == (RATE_HZ, 2)
    assert rendition.duration_ms == pytest.approx(8_000, abs=10)
    assert rendition.warnings == ()
    samples = heard(engine.out, "medium")
    pitches = [pitch_hz(samples, start_s) for start_s in (0.7, 2.7, 4.7, 6.7)]
    assert pitches == pytest.approx([440, 880, 660, 1000], abs=4)
    levels = [level_db(samples[at * RATE_HZ // 2 :][:RATE_HZ]) for at in (1, 5, 9, 13)]
    assert levels == pytest.approx([levels[0]] * 4, abs=0.5)


async def test_a_recording_of_single_bits_plays(engine: Engine, tmp_path: Path) -> None:
    blocks, rate_hz = 87, 2_822_400
    sound = b"\x69" * (2 * 4096 * blocks)
    layout = struct.pack("<IIIIIIQII", 1, 0, 2, 2, rate_hz, 1, blocks * 4096 * 8, 4096, 0)
    body = b"fmt " + struct.pack("<Q", 52) + layout + b"data" + struct.pack("<Q", 12 + len(sound))
    path = tmp_path / "a.dsf"
    path.write_bytes(
        b"DSD " + struct.pack("<QQQ", 28, 28 + len(body) + len(sound), 0) + body + sound
    )

    probe = (await engine.inspect(path)).probe
    rendition = await rendered(engine, path)

    assert (probe.container, probe.content_type) == ("dsf", "audio/x-dsf")
    assert (rendition.rate_hz, rendition.channels) == (RATE_HZ, 2)
    assert rendition.duration_ms == pytest.approx(1_010, abs=10)


async def test_a_chain_is_as_long_as_its_links_together(engine: Engine, tmp_path: Path) -> None:
    long = tone(tmp_path, "long.ogg", 440, "-c:a", "libvorbis", channels=2)
    source = sounds.tone(tmp_path / "short.wav", 0.5, channels=2)
    short = sounds.encoded(source, tmp_path / "short.ogg", "-c:a", "libvorbis")
    path = tmp_path / "chain.ogg"
    path.write_bytes(2 * long.read_bytes() + short.read_bytes())

    probe = (await engine.inspect(path)).probe

    assert probe.duration_s == pytest.approx(4.5, abs=0.05)
    assert [piece.offset for piece in probe.pieces] == [
        *(0, long.stat().st_size, 2 * long.stat().st_size)
    ]


@pytest.mark.parametrize("channels", [1, 2])
async def test_the_high_rung_is_true_to_tones(
    engine: Engine, tmp_path: Path, channels: int
) -> None:
    for hz, level in ((440, 0.8), (440, 0.05), (3000, 0.9)):
        wanted = sine(3, level, hz)
        await rendered(engine, floats(tmp_path / "tone.wav", wanted, channels=channels))
        assert signal_to_noise_db(wanted, heard(engine.out, "high")) > 45
        for path in engine.out.iterdir():
            path.unlink()


@pytest.mark.parametrize(("hz", "level"), [(440, 0.8), (3000, 0.9)])
async def test_a_higher_rung_is_never_worse_for_a_tone(
    engine: Engine, tmp_path: Path, hz: float, level: float
) -> None:
    wanted = sine(3, level, hz)

    await rendered(engine, floats(tmp_path / "tone.wav", wanted, channels=2))

    low, medium, high = (signal_to_noise_db(wanted, heard(engine.out, rung)) for rung in RUNGS)
    assert high > 50
    assert high > medium > low > 20


async def test_a_higher_rung_is_never_worse_for_loud_noise(engine: Engine, tmp_path: Path) -> None:
    chance = random.Random(5)  # noqa: S311
    wanted, value = [], 0.0
    for _ in range(3 * RATE_HZ):
        value = 0.97 * value + 0.12 * chance.uniform(-1, 1)
        wanted.append(max(-0.94, min(0.94, 3 * value)))

    await rendered(engine, floats(tmp_path / "noise.wav", wanted, channels=2))

    low, medium, high = (signal_to_noise_db(wanted, heard(engine.out, rung)) for rung in RUNGS)
    assert high > medium > low


async def test_a_source_above_full_scale_loses_as_much_in_every_rung(
    engine: Engine, tmp_path: Path
) -> None:
    wanted = sine(3, 4.0)

    rendition = await rendered(engine, floats(tmp_path / "loud.wav", wanted))

    assert rendition.loudness is not None
    assert rendition.loudness.true_peak_dbtp == pytest.approx(-0.5, abs=0.1)
    levels = [level_db(heard(engine.out, rung)[RATE_HZ:-RATE_HZ]) for rung in RUNGS]
    assert levels == pytest.approx([FULL_SCALE_DB] * 3, abs=0.5)
    assert rendition.loudness.integrated_lufs == pytest.approx(FULL_SCALE_DB + 2.4, abs=0.5)
    assert max(high for _, high in rendition.peaks) in range(118, 122)


async def test_no_frame_at_full_scale_is_turned_down_by_the_encoder(
    engine: Engine, tmp_path: Path
) -> None:
    chords = zip(sine(3, 0.9, 220), sine(3, 0.7, 277), sine(3, 0.5, 1318), strict=True)
    wanted = [max(-1.0, min(1.0, sum(tones))) for tones in chords]

    rendition = await rendered(engine, floats(tmp_path / "loud.wav", wanted, channels=2))

    assert rendition.loudness is not None
    got = heard(engine.out, "medium")
    assert level_db(got) - level_db(wanted) == pytest.approx(-0.5, abs=0.1)
    assert signal_to_noise_db([10**-0.025 * one for one in wanted], got) > 28


async def test_a_loud_mp3_is_not_cut(engine: Engine, tmp_path: Path) -> None:
    loud = ("-f", "lavfi", "-i", "anoisesrc=c=pink:a=1:d=4:r=44100:seed=3", "-af", "volume=12dB")
    path = tmp_path / "loud.mp3"
    sounds.run(*loud, "-c:a", "libmp3lame", "-b:a", "128k", str(path))
    wanted = decoded(path)

    rendition = await rendered(engine, path)

    assert rendition.loudness is not None
    assert rendition.loudness.true_peak_dbtp <= 0.05
    lost = [level_db(wanted) - level_db(heard(engine.out, rung)) for rung in RUNGS]
    highest_db = 20 * math.log10(max(map(abs, wanted)))
    assert highest_db > 2
    assert lost == pytest.approx([lost[1]] * 3, abs=0.4)
    assert lost[1] == pytest.approx(highest_db, abs=2)


@pytest.mark.parametrize("rate_hz", [44_100, 96_000])
@pytest.mark.parametrize("value", [1e30, -1e30, math.inf, -math.inf, math.nan, 5000.0])
async def test_a_sample_that_is_none_is_silenced(
    engine: Engine, tmp_path: Path, value: float, rate_hz: int
) -> None:
    samples = sine(2, 0.3, rate_hz=rate_hz)
    samples[rate_hz] = value

    rendition = await rendered(engine, floats(tmp_path / "odd.wav", samples, rate_hz))

    assert rendition.duration_ms == 2_000
    assert rendition.loudness is not None
    assert rendition.loudness.integrated_lufs == pytest.approx(-10.9, abs=0.5)
    assert rendition.loudness.true_peak_dbtp == pytest.approx(-10.4, abs=0.5)
    assert "silenced" in rendition.warnings[0]
    assert level_db(heard(engine.out, "high")) == pytest.approx(level_db(sine(2, 0.3)), abs=0.2)


async def test_a_file_in_the_scale_of_sixteen_bits_is_brought_down(
    engine: Engine, tmp_path: Path
) -> None:
    rendition = await rendered(engine, floats(tmp_path / "scaled.wav", sine(2, 30_000)))

    assert rendition.warnings == ()
    assert level_db(heard(engine.out, "high")) == pytest.approx(FULL_SCALE_DB, abs=0.3)
