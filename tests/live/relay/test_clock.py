"""A show's time goes on, whatever its encoder's timestamps do."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backline.live.relay.clock import Clock
from backline.live.rtmp.messages import AUDIO, VIDEO

WRAP = 1 << 32
DAYS_49_MS = 49 * 24 * 3_600 * 1_000


@pytest.mark.parametrize("at_ms", [0, 7, 20_000_000, WRAP - 1_000])
def test_sensible_timestamps_pass(at_ms: int) -> None:
    clock = Clock()
    times = [(at_ms + number * 40 - number % 3 * 60 + 120) % WRAP for number in range(50)]

    assert [clock.frame(VIDEO, one) for one in times] == times
    assert clock.jumps == 0


@pytest.mark.parametrize("jump_ms", [-60_000, 3_600_000, DAYS_49_MS, -DAYS_49_MS])
def test_a_jump_is_left_out_and_sound_stays_with_its_picture(jump_ms: int) -> None:
    clock = Clock()
    for number in range(100_000 // 40):
        clock.frame(VIDEO, number * 40)
        clock.frame(AUDIO, number * 40 + 10)
    before_ms = clock.now_ms

    video = clock.frame(VIDEO, (100_000 + jump_ms) % WRAP)
    audio = clock.frame(AUDIO, (100_010 + jump_ms) % WRAP)

    assert 0 < video - before_ms <= 40
    assert audio - video == 10
    assert clock.jumps == 2


def test_a_step_back_below_zero_is_a_jump() -> None:
    clock = Clock()
    clock.frame(VIDEO, 500)

    assert clock.frame(VIDEO, WRAP - 1_000) == 520


def test_another_encoder_goes_on_where_the_last_one_stopped() -> None:
    clock = Clock()
    clock.frame(VIDEO, 90_000)
    clock.frame(AUDIO, 90_020)

    clock.begin_again(silent_ms=4_000)

    assert clock.frame(VIDEO, 7) == 94_020
    assert clock.frame(AUDIO, 17) == 94_030
    assert clock.frame(VIDEO, 47) == 94_060


def test_headers_have_the_time_of_what_is_around_them() -> None:
    clock = Clock()

    assert clock.other(0) == 0
    clock.frame(VIDEO, 20_000_000)
    assert clock.other(0) == 20_000_000
    assert clock.other(20_000_010) == 20_000_010


@example([(AUDIO, 6_021), (VIDEO, 3_021), (AUDIO, 22), (AUDIO, 0)])
@given(st.lists(st.tuples(st.sampled_from([AUDIO, VIDEO]), st.integers(0, WRAP - 1)), min_size=1))
def test_time_never_goes_far_back(frames: list[tuple[int, int]]) -> None:
    clock = Clock()
    latest: dict[int, int] = {}
    for kind, when in frames:
        out = clock.frame(kind, when)

        back_ms = (latest.get(kind, out) - out + WRAP // 2) % WRAP - WRAP // 2
        assert 0 <= out < WRAP
        assert back_ms <= 6_000  # once by a jump, once by what is usual
        latest[kind] = out if back_ms <= 0 else latest[kind]
