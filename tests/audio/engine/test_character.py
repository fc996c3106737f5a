"""What sounds are like by their numbers: whatever their level, place and coding."""

from pathlib import Path

import numpy as np
import pytest

from backline.audio.engine.character import RATE_HZ, Samples, character
from backline.audio.engine.kin import NUMBERS, Audible
from backline.audio.engine.overhear import overhear
from tests.support import sounds

LENGTH_S = 12


def noise(seed: int, level: float = 0.1) -> Samples:
    made = np.random.default_rng(seed).standard_normal(LENGTH_S * RATE_HZ)
    return (level * made).astype(np.float32)


def beats(bpm: float) -> Samples:
    """A short burst of noise at every beat."""
    at_s = np.arange(LENGTH_S * RATE_HZ) / RATE_HZ
    return (noise(7) * (np.mod(at_s, 60 / bpm) < 0.03)).astype(np.float32)


@pytest.mark.parametrize("bpm", [84, 120, 150])
def test_the_tempo_is_that_of_the_beats(bpm: int) -> None:
    found = character([beats(bpm)])

    assert found.tempo_bpm is not None
    assert abs(found.tempo_bpm - bpm) < 2


def test_noise_has_no_tempo() -> None:
    assert character([noise(1)]).tempo_bpm is None


def test_how_loud_it_is_does_not_count() -> None:
    quiet, loud = character([noise(1, 0.01)]), character([noise(1, 0.3)])

    assert len(quiet.numbers) == NUMBERS
    assert np.allclose(quiet.numbers, loud.numbers, atol=0.1)


@pytest.mark.parametrize("nothing", [[], [np.zeros(50_000, np.float32)], [noise(1)[:100]]])
def test_of_nothing_there_is_nothing_to_say(nothing: list[Samples]) -> None:
    assert character(nothing).numbers == []


def test_a_file_is_heard_the_same_each_time_and_much_the_same_in_another_coding(
    tmp_path: Path,
) -> None:
    tone = sounds.tone(tmp_path / "tone.wav", 3, hz=880)
    coded = sounds.encoded(tone, tmp_path / "tone.mp3", "-b:a", "192k")
    wav = Audible(str(tone), "wav", "pcm_s16le", 3.0)
    mp3 = Audible(str(coded), "mp3", "mp3float,mp3", 3.0)

    first, second, other = overhear([wav, wav, mp3])

    assert first == second
    assert abs(first.numbers[24] - other.numbers[24]) < 0.1  # its brightness


def test_three_stretches_are_heard_of_what_is_long(tmp_path: Path) -> None:
    silence, tone = sounds.silence(tmp_path / "a.wav", 100), sounds.tone(tmp_path / "b.wav", 20)
    joined = tmp_path / "joined.wav"
    both = "[0:a][1:a]concat=n=2:v=0:a=1"
    sounds.run("-i", str(silence), "-i", str(tone), "-filter_complex", both, str(joined))

    [found] = overhear([Audible(str(joined), "wav", "pcm_s16le", 120.0)])

    assert found.numbers  # the tone begins after 100 s, in the third of them


def test_what_cannot_be_decoded_has_nothing_to_hear(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp3"
    broken.write_bytes(b"no sound at all" * 1000)

    assert overhear([Audible(str(broken), "mp3", "mp3float,mp3", 3.0)])[0].numbers == []
