"""How a service may be asked, and how what is left of a day is shared among people."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

_LITTLE: Final = 20
_KEPT: Final = 10


class Terms(Struct, frozen=True):
    """`count` requests in any `span_s` seconds, over all servers.

    `per_day` bounds them from midnight to midnight (UTC). Where requests may not run beside each
    other, `alone_s` is how long one keeps others away if nobody reports its end. `rest_s` is how
    long to leave the service alone once it has said that it was too many.
    """

    service: str
    count: int
    span_s: float
    per_day: int | None = None
    alone_s: float | None = None
    rest_s: float = 60.0


def may_have_one(per_day: int, spent: int, mine: int, others: Sequence[int]) -> bool:
    """Whether somebody may have one more of a day's requests.

    `mine` is what they had today, `others` what each of those had who asked lately. Everybody may
    have an equal share, and more as long as the others' shares stay whole. A tenth of the day is
    kept for people who have had hardly anything, whenever they come.
    """
    left = per_day - spent
    if mine < per_day // _LITTLE:
        return left > 0
    kept = per_day // _KEPT
    share = per_day // (1 + len(others))
    if mine < share:
        return left > kept
    return left > kept + sum(max(0, share - other) for other in others)


def expected_on(
    today: date, per_day: int, left_today: int, mine: int, others: Sequence[int]
) -> date:
    """The day on which the last of `mine` waiting requests is made, with `others` waiting, too.

    Everybody who waits has an equal part of each day; what one doesn't need, the others have.
    """
    waiting, left, on = [mine, *others], left_today, today
    while waiting[0] > 0:
        waiting = _a_day_later(waiting, left)
        if waiting[0] > 0:
            on, left = on + timedelta(days=1), per_day
    return on


def _a_day_later(waiting: Sequence[int], left: int) -> list[int]:
    """What everybody still waits for when `left` requests were dealt out."""
    still = list(waiting)
    while left > 0 and any(still):
        those = [place for place, count in enumerate(still) if count]
        each = max(1, min(left // len(those), *(still[place] for place in those)))
        for place in those[:left]:
            still[place] -= each
            left -= each
    return still
