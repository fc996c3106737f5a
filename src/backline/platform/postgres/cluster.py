"""Making a cluster, checking its version, and the address under which it answers."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import quote

from backline.platform.host.privileges import ServiceUser, acting_as
from backline.platform.postgres.layout import DATABASE, PORT, ROLE, Layout, socket_folder

MAJOR: Final = 18
_OPTIONS: Final = (
    "--data-checksums",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth-local=scram-sha-256",
    "--auth-host=reject",
    "--no-instructions",
    f"--username={ROLE}",
)


class PostgresFault(Exception):
    """PostgreSQL can't be used; the text says why and what to do."""


def make_cluster(
    layout: Layout,
    bin_dir: Path,
    user: ServiceUser | None,
    wait: "Callable[[subprocess.Popen[bytes]], None]",
) -> bool:
    """Make the cluster if there is none; whether it was made.

    It is made aside, synced and renamed, so a crash leaves either none or a whole one. `wait` is
    given the running initdb and returns when that has ended.

    Raises:
        PostgresFault: what is there is of another major version or no cluster, or initdb failed.
    """
    with acting_as(user):
        if layout.cluster.exists():
            check_version(layout)
            return False
        shutil.rmtree(layout.aside, ignore_errors=True)
        layout.aside.mkdir(0o700)
        new, password = layout.aside / "cluster", layout.aside / "password"
        _write_private(password, secrets.token_urlsafe(32))
    _initialise(bin_dir, new, password, user, wait)
    with acting_as(user):
        password.rename(new / layout.password.name)
        _sync_folder(new)
        new.rename(layout.cluster)
        _sync_folder(layout.data_dir)
        shutil.rmtree(layout.aside, ignore_errors=True)
    return True


def check_version(layout: Layout) -> None:
    """See that the cluster is of our major version.

    Raises:
        PostgresFault: it isn't.
    """
    try:
        text = (layout.cluster / "PG_VERSION").read_text("utf-8").strip()
        major = int(text)
    except (OSError, ValueError):
        raise PostgresFault(
            f"{layout.cluster} isn't a PostgreSQL data folder. Move it away, or restore a backup."
        ) from None
    if major > MAJOR:
        raise PostgresFault(
            f"The database in {layout.cluster} is of PostgreSQL {major}, and this Backline has "
            f"PostgreSQL {MAJOR}. Install the newer Backline that made it, or restore a backup "
            "into another data folder."
        )
    if major < MAJOR:
        raise PostgresFault(
            f"The database in {layout.cluster} is of PostgreSQL {major}, and this Backline has "
            f"PostgreSQL {MAJOR}. Back it up with the Backline that made it (`backline backup`), "
            "then restore that into a new data folder with this one."
        )


def dsn_of(data_dir: Path, user: ServiceUser | None) -> str:
    """The address of the cluster in a data folder, with its password.

    Raises:
        PostgresFault: there is no cluster, or its password can't be read.
    """
    layout = Layout(data_dir)
    try:
        with acting_as(user):
            password = layout.password.read_text("utf-8").strip()
    except OSError as fault:
        raise PostgresFault(
            f"The database's password in {layout.password} can't be read: {fault.strerror}."
        ) from fault
    folder = quote(str(socket_folder(layout, user)), safe="/")
    return f"postgresql://{ROLE}:{password}@/{DATABASE}?host={folder}&port={PORT}"


def environment() -> dict[str, str]:
    """What PostgreSQL's programs are given: nothing of the caller's that could change them."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/nonexistent"}


def _initialise(
    bin_dir: Path,
    folder: Path,
    password: Path,
    user: ServiceUser | None,
    wait: "Callable[[subprocess.Popen[bytes]], None]",
) -> None:
    command = [str(bin_dir / "initdb"), f"--pgdata={folder}", f"--pwfile={password}", *_OPTIONS]
    process = start_as(user, command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        wait(process)
        said = process.stdout.read() if process.stdout else b""
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()
    if process.returncode != 0:
        lines = said.decode("utf-8", "replace").strip().splitlines()[-5:]
        raise PostgresFault("The database can't be made:\n" + "\n".join(lines))


def start_as(
    user: ServiceUser | None,
    command: list[str],
    *,
    stdout: int,
    stderr: int,
) -> "subprocess.Popen[bytes]":
    """Start one of PostgreSQL's programs as `user`, in a session of its own."""
    return subprocess.Popen(  # noqa: S603  # our own command
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        env=environment(),
        cwd="/",
        start_new_session=True,
        umask=0o077,
        user=None if user is None else user.uid,
        group=None if user is None else user.gid,
        extra_groups=None if user is None else [],
    )


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
