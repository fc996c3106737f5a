"""`backline demo`: sample people and their things for an empty installation.

The supervisor starts it once the server answers. What there is, each domain says and adds itself.
"""

import sys
from collections import Counter

import msgspec
import uvloop

from backline.commands.role import enter
from backline.platform.domain import Program, Samples
from backline.platform.settings import Settings
from backline.platform.settings.openness import demo_fault
from backline.platform.shared import Platform, open_platform
from backline.platform.text import counted


class DemoReport(msgspec.Struct, frozen=True):
    """What `fill` did. `refused` says why nothing was added to an installation in use."""

    added: dict[str, int] = {}
    was_complete: bool = False
    refused: str | None = None


class DemoFault(Exception):
    """The samples can't be added here; the text says why."""


def run() -> int:
    """Add the samples and say how to sign in; the exit code."""
    role = enter(is_quiet=True)
    report = uvloop.run(_run(role.settings, role.program))
    sys.stdout.write(_told(report, role.program.identity.samples) + "\n")
    return 0


def _told(report: DemoReport, samples: Samples) -> str:
    if report.refused is not None:
        return report.refused
    how = f"Sample people: {', '.join(samples.emails)}. Their password: {samples.password}"
    if report.was_complete:
        return how
    return f"Samples were added ({counted(report.added)}) and are being prepared.\n{how}"


async def _run(settings: Settings, program: Program) -> DemoReport:
    fault = demo_fault(settings)
    if fault is not None:
        raise DemoFault(fault)
    async with open_platform(settings, program.declared, connections=2) as platform:
        return await fill(platform, program)


async def fill(platform: Platform, program: Program) -> DemoReport:
    """Add people and each domain's samples to an empty installation; once it is done, never again.

    What was begun and cut off goes on with what is missing.
    """
    samples = program.identity.samples
    sampled = await samples.begin(platform.database)
    if sampled is None:
        return DemoReport(refused="There are accounts here already, so no samples were added.")
    if sampled.is_whole:
        return DemoReport(was_complete=True)
    added = Counter[str]()
    for domain in program.domains:
        if domain.demo is not None:
            added.update(await domain.demo(platform, sampled.people))
    await samples.finish(platform.database)
    return DemoReport(added=dict(added))
