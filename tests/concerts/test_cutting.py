"""Sessions known again: by their photos, whatever comes beside them; decisions stay."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from backline.concerts.history.cutting import compared
from backline.concerts.history.sightings import digest
from backline.concerts.matching import Place, Session, Sighting, sessions
from backline.concerts.sql.cutting import Known

HERE = Place(52.5, 13.4)
UTC_ZONE = ZoneInfo("UTC")
START = datetime.fromisoformat("2024-05-01T20:00:00")


def at(minutes: int) -> Sighting:
    return Sighting(uuid4(), START + timedelta(minutes=minutes), HERE)


def cut(*sightings: Sighting) -> list[Session]:
    return sessions(sightings, UTC_ZONE)


def known(session: Session, *, decided: bool = False) -> Known:
    state = "matched" if decided else "waiting"
    return Known(uuid4(), state, digest(session), None, decided, made_concert=False)


def where(session_id: UUID | None, *sightings: Sighting) -> dict[UUID, UUID | None]:
    return {one.id: session_id for one in sightings}


def test_what_is_as_it_was_is_not_written() -> None:
    photos = [at(0), at(30)]
    [session] = cut(*photos)
    before = known(session)

    found = compared([session], {before.id: before}, where(before.id, *photos))

    assert (found.cuts, found.placed, found.empty) == ([], [], [])


def test_a_session_that_grows_keeps_its_id() -> None:
    photos, later = [at(0), at(30)], at(60)
    before = known(cut(*photos)[0])

    found = compared(
        cut(*photos, later),
        {before.id: before},
        where(before.id, *photos) | where(None, later),
    )

    assert [one.id for one in found.cuts] == [before.id]
    assert [(one.id, one.session_id) for one in found.placed] == [(later.id, before.id)]


def test_two_that_become_one_leave_one_empty() -> None:
    first, second, bridge = [at(0), at(1)], [at(300)], at(150)
    one, other = known(cut(*first)[0]), known(cut(*second)[0])

    found = compared(
        cut(*first, bridge, *second),
        {one.id: one, other.id: other},
        where(one.id, *first) | where(other.id, *second) | where(None, bridge),
    )

    assert [each.id for each in found.cuts] == [one.id]
    assert [each.id for each in found.empty] == [other.id]


def test_two_that_were_decided_on_stay_two() -> None:
    first, second, bridge = [at(0), at(1)], [at(300)], at(150)
    one, other = known(cut(*first)[0], decided=True), known(cut(*second)[0], decided=True)

    found = compared(
        cut(*first, bridge, *second),
        {one.id: one, other.id: other},
        where(one.id, *first) | where(other.id, *second) | where(None, bridge),
    )

    assert [(each.id, each.session_id) for each in found.placed] == [(bridge.id, one.id)]
    assert found.empty == []


def test_a_decided_one_without_photos_is_remembered() -> None:
    gone, open_one = known(cut(at(0))[0], decided=True), known(cut(at(500))[0])

    found = compared([], {gone.id: gone, open_one.id: open_one}, {})

    assert [one.id for one in found.empty] == [open_one.id]


@given(
    minutes=st.lists(st.integers(0, 3_000), min_size=1, max_size=30),
    parts=st.lists(st.integers(0, 4), min_size=30, max_size=30),
    decided=st.sets(st.integers(0, 4)),
)
def test_every_photo_is_in_one_session_and_decided_ones_keep_theirs(
    minutes: list[int], parts: list[int], decided: set[int]
) -> None:
    photos = [at(one) for one in minutes]
    before = {n: known(cut(photos[0])[0], decided=n in decided) for n in range(4)}
    there: dict[UUID, UUID | None] = {
        photo.id: before[n].id if n < 4 else None for photo, n in zip(photos, parts, strict=False)
    }

    found = compared(cut(*photos), {one.id: one for one in before.values()}, there)
    after = there | {one.id: one.session_id for one in found.placed}

    assert None not in after.values()
    fixed = {one.id for one in before.values() if one.is_decided}
    assert all(after[one] == mine for one, mine in there.items() if mine in fixed)
    kept = {one.id for one in before.values()} - {one.id for one in found.empty}
    assert set(after.values()) <= kept | {one.id for one in found.cuts}
    assert not {one.id for one in found.empty} & set(after.values())
