"""The one ffmpeg command that makes a rendition: decoded once, measured, encoded three times."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from backline.audio.engine import bounds
from backline.audio.engine.findings import Probe
from backline.audio.engine.ladder import SEGMENT_MS, Rung, output_rate_hz
from backline.audio.engine.waveform import chunk_samples

_ALONE: Final = (
    *("-hide_banner", "-nostdin", "-nostats", "-loglevel", "info"),
    *("-filter_complex_threads", "1"),
)


def part_name(rung: Rung) -> str:
    """The file, beside the final ones, into which ffmpeg writes a rung."""
    return f".{rung.name}.part"


def arguments(
    ffmpeg: Path, source: Path, probe: Probe, rungs: Sequence[Rung], out_dir: Path
) -> list[str]:
    """The argv.

    The demuxer and the decoders are those the probe found, so that no other part of ffmpeg meets
    the file, and only the protocols file and pipe are open.
    """
    argv = [str(ffmpeg), *_ALONE, *_input(source, probe)]
    argv += ["-filter_complex", _graph(probe, rungs)]
    for rung in rungs:
        argv += _output(rung, out_dir)
    return argv


def levelling_arguments(ffmpeg: Path, source: Path, probe: Probe, target: Path) -> list[str]:
    """The argv that makes one rate and layout of a file that changes them on its way."""
    rate_hz = output_rate_hz(probe.sample_rate_hz)
    return [
        *(str(ffmpeg), *_ALONE, *_input(source, probe)),
        *("-map", "0:a:0", "-map_metadata", "-1", "-map_chapters", "-1"),
        *("-ar", str(rate_hz), "-ac", "2", "-c:a", "flac", "-sample_fmt", "s16"),
        *("-compression_level", "0", "-f", "flac", "-y", f"file:{target}"),
    ]


def _input(source: Path, probe: Probe) -> list[str]:
    return [
        *("-protocol_whitelist", "file,pipe", "-format_whitelist", probe.demuxer),
        *("-codec_whitelist", probe.decoders, "-f", probe.demuxer, "-threads", "1"),
        *("-vn", "-sn", "-dn", "-t", str(bounds.MAX_DURATION_S + 1), "-i", f"file:{source}"),
    ]


def _graph(probe: Probe, rungs: Sequence[Rung]) -> str:
    rate_hz = output_rate_hz(probe.sample_rate_hz)
    layout = "mono" if probe.channels == 1 else "stereo"
    # Downmixes are normalised, so that loud surround can't clip; time is counted in samples,
    # so that gaps in the source's timestamps can't move anything.
    resample = f"aresample={rate_hz}:out_chlayout={layout}:rematrix_maxval=1"
    chunk = chunk_samples(probe.duration_s, probe.size_bytes, rate_hz)
    branches = "".join(f"[{rung.name}]" for rung in rungs)
    heard = (
        f"[0:a:0]{resample},asettb=1/{rate_hz},asetpts=N,"
        "ebur128=peak=true:dualmono=true:framelog=quiet,"
        f"aformat=sample_fmts=fltp,asplit={len(rungs) + 1}{branches}[peaks]"
    )
    drawn = (
        f"[peaks]asetnsamples=n={chunk}:p=0,"
        "astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=Min_level+Max_level,"
        "ametadata=print:file=-:direct=1,anullsink"
    )
    return f"{heard};{drawn}"


def _output(rung: Rung, out_dir: Path) -> list[str]:
    return [
        *("-map", f"[{rung.name}]", "-map_metadata", "-1", "-map_chapters", "-1"),
        *("-c:a", "aac", "-aac_coder", rung.coder, "-b:a", str(rung.bitrate_bps)),
        *("-fflags", "+bitexact", "-flags:a", "+bitexact"),
        *("-movflags", "+cmaf+delay_moov+skip_sidx+skip_trailer"),
        *("-frag_duration", str(SEGMENT_MS * 1000)),
        *("-f", "mp4", "-y", f"file:{out_dir / part_name(rung)}"),
    ]
