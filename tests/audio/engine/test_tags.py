"""Tags and covers as every family of formats writes them."""

import base64
import struct
from pathlib import Path
from typing import Any

import msgspec
import pytest
from mutagen.apev2 import APEBinaryValue
from mutagen.asf import ASF, ASFByteArrayAttribute
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, COMM, ID3, TALB, TCON, TDRC, TIT2, TPE1, TPE2, TPOS, TRCK, TXXX
from mutagen.mp4 import MP4, MP4Cover
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis
from mutagen.wavpack import WavPack

from backline.audio.engine.faults import Unplayable
from backline.audio.engine.labels import clean, normalised, title_from
from backline.audio.engine.tags import read_tags
from backline.audio.models import Tags
from tests.audio.engine.conftest import Engine
from tests.support import sounds

COVER = b"\x89PNG\r\n\x1a\n and the rest of a picture"
WANTED = Tags("Bird", "Ona", "Sky", "All", "Folk", 2021, 3, 2)
VORBIS = {
    "title": "Bird",
    "artist": "Ona",
    "album": "Sky",
    "albumartist": "All",
    "genre": "Folk",
    "date": "2021-05-06",
    "tracknumber": "3/12",
    "discnumber": "2",
}


def picture() -> Picture:
    made = Picture()
    made.data, made.type, made.mime = COVER, 3, "image/png"
    return made


def write_id3(path: Path) -> None:
    tags = ID3()
    tags.add(TIT2(text="Bird"))
    tags.add(TPE1(text="Ona"))
    tags.add(TALB(text="Sky"))
    tags.add(TPE2(text="All"))
    tags.add(TCON(text="(80)"))
    tags.add(TDRC(text="2021"))
    tags.add(TRCK(text="3/12"))
    tags.add(TPOS(text="2/2"))
    tags.add(APIC(mime="image/png", type=4, desc="back", data=b"the back"))
    tags.add(APIC(mime="image/png", type=3, desc="front", data=COVER))
    tags.save(path)


def write_vorbis(path: Path, kind: Any) -> None:
    file = kind(path)
    file.update(VORBIS)
    if kind is FLAC:
        file.add_picture(picture())
    else:
        file["metadata_block_picture"] = base64.b64encode(picture().write()).decode()
    file.save()


def write_mp4(path: Path) -> None:
    file = MP4(path)
    file["\xa9nam"], file["\xa9ART"], file["\xa9alb"], file["aART"] = "Bird", "Ona", "Sky", "All"
    file["\xa9gen"], file["\xa9day"] = "Folk", "2021"
    file["trkn"], file["disk"] = [(3, 12)], [(2, 2)]
    file["covr"] = [MP4Cover(COVER, MP4Cover.FORMAT_PNG)]
    file.save()


def write_asf(path: Path) -> None:
    file = ASF(path)
    file["Title"], file["Author"], file["WM/AlbumTitle"] = "Bird", "Ona", "Sky"
    file["WM/AlbumArtist"], file["WM/Genre"], file["WM/Year"] = "All", "Folk", "2021"
    file["WM/TrackNumber"], file["WM/PartOfSet"] = "3", "2/2"
    block = struct.pack("<BI", 3, len(COVER)) + "image/png\0\0".encode("utf-16-le") + COVER
    file["WM/Picture"] = [ASFByteArrayAttribute(block)]
    file.save()


def write_ape(path: Path) -> None:
    file = WavPack(path)
    file["Title"], file["Artist"], file["Album"], file["Album Artist"] = "Bird", "Ona", "Sky", "All"
    file["Genre"], file["Year"], file["Track"], file["Disc"] = "Folk", "2021", "3/12", "2"
    file["Cover Art (Front)"] = APEBinaryValue(b"front.png\0" + COVER)
    file.save()


WRITERS = [
    ("a.mp3", (), write_id3),
    ("a.flac", (), lambda path: write_vorbis(path, FLAC)),
    ("a.ogg", ("-c:a", "libvorbis"), lambda path: write_vorbis(path, OggVorbis)),
    ("a.opus", ("-c:a", "libopus"), lambda path: write_vorbis(path, OggOpus)),
    ("a.m4a", (), write_mp4),
    ("a.wma", (), write_asf),
    ("a.wv", (), write_ape),
]


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    return sounds.tone(tmp_path / "tone.wav", 0.3)


@pytest.mark.parametrize(("name", "options", "write"), WRITERS)
def test_every_family_says_the_same(
    tmp_path: Path, tone: Path, name: str, options: tuple[str, ...], write: Any
) -> None:
    path = sounds.encoded(tone, tmp_path / name, "-map_metadata", "-1", *options)
    write(path)

    read = read_tags(str(path), str(tmp_path))

    # Of some the day is named as well, of others the year alone.
    assert msgspec.structs.replace(read.tags, released_on=None) == WANTED
    assert read.tags.released_on in {None, "2021-05-06"}
    assert (tmp_path / "picture-0").read_bytes() == COVER
    assert read.pictures >= 1


@pytest.mark.parametrize(("name", "options"), [("a.mka", ("-c:a", "flac")), ("a.wav", ())])
async def test_where_mutagen_is_silent_the_container_speaks(
    engine: Engine, tmp_path: Path, tone: Path, name: str, options: tuple[str, ...]
) -> None:
    said = ("-metadata", "title=Bird", "-metadata", "artist=Ona", "-metadata", "track=3")
    path = sounds.encoded(tone, tmp_path / name, *options, *said)

    tags = (await engine.inspect(path)).tags

    assert (tags.title, tags.artist, tags.track_number) == ("Bird", "Ona", 3)


