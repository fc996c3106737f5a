"""Conditional requests, against the rules of RFC 9110 §13."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backline.platform.media.conditions import early_status, http_date, range_holds

ETAG = '"abc"'
MODIFIED = datetime(2026, 5, 1, 12, 0, 0, 250_000, tzinfo=UTC)
DATE = "Fri, 01 May 2026 12:00:00 GMT"
BEFORE = "Fri, 01 May 2026 11:59:59 GMT"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, None),
        ({"if-none-match": ETAG}, 304),
        ({"if-none-match": 'W/"abc"'}, 304),
        ({"if-none-match": '"x", "abc"'}, 304),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"x"'}, None),
        ({"if-modified-since": DATE}, 304),
        ({"if-modified-since": BEFORE}, None),
        ({"if-modified-since": "yesterday"}, None),
        ({"if-none-match": '"x"', "if-modified-since": DATE}, None),
        ({"if-match": ETAG}, None),
        ({"if-match": "*"}, None),
        ({"if-match": 'W/"abc"'}, 412),
        ({"if-match": '"x"'}, 412),
        ({"if-unmodified-since": DATE}, None),
        ({"if-unmodified-since": BEFORE}, 412),
        ({"if-match": ETAG, "if-unmodified-since": BEFORE}, None),
        ({"if-match": ETAG, "if-none-match": ETAG}, 304),
    ],
)
def test_conditions(headers: dict[str, str], status: int | None) -> None:
    assert early_status(headers, ETAG, MODIFIED) == status


@pytest.mark.parametrize(
    ("if_range", "holds"),
    [(None, True), (ETAG, True), ('"x"', False), ('W/"abc"', False), (DATE, True), (BEFORE, False),
     ("Fri, 01 May 2026 12:00:01 GMT", False), ("nonsense", False)],
)  # fmt: skip
def test_if_range(if_range: str | None, holds: bool) -> None:
    assert range_holds(if_range, ETAG, MODIFIED) is holds


def test_dates_are_written_in_gmt() -> None:
    assert http_date(MODIFIED.astimezone()) == DATE


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_not_but_no_fault(text: str) -> None:
    assert early_status({"if-modified-since": text}, ETAG, MODIFIED) in (None, 304)
    assert range_holds(text, ETAG, MODIFIED - timedelta(days=1)) in (True, False)
