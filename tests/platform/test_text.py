"""Order and search of names."""

import pytest

from backline.platform import text


@pytest.mark.parametrize(
    ("one", "other"),
    [("The Beatles", "beatles"), ("Björk", "BJORK"), ("Les  Négresses Vertes", "negresses vertes")],
)
def test_names_that_people_file_together_have_one_sort_key(one: str, other: str) -> None:
    assert text.sort_key(one) == text.sort_key(other)


def test_an_empty_name_sorts_last() -> None:
    assert sorted(["", "Zappa", "ABBA"], key=text.sort_key) == ["ABBA", "Zappa", ""]


def test_an_article_alone_is_a_name() -> None:
    assert text.sort_key("The") == "the"


def test_a_query_looks_for_beginnings_of_all_words() -> None:
    assert text.query("Sigur Rós!") == "sigur:* & ros:*"


@pytest.mark.parametrize("nothing", ["", "  ", "!?&|():*'\\"])
def test_a_query_without_words_is_none(nothing: str) -> None:
    assert text.query(nothing) is None
