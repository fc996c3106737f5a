"""The commands that look after an installation, as an operator types them."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.installation import ROOT, Installation, own_ports, without_settings

LIMIT_S = 300


def environment(**more: str) -> dict[str, str]:
    """A shell without settings of another installation, and none of whose ports is another's."""
    return {**without_settings(os.environ), "PYTHONPATH": str(ROOT / "src"), **own_ports(), **more}


def backline(*arguments: str | Path, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "backline", *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        cwd="/",
        env=environment(**more),
    )


def begin(*arguments: str | Path, **more: str) -> "subprocess.Popen[bytes]":
    """Start a command; the caller ends it."""
    return subprocess.Popen(
        [sys.executable, "-m", "backline", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=environment(**more),
        start_new_session=True,
    )


def backup_of(installation: Installation, folder: Path) -> Path:
    """Make a backup in `folder`; where it is."""
    done = backline("backup", folder, "--data", installation.data)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def copied(source: Path, target: Path) -> Path:
    """A copy with owners and modes, as `cp -a` makes it."""
    subprocess.run(["cp", "-a", source, target], check=True)
    return target
