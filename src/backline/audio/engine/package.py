"""Packaging: each rung that ffmpeg wrote becomes one finished, indexed file with its manifests.

Runs inside a confined child, plain and blocking; decodes nothing.
"""

import hashlib
import os
from pathlib import Path
from typing import Final

import msgspec

from backline.audio.engine import manifests
from backline.audio.engine.boxes import (
    Fragmented,
    Misshapen,
    read_fragmented,
    segment_index,
    with_duration,
)
from backline.audio.engine.files import RenderedFile, copy_hashed, sync_folder, write_text
from backline.audio.engine.ladder import FRAME_SAMPLES
from backline.audio.engine.manifests import RungMap, Segment

MASTER: Final = "master.m3u8"
MANIFEST: Final = "manifest.mpd"

_AUDIO: Final = "audio/mp4"
_HLS: Final = "application/vnd.apple.mpegurl"
_DASH: Final = "application/dash+xml"


class Part(msgspec.Struct, frozen=True):
    """A rung's unfinished file in the folder, and what is to come of it."""

    rung: str
    part: str
    filename: str
    playlist: str
    bitrate_bps: int


class Package(msgspec.Struct, frozen=True):
    """Everything that was made, all of it in one folder; lengths in samples at `rate_hz`."""

    rate_hz: int
    channels: int
    duration_samples: int
    rungs: list[RungMap]
    files: list[RenderedFile]


def package(out_dir: str, parts: list[Part], channels: int) -> Package:
    """Finish the rungs and write the playlists, the master and the MPD beside them.

    Raises `Misshapen` if the rungs aren't alike to the sample: then ffmpeg went wrong, not
    the track.
    """
    folder = Path(out_dir)
    rungs: list[RungMap] = []
    files: list[RenderedFile] = []
    for part in parts:
        rung, file = _finish(folder, part)
        rungs.append(rung)
        files.append(file)
    first = rungs[0]
    for rung in rungs:
        if [s.duration_samples for s in rung.segments] != [
            s.duration_samples for s in first.segments
        ]:
            raise Misshapen("the rungs' segments differ")
    for rung, part in zip(rungs, parts, strict=True):
        files.append(write_text(folder, part.playlist, _HLS, manifests.media_playlist(rung)))
    pairs = [(rung, part.playlist) for rung, part in zip(rungs, parts, strict=True)]
    files.append(write_text(folder, MASTER, _HLS, manifests.master_playlist(pairs)))
    files.append(write_text(folder, MANIFEST, _DASH, manifests.mpd(rungs, channels)))
    sync_folder(folder)
    return Package(first.rate_hz, channels, first.duration_samples, rungs, files)


def _finish(folder: Path, part: Part) -> tuple[RungMap, RenderedFile]:
    aside = folder / f".{part.filename}.part"
    digest = hashlib.sha256()
    with (folder / part.part).open("rb") as source, aside.open("wb") as target:
        made = read_fragmented(source)
        _check(made)
        header = with_duration(made.header, made.duration_samples)
        index = segment_index(made.rate_hz, made.priming_samples, made.fragments)
        target.write(header + index)
        digest.update(header + index)
        for fragment in made.fragments:
            source.seek(fragment.offset)
            copy_hashed(source, target, digest.update, fragment.size_bytes)
        target.flush()
        os.fsync(target.fileno())
        size_bytes = target.tell()
    aside.rename(folder / part.filename)
    (folder / part.part).unlink()
    file = RenderedFile(part.filename, _AUDIO, size_bytes, digest.hexdigest())
    return _map(part, made, len(header), len(index)), file


def _check(made: Fragmented) -> None:
    if made.priming_samples != FRAME_SAMPLES:
        raise Misshapen(f"priming of {made.priming_samples} samples")
    if made.duration_samples <= 0:
        raise Misshapen("no sound")


def _map(part: Part, made: Fragmented, header_bytes: int, index_bytes: int) -> RungMap:
    segments: list[Segment] = []
    offset, hidden = header_bytes + index_bytes, made.priming_samples
    for fragment in made.fragments:
        heard = fragment.duration_samples - hidden
        segments.append(Segment(offset, fragment.size_bytes, heard))
        offset, hidden = offset + fragment.size_bytes, 0
    return RungMap(
        rung=part.rung,
        filename=part.filename,
        bitrate_bps=part.bitrate_bps,
        rate_hz=made.rate_hz,
        duration_samples=made.duration_samples,
        header_bytes=header_bytes,
        index_bytes=index_bytes,
        segments=segments,
    )
