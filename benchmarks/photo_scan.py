"""Photos of 12 megapixels: scans beside the bare loop, metadata alone, variants beside sharp's.

    .venv/bin/python benchmarks/photo_scan.py [--photos 200] [--rounds 3]

An installation as `backline up` starts it, on all cores; each round is somebody new, who scans the
folder and uploads some of its photos. In turn with that loops go through the same files, in a
process for each core at the niceness of our confined processes, with neither database nor hash: the
bare one decodes by libvips' own call for a thumbnail, reads EXIF and takes the fingerprint; another
decodes as we do; the last also hashes and draws the thumbnail. Then sharp (npm). Processor time is
of all processes, so that what else the machine does matters less there than by the clock.
"""

import argparse
import io
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import httpx  # noqa: E402
import psutil  # noqa: E402
import pyvips  # noqa: E402

from backline.concerts.engine import exif, ladder, look, opening  # noqa: E402
from backline.concerts.engine.fingerprint import fingerprint  # noqa: E402
from benchmarks.rig import camera, peers, servers  # noqa: E402
from tests.support.installation import Installation, running  # noqa: E402
from tests.support.quick import quick_folder  # noqa: E402

PICTURES, HEAD_BYTES = 16, 128 * 1024
LIMIT_S, LOOK_S, NICENESS = 900, 0.25, 10


class Cost(NamedTuple):
    """What a photo takes, in milliseconds: by the clock with all cores, and of processors."""

    wall_ms: float
    cpu_ms: float


def main(count: int, drawn_count: int, rounds: int) -> None:
    """Measure and print."""
    with quick_folder() as folder:
        folder.chmod(0o755)
        taken = folder / "photos"
        taken.mkdir()
        with _workers() as pool:
            files = pool.apply(camera.take, (taken, count, PICTURES))
        drawn = files[:drawn_count]
        with running(BACKLINE_PHOTO_FOLDERS=str(taken)) as installation:
            scans, loops, decodes, looks, ups = [], [], [], [], []
            documented, chained = [], []
            for _ in range(rounds):
                loops.append(_by_loop(_plain, files))
                decodes.append(_by_loop(_decode, files))
                looks.append(_by_loop(_look, files))
                with installation.add_user() as person:
                    scans.append(_scanned(installation, person, taken, count))
                with installation.add_user() as person:
                    ups.append(_uploaded(installation, person, drawn))
                documented.append(_by_sharp("documented", drawn, folder))
                chained.append(_by_sharp("chained", drawn, folder))
        _print("bare loop", loops)
        _print("scan", scans, loops)
        _print("loop, decoding as we do", decodes)
        _print("scan, beside that", scans, decodes)
        _print("with hash, thumbnail", looks)
        _print("scan, beside that", scans, looks)
        _print("EXIF alone", [_by_loop(_metadata, files * 5) for _ in range(rounds)])
        _print("sharp, as documented", documented)
        _print("sharp, decoding once", chained)
        _print("upload, all variants", ups, documented)


def _print(name: str, costs: list[Cost], beside: list[Cost] | None = None) -> None:
    wall, cpu = (statistics.median(each) for each in zip(*costs, strict=True))
    said = f"{name:24}{1e3 / wall:9.1f} photos/s{cpu:9.2f} CPU ms each"
    if beside is not None:
        rates, cpus = (
            [theirs / ours for ours, theirs in zip(mine, others, strict=True)]
            for mine, others in zip(
                zip(*costs, strict=True), zip(*beside, strict=True), strict=True
            )
        )
        said += "".join(
            f"; {what} {statistics.median(each):.2f} ({min(each):.2f}-{max(each):.2f})"
            for what, each in (("rate", rates), ("CPU", cpus))
        )
    print(said, flush=True)


def _workers() -> Pool:
    """Processes of which each is new: libvips has threads, which don't outlive a fork."""
    return multiprocessing.get_context("spawn").Pool(len(os.sched_getaffinity(0)), _begin)


def _begin() -> None:
    os.nice(NICENESS)
    opening.prepare()


def _by_loop(work: Callable[[Path], None], files: list[Path]) -> Cost:
    """A loop in a process for each core; what begins it is left out."""
    cores = len(os.sched_getaffinity(0))
    with _workers() as pool:
        pool.map(_timed, [(work, files[:1])] * cores, chunksize=1)
        began_s = time.perf_counter()
        cpu_s = pool.map(_timed, [(work, files[n::cores]) for n in range(cores)], chunksize=1)
        wall_s = time.perf_counter() - began_s
    return Cost(wall_s * 1e3 / len(files), sum(cpu_s) * 1e3 / len(files))


