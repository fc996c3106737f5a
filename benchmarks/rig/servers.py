"""The contestants: how each server is started on the first core, and watched while it runs."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import msgspec
import psutil

from benchmarks.rig.ground import TOKEN_TTL_S, Ground
from benchmarks.rig.peers import node_modules
from tests.support.installation import free_port, wait_for, without_settings

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "benchmarks" / "peers"
# They count every request and refuse none.
_HIGH = "1000000"
_LIMITS = ["client-errors", "instance", "refresh", "register", "setup", "uploads"]


class Server(msgspec.Struct, frozen=True):
    """A server that runs; `metrics_port` is 0 where it has none."""

    port: int
    log: Path
    pid: int
    metrics_port: int = 0

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def cpu_s(self) -> float:
        """Processor time that it has used so far, of all its threads; `node` may be a wrapper's."""
        first = psutil.Process(self.pid)
        every = [one.cpu_times() for one in (first, *first.children(recursive=True))]
        return sum(times.user + times.system for times in every)

    def metrics(self) -> str:
        """What it counts, as Prometheus reads it."""
        return httpx.get(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=10).text


def take_second_core() -> None:
    """Keep this process and all that it starts off the servers' core."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        sys.exit("The server and the load need a core each, and this machine offers only one.")
    os.environ["BENCH_SERVER_CORE"] = str(cores[0])
    os.sched_setaffinity(0, {cores[1]})


@contextlib.contextmanager
def ours(ground: Ground, **settings: str) -> Iterator[Server]:
    """`backline serve` as it is shipped, with all that lies around the API."""
    port, metrics_port = free_port(), free_port()
    environ = {
        **without_settings(os.environ),
        "PYTHONPATH": str(ROOT / "src"),
        "BACKLINE_PORT": str(port),
        "BACKLINE_METRICS_PORT": str(metrics_port),
        "BACKLINE_DATABASE_URL": ground.dsn,
        "BACKLINE_DATA_DIR": str(ground.folder / f"data-{port}"),
        "BACKLINE_SECRET_FILE": str(ground.secrets_file),
        "BACKLINE_LOG_FORMAT": "json",
        "BACKLINE_ACCESS_TOKEN_TTL_S": str(TOKEN_TTL_S),
        "BACKLINE_LIMIT_API_PER_MINUTE": _HIGH,
        "BACKLINE_LIMIT_ANONYMOUS_PER_15_MINUTES": _HIGH,
        "BACKLINE_LIMITS": ",".join(f"{name}={_HIGH}" for name in _LIMITS),
        **settings,
    }
    command = [sys.executable, "-m", "backline", "serve"]
    with started(command, environ, ground.folder / f"ours-{port}.log", port) as server:
        yield msgspec.structs.replace(server, metrics_port=metrics_port)


@contextlib.contextmanager
def express(ground: Ground, cache: str, *, follow: bool = False) -> Iterator[Server]:
    """Express with `cache`: none, redis or lru; `follow` as its `server.js` says."""
    node_modules("express")
    port = free_port()
    environ = {"NODE_ENV": "production", "CACHE": cache, **_for_peer(ground, port)}
    environ["FOLLOW"] = "yes" if follow else "no"
    command = ["node", str(PEERS / "express" / "server.js")]
    with started(command, environ, ground.folder / f"express-{cache}.log", port) as server:
        yield server


@contextlib.contextmanager
def fastapi(ground: Ground, python: Path) -> Iterator[Server]:
    """FastAPI on uvicorn, by the Python that has them."""
    port = free_port()
    command = [str(python), "-m", "uvicorn", "server:app", "--port", str(port)]
    command += ["--app-dir", str(PEERS / "fastapi"), "--loop", "uvloop", "--http", "httptools"]
    log = ground.folder / "fastapi.log"
    with started(command, _for_peer(ground, port), log, port) as server:
        yield server


@contextlib.contextmanager
def bare(ground: Ground, what: str) -> Iterator[Server]:
    """The floor: no line but the statements (`query`, `tasks`), or not even those (`constant`)."""
    port = free_port()
    command = [sys.executable, str(PEERS / "bare.py"), what]
    environ = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", **_for_peer(ground, port)}
    with started(command, environ, ground.folder / f"bare-{what}.log", port) as server:
        yield server


def _for_peer(ground: Ground, port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PORT": str(port), "BENCH_FILE": str(ground.peer_file)}


@contextlib.contextmanager
def started(
    command: list[str], environ: Mapping[str, str], log: Path, port: int
) -> Iterator[Server]:
    """Run a server on the first core until the `with` ends."""
    pinned = ["taskset", "-c", os.environ["BENCH_SERVER_CORE"], *command]
    with log.open("ab") as output:
        child = subprocess.Popen(
            pinned,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
        )
    url = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        if child.poll() is not None:
            raise RuntimeError(f"{command} ended:\n{log.read_text(errors='replace')[-4000:]}")
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{url}/health/live", timeout=5).status_code == 200
        return False

    try:
        wait_for(answers, f"{command} to answer", limit_s=60)
        yield Server(port, log, child.pid)
    finally:
        child.terminate()
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
