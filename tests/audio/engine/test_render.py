"""Renditions, made as a job makes them, and played back by ffmpeg."""

import asyncio
import hashlib
import math
import os
import re
from collections.abc import Iterator
from pathlib import Path

import av
import m3u8
import numpy as np
import pytest
from mpegdash.parser import MPEGDASHParser

from backline.audio.engine import bounds
from backline.audio.engine.faults import Unplayable
from backline.audio.engine.render import render
from backline.platform.errors import DiskFull
from tests.audio.engine.conftest import Engine
from tests.support import sounds
from tests.support.disks import small_disk
from tests.support.ranges import serving_ranges

pytestmark = pytest.mark.slow

NAMES = [
    *("high.m3u8", "high.m4a", "low.m3u8", "low.m4a"),
    *("manifest.mpd", "master.m3u8", "medium.m3u8", "medium.m4a"),
]
PADDING = 1024


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def played(folder: Path, name: str, rate_hz: int = 44_100, channels: int = 2) -> list[int]:
    with serving_ranges(folder) as address:
        source = ("-i", f"{address}/{name}")
        return sounds.decoded(*source, rate_hz=rate_hz, channels=channels).tolist()


async def test_a_rendition_is_complete_and_nothing_else(engine: Engine, tmp_path: Path) -> None:
    rendition = await engine.render(sounds.tone(tmp_path / "tone.wav", 13))

    assert names_in(engine.out) == NAMES
    assert sorted(file.name for file in rendition.files) == NAMES
    for file in rendition.files:
        content = (engine.out / file.name).read_bytes()
        assert len(content) == file.size_bytes
        assert hashlib.sha256(content).hexdigest() == file.sha256
    assert (rendition.rate_hz, rendition.channels) == (44_100, 2)
    assert rendition.duration_samples == 13 * 44_100
    assert rendition.duration_ms == 13_000
    assert rendition.warnings == ()
    starts = [[part.duration_samples for part in rung.segments] for rung in rendition.rungs]
    assert starts[0] == starts[1] == starts[2]
    assert len(starts[0]) == 3
    with av.open(str(engine.out / "medium.m4a")) as opened:
        assert opened.streams.audio[0].duration == rendition.duration_samples


@pytest.mark.parametrize(
    ("rate_hz", "channels", "output_hz", "output_channels"),
    [
        *[(44_100, 2, 44_100, 2), (48_000, 2, 48_000, 2), (88_200, 2, 44_100, 2)],
        *[(22_050, 1, 44_100, 1), (11_025, 1, 44_100, 1), (8_000, 1, 48_000, 1)],
        *[(96_000, 2, 48_000, 2), (32_000, 2, 48_000, 2), (48_000, 6, 48_000, 2)],
        *[(44_100, 3, 44_100, 2), (44_100, 8, 44_100, 2)],
    ],
)
async def test_every_rate_and_layout_keeps_its_length(
    engine: Engine,
    tmp_path: Path,
    rate_hz: int,
    channels: int,
    output_hz: int,
    output_channels: int,
) -> None:
    path = sounds.tone(tmp_path / "tone.wav", 0.7, rate_hz=rate_hz, channels=channels)

    rendition = await engine.render(path)

    assert (rendition.rate_hz, rendition.channels) == (output_hz, output_channels)
    one_sample = max(1, output_hz / rate_hz)
    assert abs(rendition.duration_samples - 0.7 * output_hz) <= one_sample + 1
    with av.open(str(engine.out / "high.m4a")) as opened:
        stream = opened.streams.audio[0]
        assert (stream.rate, stream.channels) == (output_hz, output_channels)


@pytest.mark.parametrize("samples", [1, 1000, 1024, 1025, 44_100 * 6, 265_216 - 1024, 300_001])
async def test_both_manifests_present_exactly_the_source(
    engine: Engine, tmp_path: Path, samples: int
) -> None:
    left = sounds.tone_samples(samples, 44_100, 440)
    path = sounds.write_wav(tmp_path / "tone.wav", [left, left], 44_100)

    rendition = await engine.render(path)

    assert rendition.duration_samples == samples
    master = m3u8.load(str(engine.out / "master.m3u8"))
    assert [entry.stream_info.codecs for entry in master.playlists] == ["mp4a.40.2"] * 3
    for entry in master.playlists:
        media = m3u8.load(str(engine.out / entry.uri))
        assert round(sum(part.duration for part in media.segments) * 44_100) == samples
        assert (media.playlist_type, media.is_endlist, media.version) == ("vod", True, 7)
    dash = MPEGDASHParser.parse(str(engine.out / "manifest.mpd"))
    assert round(float(dash.media_presentation_duration[2:-1]) * 44_100) == samples
    # ffmpeg's DASH reader plays the priming of a file of only two frames; its HLS reader doesn't.
    dashes = ["manifest.mpd"] if samples > PADDING else []
    for name in ("low.m4a", "medium.m3u8", "master.m3u8", *dashes):
        # What follows the last sample is the encoder's padding; players end before it.
        assert 0 <= len(played(engine.out, name)) // 2 - samples < PADDING


