"""Photos of one person into sessions: what was taken at one go, in one place."""

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from backline.concerts.matching.clock import Moment, days_of, moment
from backline.concerts.matching.evidence import Place, Session, Sighting
from backline.concerts.matching.geometry import between_m, middle

GAP = timedelta(hours=3)
APART_M = 500.0
_ASTRAY = timedelta(minutes=45)
_EVENING, _DAWN = 17, 5  # as a concert's day ends
_LEAST_SHARE = 0.02
_SMALL = 0.1
_FASTEST_M_S = 12.0
_Read = tuple[Moment, Sighting]


def sessions(sightings: Iterable[Sighting], home: ZoneInfo | None) -> list[Session]:
    """Cut a person's photos where more than three hours or half a kilometre lie between two.

    Photos without a place stay with those that were taken around them; `home` is the zone of
    cameras that say nothing of theirs. In the order of time.
    """
    read = sorted(
        ((moment(one, home), one) for one in sightings), key=lambda pair: (pair[0].at, pair[1].id)
    )
    found: list[list[_Read]] = []
    last: _Read | None = None  # the last one of the session that has a place
    for i, pair in enumerate(read):
        goes_on = bool(found) and pair[0].at - found[-1][-1][0].at <= GAP
        if goes_on and (last is None or not _has_left(read, i, last)):
            found[-1].append(pair)
        else:
            found.append([pair])
            last = None
        if pair[1].place is not None:
            last = pair
    return [_session(pairs) for pairs in found]


def _has_left(read: list[_Read], i: int, last: _Read) -> bool:
    """Whether the photo `i` was taken elsewhere than `last`: not if only its fix went astray.

    It did if nobody comes that far in that time, or if the next photos are where the last was.
    """
    (when, one), (before, other) = read[i], last
    here = other.place
    if here is None or one.place is None or _is_near(here, one.place):
        return False
    if between_m(here, one.place) > _FASTEST_M_S * (when.at - before.at).total_seconds():
        return False
    for later, next_one in read[i + 1 :]:
        if later.at - when.at > _ASTRAY:
            break
        if next_one.place is not None and _is_near(here, next_one.place):
            return False
    return True


def _is_near(one: Place, other: Place) -> bool:
    return between_m(one, other) <= APART_M + one.error_m + other.error_m


def _session(pairs: list[_Read]) -> Session:
    days: dict[date, float] = {}
    for when, _ in pairs:
        for day, weight in days_of(when).items():
            days[day] = days.get(day, 0.0) + weight / len(pairs)
    began = min(when.local for when, _ in pairs)
    if began.hour >= _DAWN:  # the session was there before midnight, so it is that evening's
        days = {day: share for day, share in days.items() if share > _SMALL or len(days) == 1}
    ranked = sorted(days.items(), key=lambda item: (-item[1], item[0]))
    return Session(
        tuple(one for _, one in pairs),
        began,
        max(when.local for when, _ in pairs),
        _places(pairs),
        tuple((day, share) for day, share in ranked if share >= _LEAST_SHARE),
        is_doubtful=any(when.other is not None for when, _ in pairs),
    )


def _places(pairs: list[_Read]) -> tuple[tuple[Place, float], ...]:
    """Where it may have been, each place with its share; the evening's photos tell, if any do.

    More than one where fixes went astray: which of them is right the venues around will tell.
    """
    placed = [(when.local, one.place) for when, one in pairs if one.place is not None]
    evening = [place for local, place in placed if local.hour >= _EVENING or local.hour < _DAWN]
    groups: list[list[Place]] = []
    for place in evening or [place for _, place in placed]:
        group = next((some for some in groups if _is_near(some[0], place)), None)
        if group is None:
            groups.append([place])
        else:
            group.append(place)
    count = sum(map(len, groups))
    found = [(middle(group), len(group) / count) for group in sorted(groups, key=len, reverse=True)]
    return tuple((place, share) for place, share in found if place is not None)
