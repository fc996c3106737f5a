"""The waveform from levels as they come in."""

from backline.audio.engine.waveform import Waveform, chunk_samples


def gathered(count: int) -> Waveform:
    waveform = Waveform()
    for index in range(count):
        waveform.add(-index / count, index / count)
    return waveform


def test_many_levels_become_a_thousand_points() -> None:
    peaks = gathered(4000).peaks()

    assert len(peaks) == 1000
    assert peaks == sorted(peaks, key=lambda peak: peak[1])
    assert peaks[-1] == (-127, 127)


def test_few_levels_stay_as_they_are() -> None:
    assert gathered(3).peaks() == [(0, 0), (-42, 42), (-85, 85)]
    assert Waveform().peaks() == []


def test_far_more_levels_than_claimed_keep_their_shape_in_bounded_memory() -> None:
    waveform = gathered(1_000_001)

    peaks = waveform.peaks()

    assert len(waveform._chunks) < 4_000
    assert 900 <= len(peaks) <= 1000
    assert peaks == sorted(peaks, key=lambda peak: peak[1])
    assert peaks[-1] == (-127, 127)


def test_levels_beyond_full_scale_are_cut() -> None:
    waveform = Waveform()
    waveform.add(-3.0, 2.0)

    assert waveform.peaks() == [(-128, 127)]


def test_a_false_claim_of_shortness_can_not_make_millions_of_chunks() -> None:
    hour = 3600 * 44_100

    assert 6 * hour / chunk_samples(0.01, 100_000_000, 44_100) < 1_001_000
    assert chunk_samples(240, 20_000_000, 44_100) == 240 * 44_100 / 1000
