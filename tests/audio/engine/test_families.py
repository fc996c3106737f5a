"""Files with tags of several families: the native ones win, each field and picture is found."""

import base64
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mutagen.apev2 import APEBinaryValue, APEv2
from mutagen.flac import FLAC
from mutagen.id3 import APIC, ID3, TALB, TIT2, TPE1
from mutagen.oggvorbis import OggVorbis

from backline.audio.engine.findings import TagsRead
from backline.audio.engine.tags import read_tags
from tests.audio.engine.conftest import Engine
from tests.audio.engine.test_tags import COVER, picture
from tests.support import sounds

OTHER = b"\x89PNG\r\n\x1a\n another picture"


def encoded(folder: Path, name: str, *options: str) -> Path:
    source = sounds.tone(folder / "tone.wav", 0.3)
    return sounds.encoded(source, folder / name, "-map_metadata", "-1", *options)


def id3(*frames: Any, padding_bytes: int = 0, folder: Path) -> bytes:
    """An ID3v2 tag by itself."""
    tags: Any = ID3()
    for frame in frames:
        tags.add(frame)
    path = folder / "tag.id3"
    path.write_bytes(b"")
    tags.save(path, padding=lambda _info: padding_bytes)
    return path.read_bytes()


def read(path: Path, folder: Path) -> TagsRead:
    return read_tags(str(path), str(folder))


@pytest.mark.slow
@pytest.mark.parametrize("padding_bytes", [0, 3 << 20])
@pytest.mark.parametrize(
    ("name", "options", "container"),
    [("a.flac", (), "flac"), ("a.aac", (), "adts"), ("a.wav", (), "wav"), ("a.mp3", (), "mp3"),
     ("a.ogg", ("-c:a", "libvorbis"), "ogg"), ("a.tta", (), "tta")],
)  # fmt: skip
async def test_a_tag_in_front_of_any_format_is_skipped(
    engine: Engine,
    tmp_path: Path,
    name: str,
    options: tuple[str, ...],
    container: str,
    padding_bytes: int,
) -> None:
    front = id3(TIT2(text="Bird"), padding_bytes=padding_bytes, folder=tmp_path)
    path = tmp_path / "tagged"
    path.write_bytes(front + encoded(tmp_path, name, *options).read_bytes())

    source = await engine.inspect(path)
    rendition = await engine.render(path)

    assert source.probe.container == container
    assert source.tags.title == "Bird"
    assert rendition.duration_ms == pytest.approx(300, abs=60)


def test_flac_s_own_tags_win_over_those_in_front(tmp_path: Path) -> None:
    own = encoded(tmp_path, "own.flac")
    file = FLAC(own)
    file["title"], file["artist"] = "Own", "Ona"
    file.add_picture(picture())
    file.save()
    front = id3(
        *(TIT2(text="Front"), TALB(text="Sky"), APIC(mime="image/png", type=3, data=OTHER)),
        folder=tmp_path,
    )
    path = tmp_path / "both.flac"
    path.write_bytes(front + own.read_bytes())

    found = read(path, tmp_path)

    assert (found.tags.title, found.tags.artist, found.tags.album) == ("Own", "Ona", "Sky")
    assert (tmp_path / "picture-0").read_bytes() == COVER
    assert (tmp_path / "picture-1").read_bytes() == OTHER


def test_ape_beside_an_old_id3_is_read_field_by_field(tmp_path: Path) -> None:
    path = encoded(tmp_path, "a.mp3", "-write_xing", "0", "-id3v2_version", "0")
    tags = APEv2()
    tags["Title"], tags["Album"] = "A title that is longer than thirty letters", "Sky"
    tags["Cover Art (Front)"] = APEBinaryValue(b"front.png\0" + COVER)
    tags.save(path)
    old = b"TAG" + b"A title that is longer than th" + b"Ona".ljust(30, b"\0")
    path.write_bytes(path.read_bytes() + old + bytes(60) + b"2021" + bytes(1))

    found = read(path, tmp_path)

    assert found.tags.title == "A title that is longer than thirty letters"
    assert (found.tags.album, found.tags.artist, found.tags.year) == ("Sky", "Ona", None)
    assert (tmp_path / "picture-0").read_bytes() == COVER


