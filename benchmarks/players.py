"""What players ask at `/rest`, beside Supysonic on the same library: a full sync, lists, chance.

`.venv/bin/python benchmarks/players.py [TRACKS]`. Each server has the first core, whatever asks has
the second; both are asked the same in turn. Figures are medians in milliseconds, beside the 95th
percentile; the full sync is made once.
"""

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from backline.platform import telemetry  # noqa: E402
from benchmarks.rig import peers, servers  # noqa: E402
from benchmarks.rig.library import EMAIL, library  # noqa: E402
from tests.support.installation import free_port, wait_for  # noqa: E402

TRACKS = 50_000
PAGE, OFTEN = 500, 200
START_S = 600
Ask = Callable[..., Any]


def main() -> None:
    """Measure and print."""
    tracks = int(sys.argv[1]) if len(sys.argv) > 1 else TRACKS
    servers.take_second_core()
    telemetry.set_up_logging(level="warning", as_json=False)
    with _ours(tracks) as ours, _supysonic(tracks) as theirs:
        _print("search3, full sync", ([_sync(ours, tracks)], [_sync(theirs, tracks)]))
        for name, call, params in (
            ("getAlbumList2, newest 20", "getAlbumList2", {"type": "newest", "size": 20}),
            (
                "getAlbumList2, by name 500",
                "getAlbumList2",
                {"type": "alphabeticalByName", "size": 500},
            ),
            ("getRandomSongs, 10", "getRandomSongs", {"size": 10}),
            ("getRandomSongs, 500", "getRandomSongs", {"size": 500}),
            ("search3, a word", "search3", {"query": "4711"}),
        ):
            often = OFTEN if params.get("size") != PAGE else OFTEN // 10
            _print(name, _rounds(ours, theirs, _timed(call, params), often))


def _timed(call: str, params: dict[str, Any]) -> Callable[[Ask], float]:
    def measure(ask: Ask) -> float:
        began_s = time.perf_counter()
        ask(call, **params)
        return time.perf_counter() - began_s

    return measure


def _rounds(
    ours: Ask, theirs: Ask, measure: Callable[[Ask], float], rounds: int
) -> tuple[list[float], list[float]]:
    pairs = [(measure(ours), measure(theirs)) for _ in range(rounds)]
    return [one for one, _ in pairs], [other for _, other in pairs]


def _sync(ask: Ask, tracks: int) -> float:
    """Seconds for all songs, 500 a page, once: at 50,000 that takes Supysonic many minutes."""
    began_s, count = time.perf_counter(), 0
    page = {"query": "", "songCount": PAGE, "albumCount": 0, "artistCount": 0}
    while True:
        songs = ask("search3", **page, songOffset=count).get("searchResult3", {}).get("song", [])
        count += len(songs)
        if len(songs) < PAGE:
            break
    if count != tracks:
        sys.exit(f"There were {count} of {tracks} songs.")
    return time.perf_counter() - began_s


def _print(name: str, figures: tuple[list[float], list[float]]) -> None:
    ours, theirs = (statistics.median(each) for each in figures)
    tails = [sorted(each)[int(len(each) * 0.95)] for each in figures]
    print(
        f"{name:28} ours {ours * 1e3:9.1f} (p95 {tails[0] * 1e3:9.1f})"
        f"  Supysonic {theirs * 1e3:9.1f} (p95 {tails[1] * 1e3:9.1f})  {theirs / ours:6.1f} times",
        flush=True,
    )


def _asking(url: str, name: str, password: str) -> Ask:
    client = httpx.Client(base_url=url, timeout=300)
    known = {"u": name, "p": password, "v": "1.16.1", "c": "benchmark", "f": "json"}

    def ask(call: str, **params: Any) -> Any:
        answer = client.get(f"/rest/{call}.view", params={**known, **params}).json()
        found = answer["subsonic-response"]
        if found["status"] != "ok":
            raise RuntimeError(found)
        return found

    return ask


@contextlib.contextmanager
def _ours(tracks: int) -> Iterator[Ask]:
    with library(tracks) as ours:
        form = {"name": "Benchmark", "scopes": ["audio:read", "audio:write"]}
        made = ours.client.post("/users/me/app-passwords", json=form).raise_for_status().json()
        yield _asking(ours.url, EMAIL, made["password"])


@contextlib.contextmanager
def _supysonic(tracks: int) -> Iterator[Ask]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="backline-players-") as name:
        script = servers.PEERS / "supysonic/server.py"
        core = os.environ["BENCH_SERVER_CORE"]
        command = [str(peers.python_of("supysonic")), str(script), name, str(port), str(tracks)]
        child = subprocess.Popen(["taskset", "-c", core, *command])

        def answers() -> bool:
            if child.poll() is not None:
                raise RuntimeError("Supysonic ended.")
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(f"http://127.0.0.1:{port}/rest/ping.view", timeout=5)
                return True
            return False

        try:
            wait_for(answers, "Supysonic to answer", limit_s=START_S)
            yield _asking(f"http://127.0.0.1:{port}", "ada", "a good password")
        finally:
            child.terminate()
            child.wait(15)


if __name__ == "__main__":
    main()
