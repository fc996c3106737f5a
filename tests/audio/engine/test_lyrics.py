"""Words of songs as LRC, SYLT and plain texts have them."""

import pytest

from backline.audio.engine.lyrics import Line, of_times, read


def test_plain_words_keep_their_lines_and_stanzas() -> None:
    assert read("\n One \r\n\r\nTwo\x00 \n\n") == [Line("One"), Line(""), Line("Two")]


def test_timed_words_come_in_their_order_a_refrain_as_often_as_it_is_sung() -> None:
    text = "[ar:Ona]\n[00:12.5]Verse\n[00:20.25][01:05]Refrain\n[00:30.500]\nno time\n[02:00]End"

    assert read(text) == [
        Line("Verse", 12_500),
        Line("Refrain", 20_250),
        Line("", 30_500),
        Line("Refrain", 65_000),
        Line("End", 120_000),
    ]


def test_an_offset_brings_words_forward_and_never_before_the_beginning() -> None:
    assert read("[offset:+500]\n[00:00.2]One\n[00:02]Two") == [Line("One", 0), Line("Two", 1500)]


def test_times_of_single_words_are_left_out() -> None:
    assert read("[00:01.00]<00:01.00>A <00:01.50>bird") == [Line("A bird", 1000)]


def test_a_line_in_brackets_is_no_time() -> None:
    assert read("[Chorus]\nLa la") == [Line("[Chorus]"), Line("La la")]


@pytest.mark.parametrize("text", ["", "  \n ", "[ar:Ona]", "\u2028"])
def test_nothing_has_no_lines(text: str) -> None:
    assert read(text) == []


def test_syllables_make_lines() -> None:
    timed = [("Hel", 1000), ("lo", 1200), ("\nBird", 2000), ("s\n", 2100), ("End", 3000)]

    assert of_times(timed) == [Line("Hello", 1000), Line("Birds", 2000), Line("End", 3000)]


def test_whole_lines_stay_whole() -> None:
    assert of_times([("One\n", 0), ("Two\n", 900)]) == [Line("One", 0), Line("Two", 900)]


def test_any_text_is_bounded() -> None:
    lines = read("[00:01]" * 20_000 + "x" * 10_000 + "\n[00:02]y" * 10_000)

    assert len(lines) <= 3_000
    assert max(len(line.text) for line in lines) <= 500
