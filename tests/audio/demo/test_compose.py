"""The sample music: composed in confined processes, pleasant within what a test can hear."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from mutagen.flac import FLAC

from backline.accounts.demo import PEOPLE
from backline.audio.demo import PIECES, DemoTrack
from backline.audio.demo.harmony import chord, close
from backline.platform.confined import Confinement, Limits
from tests.support import sounds
from tests.support.confinement import confined
from tests.support.pictures import Measured, measure

pytestmark = pytest.mark.slow

LIMITS = Limits(memory_bytes=768 << 20, cpu_s=30, wall_s=120)


async def composed(confinement: Confinement, index: int, path: Path) -> DemoTrack:
    return await confinement.call(
        "backline.audio.demo.compose:compose",
        index,
        str(path),
        returns=DemoTrack,
        limits=LIMITS,
        writes=[path.parent],
    )


async def measured(confinement: Confinement, path: Path) -> Measured:
    return await confinement.call(measure, str(path), returns=Measured, limits=LIMITS, reads=[path])


@pytest.mark.parametrize("index", range(len(PIECES)))
async def test_a_piece_is_a_tagged_file_with_a_cover(tmp_path: Path, index: int) -> None:
    path, piece = tmp_path / "piece.flac", PIECES[index]

    async with confined(["tests.support.pictures"]) as confinement:
        track = await composed(confinement, index, path)
        file: Any = FLAC(path)
        cover = tmp_path / "cover.jpg"
        cover.write_bytes(file.pictures[0].data)
        picture = await measured(confinement, cover)

    assert 20 < track.duration_samples / track.rate_hz < 60
    assert track.size_bytes == path.stat().st_size
    assert (file["title"], file["artist"]) == ([piece.title], [piece.artist])
    assert (file["album"], file["date"]) == ([piece.album], [str(piece.year)])
    assert (picture.width_px, picture.height_px) == (800, 800)
    assert 10 < picture.average < 200
    assert picture.deviation > 20
    samples = sounds.decoded("-i", str(path))
    left, right = samples[::2], samples[1::2]
    assert len(left) == track.duration_samples
    assert left != right
    assert 20_000 < max(abs(sample) for sample in samples) < 32_000
    assert abs(sum(samples)) / len(samples) < 200
    assert max(abs(sample) for sample in samples[-200:]) < 50


async def test_a_piece_is_the_same_every_time(tmp_path: Path) -> None:
    paths = [tmp_path / "first.flac", tmp_path / "second.flac"]

    async with confined() as confinement:
        for path in paths:
            await composed(confinement, 6, path)

    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_pieces_and_people_are_told_apart() -> None:
    assert len({piece.filename for piece in PIECES}) == len(PIECES) == 8
    assert set(Counter(piece.owner for piece in PIECES)) == set(range(len(PEOPLE)))
    assert all(person.email.endswith("@example.com") for person in PEOPLE)


@pytest.mark.parametrize(
    ("name", "notes"), [("C", [48, 52, 55]), ("F#m", [54, 57, 61]), ("Bb7", [58, 62, 65, 68])]
)
def test_chords_are_what_their_names_say(name: str, notes: list[int]) -> None:
    assert chord(name) == notes


def test_a_close_chord_stays_within_its_octave() -> None:
    assert close("Dm9", 57) == [57, 60, 62, 64, 65]
