"""A PostgreSQL that outlived its supervisor: found by its folder, and ended."""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from backline.platform.host.privileges import ServiceUser, acting_as
from backline.platform.postgres.layout import PORT, Layout

_PROC: Final = Path("/proc")
# Fast, then immediate, then by force: each with the seconds that it is given.
_WAYS: Final = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))


def end_leftovers(
    layout: Layout,
    sockets: Path,
    user: ServiceUser | None,
    say: Callable[[str], None],
    pause: Callable[[float], None],
) -> None:
    """End whatever PostgreSQL still works in this folder, and clear a note that misleads.

    The folder's lock is ours by now, so nobody else's server can be meant. `pause` waits for the
    seconds given.
    """
    found = processes_in(layout.cluster)
    if found:
        say("Ending the database of a Backline that was killed…")
    for sign, limit_s in _WAYS:
        deadline_s = time.monotonic() + limit_s
        told: set[int] = set()
        while found and time.monotonic() < deadline_s:
            leader = noted_pid(layout, user) or 0
            # Its leader ends the others; without a leader they end by themselves, or are made to.
            for pid in set(found if leader not in found else [leader]) - told:
                told.add(pid)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, sign)
            pause(0.02)
            found = processes_in(layout.cluster)
    pid = noted_pid(layout, user)
    with acting_as(user):
        # PostgreSQL refuses to start while the process that a note names exists: it may be another
        # program's by now, or a dead one that nobody has waited for, as in many containers.
        if pid is not None and _exists(pid):
            layout.pid_file.unlink(missing_ok=True)
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            (sockets / name).unlink(missing_ok=True)


def noted_pid(layout: Layout, user: ServiceUser | None) -> int | None:
    """The process that PostgreSQL's note names, if there is a note."""
    try:
        with acting_as(user):
            first = layout.pid_file.read_text("utf-8", "replace").split("\n", 1)[0]
        return abs(int(first)) or None
    except (OSError, ValueError):
        return None


def processes_in(cluster: Path) -> list[int]:
    """All processes of PostgreSQL that work in this folder: they stand in it and bear its name."""
    folder = os.path.realpath(cluster)
    found: list[int] = []
    for entry in _PROC.iterdir() if _PROC.is_dir() else ():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if (
                    entry.joinpath("comm").read_text("utf-8", "replace").strip() == "postgres"
                    and os.readlink(entry / "cwd") == folder  # noqa: PTH115  # may be gone
                ):
                    found.append(int(entry.name))
    return found


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
