"""PgBouncer in transaction mode before a private PostgreSQL: the system's, or a newer Debian's.

Debian 12 has 1.18, which keeps no prepared statements. Where apt may be used, Debian 13's is
unpacked beside the tests with the libraries that it needs, and installed nowhere.
"""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import PrivatePostgres, _as

OLDEST = (1, 21)
_RELEASE = "trixie"
_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
_PACKAGES = (
    "pgbouncer",
    *("libc6", "libcares2", "libevent-2.1-7t64", "libpam0g", "libssl3t64", "libsystemd0"),
    *("libaudit1", "libcap-ng0", "libcap2", "libzstd1"),
)
_PORT = 6432
_WAIT_S = 30


@contextlib.contextmanager
def pooling(server: PrivatePostgres, *, prepared: int = 200) -> Iterator["Pooler"]:
    """Start a PgBouncer that is configured as little as can be."""
    folder = Path(tempfile.mkdtemp(prefix="backline-pgb-"))
    process: subprocess.Popen[bytes] | None = None
    try:
        folder.chmod(0o755)
        command = _program()
        (folder / "pgbouncer.ini").write_text(
            f"""
[databases]
* = host={server.folder} user=postgres
[pgbouncer]
unix_socket_dir = {folder}
listen_port = {_PORT}
auth_type = any
pool_mode = transaction
max_prepared_statements = {prepared}
default_pool_size = 8
max_client_conn = 500
"""
        )
        if server.owner is not None:
            os.chown(folder, server.owner.pw_uid, server.owner.pw_gid)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [*command, str(folder / "pgbouncer.ini")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                **_as(server.owner),
            )
        _wait_until_ready(process, folder)
        yield Pooler(folder)
    finally:
        if process is not None:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


class Pooler:
    """A running one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def dsn(self, name: str) -> str:
        """Where a database answers through it."""
        return f"postgresql://postgres@/{name}?host={self.folder}&port={_PORT}"

    def log(self) -> str:
        """What it has to say."""
        return (self.folder / "log").read_text(errors="replace")


def _program() -> list[str]:
    """How to start one that is new enough; the test is skipped where there is none."""
    for path in (shutil.which("pgbouncer"), "/usr/sbin/pgbouncer"):
        if path is not None and Path(path).exists() and _version([path]) >= OLDEST:
            return [path]
    unpacked = Path(tempfile.gettempdir()) / f"backline-pgbouncer-{os.geteuid()}"
    root = unpacked / "root"
    if not root.is_dir() and not _unpack(unpacked):
        pytest.skip("PgBouncer 1.21 or newer isn't here, and apt doesn't give it")
    libraries = root / f"usr/lib/{os.uname().machine}-linux-gnu"
    loaders = sorted(libraries.glob("ld-linux-*.so.*"))
    command = [str(loaders[0]), "--library-path", str(libraries), str(root / "usr/sbin/pgbouncer")]
    assert _version(command) >= OLDEST
    return command


def _version(command: list[str]) -> tuple[int, int]:
    done = subprocess.run([*command, "--version"], check=False, capture_output=True, text=True)
    found = re.search(r"PgBouncer (\d+)\.(\d+)", done.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _unpack(target: Path) -> bool:
    """Have apt fetch it from the archive that this machine uses, with lists of its own."""
    apt = shutil.which("apt-get")
    if apt is None or not Path(_KEYRING).exists():
        return False
    wanted = [apt, "indextargets", "--format", "$(REPO_URI)"]
    filters = ["Created-By: Packages", "Origin: Debian", "Label: Debian"]
    found = subprocess.run([*wanted, *filters], check=False, capture_output=True, text=True)
    archive = next(iter(found.stdout.split()), None)
    if archive is None:
        return False
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        work = Path(name)
        for part in ("lists/partial", "cache/archives/partial", "packages", "root"):
            (work / part).mkdir(parents=True)
        line = f"deb [signed-by={_KEYRING}] {archive} {_RELEASE} main\n"
        (work / "sources.list").write_text(line)
        options = {
            "Dir::Etc::sourcelist": work / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::State::lists": work / "lists",
            "Dir::Cache": work / "cache",
            "APT::Sandbox::User": "root" if os.geteuid() == 0 else "",
        }
        told = [word for key, value in options.items() for word in ("-o", f"{key}={value}")]
        for command in (["update"], ["download", *_PACKAGES]):
            done = subprocess.run(
                [apt, *told, *command],
                check=False,
                capture_output=True,
                cwd=work / "packages",
                timeout=300,
            )
            if done.returncode != 0:
                return False
        for package in (work / "packages").glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, work / "root"], check=True)
        target.mkdir(mode=0o755, exist_ok=True)
        (work / "root").chmod(0o755)
        with contextlib.suppress(OSError):  # another test process was faster
            (work / "root").rename(target / "root")
    return (target / "root").is_dir()


def _wait_until_ready(process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline_s = time.monotonic() + _WAIT_S
    while time.monotonic() < deadline_s:
        with socket.socket(socket.AF_UNIX) as probe, contextlib.suppress(OSError):
            probe.connect(str(folder / f".s.PGSQL.{_PORT}"))
            return
        if process.poll() is not None:
            break
        time.sleep(0.02)
    raise RuntimeError(f"PgBouncer isn't ready:\n{(folder / 'log').read_text()}")
