"""Which names are one venue's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backline.concerts.matching.names import likeness

SAME = [
    ("The Roundhouse", "Roundhouse"),
    ("O2 Academy Brixton", "Brixton Academy"),
    ("Iron Bakery Arts Center", "Iron Bakery Arts Centre"),
    ("Théâtre de la Ville", "Theatre de la Ville"),
    ("Wiener Stadthalle, Halle D", "Wiener Stadthalle"),
    ("Terminal 5", "Terminal5"),
    ("Markthalle Hamburg", "Markthalle"),
    ("日本武道館", "日本武道館"),
    ("Paradiso Grote Zaal", "Paradiso"),
    ("Hansa 39", "Hansa39"),
    ("St. Vitus Lantern", "Saint Vitus Lantern"),
    ("The Second Anchor Cluub", "The Second Anchor Club"),
    ("Bowery Balroom", "Bowery Ballroom"),
]
OTHER = [
    ("Music Hall of Williamsburg", "Bowery Music Hall"),
    ("The Garage", "The Lexington"),
    ("Club 100", "Club 200"),
    ("O2 Arena", "O2 Academy Islington"),
    ("Kleine Halle", "Grosse Halle"),
    ("Saint Vitus Turnstile Club", "The Saint Vitus Lantern Club"),
    ("Marble Turnstile Theatre", "Marble Turnstile Club"),
    ("Berlin Arena", "Astra Kulturhaus"),
    ("The Club", "Club"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_venue_under_two_spellings(one: str, other: str) -> None:
    assert likeness(one, [other]) >= 0.8


@pytest.mark.parametrize(("one", "other"), OTHER[:-1])
def test_what_many_venues_share_makes_them_none_the_same(one: str, other: str) -> None:
    assert likeness(one, [other]) < 0.75


def test_the_nearest_of_several_names_counts() -> None:
    assert likeness("Old name", ["New name", "Old Name"]) == 1.0
    assert likeness("Any", []) == 0.0


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_taken(one: str, other: str) -> None:
    assert 0.0 <= likeness(one, [other]) <= 1.0
