"""How fast `GET /tracks` with 20 rows is: from the cache, past it, and beside a bare ASGI app.

`benchmarks/cache.py [--seconds N] [--rounds N]` needs `wrk`. The bare app sends the same bytes
and headers from the same server without a line of ours; all three run in turn, several rounds,
on one core, with `wrk` and PostgreSQL on the other.
"""

import argparse
import asyncio
import contextlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import httpx  # noqa: E402
import uvloop  # noqa: E402

from backline import main as program  # noqa: E402
from backline.platform import migrations, telemetry  # noqa: E402
from backline.platform.database import connect  # noqa: E402
from backline.platform.http.server import run_server  # noqa: E402
from backline.platform.ids import uuid7  # noqa: E402
from backline.platform.options import BY_NAME  # noqa: E402
from backline.platform.secrets import load_or_make_secrets  # noqa: E402
from backline.platform.settings import load  # noqa: E402
from tests.support import postgres  # noqa: E402
from tests.support.installation import free_port, wait_for  # noqa: E402

SERVER_CORE, OTHERS_CORE = 0, 1
LIST = "/api/v1/tracks"
INSERT = """
INSERT INTO tracks (id, owner_id, title, artist, album, filename, content_type, size_bytes, sha256,
  status, duration_ms, generation, has_cover, title_key, artist_key, album_key, search)
SELECT $1, id, $2, 'The Somebodies', 'Live at the Hall', 'a.flac', 'audio/flac', 30000000, '\\x00',
  'ready', 215000, 'a1b2c3d4', true, $2, 'somebodies', 'live', '' FROM users
"""


def serve_ours(port: int) -> None:
    telemetry.set_up_logging(level="info", as_json=True)
    settings = load({**os.environ, "BACKLINE_PORT": str(port)})
    uvloop.run(program.serve(settings, asyncio.Event()))


def serve_bare(port: int) -> None:
    """The smallest app that gives this answer; its headers are made once."""
    body = Path(os.environ["BENCH_BODY"]).read_bytes()
    lines = Path(os.environ["BENCH_HEADERS"]).read_bytes().splitlines()
    headers = [tuple(line.split(b": ", 1)) for line in lines]

    async def app(_scope: object, _receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    uvloop.run(run_server(app, "127.0.0.1", port, stop=asyncio.Event(), close_streams=lambda: None))


@contextlib.contextmanager
def served(which: str, environ: dict[str, str], log: Path) -> Iterator[str]:
    port = free_port()
    command = ["taskset", "-c", str(SERVER_CORE), sys.executable, __file__, "--serve", which]
    with log.open("ab") as output:
        child = subprocess.Popen([*command, "--port", str(port)], env=environ, stderr=output)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: _answers(url), f"{which} to answer", limit_s=60)
        yield url
    finally:
        child.kill()
        child.wait()


def _answers(url: str) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(f"{url}/health/live").status_code == 200
    return False


def load_with(
    url: str, headers: dict[str, str], seconds: int, connections: int
) -> tuple[float, float]:
    """Requests per second, and the 99th percentile in ms; anything but 200 is a fault."""
    command = ["taskset", "-c", str(OTHERS_CORE), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    command += ["--latency", *(f"-H{name}: {value}" for name, value in headers.items()), url]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in told:
        sys.exit(f"Not everything was answered with 200:\n{told}")
    late = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", told)[0])
    return rate, float(late[1]) * scale[late[2]] if late else 0.0


async def prepare(dsn: str) -> None:
    database = await connect(dsn, max_size=1)
    async with database.write() as tx:
        for number in range(20):
            await tx.execute(INSERT, uuid7(), f"A song of middling length, no. {number}")
        await tx.execute("ANALYZE tracks")
    await database.close()


def sign_in(url: str) -> str:
    form = {"email": "bench@example.org", "password": "a long enough one", "name": "Bench"}
    httpx.post(f"{url}/api/v1/auth/register", json=form).raise_for_status()
    given = {"email": form["email"], "password": form["password"], "transport": "body"}
    answer = httpx.post(f"{url}/api/v1/auth/login", json=given).raise_for_status()
    return str(answer.json()["access_token"])


def measure(folder: Path, dsn: str, seconds: int, rounds: int, connections: int) -> None:
    secrets = folder / "secrets.json"
    load_or_make_secrets(secrets)
    environ = {
        **os.environ,
        "BACKLINE_DATABASE_URL": dsn,
        "BACKLINE_DATA_DIR": str(folder),
        "BACKLINE_SECRET_FILE": str(secrets),
        "BACKLINE_METRICS_PORT": "0",
        "BENCH_BODY": str(folder / "body"),
        "BENCH_HEADERS": str(folder / "headers"),
    }
    if "LIMIT_API_PER_MINUTE" in BY_NAME:
        environ["BACKLINE_LIMIT_API_PER_MINUTE"] = "1000000000"
    log = folder / "log"
    with served("ours", environ, log) as ours:
        token = sign_in(ours)
        asyncio.run(prepare(dsn))
        said = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
        httpx.get(ours + LIST, headers=said)
        answer = httpx.get(ours + LIST, headers=said).raise_for_status()
        assert answer.headers["cache-status"] == "backline; hit", answer.headers
        (folder / "body").write_bytes(answer.content)
        kept = [f"{name}: {value}" for name, value in answer.headers.items() if name != "date"]
        (folder / "headers").write_text("\n".join(kept), "latin-1")
        with served("bare", environ, log) as bare:
            runs = {
                "bare ASGI": (bare + LIST, said),
                "from the cache": (ours + LIST, said),
                "from the cache, zstd": (ours + LIST, {**said, "Accept-Encoding": "zstd"}),
                "past the cache": (ours + LIST, {**said, "Cache-Control": "no-cache"}),
            }
            rates: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
            for _ in range(rounds):
                for name, (url, headers) in runs.items():
                    rates[name].append(load_with(url, headers, seconds, connections))
    print(f"GET /tracks, 20 rows, {len(answer.content)} bytes, {connections} connections")
    bare_rate = statistics.median(rate for rate, _ in rates["bare ASGI"])
    for name, found in rates.items():
        rate = statistics.median(rate for rate, _ in found)
        late_ms = statistics.median(late for _, late in found)
        spread = (max(r for r, _ in found) - min(r for r, _ in found)) / rate
        print(
            f"{name:22} {rate:9,.0f}/s  ±{spread / 2:4.0%}  p99 {late_ms:6.2f} ms  "
            f"{rate / bare_rate:5.2f} of bare"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=3, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--serve", choices=("ours", "bare"), help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        {"ours": serve_ours, "bare": serve_bare}[given.serve](given.port)
    else:
        with postgres.running() as server, tempfile.TemporaryDirectory() as folder:
            dsn = server.dsn(server.create())
            asyncio.run(migrations.migrate(dsn, program.migrations()))
            measure(Path(folder), dsn, given.seconds, given.rounds, given.connections)
