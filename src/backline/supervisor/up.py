"""The course of `backline up`: check, start, watch, end."""

import os
import time
from collections.abc import Callable, Iterable
from typing import Final

from backline.platform.host.halfway import check_whole
from backline.platform.host.lock import FolderLock
from backline.platform.host.privileges import ServiceUser, check_folder, choose_user, make_folder
from backline.platform.host.reach import keep_python_reachable
from backline.platform.host.runtime import Programs, reachable_programs
from backline.platform.postgres import Postgres, PostgresFault
from backline.platform.settings import Settings, bundled_ffmpeg
from backline.platform.settings.declared import PREFIX
from backline.platform.settings.openness import demo_fault
from backline.supervisor.child import Child, Failures
from backline.supervisor.console import Console
from backline.supervisor.doorstep import answers, check_port
from backline.supervisor.pump import Pump, Stop

_TICK_S: Final = 0.5
_CHILDREN_END_S: Final = 4.0
_DATABASE_ENDS_S: Final = 60.0
_BOUND_LOG_EVERY_S: Final = 60.0
_INTERRUPTED: Final = 130


class UpFault(Exception):
    """The installation can't go on; the text says why."""


def up(settings: Settings, *, demo: bool = False) -> int:
    """Run an installation until it is told to end; the exit code.

    Raises:
        SettingsFault, PrivilegeFault, FolderInUse, PortFault, PostgresFault, UpFault: it can't
            begin or go on; each says why and what to do.
    """
    refusal = demo_fault(settings) if demo else None
    if refusal is not None:
        raise UpFault(refusal)
    user = choose_user(settings.user, settings.data_dir)
    check_port(settings, user)
    keep_python_reachable(user)
    if not make_folder(settings.data_dir, user):
        check_folder(settings.data_dir, user)
    with FolderLock(settings.data_dir, user) as lock:
        lock.tell(settings.host, settings.port)
        check_whole(settings.data_dir)
        ffmpeg = settings.ffmpeg or bundled_ffmpeg()
        programs = reachable_programs(settings.data_dir, user, ffmpeg)
        supervisor = _Supervisor(settings, user, programs, demo=demo)
        try:
            supervisor.start()
            supervisor.watch()
        except Stop:
            pass
        finally:
            code = supervisor.end()
    return code


