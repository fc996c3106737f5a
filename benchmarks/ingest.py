"""What it costs to make tracks playable, beside the encoders alone.

`benchmarks/ingest.py [--rounds N]`. Two sample pieces as they are and sixteen cuts of three seconds
are made into renditions as a worker does it: inspected, listened to, encoded, packed, each in its
confined process. The floor is ffmpeg with the same three encoders on the decoded samples and
nothing else. Both are measured in turn, in CPU seconds of all processes, so that what else the
machine does matters little.
"""

import argparse
import asyncio
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from backline.audio.demo.compose import compose  # noqa: E402
from backline.audio.engine.ladder import rungs_for  # noqa: E402
from backline.audio.engine.render import render  # noqa: E402
from backline.audio.engine.source import inspect  # noqa: E402
from backline.audio.wiring import DOMAIN  # noqa: E402
from backline.platform.confined import Confinement, fork_zygote  # noqa: E402
from tests.support import sounds  # noqa: E402

PIECES = (0, 3)
CUTS, CUT_S = 16, 3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds: int = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="backline-ingest-") as name:
        folder = Path(name)
        pieces, cuts, length_s = _material(folder)
        for title, files, per in (
            ("a minute of music", pieces, length_s / 60),
            (f"a file of {CUT_S} s", cuts, len(cuts)),
        ):
            decoded = [sounds.encoded(file, file.with_suffix(".wav")) for file in files]
            floors, whole, walls = [], [], []
            for _ in range(rounds):
                floors.append(_cpu_s(lambda decoded=decoded: _encode(decoded, folder)) / per)
                began_s = time.monotonic()
                whole.append(_cpu_s(lambda files=files: asyncio.run(_ingest(files, folder))) / per)
                walls.append((time.monotonic() - began_s) / per)
            ratios = [ours / floor for ours, floor in zip(whole, floors, strict=True)]
            spread = f"{min(ratios):.2f}-{max(ratios):.2f}"
            print(
                f"{title}: {statistics.median(whole):.2f} CPU s, the encoders alone "
                f"{statistics.median(floors):.2f}, ratio {statistics.median(ratios):.2f} "
                f"({spread}), {statistics.median(walls):.2f} s by the clock"
            )


def _material(folder: Path) -> tuple[list[Path], list[Path], float]:
    """Pieces in FLAC and short cuts of them in MP3, and the length of the pieces in seconds."""
    made = [compose(index, str(folder / f"piece-{index}.flac")) for index in PIECES]
    pieces = [Path(piece.path) for piece in made]
    cuts: list[Path] = []
    for number in range(CUTS):
        cut = folder / f"cut-{number}.mp3"
        begin = ("-ss", str(1.5 * (number // 2)), "-t", str(CUT_S))
        sounds.run(*begin, "-i", str(pieces[number % 2]), "-vn", "-b:a", "192k", str(cut))
        cuts.append(cut)
    return pieces, cuts, sum(piece.duration_samples / piece.rate_hz for piece in made)


def _cpu_s(work: Callable[[], None]) -> float:
    """The CPU seconds that `work` takes, itself and in processes that it starts and ends."""
    began = _used_s()
    work()
    return _used_s() - began


def _used_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _encode(files: list[Path], folder: Path) -> None:
    for file in files:
        command = [str(sounds.ffmpeg()), "-nostdin", "-loglevel", "error", "-y", "-i", str(file)]
        for rung in rungs_for(2):
            command += ["-map", "0:a", "-c:a", "aac", "-b:a", str(rung.bitrate_bps), *rung.options]
            command += ["-f", "adts", str(folder / f"{rung.name}.aac")]
        subprocess.run(command, check=True)


async def _ingest(files: list[Path], folder: Path) -> None:
    async with Confinement(fork_zygote(DOMAIN.confined)) as confinement:
        for file in files:
            with tempfile.TemporaryDirectory(dir=folder) as name:
                aside, out = Path(name) / "aside", Path(name) / "out"
                aside.mkdir()
                out.mkdir()
                source = await inspect(confinement, file, aside)
                await render(confinement, file, source.probe, out, sounds.ffmpeg())


if __name__ == "__main__":
    main()
