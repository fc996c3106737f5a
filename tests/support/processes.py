"""Looking at the processes of an installation from outside, by /proc."""

from pathlib import Path
from typing import NamedTuple


class Process(NamedTuple):
    """One process: `role` is `serve`, `work`, …, or `postgres`."""

    pid: int
    parent: int
    uid: int
    role: str


def children_of(pid: int) -> list[Process]:
    """The processes that `pid` started itself."""
    return [process for process in _all() if process.parent == pid]


def child(pid: int, role: str) -> Process:
    """The one child of `pid` in this role; LookupError where there isn't exactly one."""
    found = [process for process in children_of(pid) if process.role == role]
    if len(found) != 1:
        raise LookupError(f"{pid} has {len(found)} children in the role {role}")
    return found[0]


def family_of(pid: int) -> list[Process]:
    """Its children, and theirs, and so on."""
    family: list[Process] = []
    for process in children_of(pid):
        family += [process, *family_of(process.pid)]
    return family


def is_alive(pid: int) -> bool:
    """Whether it runs; a zombie doesn't."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def status_of(pid: int) -> dict[str, str]:
    """The fields of /proc/<pid>/status."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _all() -> list[Process]:
    found: list[Process] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and is_alive(int(entry.name)):
            try:
                command = (entry / "cmdline").read_text(errors="replace").split("\0")
                status = status_of(int(entry.name))
            except OSError:
                continue
            words = [word for word in command if word]
            role = (
                words[words.index("backline") + 1] if "backline" in words[:-1] else status["Name"]
            )
            uid = int(status["Uid"].split()[1])
            found.append(Process(int(entry.name), int(status["PPid"]), uid, role))
    return found