def test_a_new_id3_is_believed_before_ape(tmp_path: Path) -> None:
    path = encoded(tmp_path, "a.mp3")
    ape = APEv2()
    ape["Title"], ape["Artist"] = "Ape", "Ona"
    ape.save(path)
    new: Any = ID3()
    new.add(TIT2(text="Bird"))
    new.save(path, v1=0)

    found = read(path, tmp_path)

    assert (found.tags.title, found.tags.artist) == ("Bird", "Ona")


@pytest.mark.parametrize(
    "frames",
    [
        [(1, OTHER), (0, COVER)],
        [(2, OTHER), (4, COVER)],
        [(4, OTHER), (0, COVER)],
        [(3, b""), (0, COVER)],
        [(3, b"\n" + COVER), (0, OTHER)],
    ],
)
def test_the_best_picture_comes_first(tmp_path: Path, frames: list[tuple[int, bytes]]) -> None:
    path = encoded(tmp_path, "a.mp3")
    tags: Any = ID3()
    for number, (kind, data) in enumerate(frames):
        tags.add(APIC(mime="image/png", type=kind, desc=str(number), data=data))
    tags.save(path)

    read(path, tmp_path)

    assert (tmp_path / "picture-0").read_bytes() == COVER


def test_a_bare_cover_of_vorbis_is_found(tmp_path: Path) -> None:
    path = encoded(tmp_path, "a.ogg", "-c:a", "libvorbis")
    file: Any = OggVorbis(path)
    file["coverart"] = base64.b64encode(COVER).decode()
    file.save()

    read(path, tmp_path)

    assert (tmp_path / "picture-0").read_bytes() == COVER


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def as_rf64(content: bytes) -> bytes:
    """A WAV file's content in the form for more than 4 GB."""
    data = content.index(b"data")
    size = int.from_bytes(content[data + 4 : data + 8], "little")
    sizes = chunk(b"ds64", struct.pack("<QQQI", len(content) + 28, size, size // 4, 0))
    unsaid = b"\xff" * 4
    start = b"RF64" + unsaid + b"WAVE" + sizes + content[12 : data + 4]
    return start + unsaid + content[data + 8 :]


@pytest.mark.parametrize("form", [bytes, as_rf64])
def test_a_tag_behind_the_sound_of_riff_is_found(
    tmp_path: Path, form: Callable[[bytes], bytes]
) -> None:
    tag = id3(TPE1(text="Ona"), APIC(mime="image/png", type=3, data=COVER), folder=tmp_path)
    path = encoded(tmp_path, "a.wav", "-fflags", "+bitexact")
    path.write_bytes(form(path.read_bytes()) + chunk(b"id3 ", tag))

    found = read(path, tmp_path)

    assert found.tags.artist == "Ona"
    assert (tmp_path / "picture-0").read_bytes() == COVER


@pytest.mark.parametrize("charset", ["utf-8", "latin1"])
async def test_the_texts_of_wav_are_read_whatever_they_are_written_in(
    engine: Engine, tmp_path: Path, charset: str
) -> None:
    path = encoded(tmp_path, "a.wav", "-fflags", "+bitexact")
    said = chunk(b"IART", "Björk".encode(charset)) + chunk(b"ICRD", b"20190504")
    path.write_bytes(path.read_bytes() + chunk(b"LIST", b"INFO" + said))

    tags = (await engine.inspect(path)).tags

    assert (tags.artist, tags.year) == ("Björk", 2019)


async def test_the_front_of_what_is_attached_to_matroska_comes_first(
    engine: Engine, tmp_path: Path
) -> None:
    paths: list[Path] = []
    for name, width_px in (("small_cover.png", 32), ("cover.png", 300)):
        paths.append(tmp_path / name)
        sounds.run("-f", "lavfi", "-i", f"testsrc=s={width_px}x30:d=1", "-frames:v", "1",
                   str(paths[-1]))  # fmt: skip
    path = encoded(tmp_path, "a.mka", "-c:a", "flac", "-attach", str(paths[0]), "-metadata:s:t:0",
                   "mimetype=image/png", "-attach", str(paths[1]), "-metadata:s:t:1",
                   "mimetype=image/png")  # fmt: skip

    source = await engine.inspect(path)

    assert [found.read_bytes() for found in source.pictures] == [
        *(paths[1].read_bytes(), paths[0].read_bytes())
    ]
    assert source.probe.duration_s == pytest.approx(0.3, abs=0.05)
