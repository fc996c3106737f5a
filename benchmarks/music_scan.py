"""Scans of a music folder: the first, and another when nothing has changed, beside Supysonic's.

    .venv/bin/python benchmarks/music_scan.py [--tracks 10000] [--large 100] [--alone]

An installation as `backline up` starts it, on both cores, then Supysonic's scanner, unless ours is
to be measured alone. Databases and music lie in memory. The files are a second of MP3 each, with
tags of their own. Large ones, of 10 MB, are scanned by ours once the others are; then all of them
are moved to another folder and scanned again, and have to be the tracks that they were.
"""

import argparse
import random
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "scripts")]

import httpx  # noqa: E402
import psutil  # noqa: E402
from mutagen.id3 import ID3, TALB, TCON, TDRC, TIT2, TPE1, TPE2, TRCK  # noqa: E402

from benchmarks.rig import peers, servers  # noqa: E402
from tests.support import sounds  # noqa: E402
from tests.support.installation import Installation, running  # noqa: E402
from tests.support.quick import quick_folder  # noqa: E402

ON_AN_ALBUM, ALBUMS_OF_AN_ARTIST = 10, 5
LARGE_BYTES = 10_000_000
LIMIT_S = 3_600
LOOK_S = 0.2


def make_music(folder: Path, tracks: int) -> None:
    """Albums of ten, artists of five; no two files are alike."""
    sounds.run("-f", "lavfi", "-i", "sine=440:r=44100:d=1", "-b:a", "64k", str(folder / "one.mp3"))
    sound = (folder / "one.mp3").read_bytes()
    (folder / "one.mp3").unlink()
    sound = sound[sound.index(b"\xff\xfb") :]
    chance = random.Random(7)
    for number in range(tracks):
        album = number // ON_AN_ALBUM
        place = folder / f"Artist {album // ALBUMS_OF_AN_ARTIST}" / f"Album {album}"
        place.mkdir(parents=True, exist_ok=True)
        path = place / f"{number % ON_AN_ALBUM + 1:02} Song {number}.mp3"
        path.write_bytes(sound + chance.randbytes(64))
        artist = f"Artist {album // ALBUMS_OF_AN_ARTIST}"
        tags = ID3()
        for frame in (
            TIT2(text=f"Song {number}"),
            TPE1(text=artist),
            TPE2(text=artist),
            TALB(text=f"Album {album}"),
            TRCK(text=f"{number % ON_AN_ALBUM + 1}/{ON_AN_ALBUM}"),
            TCON(text=f"Genre {album % 20}"),
            TDRC(text=str(1960 + album % 60)),
        ):
            tags.add(frame)
        tags.save(path)


def add_large(folder: Path, count: int) -> None:
    """Files of 10 MB: one piece of music again and again, with a beginning of its own."""
    sounds.run("-f", "lavfi", "-i", "sine=880:r=44100:d=60", "-b:a", "320k", str(folder / "a.mp3"))
    minute = (folder / "a.mp3").read_bytes()
    (folder / "a.mp3").unlink()
    minute = minute[minute.index(b"\xff\xfb") :]
    whole = minute * (LARGE_BYTES // len(minute) + 2)
    place = folder / "Long ones"
    place.mkdir()
    for number in range(count):
        path = place / f"{number}.mp3"
        path.write_bytes(whole[number * 1_044 :][:LARGE_BYTES])
        tags = ID3()
        tags.add(TIT2(text=f"Long song {number}"))
        tags.save(path)


class Memory:
    """The most that processes of the worker's held at a time, in MB; looked at now and then."""

    def __init__(self, pid: int) -> None:
        self.most_mb = 0.0
        self._pid = pid
        self._ends = threading.Event()
        self._looking = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._looking.start()
        return self

    def __exit__(self, *_what: object) -> None:
        self._ends.set()
        self._looking.join()

    def _look(self) -> None:
        while not self._ends.wait(LOOK_S):
            found = 0
            for one in psutil.Process(self._pid).children(recursive=True):
                try:
                    if "work" in one.cmdline():
                        found += one.memory_full_info().pss
                except psutil.Error:
                    continue
            self.most_mb = max(self.most_mb, found / 1e6)


def scan(installation: Installation, client: httpx.Client, music: Path) -> tuple[float, Any]:
    """Have it scanned: how long that took, and what came of it."""
    began_s = time.perf_counter()
    asked = client.post("/music-scans", json={"path": str(music)}).raise_for_status().json()
    while True:
        told = client.get(f"/music-scans/{asked['id']}").raise_for_status().json()
        if told["state"] in ("done", "failed", "cancelled"):
            break
        if time.perf_counter() - began_s > LIMIT_S:
            raise RuntimeError(installation.log()[-4_000:])
        time.sleep(LOOK_S)
    if told["state"] != "done" or told["failed"]:
        raise RuntimeError(str(told))
    return time.perf_counter() - began_s, told


def tell_of_large(
    installation: Installation, client: httpx.Client, music: Path, count: int
) -> None:
    """Have large files scanned, and again where they were moved to."""
    add_large(music, count)
    there_s, told = scan(installation, client, music)
    if told["added"] != count:
        raise RuntimeError(str(told))
    (music / "Long ones").rename(music / "Elsewhere")
    moved_s, told = scan(installation, client, music)
    if told["added"] or told["missing"]:
        raise RuntimeError(str(told))
    shutil.rmtree(music / "Elsewhere")
    print(f"{count} of 10 MB: {there_s:.1f} s; moved, {moved_s:.1f} s, each the track that it was")


def main(tracks: int, large: int, *, alone: bool) -> None:
    """Make the music, scan it twice by each, print."""
    with quick_folder() as folder:
        folder.chmod(0o755)
        music, theirs = folder / "music", folder / "supysonic"
        music.mkdir()
        theirs.mkdir()
        make_music(music, tracks)
        with (
            running(BACKLINE_MUSIC_FOLDERS=str(music)) as installation,
            installation.administrator() as client,
            Memory(installation.pid) as memory,
        ):
            first_s, told = scan(installation, client, music)
            if told["added"] != tracks:
                raise RuntimeError(str(told))
            at_first_mb = memory.most_mb
            again_s, _ = scan(installation, client, music)
            if large:
                tell_of_large(installation, client, music, large)
        print(
            f"Backline: {first_s:.1f} s, {tracks / first_s:.0f} files/s, the worker's processes at "
            f"most {at_first_mb:.0f} MB; unchanged {again_s:.2f} s",
            flush=True,
        )
        if alone:
            return
        script = servers.PEERS / "supysonic/scan.py"
        command = [str(peers.python_of("supysonic")), str(script), str(theirs), str(music)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        their_first_s, their_again_s, found = map(float, done.stdout.split()[-3:])
        if found != tracks:
            raise RuntimeError(done.stdout)
        print(
            f"Supysonic: {their_first_s:.1f} s, {tracks / their_first_s:.0f} files/s; "
            f"unchanged {their_again_s:.2f} s\nBackline is {their_first_s / first_s:.1f} and "
            f"{their_again_s / again_s:.1f} times faster"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tracks", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=0)
    parser.add_argument("--alone", action="store_true")
    chosen = parser.parse_args()
    main(chosen.tracks, chosen.large, alone=chosen.alone)
