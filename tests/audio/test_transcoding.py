"""Tracks in other codings, made while they are listened to: length, place, coding, and leaving."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import av
import pytest

from backline.audio.engine.render import render
from backline.audio.engine.source import inspect
from backline.audio.engine.transcode import (
    Fragments,
    Target,
    most_bytes,
    target,
    transcoding_arguments,
    whole_file,
)
from backline.audio.folders.files_sql import Original
from backline.audio.transcoding import InFolder, Rendition, Source, Transcoder
from backline.platform.confined import Confinement
from backline.platform.errors import NotFound, Unavailable
from backline.platform.storage.folder.store import FolderStorage
from tests.support import sounds
from tests.support.confinement import confined
from tests.support.waiting import until

pytestmark = pytest.mark.slow

RATE_HZ = 44_100
LENGTH_S = 14
STEPS_HZ = [300 + 50 * step for step in range(LENGTH_S)]
WHERE = "tracks/0/0/0"
MP3, OPUS = Target("mp3", 128_000), Target("opus", 96_000)
ADA = uuid4()


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tone that is 50 Hz higher each second, so that any moment of it can be told."""
    path = tmp_path_factory.mktemp("steps") / "steps.wav"
    left = sounds.tone_samples(0, RATE_HZ, 0)
    for hz in STEPS_HZ:
        left += sounds.tone_samples(RATE_HZ, RATE_HZ, hz)
    return sounds.write_wav(path, [left, left], RATE_HZ)


@pytest.fixture(scope="module")
def rendered(steps: Path) -> Path:
    """Its renditions."""
    out = steps.parent / "out"

    async def make() -> None:
        aside = steps.parent / "aside"
        aside.mkdir()
        out.mkdir()
        async with confined() as confinement:
            source = await inspect(confinement, steps, aside)
            await render(confinement, steps, source.probe, out, sounds.ffmpeg())

    asyncio.run(make())
    return out


@pytest.fixture
async def confinement() -> AsyncIterator[Confinement]:
    async with confined() as opened:
        yield opened


@pytest.fixture
async def rendition(rendered: Path, tmp_path: Path) -> Rendition:
    store = FolderStorage(tmp_path / "media")
    store.prepare()
    for name in ("high.m4a", "high.m3u8"):
        await store.put_file(f"{WHERE}/{name}", rendered / name)
    sizes = [(rendered / name).stat().st_size for name in ("high.m4a", "high.m3u8")]
    return Rendition(WHERE, sizes[0], sizes[1], Fragments(RATE_HZ, 2, float(LENGTH_S)))


def made_by(confinement: Confinement, folder: Path, most: int = 8) -> Transcoder:
    return Transcoder(
        confinement, FolderStorage(folder / "media"), sounds.ffmpeg(), (folder,), most
    )


async def heard(
    transcoder: Transcoder, source: Source, wanted: Target, offset_s: float = 0, person: UUID = ADA
) -> bytes:
    """All that a listener is given."""
    data = b""
    async with transcoder.listening(person, source, wanted, offset_s) as listening:
        while piece := await listening.read():
            data += piece
    return data


def codec_of(path: Path) -> tuple[str, int]:
    with av.open(str(path)) as opened:
        stream = opened.streams.audio[0]
        return stream.codec_context.name, stream.channels


