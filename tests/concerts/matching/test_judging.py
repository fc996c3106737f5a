"""Verdicts: what is matched by itself, what a person is asked, what is left alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from backline.concerts.matching import (
    Event,
    Show,
    Sighting,
    Venue,
    Verdict,
    agreed,
    evenings,
    judge,
    promising,
    sessions,
)
from tests.concerts.matching.evenings import (
    BERLIN,
    CLUB,
    DAY,
    HOME,
    OTHER_CLUB,
    PARK,
    at,
    evening,
    photos,
    show,
)


def verdict(sightings: list[Sighting], venues: Sequence[Venue], shows: Sequence[Show]) -> Verdict:
    [session] = sessions(sightings, ZoneInfo(HOME))
    return judge(session, venues, evenings(shows), {BERLIN: 0.0})


def test_an_evening_at_a_venue_with_its_show_is_matched() -> None:
    found = verdict(evening(CLUB), [CLUB], [show("The Notwist", "Lido")])
    assert found.kind == "match"
    assert found.candidates[0].event.artists == ("The Notwist",)
    assert found.candidates[0].venue == CLUB
    assert found.candidates[0].reasons == ("Taken 0 m from Lido.",)


def test_an_opener_and_the_main_act_are_one_event() -> None:
    bill = [show("Support", "Lido"), show("The Notwist", "Lido")]
    found = verdict(evening(CLUB), [CLUB], bill)
    assert found.kind == "match"
    assert found.candidates[0].event.artists == ("Support", "The Notwist")


def test_of_two_clubs_next_to_each_other_the_nearer_one_is_matched() -> None:
    shows = [show("Here", "Lido"), show("There", "Magnet")]
    found = verdict(evening(CLUB), [CLUB, OTHER_CLUB], shows)
    assert found.kind == "match"
    assert found.candidates[0].event.venue == "Lido"


def test_between_two_clubs_a_person_is_asked() -> None:
    between = Venue("", (), CLUB.latitude, (CLUB.longitude + OTHER_CLUB.longitude) / 2)
    shows = [show("Here", "Lido"), show("There", "Magnet")]
    found = verdict(evening(between), [CLUB, OTHER_CLUB], shows)
    assert found.kind == "review"
    assert {one.event.venue for one in found.candidates} == {"Lido", "Magnet"}


def test_a_show_next_door_is_no_reason_when_the_club_itself_has_none_listed() -> None:
    found = verdict(evening(CLUB), [CLUB, OTHER_CLUB], [show("There", "Magnet")])
    assert found.kind != "match"


def test_a_show_across_the_city_is_none_of_theirs() -> None:
    found = verdict(evening(CLUB), [CLUB], [show("There", "Parkbühne Wuhlheide")])
    assert found.kind == "none"


def test_photos_of_a_morning_in_the_street_are_no_concert() -> None:
    street = Venue("", (), CLUB.latitude + 0.004, CLUB.longitude)  # 440 m away
    morning = photos(street, at("9:10"), at("9:12"))
    assert verdict(morning, [CLUB], [show("The Notwist", "Lido")]).kind == "none"


def test_photos_without_a_place_are_never_matched_by_themselves() -> None:
    found = verdict(evening(None), [], [show("The Notwist", "Lido")])
    assert found.kind != "match"
    if found.candidates:
        assert "The photos don't tell where they were taken." in found.candidates[0].reasons


def test_a_camera_without_satellites_takes_the_place_of_the_phone_beside_it() -> None:
    camera = evening(None, camera="camera")
    phone = photos(CLUB, at("21:05"), at("21:45"))
    found = verdict([*camera, *phone], [CLUB], [show("The Notwist", "Lido")])
    assert found.kind == "match"


def test_after_midnight_it_is_still_the_evenings_concert() -> None:
    late = photos(CLUB, *(at("24:10") + timedelta(minutes=7 * n) for n in range(9)))
    shows = [
        show("Tonight", "Lido"),
        show("Tomorrow", "Lido", DAY + timedelta(days=1)),
    ]
    found = verdict(late, [CLUB], shows)
    assert found.candidates[0].event.artists == ("Tonight",)
    assert found.kind == "match"


def test_a_festivals_afternoon_in_the_park_is_matched() -> None:
    afternoon = photos(PARK, *(at("14:00") + timedelta(minutes=15 * n) for n in range(10)))
    bill = [show(name, "Parkbühne Wuhlheide") for name in ("One", "Two", "Three", "Four")]
    assert verdict(afternoon, [PARK], bill).kind == "match"


@pytest.mark.parametrize(
    "called", ["Lido Berlin", "The Lido", "LIDO", "Lido Club", "Club Lido", "Lído"]
)
def test_setlists_call_venues_by_other_names(called: str) -> None:
    found = verdict(evening(CLUB), [CLUB], [show("The Notwist", called)])
    assert found.kind == "match"


def test_a_bad_fix_beside_two_clubs_is_for_a_person() -> None:
    shows = [show("Here", "Lido"), show("There", "Magnet")]
    found = verdict(evening(CLUB, count=2, error_m=150.0), [CLUB, OTHER_CLUB], shows)
    assert found.kind == "review"


def test_confidence_is_a_share_of_all_that_it_could_be() -> None:
    shows = [show("Here", "Lido"), show("There", "Magnet")]
    found = verdict(evening(CLUB), [CLUB, OTHER_CLUB], shows)
    whole = sum(one.confidence for one in found.candidates) + found.elsewhere
    assert whole == pytest.approx(1.0, abs=0.05)


def test_two_spellings_of_a_venue_are_one_evening() -> None:
    shows = [show("Support", "Lido"), show("The Notwist", "Lido, Berlin")]
    found = verdict(evening(CLUB), [CLUB], shows)
    assert found.kind == "match"
    assert {*found.candidates[0].event.artists} == {"Support", "The Notwist"}


def test_another_kind_of_house_of_the_same_name_is_another_venue() -> None:
    shows = [show("Here", "Lido"), show("There", "Lido Theatre")]
    found = verdict(evening(CLUB), [CLUB], shows)
    assert found.kind == "match"
    assert found.candidates[0].event.artists == ("Here",)


def test_a_venues_former_name_may_be_anothers_today() -> None:
    renamed = replace(CLUB, names=("Lido", "Magnet"))
    found = verdict(evening(CLUB), [renamed], [show("There", "Magnet"), show("Here", "Lido")])
    assert found.kind == "match"
    assert found.candidates[0].event.artists == ("Here",)


def test_what_a_person_has_noted_is_believed_also_without_a_place() -> None:
    noted = Event("", "Somewhere", 0, DAY, (show("The Notwist", "Somewhere"),), is_own=True)
    [session] = sessions(evening(None), ZoneInfo(HOME))
    assert judge(session, [], [noted], {}).kind == "match"


def test_the_nearer_of_two_cities_has_the_namesake() -> None:
    here, there = show("Here", "Lido"), replace(show("There", "Lido"), city_id=1, venue_id="x")
    [session] = sessions(evening(CLUB), ZoneInfo(HOME))
    found = judge(session, [CLUB], evenings([here, there]), {BERLIN: 3_000.0, 1: 30_000.0})
    assert found.candidates[0].event.artists == ("Here",)
    assert found.kind == "match"


def test_the_venue_where_a_session_was_is_worth_asking_for() -> None:
    [session] = sessions(evening(CLUB), ZoneInfo(HOME))
    assert promising(session, [PARK, OTHER_CLUB, CLUB]) == [CLUB]


def test_where_no_venue_is_near_nothing_is_worth_asking_for() -> None:
    away = Venue("", (), CLUB.latitude + 0.005, CLUB.longitude)
    for sightings in (evening(away), evening(None)):
        [session] = sessions(sightings, ZoneInfo(HOME))
        assert promising(session, [CLUB, OTHER_CLUB]) == []


@given(
    st.lists(st.datetimes(at("9:00"), at("27:00")), min_size=1, max_size=12),
    st.floats(0, 0.006),
    st.sampled_from([CLUB, PARK, replace(CLUB, kind="park", reach_m=300.0)]),
    st.integers(1, 4),
)
def test_what_is_not_worth_asking_for_is_never_worth_a_look(
    walls: list[datetime], away: float, venue: Venue, artists: int
) -> None:
    there = Venue("", (), venue.latitude + away, venue.longitude)
    for session in sessions(photos(there, *walls), ZoneInfo(HOME)):
        bill = [
            show(f"Artist {n}", venue.names[0], day)
            for day, _ in session.days
            for n in range(artists)
        ]
        found = judge(session, [venue], evenings(bill), {BERLIN: 0.0})
        assert promising(session, [venue]) or found.kind == "none"


def test_within_a_venues_walls_is_at_the_venue() -> None:
    corners = ((52.46, 13.54), (52.46, 13.55), (52.464, 13.55), (52.464, 13.54))
    ground = replace(PARK, outline=corners)
    corner = Venue("", (), 52.4605, 13.5495)  # 230 m from the middle
    bill = [show(name, "Parkbühne Wuhlheide") for name in ("One", "Two", "Three")]
    assert verdict(evening(corner), [ground], bill).kind == "match"


def test_a_session_for_review_follows_a_sure_one_of_the_same_evening() -> None:
    shows = evenings([show("The Notwist", "Lido")])
    between = Venue("", (), CLUB.latitude, CLUB.longitude + 0.0012)  # 80 m away
    early, late = (
        judge(session, [CLUB], shows, {BERLIN: 0.0})
        for photos_of in (photos(between, at("19:40")), evening(CLUB))
        for session in sessions(photos_of, ZoneInfo(HOME))
    )
    assert (early.kind, late.kind) == ("review", "match")
    assert [one.kind for one in agreed([early, late])] == ["match", "match"]
    assert [one.kind for one in agreed([early])] == ["review"]
