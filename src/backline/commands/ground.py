"""The ground of backup, restore and doctor: an installation with a database that answers.

While `backline up` runs, its database is used; otherwise one is started under the folder's lock
and stopped again.
"""

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from backline.platform.database.snapshot import is_answering
from backline.platform.host.halfway import check_whole
from backline.platform.host.lock import FolderInUse, FolderLock
from backline.platform.host.privileges import ServiceUser, check_folder, choose_user
from backline.platform.host.reach import keep_python_reachable
from backline.platform.host.runtime import postgres_tree, reachable_programs
from backline.platform.postgres import Postgres, dsn_of
from backline.platform.settings import Settings

_ANSWER_S: Final = 60.0
_END_S: Final = 60.0


class CareFault(Exception):
    """A backup, restore or check can't be done; the text says why and what to do."""


class Ground(msgspec.Struct, frozen=True):
    """An installation whose database answers at `dsn` (a secret).

    `user` owns the data folder where root is at work. PostgreSQL's programs lie in `bin_dir` and
    are started as `programs_user`, None being whoever we are.
    """

    settings: Settings
    user: ServiceUser | None
    dsn: str
    bin_dir: Path
    programs_user: ServiceUser | None
    is_running: bool

    @property
    def objects(self) -> Path:
        """The folder under which a stored file lies by its key."""
        return self.settings.media_dir / "objects"

    def __repr__(self) -> str:
        """Without the address, which has a password in it."""
        return f"Ground({self.settings.data_dir})"


def say(text: str) -> None:
    """Tell whoever watches; what a program may read goes to standard output instead."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


@contextmanager
def standing(settings: Settings) -> Generator[Ground]:
    """An existing installation with its database, for as long as the `with` lasts.

    Raises:
        CareFault: there is nothing in the data folder, or its database doesn't answer.
        PrivilegeFault, PostgresFault, HalfRestored: as at a start.
    """
    stop_by_signal()
    data_dir = settings.data_dir
    user = choose_user(settings.user, data_dir)
    keep_python_reachable(user)
    if settings.database_url is not None:
        yield Ground(settings, user, settings.direct_dsn, own_bin(), None, is_running=True)
        return
    check_whole(data_dir)
    if not (data_dir / "postgres").exists():
        raise CareFault(
            f"There is no installation in {data_dir}. Name its folder with --data, or with "
            "BACKLINE_DATA_DIR."
        )
    check_folder(data_dir, user)
    try:
        lock = FolderLock(data_dir, user)
    except FolderInUse:
        dsn = dsn_of(data_dir, user)
        _wait_for_answer(dsn)
        yield Ground(settings, user, dsn, own_bin(), None, is_running=True)
        return
    with lock, started(settings, user) as ground:
        yield ground


@contextmanager
def started(settings: Settings, user: ServiceUser | None) -> Generator[Ground]:
    """A database of our own in the data folder, whose lock the caller holds; made if need be."""
    programs = reachable_programs(settings.data_dir, user, None)
    postgres = Postgres(settings.data_dir, programs.postgres_bin, user, say=say, pause=_pause)
    postgres.prepare()
    try:
        postgres.start()
        postgres.wait_until_ready()
        yield Ground(settings, user, postgres.dsn(), programs.postgres_bin, user, is_running=False)
    finally:
        _end(postgres)


def stop_by_signal() -> None:
    """Have SIGTERM end a command as Ctrl-C does, so that it clears up behind itself."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def own_bin() -> Path:
    """PostgreSQL's programs that came with Backline."""
    return postgres_tree() / "bin"


def _end(postgres: Postgres) -> None:
    for at_once, limit_s in ((False, _END_S), (True, _END_S)):
        postgres.ask_to_end(at_once=at_once)
        deadline_s = time.monotonic() + limit_s
        while not postgres.has_ended():
            if time.monotonic() > deadline_s:
                break
            time.sleep(0.02)
        else:
            return


def _wait_for_answer(dsn: str) -> None:
    """The one who holds the lock may just be starting."""
    deadline_s = time.monotonic() + _ANSWER_S
    while not asyncio.run(is_answering(dsn)):
        if time.monotonic() > deadline_s:
            raise CareFault(
                "The data folder is in use, but its database doesn't answer. Is Backline just "
                "starting or ending? Try again, or look at what `backline up` says."
            )
        time.sleep(0.2)


_pause: Callable[[float], None] = time.sleep
