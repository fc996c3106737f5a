"""One running PostgreSQL: its settings, its start, its state and its end."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from backline.platform.host.privileges import ServiceUser, acting_as
from backline.platform.postgres.cluster import PostgresFault, dsn_of, make_cluster, start_as
from backline.platform.postgres.layout import PORT, Layout, socket_folder
from backline.platform.postgres.leftovers import end_leftovers

# Sized for a laptop on which other things run; durability is PostgreSQL's own default.
_SETTINGS: Final = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    # A restore is one transaction over some 7,000 tables and indexes, each of which it locks.
    "max_locks_per_transaction": "256",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    # Workers for reading ahead cost a process each; the cache of the system does nearly as well.
    "io_method": "sync",
    "max_parallel_workers_per_gather": "0",
    "max_worker_processes": "4",
    "autovacuum_max_workers": "2",
    "huge_pages": "off",
    # Nothing replicates from a cluster that is embedded.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_wal_size": "512MB",
    "min_wal_size": "32MB",
    "wal_compression": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
    "cluster_name": "backline",
}
_LOG_LIMIT_BYTES: Final = 8 * 1024 * 1024
_LOG_TAIL_BYTES: Final = 64 * 1024
_STATUS_LINE: Final = 7


class Postgres:
    """The server of one data folder. `say` hears, in a few words, what takes a while.

    `pause` is called while something is awaited, with seconds to wait; it may raise to give up.
    """

    def __init__(
        self,
        data_dir: Path,
        bin_dir: Path,
        user: ServiceUser | None,
        *,
        say: Callable[[str], None],
        pause: Callable[[float], None],
    ) -> None:
        self._layout = Layout(data_dir)
        self._bin_dir = bin_dir
        self._user = user
        self._say = say
        self._pause = pause
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    def prepare(self) -> None:
        """End leftovers, and make the cluster if there is none.

        Raises:
            PostgresFault: the cluster isn't ours to use, or can't be made.
        """
        sockets = socket_folder(self._layout, self._user)
        end_leftovers(self._layout, sockets, self._user, self._say, self._pause)
        if not self._layout.cluster.exists():
            self._say("Making the database (first start)…")
        make_cluster(self._layout, self._bin_dir, self._user, self._wait_for)

    def dsn(self) -> str:
        """The address, with the password: a secret."""
        return dsn_of(self._layout.data_dir, self._user)

    def start(self) -> None:
        """Start it; `wait_until_ready` says when it answers."""
        sockets = socket_folder(self._layout, self._user)
        settings = {**_SETTINGS, "unix_socket_directories": f'"{sockets}"'}
        command = [str(self._bin_dir / "postgres"), "-D", str(self._layout.cluster)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        log = self._open_log()
        try:
            self._log_start = os.fstat(log).st_size
            self._process = start_as(self._user, command, stdout=log, stderr=log)
        finally:
            os.close(log)

    def wait_until_ready(self) -> None:
        """Wait as long as it takes: after a crash PostgreSQL replays what was under way.

        Raises:
            PostgresFault: it ended instead.
        """
        has_said = False
        while not self.is_ready():
            if self.has_ended():
                lines = self.last_lines()
                raise PostgresFault("The database doesn't start:\n" + "\n".join(lines))
            if not has_said and "automatic recovery in progress" in self._log_since_start():
                self._say("Recovering the database after a crash…")
                has_said = True
            self._pause(0.01)

    def is_ready(self) -> bool:
        """Whether it answers now, by its own note."""
        if self._process is None or self._process.poll() is not None:
            return False
        try:
            with acting_as(self._user):
                lines = self._layout.pid_file.read_text("utf-8", "replace").split("\n")
        except OSError:
            return False
        is_its = lines[0] == str(self._process.pid)
        return is_its and len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready"

    def has_ended(self) -> bool:
        """Whether it isn't running (any more)."""
        return self._process is None or self._process.poll() is not None

    def ask_to_end(self, *, at_once: bool = False) -> None:
        """End all sessions and write what is open; `at_once` leaves that to the next start."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)

    def tidy(self) -> None:
        """After its end: remove a socket's folder that lies outside the data folder."""
        sockets = socket_folder(self._layout, self._user)
        if self._layout.data_dir not in sockets.parents:
            with acting_as(self._user), contextlib.suppress(OSError):
                sockets.rmdir()

    def last_lines(self, count: int = 8) -> list[str]:
        """The end of what it said since its last start."""
        return self._log_since_start().strip().splitlines()[-count:]

    def bound_log(self) -> None:
        """Keep the log from growing without end: the older half goes."""
        path = self._layout.log
        with acting_as(self._user), contextlib.suppress(OSError):
            if path.stat().st_size > _LOG_LIMIT_BYTES:
                kept = path.read_bytes()[-_LOG_LIMIT_BYTES // 2 :]
                # PostgreSQL appends, so it goes on at the new end.
                os.truncate(path, 0)
                with path.open("ab") as file:
                    file.write(kept)
                self._log_start = 0

    def _wait_for(self, process: "subprocess.Popen[bytes]") -> None:
        while process.poll() is None:
            self._pause(0.01)

    def _open_log(self) -> int:
        with acting_as(self._user):
            self._layout.log.parent.mkdir(0o700, exist_ok=True)
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            return os.open(self._layout.log, flags, 0o600)

    def _log_since_start(self) -> str:
        with acting_as(self._user), contextlib.suppress(OSError), self._layout.log.open("rb") as f:
            size = f.seek(0, os.SEEK_END)
            f.seek(max(self._log_start, size - _LOG_TAIL_BYTES))
            return f.read(_LOG_TAIL_BYTES).decode("utf-8", "replace")
        return ""
