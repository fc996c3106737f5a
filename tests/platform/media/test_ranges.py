"""The Range header, against the rules of RFC 9110 §14."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backline.platform.media.ranges import ByteRange, Unsatisfiable, parse_range

SIZES = st.integers(0, 2**40)


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [("bytes=0-0", 0, 1), ("bytes=0-", 0, 1000), ("bytes=10-19", 10, 20), ("bytes=-5", 995, 1000),
     ("bytes=-5000", 0, 1000), ("bytes=990-5000", 990, 1000), ("bytes=999-", 999, 1000),
     ("BYTES=1-2", 1, 3), ("bytes= 1-2", 1, 3)],
)  # fmt: skip
def test_one_range(header: str, start: int, end: int) -> None:
    assert parse_range(header, 1000) == ByteRange(start, end)


@pytest.mark.parametrize(
    "header",
    [None, "", "bytes", "bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "items=0-1", "bytes=1-2,4-5",
     "bytes=1 - 2", "bytes=--1", "bytes=+1-2", "bytes=0x1-2", "bytes=1-2;", "bytes=٣-٤",
     "bytes=" + "9" * 65 + "-"],
)  # fmt: skip
def test_what_is_not_understood_means_the_whole_file(header: str | None) -> None:
    assert parse_range(header, 1000) is None


@pytest.mark.parametrize(
    "header", ["bytes=1000-", "bytes=1000-2000", "bytes=-0", "bytes=" + "9" * 60 + "-"]
)
def test_a_range_without_bytes_cannot_be_satisfied(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        parse_range(header, 1000)


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=0-0", "bytes=-1"])
def test_an_empty_file_has_no_ranges(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        parse_range(header, 0)


@given(st.integers(0, 2**41), st.integers(0, 2**41), SIZES)
def test_first_and_last_give_what_a_slice_would(first: int, last: int, size_bytes: int) -> None:
    expected = range(size_bytes)[first : last + 1]
    header = f"bytes={first}-{last}"

    if last < first:
        assert parse_range(header, size_bytes) is None
    elif not expected:
        with pytest.raises(Unsatisfiable):
            parse_range(header, size_bytes)
    else:
        assert parse_range(header, size_bytes) == ByteRange(expected.start, expected.stop)


@given(st.integers(1, 2**41), st.integers(1, 2**40))
def test_a_suffix_gives_the_last_bytes(count: int, size_bytes: int) -> None:
    expected = range(size_bytes)[-count:]

    assert parse_range(f"bytes=-{count}", size_bytes) == ByteRange(expected.start, expected.stop)


@given(st.text(max_size=40), SIZES)
def test_any_text_gives_bytes_of_the_file_or_none(text: str, size_bytes: int) -> None:
    try:
        part = parse_range("bytes=" + text, size_bytes)
    except Unsatisfiable:
        return
    assert part is None or 0 <= part.start < part.end <= size_bytes
