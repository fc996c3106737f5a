"""Boxes that aren't what our own ffmpeg command makes are refused, never misread."""

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backline.audio.engine.boxes import (
    Fragment,
    Misshapen,
    read_fragmented,
    segment_index,
    with_duration,
)
from tests.support import sounds


@pytest.fixture(scope="module")
def fragmented(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder: Path = tmp_path_factory.mktemp("boxes")
    flags = ("-movflags", "+cmaf+delay_moov+skip_sidx+skip_trailer", "-frag_duration", "500000")
    tone = sounds.tone(folder / "tone.wav", 2)
    return sounds.encoded(tone, folder / "tone.mp4", "-c:a", "aac", *flags).read_bytes()


def test_fragments_lie_one_after_the_other(fragmented: bytes) -> None:
    found = read_fragmented(io.BytesIO(fragmented))

    assert (found.rate_hz, found.priming_samples) == (44_100, 1024)
    assert found.duration_samples == 2 * 44_100
    assert len(found.fragments) > 2
    at = len(found.header)
    for fragment in found.fragments:
        assert fragment.offset == at
        at += fragment.size_bytes
    assert at == len(fragmented)


def test_the_header_tells_the_length_and_stays_whole(fragmented: bytes) -> None:
    found = read_fragmented(io.BytesIO(fragmented))

    header = with_duration(found.header, 88_200)

    assert header[header.index(b"mehd") + 8 :][:8] == struct.pack(">Q", 88_200)
    assert header[header.index(b"elst") + 12 :][:8] == struct.pack(">II", 88_200, 1024)
    again = read_fragmented(io.BytesIO(header + fragmented[len(found.header) :]))
    assert again.duration_samples == found.duration_samples


def test_the_index_hides_the_priming() -> None:
    fragments = [Fragment(0, 700, 5000), Fragment(700, 900, 4000)]

    index = segment_index(48_000, 1024, fragments)

    assert struct.unpack_from(">I4s", index) == (len(index), b"sidx")
    assert struct.unpack_from(">I", index, 16) == (48_000,)
    entries = [struct.unpack_from(">III", index, at) for at in (40, 52)]
    assert [(size, heard) for size, heard, _ in entries] == [(700, 3976), (900, 4000)]


@pytest.mark.parametrize("cut", [0, 7, 40, 800, 5000])
def test_a_torn_file_is_refused(fragmented: bytes, cut: int) -> None:
    with pytest.raises(Misshapen):
        read_fragmented(io.BytesIO(fragmented[:cut]))


@given(changes=st.lists(st.tuples(st.integers(0, 2500), st.integers(0, 255)), min_size=1))
def test_changed_bytes_are_read_or_refused(
    fragmented: bytes, changes: list[tuple[int, int]]
) -> None:
    content = bytearray(fragmented)
    for at, value in changes:
        content[at] = value

    try:
        found = read_fragmented(io.BytesIO(content))
    except (Misshapen, struct.error):
        return
    assert found.fragments
