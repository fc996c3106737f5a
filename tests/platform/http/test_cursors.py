"""Cursors go back where they came from, and nowhere else."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backline.platform.errors import Invalid
from backline.platform.http import cursors

KEY = (datetime(2026, 11, 22, 20, 15, 0, 123456, UTC), UUID(int=7))


def test_a_cursor_gives_its_key_back_exactly() -> None:
    cursor = cursors.encode("tracks:-created_at:", KEY)

    assert cursors.decode("tracks:-created_at:", cursor, tuple[datetime, UUID]) == KEY


def test_a_cursor_of_another_list_is_refused() -> None:
    cursor = cursors.encode("tracks:-created_at:", KEY)

    with pytest.raises(Invalid):
        cursors.decode("tracks:-created_at:love", cursor, tuple[datetime, UUID])


@given(st.text(max_size=100))
def test_whatever_a_client_sends_is_a_clear_error(cursor: str) -> None:
    with pytest.raises(Invalid):
        cursors.decode("tracks:title:", cursor, tuple[str, UUID])


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("a\0", str),
        (2**63, int),
        (-(2**63) - 1, int),
        ("0001-01-01T00:00:00Z", datetime),
        (["a", "9999-12-31T23:59:59Z"], tuple[str, datetime]),
    ],
)
def test_a_key_that_no_column_holds_is_a_clear_error(said: object, kind: type) -> None:
    with pytest.raises(Invalid):
        cursors.decode("words", cursors.encode("words", said), kind)


def test_a_page_with_more_behind_it_ends_in_a_cursor_to_its_last_row() -> None:
    page, following = cursors.cut("words", ["a", "b", "c"], 2, str.upper)

    assert page == ["a", "b"]
    assert following is not None
    assert cursors.decode("words", following, str) == "B"


def test_a_page_that_is_just_full_is_the_last_one() -> None:
    assert cursors.cut("words", ["a", "b"], 2, str.upper) == (["a", "b"], None)
