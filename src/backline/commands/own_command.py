"""A command of a domain, such as `backline concerts venues import FILE`: run beside what runs."""

import asyncio
import os
import sys
from collections.abc import Mapping
from importlib import import_module

from backline import main
from backline.commands.ground import CareFault, standing
from backline.platform.database import connect
from backline.platform.errors import BacklineError
from backline.platform.settings import Command, Settings


def run(command: Command, given: Mapping[str, object], *, data: str | None) -> int:
    """Do what the domain declares, with the installation's database; the exit code.

    Raises:
        CareFault: the installation isn't there, or the command says what is wrong.
    """
    with standing(main.load(os.environ, {"DATA_DIR": data} if data else {})) as ground:
        try:
            said = asyncio.run(_run(ground.dsn, command, ground.settings, given))
        except BacklineError as fault:
            raise CareFault(str(fault)) from fault
        except OSError as fault:
            raise CareFault(_told(fault)) from fault
    sys.stdout.write(f"{said}\n")
    return 0


def _told(fault: OSError) -> str:
    """What the system refused, in a line."""
    if isinstance(fault, FileNotFoundError) and fault.filename:
        return f"There is no file {fault.filename}."
    if isinstance(fault, PermissionError) and fault.filename:
        return f"{fault.filename} may not be opened by whoever runs this command."
    why = fault.strerror or str(fault) or type(fault).__name__
    return f"{fault.filename}: {why}." if fault.filename else f"It couldn't be done: {why}."


async def _run(dsn: str, command: Command, settings: Settings, given: Mapping[str, object]) -> str:
    program = main.program()
    database = await connect(dsn, max_size=2)
    database.declared = program.declared.jobs
    try:
        return await import_module(command.module).run(database, settings, given)
    finally:
        await database.close()