class _Supervisor:
    def __init__(
        self, settings: Settings, user: ServiceUser | None, programs: Programs, *, demo: bool
    ) -> None:
        self._settings = settings
        self._console = Console(as_json=settings.log_format == "json")
        self._pump = Pump()
        environ = (_demo_of(settings) if demo else {}) | _environ(settings, user, programs)

        def child(name: str) -> Child:
            return Child([name], environ, self._pump, self._console.forward)

        self._prepare, self._demo = child("prepare"), child("demo")
        own = [process.name for process in settings.processes]
        self._children = [child(name) for name in ("serve", "work", *own)]
        self._end_s = max([_CHILDREN_END_S, *(one.ends_s for one in settings.processes)])
        self._wants_demo = demo
        self._postgres: Postgres | None = None
        self._postgres_failures = Failures()
        self._go: dict[str, str] = {}
        if settings.database_url is None:
            self._postgres = Postgres(
                settings.data_dir,
                programs.postgres_bin,
                user,
                say=self._console.say,
                pause=self._pump.pause,
            )

    def start(self) -> None:
        """Start everything; returns when the server answers."""
        # They load their code while the database starts.
        for child in (self._prepare, *self._children):
            child.start()
        if self._postgres is not None:
            self._postgres.prepare()
            self._postgres.start()
            self._postgres.wait_until_ready()
            self._go = {"BACKLINE_DATABASE_URL": self._postgres.dsn()}
        self._prepare.go(self._go)
        while self._prepare.is_running():
            self._pump.pause(0.01)
        if self._prepare.exit_code() != 0:
            self._prepare.close()
            raise UpFault("The start failed; the lines above say why.")
        prepared = self._prepare.result()
        self._prepare.close()
        for child in self._children:
            child.go(self._go)
        while not answers(self._settings):
            self._mend()
            self._pump.pause(0.02)
        self._console.say(f"Backline is at {self._settings.address}")
        if prepared is not None and prepared.setup_link is not None:
            self._console.say(f"Make the first administrator: {prepared.setup_link}")
        if self._wants_demo:
            self._demo.start()
            self._demo.go(self._go)

    def watch(self) -> None:
        """Start again what ends, until the program is told to end."""
        bound_log_s = time.monotonic() + _BOUND_LOG_EVERY_S
        while True:
            self._mend()
            self._mend_demo()
            if self._postgres is not None and time.monotonic() > bound_log_s:
                self._postgres.bound_log()
                bound_log_s = time.monotonic() + _BOUND_LOG_EVERY_S
            self._pump.wait(_TICK_S)
            if self._pump.stops_asked:
                raise Stop

    def end(self) -> int:
        """End everything, the database last; the exit code."""
        everyone = (self._prepare, self._demo, *self._children)
        running = [child for child in everyone if child.is_running()]
        for child in running:
            child.ask_to_end()
        self._wait_until(lambda: not any(c.is_running() for c in running), self._end_s)
        for child in running:
            child.kill()
        self._wait_until(lambda: not any(c.is_running() for c in running), _CHILDREN_END_S)
        for child in everyone:
            child.close()
        if self._postgres is not None and not self._postgres.has_ended():
            self._postgres.ask_to_end(at_once=self._is_urgent())
            if not self._wait_until(self._postgres.has_ended, _DATABASE_ENDS_S):
                self._postgres.ask_to_end(at_once=True)
                self._wait_until(self._postgres.has_ended, _CHILDREN_END_S, even_if_urgent=True)
        if self._postgres is not None and self._postgres.has_ended():
            self._postgres.tidy()
        return _INTERRUPTED if self._is_urgent() else 0

    def _is_urgent(self) -> bool:
        """Whether somebody asked for the end a second time."""
        return self._pump.stops_asked > 1

    def _wait_until(
        self, holds: Callable[[], bool], limit_s: float, *, even_if_urgent: bool = False
    ) -> bool:
        until_s = time.monotonic() + limit_s
        while not holds():
            left_s = until_s - time.monotonic()
            if left_s <= 0 or (self._is_urgent() and not even_if_urgent):
                return False
            self._pump.wait(min(left_s, 0.05))
        return True

    def _mend(self) -> None:
        """Start again what has ended."""
        self._mend_database()
        for child in self._children:
            code = child.exit_code()
            if code is None:
                continue
            child.close()
            delay_s = child.failures.note()
            if delay_s is None:
                raise UpFault(
                    _last_words(f"“backline {child.name}” ends again and again", child.lines)
                )
            self._console.say(
                f"“backline {child.name}” ended unexpectedly ({_how(code)}); starting it again…"
            )
            self._pump.pause(delay_s)
            self._mend_database()
            child.start()
            child.go(self._go)

    def _mend_demo(self) -> None:
        """Start the samples again if they were cut off: they go on with what is missing."""
        if not self._wants_demo or self._demo.is_running():
            return
        code = self._demo.exit_code()
        self._demo.close()
        self._wants_demo = False
        if code == 0:
            return
        delay_s = self._demo.failures.note()
        if delay_s is None:
            self._console.say("The samples can't be added; the lines above say why.")
            return
        self._pump.pause(delay_s)
        self._mend_database()
        self._demo.start()
        self._demo.go(self._go)
        self._wants_demo = True

    def _mend_database(self) -> None:
        while self._postgres is not None and self._postgres.has_ended():
            delay_s = self._postgres_failures.note()
            if delay_s is None:
                lines = self._postgres.last_lines()
                raise UpFault(_last_words("The database ends again and again", lines))
            self._console.say("The database ended unexpectedly; starting it again…")
            self._pump.pause(delay_s)
            try:
                self._postgres.prepare()
                self._postgres.start()
                self._postgres.wait_until_ready()
            except PostgresFault as fault:
                self._console.say(str(fault))


def _demo_of(settings: Settings) -> dict[str, str]:
    """What samples want of the settings."""
    wanted = (pair for options in settings.declared for pair in options.demo.items())
    return {f"{PREFIX}{name}": text for name, text in wanted}


def _environ(settings: Settings, user: ServiceUser | None, programs: Programs) -> dict[str, str]:
    """The environment of the children: ours, with everything that flags or folders change."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PG")}
    kept |= {
        option.variable: str(value) for option, value in settings.each() if option.flag is not None
    }
    kept |= {
        "BACKLINE_DRAIN_S": "0",
        "BACKLINE_SECRET_FILE": str(settings.secret_path),
        "HOME": str(settings.data_dir),
    }
    if user is not None:
        kept["BACKLINE_USER"] = user.name
    if programs.ffmpeg is not None:
        kept["BACKLINE_FFMPEG"] = str(programs.ffmpeg)
    return kept


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _last_words(what: str, lines: Iterable[str]) -> str:
    return "\n".join([f"{what}. Its last words:", *lines])
