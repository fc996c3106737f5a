"""What a node makes of a second's reports: a sample each half minute."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from backline.live.models import Incoming, Relay, Report
from backline.live.node.measuring import Measuring
from backline.live.publishing import Taken
from backline.platform.ids import uuid7

OWNER, PROJECT, SENT_TO = uuid7(), uuid7(), uuid7()
BEGAN = datetime(2026, 11, 30, 20, tzinfo=UTC)


def taken(show_id: UUID, epoch: int = 1) -> Taken:
    return Taken(OWNER, PROJECT, 30, 1, epoch, show_id, BEGAN)


def incoming(bitrate_kbps: int = 6_000, keyframe_ms: int | None = 2_000) -> Incoming:
    return Incoming(bitrate_kbps, 25.0, keyframe_ms, "H.264", "AAC", 640, 360, -10, [])


def relay(state: Any = "live", *, kbps: int = 6_000, lag_ms: int = 40, dropped: int = 0) -> Relay:
    return Relay(SENT_TO, state, None, None, None, kbps, lag_ms, dropped, 0, 9)


def report(*relays: Relay, coming: Incoming | None) -> Report:
    return Report(coming, None, list(relays))


@pytest.fixture
def show() -> Taken:
    return taken(uuid7())


def note(measuring: Measuring, show: Taken, one: Report, times: int = 1) -> None:
    for _ in range(times):
        measuring.note({PROJECT: show}, {PROJECT: one})


def test_rates_are_averages_and_lags_the_longest(show: Taken) -> None:
    measuring = Measuring()
    note(measuring, show, report(relay(kbps=4_000, lag_ms=900), coming=incoming(5_000)), 15)
    note(measuring, show, report(relay(), coming=incoming(7_000, None)), 15)

    ((came, (sent,), _),) = measuring.take()

    assert (came.bitrate_kbps, came.fps, came.keyframe_interval_ms) == (6_000, 25.0, 2_000)
    assert (came.drift_ms, came.epoch) == (-10, 1)
    assert (sent.state, sent.bitrate_kbps, sent.lag_ms) == ("live", 5_000, 900)


def test_nothing_comes_while_an_encoder_is_awaited(show: Taken) -> None:
    measuring = Measuring()
    note(measuring, show, report(coming=incoming(6_000)), 10)
    note(measuring, show, report(coming=None), 10)

    ((half, _, _),) = measuring.take()
    note(measuring, show, report(coming=None), 10)
    ((none, _, _),) = measuring.take()

    assert (half.bitrate_kbps, half.fps) == (3_000, 12.5)
    assert (none.bitrate_kbps, none.fps, none.keyframe_interval_ms, none.drift_ms) == (
        0,
        0.0,
        None,
        None,
    )


def test_a_state_is_that_which_lasted_longest_and_of_several_the_worst(show: Taken) -> None:
    measuring = Measuring()
    for state, times in (("connecting", 2), ("live", 8)):
        note(measuring, show, report(relay(state), coming=incoming()), times)
    ((_, (settled,), _),) = measuring.take()
    for state in ("live", "stalled") * 5:
        note(measuring, show, report(relay(state), coming=incoming()))
    ((_, (torn,), _),) = measuring.take()

    assert (settled.state, torn.state) == ("live", "stalled")


def test_what_is_off_isnt_measured(show: Taken) -> None:
    measuring = Measuring()
    note(measuring, show, report(relay("off", kbps=0), coming=incoming()), 5)
    note(measuring, show, report(relay(kbps=6_000), coming=incoming()), 5)
    ((_, (sent,), _),) = measuring.take()
    note(measuring, show, report(relay("off"), coming=incoming()), 10)
    ((_, none, _),) = measuring.take()

    assert sent.bitrate_kbps == 6_000
    assert none == []


def test_what_a_lost_sample_would_have_told_of_lost_frames_the_next_one_tells(show: Taken) -> None:
    measuring, found = Measuring(), []
    for dropped, is_kept in ((3, True), (5, False), (9, True), (2, True)):
        note(measuring, show, report(relay(dropped=dropped), coming=incoming()), 10)
        (sample,) = measuring.take()
        found.append(sample.relays[0].dropped_frames)
        if is_kept:
            measuring.told(sample)

    # The last one was removed and came back: it counts anew.
    assert found == [3, 2, 6, 2]


def test_a_show_is_measured_from_its_first_rate_on_and_for_long_enough(show: Taken) -> None:
    measuring = Measuring()
    note(measuring, show, report(coming=incoming(0)), 20)
    assert measuring.take() == []
    note(measuring, show, report(coming=incoming(6_000)), 9)
    assert measuring.take() == []
    note(measuring, show, report(coming=incoming(6_000)))

    ((came, _, _),) = measuring.take()

    assert came.bitrate_kbps == 6_000


def test_times_that_no_encoder_means_arent_measured(show: Taken) -> None:
    measuring = Measuring()
    jumped = report(relay(lag_ms=1 << 32), coming=incoming(6_000, (1 << 32) - 1))
    note(measuring, show, jumped, 10)
    note(measuring, show, report(relay(), coming=incoming(6_000, 2_000)))

    ((came, (sent,), _),) = measuring.take()

    assert came.keyframe_interval_ms == 2_000
    assert sent.lag_ms == 3_600_000


def test_another_show_and_another_epoch(show: Taken) -> None:
    measuring = Measuring()
    note(measuring, show, report(coming=incoming(2_000)), 5)
    note(measuring, taken(show.show_id, 2), report(coming=incoming(4_000)), 5)
    ((same, _, _),) = measuring.take()
    note(measuring, show, report(coming=incoming(2_000)), 9)
    other = taken(uuid7(), 3)
    note(measuring, other, report(coming=incoming(4_000)), 10)
    ((anew, _, _),) = measuring.take()
    measuring.note({}, {})

    assert (same.epoch, same.bitrate_kbps) == (2, 3_000)
    assert (anew.show_id, anew.bitrate_kbps) == (other.show_id, 4_000)
    assert measuring.take() == []
