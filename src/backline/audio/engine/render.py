"""Renditions: one ffmpeg process decodes a track once and makes everything that is played."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from backline.audio.engine import bounds
from backline.audio.engine.command import arguments, levelling_arguments, part_name
from backline.audio.engine.faults import Unplayable, unreadable
from backline.audio.engine.files import RenderedFile
from backline.audio.engine.findings import Probe
from backline.audio.engine.hearing import Hearing, Progress, Verdict, verdict_in
from backline.audio.engine.ladder import Rung, output_rate_hz, rungs_for
from backline.audio.engine.loudness import Loudness
from backline.audio.engine.manifests import RungMap
from backline.audio.engine.package import MANIFEST, MASTER, Package, Part, package
from backline.audio.engine.waveform import Peak
from backline.platform.confined import (
    Completed,
    Confinement,
    ConfinementFault,
    ConfinementLost,
    Limits,
)
from backline.platform.errors import OutOfSpace

_MIB: Final = 1024 * 1024
_LEVELLED: Final = ".levelled.part"
_FEW_FAULTS: Final = 3


class Rendition(msgspec.Struct, frozen=True):
    """All that was made of a track, complete and on the disk.

    `duration_samples` counts at `rate_hz` and equals what the source decodes to; both
    manifests present exactly that. `loudness` is None for silence. `peaks` are about 1,000
    pairs in -128..127. `warnings` are sentences for the owner.
    """

    rate_hz: int
    channels: int
    duration_samples: int
    loudness: Loudness | None
    peaks: list[Peak]
    rungs: list[RungMap]
    files: list[RenderedFile]
    warnings: tuple[str, ...]

    @property
    def duration_ms(self) -> int:
        """The length, rounded."""
        return round(self.duration_samples * 1000 / self.rate_hz)


async def render(
    confinement: Confinement,
    source: Path,
    probe: Probe,
    out_dir: Path,
    ffmpeg: Path,
    on_progress: Progress | None = None,
) -> Rendition:
    """Make the rungs and manifests of a probed file in `out_dir`, which holds nothing else.

    Nothing is left there if it fails. `on_progress` is told milliseconds of the track, done
    and in all, about a hundred times.

    Raises:
        Unplayable: the file is at fault, with the reason for its owner.
        OutOfSpace: the disk is full.
    """
    try:
        return await _render(confinement, source, probe, out_dir, ffmpeg, on_progress)
    except BaseException as fault:
        _clear(out_dir, *(name for rung in rungs_for(2) for name in (rung.filename, rung.playlist)))
        _clear(out_dir, MASTER, MANIFEST)
        if not isinstance(fault, ConfinementFault) or isinstance(fault, ConfinementLost):
            raise
        if verdict_in(fault.tail).disk_full:
            raise _full() from fault
        raise unreadable(fault) from fault
    finally:
        _clear(out_dir, ".*.part")


async def _render(
    confinement: Confinement,
    source: Path,
    probe: Probe,
    out_dir: Path,
    ffmpeg: Path,
    on_progress: Progress | None,
) -> Rendition:
    hearing, verdict = await _encode(confinement, source, probe, out_dir, ffmpeg, on_progress)
    if hearing.beginnings > 1:
        level = out_dir / _LEVELLED
        argv = levelling_arguments(ffmpeg, source, probe, level)
        _judge(await _run(confinement, argv, probe, source, out_dir, None))
        even = msgspec.structs.replace(
            probe,
            demuxer="flac",
            decoders="flac",
            channels=2,
            sample_rate_hz=output_rate_hz(probe.sample_rate_hz),
        )
        hearing, again = await _encode(confinement, level, even, out_dir, ffmpeg, on_progress)
        verdict = msgspec.structs.replace(again, faults=verdict.faults)
        probe = even
    if not hearing.beginnings:
        raise Unplayable("No sound could be decoded from this file: it is empty or damaged.")
    made = await _package(confinement, out_dir, probe)
    duration_s = made.duration_samples / made.rate_hz
    fault = bounds.too_long(duration_s)
    if fault is not None:
        raise Unplayable(fault)
    if on_progress is not None:
        on_progress(round(duration_s * 1000), round(duration_s * 1000))
    return Rendition(
        rate_hz=made.rate_hz,
        channels=made.channels,
        duration_samples=made.duration_samples,
        loudness=verdict.loudness,
        peaks=hearing.peaks(),
        rungs=made.rungs,
        files=made.files,
        warnings=_warnings(probe, duration_s, verdict),
    )


async def _encode(
    confinement: Confinement,
    source: Path,
    probe: Probe,
    out_dir: Path,
    ffmpeg: Path,
    on_progress: Progress | None,
) -> tuple[Hearing, Verdict]:
    hearing = Hearing(round((probe.duration_s or 0) * 1000), on_progress)
    argv = arguments(ffmpeg, source, probe, rungs_for(probe.channels), out_dir)
    done = await _run(confinement, argv, probe, source, out_dir, hearing)
    # A file that changes its rate is made again, so its first outcome doesn't matter.
    verdict = verdict_in(done.stderr_tail) if hearing.beginnings > 1 else _judge(done)
    return hearing, verdict


async def _run(
    confinement: Confinement,
    argv: Sequence[str],
    probe: Probe,
    source: Path,
    out_dir: Path,
    hearing: Hearing | None,
) -> Completed:
    return await confinement.run(
        argv,
        limits=_limits(probe),
        reads=[source],
        writes=[out_dir],
        on_line=hearing.hear if hearing is not None else None,
    )


def _limits(probe: Probe) -> Limits:
    """Four to six times what was measured: 0.075 CPU seconds a second and 50 MB."""
    length_s = min(probe.duration_s or bounds.MAX_DURATION_S, bounds.MAX_DURATION_S)
    return Limits(
        memory_bytes=1024 * _MIB,
        cpu_s=120 + round(length_s / 2),
        wall_s=600 + 4 * length_s,
        file_bytes=4096 * _MIB,
        output_bytes=256 * _MIB,
    )


def _judge(done: Completed) -> Verdict:
    verdict = verdict_in(done.stderr_tail)
    if done.returncode == 0:
        return verdict
    if verdict.disk_full:
        raise _full()
    raise Unplayable(
        "The sound in this file could not be decoded: most of it is damaged. Try another copy."
    )


async def _package(confinement: Confinement, out_dir: Path, probe: Probe) -> Package:
    parts = [_part(rung) for rung in rungs_for(probe.channels)]
    return await confinement.call(
        package,
        str(out_dir),
        parts,
        1 if probe.channels == 1 else 2,
        returns=Package,
        limits=Limits(memory_bytes=256 * _MIB, cpu_s=300, wall_s=1800, file_bytes=4096 * _MIB),
        writes=[out_dir],
    )


def _part(rung: Rung) -> Part:
    return Part(rung.name, part_name(rung), rung.filename, rung.playlist, rung.bitrate_bps)


def _warnings(probe: Probe, duration_s: float, verdict: Verdict) -> tuple[str, ...]:
    claimed_s = probe.duration_s or 0
    if claimed_s - duration_s > max(1.0, claimed_s / 50):
        length, heard = bounds.spoken(claimed_s), bounds.spoken(duration_s)
        return (f"This file is cut short: it says {length}, but only {heard} could be read.",)
    if verdict.faults > _FEW_FAULTS:
        return ("Parts of this file are damaged, so there may be gaps or clicks.",)
    return ()


def _full() -> OutOfSpace:
    return OutOfSpace(
        "The disk is full, so this track can't be made playable yet. Free some space."
    )


def _clear(out_dir: Path, *patterns: str) -> None:
    with contextlib.suppress(OSError):
        for path in (found for pattern in patterns for found in out_dir.glob(pattern)):
            path.unlink(missing_ok=True)
