"""One even file out of pieces whose rate, layout or set-up differ: runs inside a confined child.

They are decoded one after the other, in memory that doesn't grow with them.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import av
from av.audio.frame import AudioFrame
from av.error import FFmpegError
from av.filter import Graph

from backline.audio.engine.findings import HEADROOM, Uneven
from backline.audio.engine.pieces import Window
from backline.platform.confined import report


def level(uneven: Uneven, rate_hz: int, channels: int, target: str) -> int:
    """Write all of it to `target`, a FLAC of 24 bits; how many samples it has.

    What can't be decoded is left out.
    """
    layout = "mono" if channels == 1 else "stereo"
    most = round(uneven.longest_s * rate_hz)
    samples, tick = 0, Fraction(1, rate_hz)
    with Path(uneven.path).open("rb") as file, av.open(target, "w", format="flac") as made:
        out: Any = made
        stream = out.add_stream("flac", rate=rate_hz, layout=layout, format="s32")
        stream.options = {"compression_level": "0"}
        for frame in _even_frames(file, uneven, rate_hz, layout):
            frame.pts, frame.time_base = samples, tick
            samples += frame.samples
            out.mux(stream.encode(frame))
            report(min(samples, most), most)
            if samples > most:
                break
        out.mux(stream.encode(None))
    return samples


def _even_frames(file: BinaryIO, uneven: Uneven, rate_hz: int, layout: str) -> Iterator[AudioFrame]:
    for piece in uneven.pieces:
        shape, graph = None, None
        for frame in _decoded(Window(file, piece), uneven):
            found = (frame.format.name, frame.layout.name, frame.sample_rate)
            if graph is None or found != shape:
                yield from _pulled(graph, None)
                shape, graph = found, _graph(frame, rate_hz, layout)
            yield from _pulled(graph, frame)
        yield from _pulled(graph, None)


def _decoded(window: Window, uneven: Uneven) -> Iterator[AudioFrame]:
    options = {"format_whitelist": uneven.demuxer, "codec_whitelist": uneven.decoders}
    try:
        with av.open(window, "r", format=uneven.demuxer, options=options) as opened:
            for packet in opened.demux(opened.streams.audio[0]):
                try:
                    frames = packet.decode()
                except FFmpegError:
                    continue
                yield from (frame for frame in frames if frame.samples)
    except FFmpegError:
        return


def _graph(like: AudioFrame, rate_hz: int, layout: str) -> Graph:
    graph = Graph()
    into = graph.add_abuffer(
        sample_rate=like.sample_rate, format=like.format.name, layout=like.layout.name
    )
    quieter = graph.add("volume", f"1/{HEADROOM}:precision=double")
    # One channel is as loud from two loudspeakers as it would be by itself.
    twice = layout == "stereo" and like.layout.nb_channels == 1
    spread = graph.add("pan", "stereo|c0=c0|c1=c0") if twice else graph.add("anull")
    even = graph.add("aresample", f"{rate_hz}:out_chlayout={layout}:rematrix_maxval=1")
    whole = graph.add("aformat", f"sample_fmts=s32:sample_rates={rate_hz}:channel_layouts={layout}")
    out = graph.add("abuffersink")
    chain = (into, quieter, spread, even, whole, out)
    for first, second in pairwise(chain):
        first.link_to(second)
    graph.configure()
    return graph


def _pulled(graph: Graph | None, frame: AudioFrame | None) -> Iterator[AudioFrame]:
    if graph is None:
        return
    if frame is not None:
        frame.pts = None
    graph.push(frame)
    while True:
        try:
            pulled = graph.pull()
        except (FFmpegError, BlockingIOError, EOFError):
            return
        if isinstance(pulled, AudioFrame):
            yield pulled
