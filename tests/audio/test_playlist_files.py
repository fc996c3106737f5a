"""Files of playlists: what is read of them, and what is refused."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backline.audio.playlist_files import WRITERS, Listed, path_of, read
from backline.platform.errors import Invalid

M3U8 = """\ufeff#EXTM3U
#PLAYLIST:For the van
#EXTINF:187,Ona - Night drive
Music/Ona/Sky/01 Night drive.flac

#EXTINF:-1,Untitled
C:\\Music\\Una\\B.mp3
# a remark
file:///srv/My%20songs/C%23.ogg
"""
XSPF = """<?xml version="1.0" encoding="ISO-8859-1"?>
<playlist version="1" xmlns="http://xspf.org/ns/0/">
  <title>For the van</title>
  <trackList>
    <track>
      <location>file:///srv/My%20songs/A.ogg</location>
      <title>Night &amp; drive</title><creator>Ona</creator><album>Sky</album>
      <duration>187000</duration><link rel="x">y</link>
    </track>
    <track><title>B</title></track>
  </trackList>
</playlist>"""


def test_m3u8_is_read_with_its_names_and_lengths() -> None:
    file = read(M3U8)

    assert file.name == "For the van"
    assert file.entries == [
        Listed("Night drive", "Ona", "", "Music/Ona/Sky/01 Night drive.flac", 187_000),
        Listed("Untitled", "", "", "C:\\Music\\Una\\B.mp3", None),
        Listed("", "", "", "file:///srv/My songs/C#.ogg", None),
    ]
    assert [one.filename for one in file.entries] == ["01 Night drive.flac", "B.mp3", "C#.ogg"]


def test_xspf_is_read_with_its_names_and_lengths() -> None:
    file = read(XSPF)

    assert file.name == "For the van"
    assert file.entries == [
        Listed("Night & drive", "Ona", "Sky", "file:///srv/My songs/A.ogg", 187_000),
        Listed("B"),
    ]


BOMB = (
    '<!DOCTYPE playlist [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<playlist><title>&b;</title></playlist>"
)
OUTSIDE = '<!DOCTYPE playlist SYSTEM "file:///etc/passwd"><playlist/>'
FOREIGN = (
    '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><playlist><title>&x;</title></playlist>'
)
TOO_MANY = "a.mp3\n" * 10_001


@pytest.mark.parametrize(
    "text",
    [BOMB, OUTSIDE, FOREIGN, TOO_MANY, "<playlist>", "<" * 5_000, "<a>" * 100, "<playlist>&x;"],
)
def test_what_is_hostile_or_broken_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read(text)


WORDS = st.text(
    st.characters(categories=("L", "N", "P", "S", "Zs"), exclude_characters="\x85"), max_size=40
).map(lambda text: " ".join(text.split()))
ENTRIES = st.lists(
    st.builds(
        lambda title, artist, length_s: Listed(
            title, artist, "", path_of(artist, "", title), length_s * 1000
        ),
        WORDS.filter(lambda text: text != "" and " - " not in text),
        WORDS.filter(lambda text: " - " not in text),
        st.integers(1, 100_000),
    ),
    min_size=1,
    max_size=5,
)


@example("", [Listed("Song", "#1 Dads", "", "#1 Dads/Unknown album/Song", 1_000)], "m3u8")
@given(WORDS, ENTRIES, st.sampled_from(sorted(WRITERS)))
def test_what_was_written_is_read_again(name: str, entries: list[Listed], how: str) -> None:
    file = read("".join(WRITERS[how](name, entries)))

    assert file.name == name
    assert [(one.title, one.artist, one.duration_ms) for one in file.entries] == [
        (one.title, one.artist, one.duration_ms) for one in entries
    ]


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        file = read(text)
    except Invalid:
        return
    assert len(file.entries) <= 10_000


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_a_path_stays_below_where_it_begins(artist: str, album: str, name: str) -> None:
    parts = path_of(artist, album, name).split("/")

    assert len(parts) == 3
    assert all(part not in {"", ".", ".."} and len(part) <= 120 for part in parts)
