"""What the checks run in: the virtualenv, and programs that only the system's packages have."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

INSTALL_LIMIT_S = 1200


class EnvironmentFault(Exception):
    """The checks can't even begin; the text says why and what to do."""


class Program(NamedTuple):
    """A program that no wheel has: its names, its package, and what is left out without it.

    A part of a program has a path instead of names.
    """

    names: tuple[str, ...]
    package: str
    tests: str


PROGRAMS = (
    Program(("chromium", "chromium-browser", "google-chrome"), "chromium", "browser"),
    Program(("redis-server", "valkey-server"), "redis-server", "Redis"),
    Program(("nginx",), "nginx", "many servers"),
    Program(("/usr/lib/nginx/modules/ngx_rtmp_module.so",), "libnginx-mod-rtmp", "nginx-rtmp"),
    Program(("/usr/lib/nginx/modules/ngx_stream_module.so",), "libnginx-mod-stream", "many nodes"),
)


def make_environment(root: Path, only: tuple[str, ...] = ()) -> Path:
    """The virtualenv with exactly what the lock says (or with `only`), made anew if it changed.

    Raises:
        EnvironmentFault: pip couldn't install.
    """
    folder = root / (".venv" if not only else ".venv/" + "-".join(only))
    lock = (root / "requirements/dev.txt").read_bytes() if not only else repr(only).encode()
    stamp = hashlib.sha256(lock + sys.version.encode() + os.fsencode(root)).hexdigest()
    stamp_file = folder / "made-from"
    if stamp_file.exists() and stamp_file.read_text() == stamp:
        return folder
    with _only_one(root):
        if stamp_file.exists() and stamp_file.read_text() == stamp:
            return folder
        print(f"Making {folder.relative_to(root)} …", flush=True)
        stamp_file.unlink(missing_ok=True)
        _fill(root, folder, only)
        stamp_file.write_text(stamp)
    return folder


@contextlib.contextmanager
def _only_one(root: Path) -> Iterator[None]:
    """Two runs begun at once don't make the same virtualenv together."""
    folder = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _fill(root: Path, folder: Path, only: tuple[str, ...]) -> None:
    _make_virtualenv(folder, clear=not only)
    wanted = list(only) or ["--require-hashes", "-r", str(root / "requirements/dev.txt")]
    _run([folder / "bin/python", "-m", "pip", "install", "--progress-bar=off", "-q", *wanted])
    for site in folder.glob("lib/python*/site-packages"):
        (site / "backline-src.pth").write_text(f"{root / 'src'}\n")


def _make_virtualenv(folder: Path, *, clear: bool) -> None:
    command = [sys.executable, "-m", "venv", *(["--clear"] if clear else []), str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode == 0:
        return
    # Debian keeps a part of venv in a package of its own.
    if "ensurepip" in done.stdout + done.stderr and can_use_apt():
        major, minor = sys.version_info[:2]
        apt_install([f"python{major}.{minor}-venv"])
        _run(command)
        return
    raise EnvironmentFault(f"The virtualenv can't be made:\n{done.stdout}{done.stderr}")


def _run(command: list[str | Path]) -> None:
    done = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=INSTALL_LIMIT_S,
    )
    if done.returncode != 0:
        words = " ".join(map(str, command[:5]))
        raise EnvironmentFault(f"`{words} …` failed:\n{done.stdout[-4000:]}")


def bring_programs() -> list[str]:
    """Install the programs that are missing, where that is allowed; what is left out, and why."""
    missing = _missing()
    if missing and can_use_apt():
        try:
            apt_install([program.package for program in missing])
        except (EnvironmentFault, subprocess.TimeoutExpired) as fault:
            print(fault, file=sys.stderr)
        missing = _missing()
    return [
        f"the {p.tests} tests, since {p.names[0]} isn't here "
        f"(on Debian or Ubuntu: apt-get install {p.package})"
        for p in missing
    ]


def _missing() -> list[Program]:
    """Those that aren't here; servers lie where only root's path leads."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
    return [
        p
        for p in PROGRAMS
        if not any(shutil.which(name, path=path) or Path("/", name).is_file() for name in p.names)
    ]


def can_use_apt() -> bool:
    """Only root on Debian or Ubuntu may install packages; anybody else is told which."""
    release = Path("/etc/os-release")
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    text = release.read_text() if release.exists() else ""
    names = {line.partition("=")[2].strip('"') for line in text.splitlines() if "ID=" in line[:3]}
    return bool(names & {"debian", "ubuntu"})


def apt_install(packages: list[str]) -> None:
    """Install Debian packages without asking anything.

    Raises:
        EnvironmentFault: apt-get failed.
    """
    print(f"Installing {', '.join(packages)} with apt-get …", flush=True)
    os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
    _run(["apt-get", "update", "-q"])
    _run(["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages])