async def test_ranges_in_both_manifests_cover_the_file(engine: Engine, tmp_path: Path) -> None:
    await engine.render(sounds.tone(tmp_path / "tone.wav", 20))

    dash = MPEGDASHParser.parse(str(engine.out / "manifest.mpd"))
    for shape in dash.periods[0].adaptation_sets[0].representations:
        path = engine.out / shape.base_urls[0].base_url_value
        base = shape.segment_bases[0]
        start, end = (int(part) for part in base.index_range.split("-"))
        assert base.initializations[0].range == f"0-{start - 1}"
        assert path.read_bytes()[start + 4 : start + 8] == b"sidx"
        media = m3u8.load(str(path.with_suffix(".m3u8")))
        at = end + 1
        for part in media.segments:
            size, offset = (int(figure) for figure in part.byterange.split("@"))
            assert offset == at
            assert path.read_bytes()[offset + 4 : offset + 8] == b"moof"
            at += size
        assert at == path.stat().st_size


async def test_the_same_file_gives_the_same_bytes(engine: Engine, tmp_path: Path) -> None:
    path = sounds.encoded(sounds.tone(tmp_path / "tone.wav", 8), tmp_path / "tone.mp3")
    again = tmp_path / "again"
    again.mkdir()

    first = await engine.render(path)
    second = await engine.render(path, again)

    assert first == second


@pytest.mark.parametrize("rung", ["low", "medium", "high"])
async def test_a_tone_cut_in_two_has_no_gap(engine: Engine, tmp_path: Path, rung: str) -> None:
    rate_hz, cut, end = 44_100, 352_801, 705_000
    whole = sounds.tone_samples(end, rate_hz, 441.3)
    joined: list[int] = []
    for name, half in (("first", whole[:cut]), ("second", whole[cut:])):
        out = tmp_path / name
        out.mkdir()
        path = sounds.write_wav(tmp_path / f"{name}.wav", [half, half], rate_hz)
        rendition = await engine.render(path, out)
        media = m3u8.load(str(out / f"{rung}.m3u8"))
        assert len(media.segments) > 1
        # What a player is told to fetch, one part after the other; it ends where they say.
        fetched = out / "fetched.mp4"
        fetched.write_bytes(b"".join(ranges_of(out / f"{rung}.m3u8")))
        told = round(sum(part.duration for part in media.segments) * rate_hz)
        assert told == rendition.duration_samples == len(half)
        joined += sounds.decoded("-i", str(fetched))[: 2 * told : 2]

    assert len(joined) == end
    sound = np.array(joined, np.float64)
    turn = 2 * math.pi * 441.3 / rate_hz
    tone = np.exp(-1j * turn * np.arange(end)) * sound
    # On either side of the joint the tone is where it would be uncut, to the sample,
    before, after = (np.angle(np.sum(tone[at : at + 2000])) for at in (cut - 2000, cut))
    assert abs(after - before) / turn < 0.5
    # and it isn't silent for a fifth of a period.
    loud = np.convolve(sound[cut - 3000 : cut + 3000] ** 2, np.ones(100) / 100, "valid")
    assert math.sqrt(np.min(loud)) > sounds.LEVEL / 4


def ranges_of(playlist: Path) -> Iterator[bytes]:
    """The header and the segments of a media playlist."""
    text = playlist.read_text()
    name, size, offset = re.findall(r'URI="(.+?)",BYTERANGE="(\d+)@(\d+)"', text)[0]
    content = (playlist.parent / name).read_bytes()
    for part in [(size, offset), *re.findall(r"BYTERANGE:(\d+)@(\d+)", text)]:
        size_bytes, start = (int(figure) for figure in part)
        yield content[start : start + size_bytes]


