"""What a destination takes and confirms says whether it is alive, not that it is connected."""

from typing import cast

from backline.live.relay.line import Line
from backline.live.relay.models import Pace
from backline.live.relay.progress import Progress

RATE = 300_000


class Counts:
    """A line's figures, set by hand."""

    delivered_bytes = waiting_bytes = acknowledged_bytes = 0


def judged(counts: Counts) -> Progress:
    return Progress(cast("Line", counts), Pace(), 0.0)


def test_one_that_takes_all_moves() -> None:
    counts = Counts()
    progress = judged(counts)

    for second in range(1, 60):
        counts.delivered_bytes += RATE
        assert progress.look(second, waits=False, bytes_per_s=RATE) == 0


def test_one_to_whom_nothing_is_sent_does_not_stand_still() -> None:
    progress = judged(Counts())

    assert [progress.look(second, waits=False, bytes_per_s=0) for second in range(1, 60)][-1] == 0


def test_one_that_takes_nothing_stands_still() -> None:
    counts = Counts()
    progress = judged(counts)
    counts.waiting_bytes = 1

    assert [progress.look(second, waits=True, bytes_per_s=RATE) for second in (1, 2, 3)] == [
        1,
        2,
        3,
    ]


def test_one_that_trickles_stands_still() -> None:
    counts = Counts()
    progress = judged(counts)
    counts.waiting_bytes = 1
    still: list[float] = []
    for second in range(1, 20):
        counts.delivered_bytes += 5_000
        still.append(progress.look(second, waits=True, bytes_per_s=RATE))

    assert max(still) > Pace().stall_s


def test_one_that_stops_to_acknowledge_stands_still_although_its_socket_takes_all() -> None:
    counts = Counts()
    progress = judged(counts)
    still: list[float] = []
    for second in range(1, 100):
        counts.delivered_bytes += RATE
        if second < 30:
            counts.acknowledged_bytes = counts.delivered_bytes // 1_000_000 * 1_000_000
        still.append(progress.look(second, waits=False, bytes_per_s=RATE))

    assert max(still[:40]) == 0
    assert still[-1] > Pace().give_up_s


def test_time_in_which_the_process_stood_still_does_not_count() -> None:
    counts = Counts()
    progress = judged(counts)
    counts.waiting_bytes = 1

    assert progress.look(100, waits=True, bytes_per_s=RATE) == 2
