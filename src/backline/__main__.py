"""The command line: what there is, which module does it, and how faults are told.

Exit codes: 0 done, 1 failed, 2 wrong usage or settings, 130 interrupted.
"""

import argparse
import errno
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

from backline import __version__

_FAILED, _WRONG, _INTERRUPTED = 1, 2, 130
_DATA_HELP: Final = "the data folder (BACKLINE_DATA_DIR)"
# Faults with a message for people, by module, so that none is loaded before it is needed.
_WRONG_SETTINGS: Final = (("backline.platform.settings", "SettingsFault"),)
_EXPECTED: Final = (
    ("backline.platform.privileges", "PrivilegeFault"),
    ("backline.platform.lock", "FolderInUse"),
    ("backline.platform.postgres", "PostgresFault"),
    ("backline.platform.secrets", "SecretFault"),
    ("backline.platform.migrations", "SchemaFault"),
    ("backline.platform.http.server", "PortTaken"),
    ("backline.platform.errors", "BacklineError"),
    ("backline.supervisor.doorstep", "PortFault"),
    ("backline.supervisor.up", "UpFault"),
    ("backline.platform.halfway", "HalfRestored"),
    ("backline.commands.ground", "CareFault"),
    ("backline.commands.demo", "DemoFault"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; the exit code."""
    given = _parser().parse_args(arguments)
    try:
        return _run(given)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as fault:
        if _is_one_of(fault, _WRONG_SETTINGS):
            _complain(fault)
            return _WRONG
        if _is_one_of(fault, _EXPECTED) or _is_the_machines(fault):
            _complain(fault)
            return _FAILED
        raise


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="backline", description="A self-hosted home for music: one program, one command."
    )
    parser.add_argument("--version", action="version", version=f"Backline {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    up = commands.add_parser("up", help="run everything: database, server and jobs")
    up.add_argument("--data", metavar="DIR", help="the folder for everything (BACKLINE_DATA_DIR)")
    up.add_argument("--host", help="the address to listen on (BACKLINE_HOST)")
    up.add_argument("--port", help="the port to listen on (BACKLINE_PORT)")
    up.add_argument("--demo", action="store_true", help="fill an empty installation with examples")
    commands.add_parser("serve", help="answer HTTP (needs a database)")
    commands.add_parser("work", help="do jobs (needs a database)")
    commands.add_parser("migrate", help="bring the database's schema up to date")
    settings = commands.add_parser("settings", help="show the settings in force")
    settings.add_argument("--markdown", action="store_true", help=argparse.SUPPRESS)
    settings.add_argument("--new-secret", metavar="FILE", type=Path, help="make a secret file")
    for parse in (_backup_parser, _restore_parser, _doctor_parser, _forget_parser):
        parse(commands.add_parser)
    for name in ("prepare", "demo"):  # for the supervisor alone, hence without help
        commands.add_parser(name)
    return parser


def _backup_parser(add: Callable[..., argparse.ArgumentParser]) -> None:
    backup = add("backup", help="copy everything to a new folder")
    backup.add_argument("folder", metavar="DIR", type=Path, help="where backups lie")
    backup.add_argument("--data", metavar="DATA", help=_DATA_HELP)
    backup.add_argument("--verify", action="store_true", help="only check the backup in DIR")


def _restore_parser(add: Callable[..., argparse.ArgumentParser]) -> None:
    restore = add("restore", help="make a data folder of a backup")
    restore.add_argument("folder", metavar="DIR", type=Path, help="a backup, or a folder of them")
    restore.add_argument("--data", metavar="DATA", help=_DATA_HELP)


def _doctor_parser(add: Callable[..., argparse.ArgumentParser]) -> None:
    doctor = add("doctor", help="say what is wrong, and how to mend it")
    doctor.add_argument("--data", metavar="DATA", help=_DATA_HELP)
    doctor.add_argument("--json", action="store_true", help="for programs")


def _forget_parser(add: Callable[..., argparse.ArgumentParser]) -> None:
    forget = add("forget", help="empty the caches of what is running")
    forget.add_argument(
        "tag", metavar="TAG", nargs="?", default="*", help="only what depends on it"
    )
    forget.add_argument("--data", metavar="DATA", help=_DATA_HELP)


def _run(given: argparse.Namespace) -> int:
    match given.command:
        case "up":
            return _up(given)
        case "serve" | "work" | "demo":
            return import_module(f"backline.commands.{given.command}").run()
        case "migrate":
            return import_module("backline.commands.prepare").run_migrate()
        case "prepare":
            return import_module("backline.commands.prepare").run_prepare()
        case "backup" | "restore" | "doctor" | "forget":
            return _care(given)
        case "settings":
            show = import_module("backline.commands.show_settings")
            return show.run(as_markdown=given.markdown, new_secret=given.new_secret)
        case _:
            raise AssertionError(given.command)  # argparse lets no other through


def _care(given: argparse.Namespace) -> int:
    command = import_module(f"backline.commands.{given.command}")
    if given.command == "backup":
        return command.run(given.folder, data=given.data, verify=given.verify)
    if given.command == "restore":
        return command.run(given.folder, data=given.data)
    if given.command == "forget":
        return command.run(given.tag, data=given.data)
    return command.run(data=given.data, as_json=given.json)


def _up(given: argparse.Namespace) -> int:
    named = {"DATA_DIR": given.data, "HOST": given.host, "PORT": given.port}
    flags = {name: text for name, text in named.items() if text is not None}
    settings = import_module("backline.platform.settings").load(os.environ, flags)
    return import_module("backline.supervisor").up(settings, demo=given.demo)


def _is_the_machines(fault: Exception) -> bool:
    """Whether it is the disk's or a folder's; such faults name the file themselves."""
    numbers = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO)
    return isinstance(fault, OSError) and fault.errno in numbers


def _complain(fault: Exception) -> None:
    sys.stderr.write(f"{fault}\n")


def _is_one_of(fault: Exception, kinds: tuple[tuple[str, str], ...]) -> bool:
    """Whether it is of one of these kinds; a module that isn't loaded can't have raised it."""
    loaded = (getattr(sys.modules.get(module), name, None) for module, name in kinds)
    return any(kind is not None and isinstance(fault, kind) for kind in loaded)


if __name__ == "__main__":
    sys.exit(main())
