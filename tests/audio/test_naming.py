"""Names of files that people see, whatever tags say."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backline.audio.naming import Called, Taken, ending, path, segment, single_name

SONG = Called("Mañana", "Ona", "Sky", "Ona & Co", 2, None, "x.FLAC", "audio/flac")


def test_a_track_is_artist_album_and_title() -> None:
    assert path(SONG) == ("Ona & Co", "Sky", "02 Mañana.flac")
    assert single_name(SONG) == "Ona - Mañana.flac"


def test_what_is_not_known_is_said_so() -> None:
    bare = Called("", "", "", "", None, None, "noise", "audio/mpeg")
    assert path(bare) == ("Unknown artist", "Unknown album", "Untitled.mp3")


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("AC/DC", "AC_DC"),
        ("..", "?"),
        ("...Like Clockwork", "Like Clockwork"),
        ("con", "_con"),
        ("NUL.tar", "_NUL.tar"),
        ("a\x00b\n c", "a_b_ c"),
        ("What?", "What_"),
        ("\u202egnp.exe", "_gnp.exe"),
        ("\ud800", "?"),
        ("~", "_~"),
    ],
)
def test_a_name_is_safe_everywhere(said: str, made: str) -> None:
    assert segment(said, "?") == made


def test_no_half_letter_is_left_of_a_long_name() -> None:
    made = segment("é" * 500, "?")
    assert made == "é" * 90


@given(st.text(max_size=300))
def test_any_name_is_one_segment(said: str) -> None:
    made = segment(said, "Untitled")
    assert made not in {"", ".", ".."}
    assert "/" not in made
    assert "\x00" not in made
    assert len(os.fsencode(made)) <= 200
    assert made == made.strip(" .")
    assert Path("/a", made).parent == Path("/a")


def test_names_that_only_look_different_are_given_once() -> None:
    taken = Taken()
    given_out = [taken.name(one) for one in ("A/é.mp3", "a/E\u0301.mp3", "A/é.mp3", "A/é (2).mp3")]
    assert given_out == ["A/é.mp3", "a/E\u0301 (2).mp3", "A/é (3).mp3", "A/é (2) (2).mp3"]


def test_an_ending_comes_from_the_file_or_its_type() -> None:
    assert ending(Called("", "", "", "", None, None, "a.b.OGA", "audio/ogg")) == "oga"
    assert ending(Called("", "", "", "", None, None, "a.mp3/../..", "audio/ogg")) == "ogg"
