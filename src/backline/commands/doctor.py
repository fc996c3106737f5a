"""`backline doctor`: what is wrong with an installation, why, and how to mend it.

What is looked at stands in `diagnosis`. Nothing is changed, but that a database which isn't
running is started for a moment.
"""

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from backline.commands.diagnosis import database, files, folder, machine, mail
from backline.commands.diagnosis.findings import Finding, fault, ok
from backline.commands.ground import CareFault, standing
from backline.main import load
from backline.platform.database.pool import FAULTS
from backline.platform.errors import BacklineError
from backline.platform.host.halfway import HalfRestored, check_whole
from backline.platform.host.lock import FolderInUse, Holder, holder_of
from backline.platform.host.privileges import PrivilegeFault, ServiceUser, choose_user
from backline.platform.host.reach import keep_python_reachable
from backline.platform.postgres import PostgresFault
from backline.platform.settings import Settings, SettingsFault

_UNUSABLE: Final = (CareFault, PostgresFault, PrivilegeFault, FolderInUse, BacklineError)


class Diagnosis(msgspec.Struct, frozen=True):
    """All findings, for programs."""

    faults: int
    warnings: int
    findings: list[Finding]


def run(*, data: str | None, as_json: bool) -> int:
    """Look at everything and tell; the exit code is 1 where there is a fault."""
    seen: list[Finding] = []
    for finding in examine(os.environ, {} if data is None else {"DATA_DIR": data}):
        seen.append(finding)
        if not as_json:
            sys.stdout.write(_told(finding))
            sys.stdout.flush()
    faults = sum(finding.level == "fault" for finding in seen)
    warnings = sum(finding.level == "warning" for finding in seen)
    if as_json:
        told = msgspec.json.encode(Diagnosis(faults, warnings, seen))
        sys.stdout.write(msgspec.json.format(told, indent=2).decode() + "\n")
    else:
        sys.stdout.write(f"\n{faults} faults, {warnings} warnings.\n")
    return 1 if faults else 0


def examine(environ: Mapping[str, str], flags: Mapping[str, str]) -> Iterator[Finding]:
    """Look at one thing after the other; what can't be looked at is a fault too."""
    yield machine.python()
    yield machine.packages()
    yield machine.pages()
    yield machine.postgres()
    try:
        settings = load(environ, flags)
    except SettingsFault as found:
        for line in str(found).splitlines():
            why = "Backline doesn't start with such settings."
            yield fault("settings", line, why, "All settings are in docs/settings.md.")
        return
    yield ok("settings", "The settings are in order")
    yield machine.ffmpeg(settings)
    yield mail.examine(settings)
    try:
        user = choose_user(settings.user, settings.data_dir)
    except PrivilegeFault as found:
        yield fault("user", "There is nobody to work as", str(found), "See above.")
        return
    keep_python_reachable(user)
    if not settings.data_dir.exists():
        yield ok("folder", f"There is no {settings.data_dir} yet; the first start makes it")
        yield from machine.ports(settings, is_running=False)
        return
    yield from _installation(settings, user)


def _installation(settings: Settings, user: ServiceUser | None) -> Iterator[Finding]:
    try:
        check_whole(settings.data_dir)
    except HalfRestored as found:
        why = "Backline doesn't start with half of an installation."
        yield fault("folder", str(found), why, "Run `backline restore` again.")
        return
    closed = False
    for finding in folder.examine(settings, user):
        closed = closed or (finding.check, finding.level) == ("folder", "fault")
        yield finding
    if closed:
        return  # a database that can't read its own files isn't to be started
    if settings.database_url is None and not (settings.data_dir / "postgres").exists():
        yield ok("database", "There is no database yet; the first start makes it")
        yield from machine.ports(settings, is_running=False)
        return
    holder = holder_of(settings.data_dir)
    found, is_running = _by_database(settings, holder)
    yield from found
    yield from machine.ports(settings, is_running=is_running, holder=holder)


def _by_database(settings: Settings, holder: Holder | None) -> tuple[list[Finding], bool]:
    """What can only be seen with the database; and whether Backline runs."""
    found: list[Finding] = []
    is_running = False
    mend = "Look into logs/postgres.log in the data folder, or at the database's own log."
    try:
        with standing(settings) as ground:
            is_running = ground.is_running
            if settings.database_url is None:
                found.append(ok("running", _running(holder) if is_running else "It doesn't run"))
            found += asyncio.run(database.examine(ground))
            if any((one.check, one.level) == ("schema", "ok") for one in found):
                found += asyncio.run(files.examine(ground))
    except _UNUSABLE as fault_found:
        found.append(fault("database", "The database can't be used", str(fault_found), mend))
    except FAULTS as fault_found:
        why = str(fault_found) or type(fault_found).__name__
        found.append(fault("database", "The database doesn't answer", why, mend))
    return found, is_running


def _running(holder: Holder | None) -> str:
    return "It runs" + (f" (process {holder.pid})" if holder is not None else "")


def _told(finding: Finding) -> str:
    lines = [f"{finding.level:8} {finding.check}: {finding.what}"]
    if finding.why:
        lines.append(f"         Why: {finding.why}")
    if finding.mend:
        lines.append(f"         Mend: {finding.mend}")
    return "\n".join(lines) + "\n"
