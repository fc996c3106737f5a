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
from backline import main as main_of

_FAILED, _WRONG, _INTERRUPTED = 1, 2, 130
_NOT_GIVEN: Final = frozenset({"own", "command", "data"})
_DATA_HELP: Final = "the data folder (BACKLINE_DATA_DIR)"
# Faults with a message for people, by module, so that none is loaded before it is needed.
_WRONG_SETTINGS: Final = (("backline.platform.settings", "SettingsFault"),)
_EXPECTED: Final = (
    ("backline.platform.host.privileges", "PrivilegeFault"),
    ("backline.platform.host.lock", "FolderInUse"),
    ("backline.platform.postgres", "PostgresFault"),
    ("backline.platform.secrets", "SecretFault"),
    ("backline.platform.database.migrating", "SchemaFault"),
    ("backline.platform.front.server", "PortTaken"),
    ("backline.platform.errors", "BacklineError"),
    ("backline.supervisor.doorstep", "PortFault"),
    ("backline.supervisor.up", "UpFault"),
    ("backline.platform.host.halfway", "HalfRestored"),
    ("backline.commands.ground", "CareFault"),
    ("backline.commands.demo", "DemoFault"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; the exit code."""
    given = _parser().parse_args(arguments)
    try:
        return _run_own(given) if hasattr(given, "own") else _run(given)
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
    for option in (option for one in main_of.options() for option in one.table if option.flag):
        about = f"{option.help} ({option.variable})"
        up.add_argument(f"--{option.flag}", dest=option.name, metavar="X", help=about)
    up.add_argument("--demo", action="store_true", help="fill an empty installation with examples")
    commands.add_parser("serve", help="answer HTTP (needs a database)")
    commands.add_parser("work", help="do jobs (needs a database)")
    for process in (one.process for one in main_of.options() if one.process is not None):
        commands.add_parser(process.name, help=process.help)
    commands.add_parser("migrate", help="bring the database's schema up to date")
    settings = commands.add_parser("settings", help="show the settings in force")
    settings.add_argument("--markdown", action="store_true", help=argparse.SUPPRESS)
    settings.add_argument("--new-secret", metavar="FILE", type=Path, help="make a secret file")
    for parse in (_backup_parser, _restore_parser, _doctor_parser, _forget_parser):
        parse(commands.add_parser)
    _domains_parsers(commands.add_parser)
    for name in ("prepare", "demo"):  # for the supervisor alone, hence without help
        commands.add_parser(name)
    return parser


def _domains_parsers(add: Callable[..., argparse.ArgumentParser]) -> None:
    """The commands that domains declare, word under word."""
    known: dict[tuple[str, ...], Callable[..., argparse.ArgumentParser]] = {(): add}
    for command in (command for one in main_of.options() for command in one.commands):
        *groups, last = command.words
        for i, word in enumerate(groups):
            path = (*groups[:i], word)
            if path not in known:
                group = known[path[:-1]](word, help=f"commands of {' '.join(path)}")
                below = group.add_subparsers(metavar="COMMAND", required=True)
                known[path] = below.add_parser
        parser = known[tuple(groups)](last, help=command.help)
        for argument in command.arguments:
            if argument.takes is not None:
                parser.add_argument(argument.name, help=argument.help, metavar=argument.takes)
                continue
            action = "store_true" if argument.name.startswith("-") else "store"
            parser.add_argument(argument.name, help=argument.help, action=action)
        parser.add_argument("--data", metavar="DATA", help=_DATA_HELP)
        parser.set_defaults(own=command)


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
        case "migrate" | "prepare":
            prepare = import_module("backline.commands.prepare")
            return prepare.run_migrate() if given.command == "migrate" else prepare.run_prepare()
        case "backup" | "restore" | "doctor" | "forget":
            return _care(given)
        case "settings":
            show = import_module("backline.commands.show_settings")
            return show.run(as_markdown=given.markdown, new_secret=given.new_secret)
        case name:  # argparse lets only a domain's own process through
            return import_module("backline.commands.own_role").run(name)


def _run_own(given: argparse.Namespace) -> int:
    """Run a domain's command, with what it was given."""
    values = {key: value for key, value in vars(given).items() if key not in _NOT_GIVEN}
    command = import_module("backline.commands.own_command")
    return command.run(given.own, values, data=given.data)


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
    theirs = (option.name for one in main_of.options() for option in one.table if option.flag)
    named |= {name: getattr(given, name) for name in theirs}
    flags = {name: text for name, text in named.items() if text is not None}
    settings = main_of.load(os.environ, flags)
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
