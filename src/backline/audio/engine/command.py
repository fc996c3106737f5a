"""The ffmpeg commands of a rendition: one listens to the sound, one encodes it three times.

Both decode the same in the same way. Decoding is a fiftieth of the work, and what the first finds
out (peaks, damage, length) the second has to know before its first sample.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from backline.audio.engine import bounds
from backline.audio.engine.findings import Probe
from backline.audio.engine.ladder import SEGMENT_MS, Rung, output_rate_hz
from backline.audio.engine.pieces import Piece
from backline.audio.engine.waveform import chunk_samples

_ALONE: Final = (
    *("-hide_banner", "-nostdin", "-nostats", "-loglevel", "info"),
    *("-filter_complex_threads", "1"),
)
_MORE_S: Final = 60
"""So much is decoded of what is too long: more than a stretch that is measured."""

_PROGRESS: Final = ("-progress", "pipe:1", "-stats_period", "0.2")


class Sound(msgspec.Struct, frozen=True):
    """What ffmpeg decodes: a file, or a piece of one.

    The sound is louder than its file by the factor `headroom`; samples beyond `most` are none.
    `duration_s` is what is believed of its length so far.
    """

    path: Path
    demuxer: str
    decoders: str
    sample_rate_hz: int
    channels: int
    duration_s: float | None
    size_bytes: int
    piece: Piece | None = None
    headroom: int = 1
    most: float | None = None


def sound_of(source: Path, probe: Probe) -> Sound:
    """The sound of a file in one piece."""
    return Sound(
        path=source,
        demuxer=probe.demuxer,
        decoders=probe.decoders,
        sample_rate_hz=probe.sample_rate_hz,
        channels=probe.channels,
        duration_s=probe.duration_s,
        size_bytes=probe.size_bytes,
        piece=probe.pieces[0] if probe.pieces else None,
    )


def part_name(rung: Rung) -> str:
    """The file, beside the final ones, into which ffmpeg writes a rung."""
    return f".{rung.name}.part"


def hearing_arguments(ffmpeg: Path, sound: Sound) -> list[str]:
    """The argv that measures loudness, peaks and damage, and makes nothing."""
    chunk = chunk_samples(sound.duration_s, sound.size_bytes, output_rate_hz(sound.sample_rate_hz))
    heard = (
        "ebur128=peak=true:dualmono=true:framelog=quiet,"
        f"asetnsamples=n={chunk}:p=0,"
        "astats=metadata=1:reset=1:measure_perchannel=none:"
        "measure_overall=Min_level+Max_level+Number_of_NaNs,"
        "ametadata=print:file=-"
    )
    return [
        *(str(ffmpeg), *_ALONE, *_input(sound)),
        *("-filter_complex", f"{_even(sound)},{heard}[heard]"),
        *("-map", "[heard]", "-f", "null", "-"),
    ]


def encoding_arguments(
    ffmpeg: Path, sound: Sound, gain_db: float, rungs: Sequence[Rung], out_dir: Path
) -> list[str]:
    """The argv that makes the rungs of the sound, as much louder as `gain_db` says."""
    louder = f"volume={gain_db:.2f}dB:precision=double," if gain_db else ""
    branches = "".join(f"[{rung.name}]" for rung in rungs)
    graph = f"{_even(sound)},{louder}aformat=sample_fmts=fltp,asplit={len(rungs)}{branches}"
    argv = [str(ffmpeg), *_ALONE, *_PROGRESS, *_input(sound), "-filter_complex", graph]
    for rung in rungs:
        argv += _output(rung, out_dir)
    return argv


def _input(sound: Sound) -> list[str]:
    """The demuxer and the decoders are those the probe found: no other part meets the file.

    Only the protocols file and pipe are open, and `subfile` on top of the first.
    """
    url = f"file:{sound.path}"
    protocols = "file,pipe"
    if sound.piece is not None:
        end = sound.piece.offset + sound.piece.size_bytes
        url = f"subfile,,start,{sound.piece.offset},end,{end},,:{url}"
        protocols += ",subfile"
    return [
        *("-protocol_whitelist", protocols, "-format_whitelist", sound.demuxer),
        *("-codec_whitelist", sound.decoders, "-f", sound.demuxer, "-threads", "1"),
        *("-vn", "-sn", "-dn", "-t", str(bounds.MAX_DURATION_S + _MORE_S), "-i", url),
    ]


def _even(sound: Sound) -> str:
    """The filters that make any sound one of our rates and layouts."""
    rate_hz = output_rate_hz(sound.sample_rate_hz)
    layout = "mono" if sound.channels == 1 else "stereo"
    # A NaN isn't less than anything.
    sane = (
        f"aformat=sample_fmts=dblp,aeval=if(lt(abs(val(ch))\\,{sound.most:.6g})\\,val(ch)\\,0):c=same,"
        if sound.most is not None
        else ""
    )
    louder = f"volume={sound.headroom}:precision=double," if sound.headroom > 1 else ""
    # Downmixes are normalised, so that loud surround can't clip; time is counted in samples,
    # so that gaps in the source's timestamps can't move anything.
    return (
        f"[0:a:0]{sane}{louder}aresample={rate_hz}:out_chlayout={layout}:rematrix_maxval=1,"
        f"asettb=1/{rate_hz},asetpts=N"
    )


def _output(rung: Rung, out_dir: Path) -> list[str]:
    return [
        *("-map", f"[{rung.name}]", "-map_metadata", "-1", "-map_chapters", "-1"),
        *("-c:a", "aac", "-b:a", str(rung.bitrate_bps), *rung.options),
        *("-fflags", "+bitexact", "-flags:a", "+bitexact"),
        *("-movflags", "+cmaf+delay_moov+skip_sidx+skip_trailer"),
        *("-frag_duration", str(SEGMENT_MS * 1000)),
        *("-f", "mp4", "-y", f"file:{out_dir / part_name(rung)}"),
    ]
