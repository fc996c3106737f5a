"""Crashes of the processes that make previews smaller: each costs its segment, and leaves nothing.

    .venv/bin/python benchmarks/live_crashes.py [--crashes 200]

A worker's maker with its zygote: a segment is begun, its process is killed, and the next is made.
Memory, files and tasks are counted on the way, of the worker and of the zygote together.
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "scripts")]

import psutil  # noqa: E402
import uvloop  # noqa: E402

from backline.live.ladder.making import Maker  # noqa: E402
from backline.live.preview.pieces import Piece  # noqa: E402
from backline.platform.confined import Confinement, fork_zygote  # noqa: E402
from tests.support import sounds  # noqa: E402
from tests.support.processes import children_of  # noqa: E402
from tests.support.waiting import until  # noqa: E402

MODULES = ("backline.live.ladder.transcoding",)
SECONDS, MOST_PX = 2, 720
LOOKS = 8


def segment() -> Piece:
    """Two seconds of a film of 854 by 480, as a packager closes them."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "film.mp4"
        sounds.run(
            *("-f", "lavfi", "-i", f"testsrc2=s=854x480:r=25:d={SECONDS}"),
            *("-f", "lavfi", "-i", f"sine=440:r=48000:d={SECONDS}"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"),
            *("-movflags", "frag_keyframe+empty_moov+default_base_moof", str(path)),
        )
        data = path.read_bytes()
    mark = b"moof"
    head, _, body = data.partition(mark)
    return Piece(1, SECONDS * 1_000, head[:-4], head[-4:] + mark + body)


async def main(crashes: int) -> None:
    """Crash it so often, and make a segment after each."""
    piece = await asyncio.to_thread(segment)
    async with Confinement(fork_zygote(MODULES)) as confinement:
        maker = Maker(confinement, 1)
        (zygote,) = children_of(os.getpid())
        lost = made = 0
        began_s = time.monotonic()
        print("| crashes | segments lost | made | seconds | memory MB | files | tasks |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for number in range(1, crashes + 1):
            making = asyncio.create_task(maker.make(piece, MOST_PX))
            await until(lambda one=making: children_of(zygote.pid) or one.done())
            for child in children_of(zygote.pid):
                os.kill(child.pid, signal.SIGKILL)
            lost += await making is None
            made += await maker.make(piece, MOST_PX) is not None
            if number % (crashes // LOOKS) == 0:
                memory_mb, files = _uses(zygote.pid)
                print(
                    f"| {number} | {lost} | {made} | {time.monotonic() - began_s:.0f} "
                    f"| {memory_mb:.1f} | {files} | {len(asyncio.all_tasks())} |",
                    flush=True,
                )


def _uses(zygote: int) -> tuple[float, int]:
    both = [psutil.Process(), psutil.Process(zygote)]
    return sum(one.memory_info().rss for one in both) / 1e6, sum(one.num_fds() for one in both)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--crashes", type=int, default=200)
    uvloop.run(main(parser.parse_args().crashes))
