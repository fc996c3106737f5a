"""The figures of a whole installation: start, memory, one track, a large file up and down, the end.

    python benchmarks/foundation.py

Starts `backline up` on free ports in a temporary folder, as the end-to-end tests do. Run it on an
idle machine; it takes some three minutes.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support import sounds  # noqa: E402  # it lies beside us
from tests.support.installation import Installation, prepared, wait_for  # noqa: E402
from tests.support.library import stream_url, until_prepared, upload  # noqa: E402

MINUTE_S = 60
LARGE_BYTES = 900 << 20


def main() -> None:
    """Measure and print, a line each."""
    installation = prepared("--demo")
    try:
        print(f"first start to the first 200: {_start(installation):.2f} s")
        print(f"the end, idle: {_stop(installation):.2f} s")
        print(f"second start to the first 200: {_start(installation):.2f} s")
        _wait_for_demo(installation)
        time.sleep(MINUTE_S)
        print(
            f"memory of all processes, demo loaded, after a minute: {_pss_mb(installation):.0f} MB"
        )
        with tempfile.TemporaryDirectory() as folder, installation.add_user() as client:
            _one_track(client, Path(folder))
            _large_file(installation, client, Path(folder))
            _stop_with_stream(installation, client)
    finally:
        installation.clean_up()


def _start(installation: Installation) -> float:
    began_s = time.perf_counter()
    installation.start()
    installation.wait_until_ready()
    return time.perf_counter() - began_s


def _stop(installation: Installation) -> float:
    began_s = time.perf_counter()
    installation.stop()
    return time.perf_counter() - began_s


def _wait_for_demo(installation: Installation) -> None:
    wait_for(lambda: "Their password" in installation.log(), "the sample people", limit_s=300)
    with installation.login("ada@example.com", "backline-demo") as client:
        wait_for(
            lambda: all(
                track["status"] == "ready" for track in client.get("/tracks").json()["items"]
            ),
            "the sample tracks",
            limit_s=300,
        )


def _processes(installation: Installation) -> list[psutil.Process]:
    supervisor = psutil.Process(installation.pid)
    return [supervisor, *supervisor.children(recursive=True)]


def _pss_mb(installation: Installation) -> float:
    return sum(p.memory_full_info().pss for p in _processes(installation)) / 1e6


def _one_track(client: httpx.Client, folder: Path) -> None:
    song = sounds.encoded(sounds.tone(folder / "t.wav", 240), folder / "song.mp3", "-b:a", "256k")
    began_s = time.perf_counter()
    track = until_prepared(client, upload(client, song)["id"])
    took_s = time.perf_counter() - began_s
    print(f"a 4-minute track, from the upload to ready: {took_s:.1f} s ({track['status']})")


def _large_file(installation: Installation, client: httpx.Client, folder: Path) -> None:
    path = folder / "large.wav"
    sounds.run("-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo", "-t", "4800", str(path))
    with path.open("r+b") as file:
        file.truncate(min(LARGE_BYTES, path.stat().st_size))
    server = next(p for p in _processes(installation) if p.cmdline()[-1] == "serve")
    before = server.memory_full_info().uss
    began_s = time.perf_counter()
    track = upload(client, path)
    up_s, size = time.perf_counter() - began_s, path.stat().st_size
    after_up = server.memory_full_info().uss
    url = installation.url + stream_url(client, track["id"], quality="original")
    began_s = time.perf_counter()
    subprocess.run(["curl", "-s", "-o", "/dev/null", url], check=True)
    down_s = time.perf_counter() - began_s
    after_down = server.memory_full_info().uss
    print(
        f"{size / 1e6:.0f} MB up in {up_s:.1f} s, down in {down_s:.1f} s; "
        f"the web process grew by {(after_up - before) / 1e6:.1f} and "
        f"{(after_down - after_up) / 1e6:.1f} MB"
    )
    client.delete(f"/tracks/{track['id']}")


def _stop_with_stream(installation: Installation, client: httpx.Client) -> None:
    with client.stream("GET", "/events", timeout=60) as events:
        next(events.iter_lines())
        print(f"the end with an open stream and a running job: {_stop(installation):.2f} s")


if __name__ == "__main__":
    main()