def _timed(given: tuple[Callable[[Path], None], list[Path]]) -> float:
    work, files = given
    before = resource.getrusage(resource.RUSAGE_SELF)
    for file in files:
        work(file)
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _opened(file: Path) -> opening.Opened:
    return opening.open_picture(opening.load(str(file.parent), [os.fsencode(file.name)]))


def _plain(file: Path) -> None:
    data = file.read_bytes()
    size_px = ladder.THUMBNAIL_PX
    image: Any = pyvips.Image.thumbnail_buffer(data, size_px, height=size_px, size="down")
    fingerprint(image.copy_memory())
    exif.read(bytes(image.get("exif-data")))


def _decode(file: Path) -> None:
    picture = _opened(file)
    fingerprint(look.flat(picture.thumbnail(ladder.THUMBNAIL_PX, ladder.THUMBNAIL_PX)))
    exif.read(picture.exif)


def _look(file: Path) -> None:
    """All that a scan finds out and draws, with neither confinement nor database."""
    look.see(_opened(file), file.parents[1] / f"{os.getpid()}.webp")


def _metadata(file: Path) -> None:
    """Of the file's head, which is what whoever wants no more than that reads."""
    with file.open("rb") as opened:
        exif.read(opening.open_picture(opened.read(HEAD_BYTES)).exif)


def _scanned(installation: Installation, person: httpx.Client, folder: Path, count: int) -> Cost:
    def scan() -> None:
        form = {"source": {"kind": "folder", "path": str(folder)}}
        asked = person.post("/scans", json=form).raise_for_status().json()
        told: dict[str, object] = {}

        def is_over() -> bool:
            told.update(person.get(f"/scans/{asked['id']}").raise_for_status().json())
            return told["finished_at"] is not None

        _wait(is_over, installation)
        if told["state"] != "done" or told["added"] != count:
            raise RuntimeError(str(told))

    return _spent(installation, scan, count)


def _uploaded(installation: Installation, person: httpx.Client, files: list[Path]) -> Cost:
    def upload() -> None:
        for file in files:
            body = {"file": (file.name, io.BytesIO(file.read_bytes()))}
            person.post("/photos", files=body).raise_for_status()

        def is_over() -> bool:
            page = person.get("/photos", params={"limit": 100}).raise_for_status().json()
            states = [one["status"] for one in page["items"]]
            if "failed" in states:
                raise RuntimeError(str(page))
            return states.count("ready") == len(files)

        _wait(is_over, installation)

    return _spent(installation, upload, len(files))


def _wait(holds: Callable[[], bool], installation: Installation) -> None:
    """Look now and then, so that looking costs little."""
    began_s = time.perf_counter()
    while not holds():
        if time.perf_counter() - began_s > LIMIT_S:
            raise RuntimeError(installation.log()[-4_000:])
        time.sleep(LOOK_S)


def _spent(installation: Installation, work: Callable[[], None], count: int) -> Cost:
    began_cpu_s, began_s = _cpu_s(installation), time.perf_counter()
    work()
    wall_s = time.perf_counter() - began_s
    return Cost(wall_s * 1e3 / count, (_cpu_s(installation) - began_cpu_s) * 1e3 / count)


def _cpu_s(installation: Installation) -> float:
    """Processor time of all its processes so far, and of those that have ended."""
    first = psutil.Process(installation.pid)
    every = [
        one.cpu_times()
        for one in (first, *first.children(recursive=True), *_database(installation))
    ]
    return sum(sum(times[:4]) for times in every)


def _database(installation: Installation) -> list[psutil.Process]:
    """PostgreSQL's processes: they are no children of the program's, since they may outlive it."""
    [state] = installation.data.rglob("postmaster.pid")
    first = psutil.Process(int(state.read_text().splitlines()[0]))
    return [first, *first.children(recursive=True)]


def _by_sharp(how: str, files: list[Path], folder: Path) -> Cost:
    peers.node_modules("sharp")
    named = folder / "drawn.txt"
    named.write_text("\n".join(map(str, files)))
    command = ["node", str(servers.PEERS / "sharp/draw.js"), how, str(named), str(folder / how)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    wall_ms, cpu_ms = map(float, done.stdout.split())
    return Cost(wall_ms / len(files), cpu_ms / len(files))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--drawn", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    main(args.photos, args.drawn, args.rounds)