def test_text_is_cleaned_and_cut() -> None:
    assert clean("a\0b\r\n\tc  d\u2028e") == "a b c d e"
    assert clean("e\u0301") == "\xe9"
    assert clean("\ud800x") == "x"
    assert len(clean("x" * 100_000)) == 500


@pytest.mark.parametrize(
    ("names", "field", "value"),
    [
        ({"date": ["released 1999-12-31"]}, "year", 1999),
        ({"date": ["12345678901234567890"]}, "year", None),
        ({"date": ["0000"]}, "year", None),
        ({"date": ["20190504"]}, "year", 2019),
        ({"date": ["201905"]}, "year", 2019),
        ({"date": ["20191504"]}, "year", None),
        ({"date": ["unknown"], "year": ["1984"]}, "year", 1984),
        ({"tpos": ["Disc 2"]}, "disc_number", 2),
        ({"discnumber": ["CD2"]}, "disc_number", 2),
        ({"trck": ["007/12"]}, "track_number", 7),
        ({"trck": ["-3"]}, "track_number", 3),
        ({"trck": ["A"]}, "track_number", None),
        ({"trck": ["99999"]}, "track_number", None),
        ({"trck": ["\u0663"]}, "track_number", None),
        ({"artist": ["Ona", "Ona", "\0", "Mei"]}, "artist", "Ona; Mei"),
        ({"title": [" \0 "]}, "title", None),
        ({"title": ["\u200b"]}, "title", None),
        ({"title": ["\u3164 \u2800"]}, "title", None),
        ({"title": ["\u200b"], "tit2": ["Bird"]}, "title", "Bird"),
        ({"title": ["👩\u200d🎤"]}, "title", "👩\u200d🎤"),
        ({"title": ["+"]}, "title", "+"),
    ],
)
def test_odd_values_become_good_ones_or_none(
    names: dict[str, list[str]], field: str, value: object
) -> None:
    assert getattr(normalised(names), field) == value


@pytest.mark.parametrize(
    ("filename", "title"),
    [
        ("Song.flac", "Song"),
        ("01_Song.MP3", "01 Song"),
        ("Mr. Brightside feat. X", "Mr. Brightside feat. X"),
        ("Mr. Brightside feat. X.mp3", "Mr. Brightside feat. X"),
        ("Vol.2", "Vol.2"),
        (".mp3", ".mp3"),
        ("\u200b.mp3", "Untitled"),
    ],
)
def test_a_file_s_name_is_a_title_without_its_ending(filename: str, title: str) -> None:
    assert title_from(filename) == title


def test_nul_bytes_never_come_through(tmp_path: Path, tone: Path) -> None:
    path = sounds.encoded(tone, tmp_path / "a.flac")
    file = FLAC(path)
    file["title"] = "Bi\0rd"
    file.save()

    assert read_tags(str(path), str(tmp_path)).tags.title == "Bi rd"


async def test_a_hundred_thousand_tags_are_refused_with_the_remedy(
    engine: Engine, tmp_path: Path, tone: Path
) -> None:
    path = sounds.encoded(tone, tmp_path / "a.flac")
    file: Any = FLAC(path)
    file.tags.extend((f"KEY{number}", "value") for number in range(100_000))
    file.save()

    with pytest.raises(Unplayable, match="tag editor"):
        await engine.inspect(path)


async def test_many_tags_that_are_still_bearable_are_read(
    engine: Engine, tmp_path: Path, tone: Path
) -> None:
    path = sounds.encoded(tone, tmp_path / "a.mp3")
    tags = ID3()
    for number in range(3000):
        tags.add(TXXX(desc=str(number), text="value"))
        tags.add(COMM(lang="eng", desc=str(number), text="value"))
    tags.add(TIT2(text="Bird"))
    tags.save(path)

    assert (await engine.inspect(path)).tags.title == "Bird"


def test_a_huge_cover_is_left_out_and_the_tags_stay(tmp_path: Path, tone: Path) -> None:
    path = sounds.encoded(tone, tmp_path / "a.mp3")
    tags = ID3()
    tags.add(TIT2(text="Bird"))
    tags.add(APIC(mime="image/jpeg", type=3, data=b"\xff" * (20 * 2**20 + 1)))
    tags.save(path)

    read = read_tags(str(path), str(tmp_path))

    assert read.tags.title == "Bird"
    assert read.pictures == 0
    assert "20 MB" in (read.warning or "")
    assert not (tmp_path / "picture-0").exists()


def test_broken_tags_read_as_none(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(b"ID3\x04\0\0\x7f\x7f\x7f\x7fTIT2\xff\xff\xff\xff" + b"\xff\xfb\x90\x64" * 100)

    assert read_tags(str(path), str(tmp_path)).tags == Tags()


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ({"date": ["1997-06-16"]}, "1997-06-16"),
        ({"\xa9day": ["1997-06-16T07:00:00Z"]}, "1997-06-16"),
        ({"tdrc": ["19970616"]}, "1997-06-16"),
        ({"date": ["2017"], "originaldate": ["1997-06-16"]}, "1997-06-16"),
        ({"date": ["1997"]}, None),
        ({"date": ["1997-01-01"]}, None),  # as programs write a year alone
        ({"date": ["1997-02-30"]}, None),
    ],
)
def test_the_day_of_a_release_is_known_where_it_is_named(
    said: dict[str, list[str]], day: str | None
) -> None:
    assert normalised(said).released_on == day
