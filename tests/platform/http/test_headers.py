"""Headers as they stand in a message."""

from backline.platform.http.headers import joined


def test_what_comes_in_one_line_each_stays_as_it_is() -> None:
    assert joined([(b"a", b"1"), (b"b", b"2")]) == {b"a": b"1", b"b": b"2"}


def test_what_comes_in_several_lines_is_one_list_in_their_order() -> None:
    lines = [(b"cookie", b"a=1"), (b"cache-control", b"no-cache"), (b"accept", b"x")]
    further = [(b"cookie", b"b=2"), (b"cache-control", b"max-age=0"), (b"cookie", b"c=3")]

    assert joined(lines + further) == {
        b"cookie": b"a=1; b=2; c=3",
        b"cache-control": b"no-cache, max-age=0",
        b"accept": b"x",
    }
