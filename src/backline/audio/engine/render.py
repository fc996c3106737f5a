"""Renditions: a track is listened to as a whole, then everything that is played is made of it."""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from backline.audio.engine import bounds
from backline.audio.engine.command import (
    Sound,
    encoding_arguments,
    hearing_arguments,
    part_name,
    sound_of,
)
from backline.audio.engine.faults import Unplayable, unreadable
from backline.audio.engine.files import RenderedFile
from backline.audio.engine.findings import HEADROOM, Probe, Uneven
from backline.audio.engine.hearing import (
    Encoding,
    Heard,
    Hearing,
    Progress,
    Verdict,
    heard_by,
    verdict_in,
)
from backline.audio.engine.ladder import Rung, output_rate_hz, rungs_for
from backline.audio.engine.loudness import Loudness
from backline.audio.engine.manifests import RungMap
from backline.audio.engine.package import MANIFEST, MASTER, Package, Part, package
from backline.audio.engine.pieces import Piece
from backline.audio.engine.waveform import LOWEST_BITRATE_BPS, Peak
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
_LEVEL: Final = "backline.audio.engine.levelling:level"  # by name: it loads decoders
_EVEN_BITS: Final = 24
_FEW_FAULTS: Final = 3


class _Work(msgspec.Struct, frozen=True):
    """What every step of a rendition works with."""

    confinement: Confinement
    ffmpeg: Path
    out_dir: Path
    on_progress: Progress | None

    def hearing_progress(self) -> Progress | None:
        """Listening is an eighth of the work."""
        tell = self.on_progress
        return (lambda done, total: tell(done // 8, total)) if tell else None

    def encoding_progress(self) -> Progress | None:
        """Encoding is the rest."""
        tell = self.on_progress
        return (lambda done, total: tell((total + 7 * done) // 8, total)) if tell else None


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


def need_bytes(probe: Probe) -> int:
    """What a rendition takes of the disk while it is made; nothing where its length is unknown.

    Each rung lies there once, the one that is being finished a second time, and beside them what
    was made even.
    """
    rates = [rung.bitrate_bps for rung in rungs_for(probe.channels)]
    length_s = min(probe.duration_s or 0, bounds.MAX_DURATION_S)
    even = output_rate_hz(probe.sample_rate_hz) * min(probe.channels, 2) * _EVEN_BITS
    rates += [even] if len(probe.pieces) > 1 else []
    return round(length_s * (sum(rates) + max(rates)) / 8)


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
    work = _Work(confinement, ffmpeg, out_dir, on_progress)
    sound, heard = await _heard(work, source, probe)
    gain_db = heard.gain_db()
    await _encode(work, sound, heard, gain_db)
    made = await _package(confinement, out_dir, sound.channels)
    duration_s = made.duration_samples / made.rate_hz
    if on_progress is not None:
        on_progress(round(duration_s * 1000), round(duration_s * 1000))
    return Rendition(
        rate_hz=made.rate_hz,
        channels=made.channels,
        duration_samples=made.duration_samples,
        loudness=heard.loudness.louder(gain_db) if heard.loudness else None,
        peaks=heard.waveform.peaks(10 ** (gain_db / 20)),
        rungs=made.rungs,
        files=made.files,
        warnings=_warnings(probe, duration_s, heard),
    )


async def _heard(work: _Work, source: Path, probe: Probe) -> tuple[Sound, Heard]:
    """Listen to the whole sound, as often as it takes to know how it is to be decoded."""
    sound = sound_of(source, probe)
    if len(probe.pieces) > 1:
        sound = await _levelled(work, sound, probe.pieces)
    heard = await _hear(work, sound)
    if heard.beginnings > 1:
        faults = heard.faults
        whole = sound.piece or Piece(0, sound.size_bytes)
        sound = await _levelled(work, msgspec.structs.replace(sound, channels=2), [whole])
        heard = msgspec.structs.replace(await _hear(work, sound), faults=faults)
    if heard.most is not None:
        sound = msgspec.structs.replace(sound, most=heard.most)
        heard = msgspec.structs.replace(await _hear(work, sound), most=heard.most)
    if not heard.beginnings:
        raise Unplayable("No sound could be decoded from this file: it is empty or damaged.")
    fault = bounds.too_long(heard.least_s)
    if fault is not None:
        raise Unplayable(fault)
    return msgspec.structs.replace(sound, duration_s=heard.duration_s), heard


async def _levelled(work: _Work, sound: Sound, pieces: Sequence[Piece]) -> Sound:
    """A sound whose rate, layout or set-up changes on its way, made even."""
    target = work.out_dir / _LEVELLED
    rate_hz = output_rate_hz(sound.sample_rate_hz)
    longest_s = bounds.MAX_DURATION_S + 1.0
    samples = await work.confinement.call(
        _LEVEL,
        Uneven(str(sound.path), list(pieces), sound.demuxer, sound.decoders, longest_s),
        rate_hz,
        sound.channels,
        str(target),
        returns=int,
        limits=msgspec.structs.replace(_limits(_possible_s(sound)), file_bytes=8192 * _MIB),
        reads=[sound.path],
        writes=[work.out_dir],
    )
    if not samples:
        raise Unplayable("No sound could be decoded from this file: it is empty or damaged.")
    return Sound(
        path=target,
        demuxer="flac",
        decoders="flac",
        sample_rate_hz=rate_hz,
        channels=1 if sound.channels == 1 else 2,
        duration_s=samples / rate_hz,
        size_bytes=sound.size_bytes,
        headroom=HEADROOM,
    )


async def _hear(work: _Work, sound: Sound) -> Heard:
    hearing = Hearing(round((sound.duration_s or 0) * 1000), work.hearing_progress())
    argv = hearing_arguments(work.ffmpeg, sound)
    done = await _run(work, argv, sound, hearing.hear, _possible_s(sound))
    # A file that changes its rate is made even first, so its first outcome doesn't matter.
    verdict = verdict_in(done.stderr_tail) if hearing.beginnings > 1 else _judge(done)
    return heard_by(hearing, verdict)


async def _encode(work: _Work, sound: Sound, heard: Heard, gain_db: float) -> None:
    encoding = Encoding(round(heard.least_s * 1000), work.encoding_progress())
    rungs = rungs_for(sound.channels)
    argv = encoding_arguments(work.ffmpeg, sound, gain_db, rungs, work.out_dir)
    _judge(await _run(work, argv, sound, encoding.hear, heard.duration_s))


async def _run(
    work: _Work,
    argv: Sequence[str],
    sound: Sound,
    on_line: Callable[[str], None],
    length_s: float,
) -> Completed:
    return await work.confinement.run(
        argv,
        limits=_limits(length_s),
        reads=[sound.path],
        writes=[work.out_dir],
        on_line=on_line,
    )


def _possible_s(sound: Sound) -> float:
    """How long it may turn out to be: a claimed length is no more than a claim."""
    possible_s = sound.size_bytes * 8 / LOWEST_BITRATE_BPS
    return min(max(sound.duration_s or 0, possible_s), bounds.MAX_DURATION_S)


def _limits(length_s: float) -> Limits:
    """Four to six times what was measured: 0.11 CPU seconds a second and 50 MB."""
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


async def _package(confinement: Confinement, out_dir: Path, channels: int) -> Package:
    parts = [_part(rung) for rung in rungs_for(channels)]
    return await confinement.call(
        package,
        str(out_dir),
        parts,
        1 if channels == 1 else 2,
        returns=Package,
        limits=Limits(memory_bytes=256 * _MIB, cpu_s=300, wall_s=1800, file_bytes=4096 * _MIB),
        writes=[out_dir],
    )


def _part(rung: Rung) -> Part:
    return Part(rung.name, part_name(rung), rung.filename, rung.playlist, rung.bitrate_bps)


def _warnings(probe: Probe, duration_s: float, heard: Heard) -> tuple[str, ...]:
    warnings: list[str] = []
    claimed_s = probe.duration_s or 0
    if claimed_s - duration_s > max(1.0, claimed_s / 50):
        length, read = bounds.spoken(claimed_s), bounds.spoken(duration_s)
        warnings.append(f"This file is cut short: it says {length}, but only {read} could be read.")
    elif heard.faults > _FEW_FAULTS:
        warnings.append("Parts of this file are damaged, so there may be gaps or clicks.")
    if heard.most is not None:
        warnings.append("Samples far beyond full scale, or that are no numbers, were silenced.")
    return tuple(warnings)


def _full() -> OutOfSpace:
    return OutOfSpace(
        "The disk is full, so this track can't be made playable yet. Free some space."
    )


def _clear(out_dir: Path, *patterns: str) -> None:
    with contextlib.suppress(OSError):
        for path in (found for pattern in patterns for found in out_dir.glob(pattern)):
            path.unlink(missing_ok=True)
