"""Comments in plain words."""

from uuid import UUID

import pytest

from backline.tasks.excerpts import excerpt

MEI = UUID("01900000-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("The **second** chorus, _please_", "The second chorus, please"),
        (f"@{MEI}, is it done?", "@Mei Tanaka, is it done?"),
        ("@01900000-0000-7000-8000-000000000009 left", "@somebody left"),
        ("# Plan\n\n- one\n- two\n> three", "Plan one two three"),
        ("See [the sheet](https://example.org/a)", "See the sheet"),
        ("snake_case and 2 * 3 * 4 stay", "snake_case and 2 * 3 * 4 stay"),
        ("`code` and ~~gone~~", "code and gone"),
        ("", ""),
    ],
)
def test_markdown_is_left_out(written: str, plain: str) -> None:
    assert excerpt(written, {MEI: "Mei Tanaka"}) == plain


def test_what_is_long_ends_with_an_ellipsis() -> None:
    assert len(excerpt("word " * 100, {})) <= 300
    assert excerpt("word " * 100, {}).endswith("word…")