def pitches(samples: Sequence[int], at_s: Sequence[float]) -> list[int]:
    """Which tones are heard, by their zero crossings in the tenth of a second after each moment."""
    found: list[int] = []
    for start_s in at_s:
        first = round(start_s * RATE_HZ)
        part = samples[2 * first : 2 * (first + RATE_HZ // 10) : 2]
        crossings = sum(1 for a, b in pairwise(part) if a < 0 <= b)
        found.append(round(crossings * 10 / 50) * 50)
    return found


@pytest.mark.parametrize(
    ("wanted", "codec", "padding"), [(MP3, "mp3float", 2 * 1152 + 1105), (OPUS, "opus", 960)]
)
@pytest.mark.parametrize("offset_s", [0, 7.25])
async def test_a_rendition_is_converted_from_any_moment_to_its_end(
    confinement: Confinement,
    rendition: Rendition,
    tmp_path: Path,
    wanted: Target,
    codec: str,
    padding: int,
    offset_s: float,
) -> None:
    path = tmp_path / "made"

    path.write_bytes(await heard(made_by(confinement, tmp_path), rendition, wanted, offset_s))

    assert codec_of(path)[0].removesuffix("float") in codec
    samples = sounds.decoded("-i", str(path)).tolist()
    length = len(samples) // 2
    expected = round((LENGTH_S - offset_s) * RATE_HZ)
    assert 0 <= length - expected <= padding
    moments = [0.3, 1.6, LENGTH_S - offset_s - 0.6]
    assert pitches(samples, moments) == [STEPS_HZ[int(offset_s + at)] for at in moments]


@pytest.mark.parametrize(("kbps", "offset_s"), [(32, 0), (128, 3.7), (320, 0)])
async def test_how_long_an_mp3_becomes_is_known_before(
    confinement: Confinement, rendition: Rendition, tmp_path: Path, kbps: int, offset_s: float
) -> None:
    wanted = target("mp3", kbps)

    data = await heard(made_by(confinement, tmp_path), rendition, wanted, offset_s)

    most = most_bytes(rendition.feed, wanted, offset_s)
    assert most is not None
    assert 0 <= most - len(data) <= 4 * 1152 * kbps * 1000 / 8 / RATE_HZ


def test_a_rate_is_the_best_within_what_is_asked_for() -> None:
    assert target("mp3", 200).bitrate_bps == 192_000
    assert target("mp3", 999).bitrate_bps == 320_000
    assert target("mp3", 8).bitrate_bps == 32_000
    assert target("opus", 100).bitrate_bps == 100_000
    assert target("opus", 1).bitrate_bps == 16_000


@pytest.mark.parametrize(
    ("ending", "content_type", "codec"),
    [
        ("flac", "audio/flac", "flac"),
        ("m4a", "audio/mp4", "aac"),  # what says where its sound lies stands at its end
        ("mp3", "audio/mpeg", "mp3"),
        ("ogg", "audio/ogg", "vorbis"),
    ],
)
async def test_an_original_in_a_folder_is_converted_where_it_lies(
    confinement: Confinement,
    steps: Path,
    tmp_path: Path,
    ending: str,
    content_type: str,
    codec: str,
) -> None:
    options = ("-c:a", "libvorbis") if ending == "ogg" else ()
    path = sounds.encoded(steps, tmp_path / f"a.{ending}", *options)
    made = tmp_path / "made.mp3"

    made.write_bytes(
        await heard(made_by(confinement, tmp_path), lying(path, content_type, codec), MP3, 8)
    )

    samples = sounds.decoded("-i", str(made)).tolist()
    assert abs(len(samples) // 2 - (LENGTH_S - 8) * RATE_HZ) < RATE_HZ // 10
    assert pitches(samples, [0.4, 5.4]) == [STEPS_HZ[8], STEPS_HZ[13]]


def lying(path: Path, content_type: str, codec: str) -> InFolder:
    known = path.stat()
    original = Original(
        str(path.parent), path.name.encode(), known.st_size, known.st_mtime_ns, codec
    )
    whole = whole_file(content_type, codec, None)
    assert whole is not None
    return InFolder(original, whole)


async def test_what_has_changed_in_its_folder_or_is_no_sound_is_refused_before_any_byte(
    confinement: Confinement, tmp_path: Path
) -> None:
    path = tmp_path / "a.flac"
    path.write_bytes(b"fLaC" + bytes(range(1, 255)) * 200)
    source = lying(path, "audio/flac", "flac")
    transcoder = made_by(confinement, tmp_path)

    with pytest.raises(Unavailable):
        await heard(transcoder, source, MP3)
    path.write_bytes(b"something else")
    with pytest.raises(NotFound):
        await heard(transcoder, source, MP3)


async def test_a_rendition_that_breaks_off_is_no_end(
    confinement: Confinement, rendition: Rendition, tmp_path: Path
) -> None:
    await FolderStorage(tmp_path / "media").delete_prefix(f"{WHERE}/high.m4a")

    with pytest.raises(Unavailable):
        await heard(made_by(confinement, tmp_path), rendition, MP3)


def programs() -> list[int]:
    """The processes of this ffmpeg that run and aren't about to end."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if words[0] == str(sounds.ffmpeg()).encode() and b"pipe:1" in words:
                found.append(int(entry.name))
    return found


async def test_a_listener_who_leaves_ends_the_process(
    confinement: Confinement, rendition: Rendition, tmp_path: Path
) -> None:
    mine: list[int] = []
    async with made_by(confinement, tmp_path).listening(ADA, rendition, MP3) as listening:
        assert await listening.read()
        mine = programs()

    assert mine
    await until(lambda: not set(mine) & set(programs()))


async def test_who_listens_slowly_keeps_nobody_waiting(
    confinement: Confinement, rendition: Rendition, tmp_path: Path
) -> None:
    transcoder = made_by(confinement, tmp_path)
    async with transcoder.listening(ADA, rendition, MP3) as slow:
        first = await slow.read()

        others = [heard(transcoder, rendition, MP3), heard(transcoder, rendition, OPUS)]
        whole, _ = await asyncio.gather(*others)

        assert whole.startswith(first)
        while piece := await slow.read():
            first += piece
    assert first == whole


def test_only_what_was_found_is_let_in() -> None:
    source = whole_file("audio/webm", "opus", 1.0)
    assert source is not None
    argv = transcoding_arguments(sounds.ffmpeg(), source, MP3, 1.5)
    for option, value in (("-format_whitelist", "matroska"), ("-codec_whitelist", "opus,libopus")):
        assert argv[argv.index(option) + 1] == value
    assert whole_file("audio/midi", "midi", 1.0) is None
    assert whole_file("audio/x-musepack", "mpc8", 1.0) != whole_file(
        "audio/x-musepack", "mpc7", 1.0
    )