async def test_loudness_and_waveform_are_those_of_the_tone(engine: Engine, tmp_path: Path) -> None:
    quiet = [0] * (44_100 * 10)
    loud = sounds.tone_samples(44_100 * 10, 44_100, 997)
    loud[: len(quiet) // 2] = type(loud)("h", quiet[: len(quiet) // 2])
    path = sounds.write_wav(tmp_path / "tone.wav", [loud, loud], 44_100)

    rendition = await engine.render(path)

    loudness = rendition.loudness
    assert loudness is not None
    assert loudness.true_peak_dbtp == pytest.approx(-8.7, abs=0.3)
    assert loudness.integrated_lufs == pytest.approx(-8.7, abs=0.6)
    assert loudness.gain_db == pytest.approx(-18 - loudness.integrated_lufs)
    count = len(rendition.peaks)
    assert 900 <= count <= 1000
    assert set(rendition.peaks[: count // 2 - 3]) == {(0, 0)}
    assert all(low < -40 and high > 40 for low, high in rendition.peaks[count // 2 + 3 :])


async def test_mono_is_as_loud_as_the_same_in_stereo(engine: Engine, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()

    mono = await engine.render(sounds.tone(tmp_path / "mono.wav", 3, channels=1), one)
    stereo = await engine.render(sounds.tone(tmp_path / "stereo.wav", 3), two)

    assert mono.loudness is not None
    assert stereo.loudness is not None
    assert mono.loudness.gain_db == pytest.approx(stereo.loudness.gain_db, abs=0.11)
    assert mono.rungs[0].bitrate_bps < stereo.rungs[0].bitrate_bps


async def test_silence_has_no_loudness_and_a_flat_waveform(engine: Engine, tmp_path: Path) -> None:
    rendition = await engine.render(sounds.silence(tmp_path / "silence.wav", 2))

    assert rendition.loudness is None
    assert set(rendition.peaks) == {(0, 0)}


async def test_progress_rises_to_the_end(engine: Engine, tmp_path: Path) -> None:
    path = sounds.tone(tmp_path / "tone.wav", 20)
    source = await engine.inspect(path)
    told: list[tuple[int, int]] = []

    await render(
        engine.confinement,
        path,
        source.probe,
        engine.out,
        sounds.ffmpeg(),
        lambda done, total: told.append((done, total)),
    )

    assert told == sorted(told)
    assert len(told) > 10
    assert told[-1] == (20_000, 20_000)


async def test_a_file_that_changes_its_rate_plays_to_its_end(
    engine: Engine, tmp_path: Path
) -> None:
    stereo = sounds.encoded(sounds.tone(tmp_path / "a.wav", 3), tmp_path / "a.mp3")
    mono = sounds.tone(tmp_path / "b.wav", 3, rate_hz=48_000, channels=1, hz=880)
    path = tmp_path / "both.mp3"
    path.write_bytes(stereo.read_bytes() + sounds.encoded(mono, tmp_path / "b.mp3").read_bytes())

    rendition = await engine.render(path)

    assert rendition.duration_ms == pytest.approx(6000, abs=80)
    assert names_in(engine.out) == NAMES
    later = played(engine.out, "high.m4a")[2 * 44_100 * 4 : 2 * 44_100 * 5]
    assert max(later) > 5_000


async def test_a_truncated_file_plays_to_its_cut_and_says_so(
    engine: Engine, tmp_path: Path
) -> None:
    path = sounds.encoded(sounds.tone(tmp_path / "tone.wav", 20), tmp_path / "tone.flac")
    os.truncate(path, path.stat().st_size // 2)

    rendition = await engine.render(path)

    assert 5_000 < rendition.duration_ms < 15_000
    assert "cut short: it says 20 s" in rendition.warnings[0]


async def test_damage_in_the_middle_is_played_with_a_warning(
    engine: Engine, tmp_path: Path
) -> None:
    path = sounds.encoded(sounds.tone(tmp_path / "tone.wav", 20), tmp_path / "tone.mp3")
    content = bytearray(path.read_bytes())
    for at in range(60_000, 120_000, 1_000):
        content[at : at + 400] = bytes(400)
    path.write_bytes(content)

    rendition = await engine.render(path)

    assert rendition.duration_ms > 10_000
    assert rendition.warnings


async def test_a_file_that_hides_its_length_is_stopped_at_the_limit(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sounds.tone(tmp_path / "tone.wav", 9)
    source = await engine.inspect(path)
    monkeypatch.setattr(bounds, "MAX_DURATION_S", 4)

    with pytest.raises(Unplayable, match="the limit is 4 s"):
        await render(engine.confinement, path, source.probe, engine.out, sounds.ffmpeg())

    assert names_in(engine.out) == []


async def test_a_file_that_vanishes_leaves_nothing(engine: Engine, tmp_path: Path) -> None:
    path = sounds.tone(tmp_path / "tone.wav", 2)
    source = await engine.inspect(path)
    path.write_bytes(b"RIFF" + bytes(50_000))

    with pytest.raises(Unplayable):
        await render(engine.confinement, path, source.probe, engine.out, sounds.ffmpeg())

    assert names_in(engine.out) == []


async def test_a_cancelled_rendition_leaves_nothing(engine: Engine, tmp_path: Path) -> None:
    path = sounds.tone(tmp_path / "tone.wav", 60)
    source = await engine.inspect(path)
    begun = asyncio.Event()
    making = asyncio.create_task(
        render(
            engine.confinement,
            path,
            source.probe,
            engine.out,
            sounds.ffmpeg(),
            lambda _done, _total: begun.set(),
        )
    )
    async with asyncio.timeout(60):
        await begun.wait()

    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making

    assert names_in(engine.out) == []


async def test_a_full_disk_is_not_the_tracks_fault(engine: Engine, tmp_path: Path) -> None:
    path = sounds.tone(tmp_path / "tone.wav", 60)
    source = await engine.inspect(path)
    with small_disk(tmp_path / "disk", 256) as disk:
        with pytest.raises(DiskFull, match="disk is full"):
            await render(engine.confinement, path, source.probe, disk, sounds.ffmpeg())

        assert names_in(disk) == []
