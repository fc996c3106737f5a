"""Whom tracks are by, and which album they are on, as tags and people write it."""

from uuid import uuid4

import pytest

from backline.audio.credits import VARIOUS, VARIOUS_MBID, credits_of
from backline.audio.models import Labels, Tags

ONE, OTHER = uuid4(), uuid4()


def artists(said: str, title: str = "Song", **tags: object) -> list[str]:
    found = credits_of(Labels(title, said), Tags(artist=said or None, **tags))  # type: ignore[arg-type]
    return [one.name for one in found.artists]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("AC/DC", ["AC/DC"]),
        ("Simon & Garfunkel", ["Simon & Garfunkel"]),
        ("Earth, Wind & Fire", ["Earth, Wind & Fire"]),
        ("Tyler, The Creator", ["Tyler, The Creator"]),
        ("Rihanna feat. Jay-Z", ["Rihanna", "Jay-Z"]),
        ("Rihanna (ft. Jay-Z)", ["Rihanna", "Jay-Z"]),
        ("Ona; Björk", ["Ona", "Björk"]),
        ("Ona / Björk", ["Ona", "Björk"]),
        ("Björk; BJORK", ["Björk"]),
        ("Defeat", ["Defeat"]),
        ("", []),
        (" ; ", []),
    ],
)
def test_names_are_parted_where_no_name_could_be_meant(said: str, names: list[str]) -> None:
    assert artists(said) == names


def test_names_that_tags_give_one_by_one_stay_as_they_are() -> None:
    assert artists("A; B / C", artists=["A; B", "C"]) == ["A; B", "C"]


def test_a_guest_in_the_title_is_an_artist_of_the_track() -> None:
    assert artists("Ona", "Sky (feat. Björk)") == ["Ona", "Björk"]


def test_ids_tell_how_many_are_meant() -> None:
    found = credits_of(
        Labels("Under Pressure", "Queen & David Bowie"),
        Tags(artist="Queen & David Bowie", artist_mbids=[ONE, OTHER]),
    )

    assert [(one.name, one.mbid) for one in found.artists] == [
        ("Queen", ONE),
        ("David Bowie", OTHER),
    ]


def test_what_a_person_changed_isnt_told_by_tags_any_more() -> None:
    tags = Tags(artist="Ona", album="Sky", artist_mbids=[ONE], album_mbid=OTHER, artist_sort="X")

    kept = credits_of(Labels("Song", "Ona", "Sky"), tags)
    changed = credits_of(Labels("Song", "Una", "Ski"), tags)

    assert (kept.artists[0].mbid, kept.artists[0].sort) == (ONE, "X")
    assert (changed.artists[0].mbid, changed.artists[0].sort) == (None, None)
    assert kept.album is not None
    assert changed.album is not None
    assert (kept.album.mbid, changed.album.mbid) == (OTHER, None)


def test_an_album_without_an_artist_of_its_own_is_by_the_first_of_its_tracks() -> None:
    album = credits_of(Labels("Song", "Ona feat. Björk", "Sky"), Tags()).album

    assert album is not None
    assert (album.artist, [one.name for one in album.artists]) == ("Ona", ["Ona"])


@pytest.mark.parametrize(
    ("labels", "tags"),
    [
        (Labels("Song", "Ona", "Hits"), Tags(artist="Ona", album="Hits", is_compilation=True)),
        (Labels("Song", "Ona", "Hits", "various"), Tags()),
        (Labels("Song", "Ona", "Hits", "V.A."), Tags()),
    ],
)
def test_compilations_are_by_various_artists(labels: Labels, tags: Tags) -> None:
    album = credits_of(labels, tags).album

    assert album is not None
    assert album.is_compilation
    assert [(one.name, one.mbid) for one in album.artists] == [(VARIOUS, VARIOUS_MBID)]


def test_genres_are_parted_and_each_is_named_once() -> None:
    found = credits_of(Labels("Song", genre="Rock; Pop/rock, Dream Pop"), Tags())

    assert found.genres == ("Rock", "Pop", "Dream Pop")


def test_without_an_album_there_is_none() -> None:
    assert credits_of(Labels("Song", album="  "), Tags()).album is None
