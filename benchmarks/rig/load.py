"""Load from wrk: many users by Zipf's law over kept connections, from a core of its own."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import msgspec

from benchmarks.rig.figures import Sample

CONNECTIONS = 64
BROWSERS = "gzip, deflate, br, zstd"
_SCRIPT = Path(__file__).with_name("load.lua")
_MARK = "RESULT "
_LONGEST_S = 120


class Load(msgspec.Struct, frozen=True):
    """What is asked for: by whom (a file of tokens and ids), and how much of it changes.

    `encodings` is what browsers say that they take; nothing asks for plain answers. `what` is the
    collection; writes change a thing in it, or with `creates` make one.
    """

    users: Path
    writes: float = 0.0
    no_cache: bool = False
    exponent: float = 1.0
    encodings: str = BROWSERS
    connections: int = CONNECTIONS
    what: str = "tracks"
    creates: bool = False


class _Result(msgspec.Struct, frozen=True):
    requests: int
    duration_us: int
    p50_us: int
    p95_us: int
    p99_us: int
    refused: int
    broken: int


def check_wrk() -> None:
    """End with advice where wrk isn't installed."""
    if shutil.which("wrk") is None:
        sys.exit("The load comes from wrk, which isn't installed. Try: apt-get install wrk")


def run_each(load: Load, port: int) -> None:
    """Have everybody ask once, more or less; wrk goes on until it is told to end."""
    command = _command(load, port, _LONGEST_S, 0, "each")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if line.startswith("ALL"):
                child.send_signal(signal.SIGINT)
                break
        parse(child.stdout.read())


def run(load: Load, port: int, seconds: float, seed: int) -> Sample:
    """Ask for `seconds`; everybody who is given the same seed is asked the same.

    Raises:
        RuntimeError: something was refused or broken, so there is no figure.
    """
    command = _command(load, port, max(1, round(seconds)), seed, "-")
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return parse(done.stdout, done.stderr)


class Apart(msgspec.Struct, frozen=True):
    """Reads and writes that came at once, on connections of their own; `writers` of them wrote."""

    writers: int
    reads: Sample
    writes: Sample

    @property
    def share(self) -> float:
        """How much of all was writes."""
        return self.writes.rate_per_s / (self.reads.rate_per_s + self.writes.rate_per_s)


def writers_for(load: Load, port: int, seconds: float) -> int:
    """How many connections have to write, as fast as the answers come, for the load's share.

    Raises:
        RuntimeError: as `run`.
    """
    writers = max(1, load.connections // 16)
    for seed in (101, 102):
        share = run_apart(load, port, seconds, seed, writers).share
        writers = min(load.connections // 2, max(1, round(writers * load.writes / share)))
    return writers


def run_apart(load: Load, port: int, seconds: float, seed: int, writers: int) -> Apart:
    """The reads and the writes of a load, at once, on connections of their own.

    wrk can't say which of its requests was late; of two it can.

    Raises:
        RuntimeError: as `run`.
    """
    reads = msgspec.structs.replace(load, writes=0.0, connections=load.connections - writers)
    writes = msgspec.structs.replace(load, writes=1.0, connections=writers)
    command = _command(writes, port, max(1, round(seconds)), seed, "-")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as beside:
        read = run(reads, port, seconds, seed)
        printed, complained = beside.communicate()
    return Apart(writers, read, parse(printed, complained))


def _command(load: Load, port: int, seconds: int, seed: int, how: str) -> list[str]:
    host = f"127.0.0.1:{port}"
    command = ["wrk", "-t1", f"-c{load.connections}", f"-d{seconds}s"]
    command += ["--timeout", "10s", "-s", str(_SCRIPT), f"http://{host}", "--"]
    command += [str(load.users), host, str(seed), str(load.writes)]
    command += ["no-cache" if load.no_cache else "-", str(load.exponent), how]
    command += [load.encodings or "-", load.what, "create" if load.creates else "change"]
    return command


def parse(printed: str, complained: str = "") -> Sample:
    """What wrk's script printed at the end.

    Raises:
        RuntimeError: as `run`.
    """
    line = next((one for one in printed.splitlines() if one.startswith(_MARK)), None)
    if line is None:
        raise RuntimeError(f"wrk printed no result:\n{printed}{complained}")
    found = msgspec.json.decode(line[len(_MARK) :], type=_Result)
    if found.refused or found.broken or not found.requests:
        raise RuntimeError(
            f"Of {found.requests:,} requests {found.refused:,} were refused "
            f"and {found.broken:,} broke: no figure from this."
        )
    return Sample(
        found.requests / found.duration_us * 1e6,
        p50_ms=found.p50_us / 1000,
        p95_ms=found.p95_us / 1000,
        p99_ms=found.p99_us / 1000,
    )
