"""The process that reads a file of venues: `python -m backline.concerts.gazetteer.reading FILE`.

It gives up what it doesn't need before it looks at the first byte, and ends with whoever began it.
"""

import contextlib
import os
import resource
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from backline.concerts.gazetteer.models import NewVenue
from backline.concerts.gazetteer.reading import geojson, pbf
from backline.concerts.gazetteer.reading.said import (
    LONGEST_LINE,
    MOST_VENUES,
    End,
    Fault,
    Found,
    Said,
    Step,
    Unreadable,
)
from backline.platform.confined import landlock, seccomp
from backline.platform.host import prctl
from backline.platform.host.privileges import PrivilegeFault, ServiceUser, drop

_MEMORY_BYTES: Final = 2 << 30
_CPU_S: Final = 6 * 3600
_HEAD: Final = 64


def main(arguments: list[str]) -> int:
    """Read the file, as the user named by name, uid and gid if there is one; the exit code."""
    parent_pid, path = int(arguments[0]), Path(arguments[1])
    user = (
        ServiceUser(arguments[2], int(arguments[3]), int(arguments[4])) if arguments[2:] else None
    )
    prctl.end_with_parent(parent_pid)
    with contextlib.suppress(Unreadable):  # said once an extract is to be read
        pbf.load()
    try:
        _confine(path, user)
        # Asked for again: a change of user ids clears it.
        prctl.end_with_parent(parent_pid)
        skipped: dict[str, int] = {}
        for one in _read(path, skipped):
            _say(one)
        _say(End(skipped))
    except (Unreadable, PrivilegeFault) as fault:
        _say(Fault(str(fault)))
    except MemoryError:
        _say(Fault("It takes more memory than it may: take extracts of countries."))
    except PermissionError:
        who = f"The user {user.name}" if user else "Whoever runs this"
        _say(Fault(f"{who} may not read it. Allow that, or copy it to where they may."))
    except OSError as fault:
        _say(Fault(f"It can't be read: {fault.strerror}."))
    return 0


def _read(path: Path, skipped: dict[str, int]) -> Iterator[Said]:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if b"OSMHeader" in head:
        found: Iterator[NewVenue | Step] = pbf.venues(path, skipped)
    elif head.lstrip(b"\xef\xbb\xbf\x1e \t\r\n")[:1] == b"{":
        found = geojson.venues(path, skipped)
    else:
        raise Unreadable("It is neither GeoJSON nor an extract of OpenStreetMap (.osm.pbf).")
    for n, one in enumerate(found):
        if n > MOST_VENUES:
            raise Unreadable(f"It has more than {MOST_VENUES:,} venues.")
        yield one if isinstance(one, Step) else Found(one)


def _say(one: Said) -> None:
    line = msgspec.json.encode(one)
    if len(line) < LONGEST_LINE:
        sys.stdout.buffer.write(line + b"\n")
    if not isinstance(one, Found):
        sys.stdout.buffer.flush()


def _confine(path: Path, user: ServiceUser | None) -> None:
    drop(user)
    limits = (
        (resource.RLIMIT_DATA, _MEMORY_BYTES),
        (resource.RLIMIT_CPU, _CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    )
    for which, most in limits:
        hard = resource.getrlimit(which)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (least, least))
    os.nice(5)
    landlock.restrict_files([str(path), *sysconfig.get_paths().values()], [])
    seccomp.deny_calls(may_execute=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
