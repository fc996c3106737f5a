"""What the roles `serve`, `work` and `prepare` have in common: their way into an unprivileged life.

Started by the supervisor, they load their code, give up the rights of root, and wait for its word;
started by hand, they do the same and go on at once.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import uvloop

from backline import __version__, main
from backline.platform.host.lifeline import Lifeline
from backline.platform.host.privileges import (
    ServiceUser,
    check_folder,
    choose_user,
    drop,
    make_folder,
)
from backline.platform.host.reach import keep_python_reachable
from backline.platform.settings import Settings, SettingsFault

if TYPE_CHECKING:
    from backline.platform.domain import Program


class Role(NamedTuple):
    """A process that is ready to begin: its settings, the program, and its lifeline."""

    settings: Settings
    program: "Program"
    lifeline: Lifeline | None


def enter(*, before_go: Callable[["Program"], None] | None = None, is_quiet: bool = False) -> Role:
    """Load everything, drop the rights of root, wait for the word, read the settings.

    `before_go` runs with the program while this process still has one thread and no loop. Who
    `is_quiet` logs warnings, and not what is done.

    Raises:
        SettingsFault, PrivilegeFault: the environment is wrong.
    """
    lifeline = Lifeline.from_environ()
    settings = main.load(os.environ)
    user = choose_user(settings.user, settings.data_dir)
    if lifeline is None:
        _check_by_hand(settings, user)
    keep_python_reachable(user)
    program = main.program()
    drop(user)
    if before_go is not None:
        before_go(program)
    if lifeline is not None:
        settings = main.load({**os.environ, **lifeline.wait_for_go()})
    telemetry = import_module("backline.platform.telemetry")
    level = "warning" if is_quiet and settings.log_level == "info" else settings.log_level
    telemetry.set_up_logging(level=level, as_json=settings.log_format == "json")
    telemetry.set_up_sentry(settings.sentry_dsn, release=__version__)
    return Role(settings, program, lifeline)


def _check_by_hand(settings: Settings, user: ServiceUser | None) -> None:
    """What the supervisor sees to for its own processes."""
    if settings.database_url is None:
        raise SettingsFault(
            "BACKLINE_DATABASE_URL is needed. To run everything with a database of Backline's "
            "own, use: backline up"
        )
    if not make_folder(settings.data_dir, user):
        check_folder(settings.data_dir, user)


def run_until_told(role: Role, body: Callable[[asyncio.Event], Awaitable[None]]) -> int:
    """Run `body` with an event that SIGTERM, Ctrl-C or the end of the supervisor sets."""

    async def run() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        if role.lifeline is not None:
            role.lifeline.watch(lambda: loop.call_soon_threadsafe(stop.set))
        await body(stop)

    uvloop.run(run())
    return 0
