"""A whole installation, started as people start it: `backline up` on free ports."""

import asyncio
import atexit
import contextlib
import functools
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import httpx

from backline.platform.postgres.cluster import dsn_of
from tests.support.quick import quick_folder

ROOT = Path(__file__).resolve().parents[2]
ADMINISTRATOR = "admin@example.org"
# Tests have one address and are quick; tests of limits set their own.
WITHOUT_LIMITS = {
    "BACKLINE_LIMIT_API_PER_MINUTE": "1000000",
    "BACKLINE_LIMIT_ANONYMOUS_PER_15_MINUTES": "1000000",
    "BACKLINE_LIMITS": "client-errors=1000000,instance=1000000,refresh=1000000,"
    "register=1000000,setup=1000000,forgot=1000000,reset=1000000,verify=1000000,"
    "verify-again=1000000,invitation=1000000,invite=1000000,uploads=1000000,scans=1000000,exports=1000000,music-scans=1000000,typing=1000000,token=1000000,second-factor=1000000",
}
START_S = 120
STOP_S = 60
PASSWORD = "a long enough password"  # noqa: S105  # of users that live as long as a test


class Installation:
    """One `backline up` and its data folder; it can be stopped, killed and started again."""

    def __init__(
        self,
        environment: Mapping[str, str],
        options: tuple[str, ...] = (),
        made_before: Callable[[], Path] | None = None,
    ) -> None:
        self._made_before = made_before
        self._while_it_lives = contextlib.ExitStack()
        self.folder = self._while_it_lives.enter_context(quick_folder())
        # The service user of an installation that root starts has to get through here.
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._options = options
        self._environment = {
            **without_settings(os.environ),
            "PYTHONPATH": str(ROOT / "src"),
            **own_ports(),
            "BACKLINE_METRICS_PORT": str(free_port()),
            **WITHOUT_LIMITS,
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._setup_token = ""
        self._has_administrator = False
        self._users = 0

    def set(self, **environment: str) -> None:
        """Change its environment; the next start has it."""
        self._environment.update(environment)

    @property
    def pid(self) -> int:
        """The supervisor's process."""
        if self._process is None:
            raise RuntimeError("it isn't running")
        return self._process.pid

    def start(self) -> None:
        """Start the program; it needs not be ready when this returns."""
        if self._made_before is not None and not self.data.exists():
            _copy(self._made_before(), self.data)
        command = [sys.executable, "-m", "backline", "up", "--data", str(self.data)]
        command += ["--port", str(self.port), *self._options]
        with (self.folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._environment,
                cwd="/",
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Wait for the first 200 of `/health/ready`."""

        def is_ready() -> bool:
            if self._process is not None and self._process.poll() is not None:
                raise RuntimeError(f"backline ended ({self._process.returncode}):\n{self.log()}")
            try:
                return httpx.get(f"{self.url}/health/ready", timeout=5).status_code == 200
            except httpx.HTTPError:
                return False

        wait_for(is_ready, f"{self.url} to be ready", limit_s=START_S, context=self.log)

    def log(self) -> str:
        """What the program printed, from the first start on."""
        output = self.folder / "output"
        return output.read_text(errors="replace") if output.exists() else ""

    def setup_token(self) -> str:
        """The secret of the one-time link for the first administrator."""

        def is_printed() -> bool:
            found = re.search(r"/setup#([\w.~-]+)", self.log())
            self._setup_token = found[1] if found else ""
            return bool(found)

        wait_for(is_printed, "the one-time link", context=self.log)
        return self._setup_token

    def client(self, token: str = "") -> httpx.Client:
        """An HTTP client below `/api/v1`, anonymous or with an access token."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=30)

    def administrator(self) -> httpx.Client:
        """A client with a token of the administrator, who is made by the one-time link."""
        if not self._has_administrator:
            body = {"token": self.setup_token(), "email": ADMINISTRATOR, "name": "Ada"}
            with self.client() as anonymous:
                answer = anonymous.post("/auth/setup", json={**body, "password": PASSWORD})
            answer.raise_for_status()
            self._has_administrator = True
        return self.login(ADMINISTRATOR)

    def add_user(self) -> httpx.Client:
        """Register somebody new; a client with their token."""
        self._users += 1
        email = f"user{self._users}@example.org"
        with self.client() as anonymous:
            return self.client(sign_up(anonymous, email, f"User {self._users}")["access_token"])

    def login(self, email: str, password: str = PASSWORD) -> httpx.Client:
        """A client with a new session's token."""
        with self.client() as anonymous:
            return self.client(sign_in(anonymous, email, password)["access_token"])

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end, as Ctrl-C or a service manager does; its exit code."""
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(sign)
        return process.wait(STOP_S)

    def wait_ended(self) -> int:
        """Wait for an end that was asked for otherwise; its exit code."""
        process, self._process = self._process, None
        return process.wait(STOP_S) if process is not None else 0

    def kill(self) -> None:
        """End the supervisor alone without any warning; the rest has to notice by itself."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def clean_up(self) -> None:
        """End whatever still lives and remove the folder."""
        try:
            self.stop()
        except subprocess.TimeoutExpired:
            self.kill()
        finally:
            end_postgres_below(self.folder)
            self._while_it_lives.close()


@contextlib.contextmanager
def running(*options: str, **environment: str) -> Iterator[Installation]:
    """A ready installation in a folder of its own, gone when the `with` ends."""
    installation = prepared(*options, **environment)
    try:
        installation.start()
        installation.wait_until_ready()
        yield installation
    finally:
        installation.clean_up()


def prepared(*options: str, from_nothing: bool = False, **environment: str) -> Installation:
    """An installation that isn't started yet; whoever asks for it calls `clean_up`.

    Its data folder comes into being with its first start: as a copy of one in which nothing has
    happened yet, which takes a tenth of the time, or, `from_nothing`, by the program itself.
    """
    made_before = None if from_nothing else _untouched
    return Installation(environment, options, made_before)


@functools.cache
def _untouched() -> Path:
    """The data folder of an installation that was started once, for this test process.

    It has the world's cities, too, which take a minute of its worker's otherwise.
    """
    first = Installation({})
    atexit.register(first.clean_up)
    first.start()
    first.wait_until_ready()
    wait_for(lambda: "cities_loaded" in first.log(), "cities", limit_s=300, context=first.log)
    with ThreadPoolExecutor(1) as aside:  # whoever asks may be in a loop
        aside.submit(asyncio.run, _look_at_cities(dsn_of(first.data, None))).result()
    code = first.stop()
    if code != 0:
        raise RuntimeError(f"backline ended ({code}):\n{first.log()}")
    return first.data


async def _look_at_cities(dsn: str) -> None:
    """What PostgreSQL does by itself after so many new rows, which each copy would do anew."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("VACUUM (ANALYZE) cities, city_names")
    await connection.close()


def _copy(source: Path, target: Path) -> None:
    """With owners and rights, which Python's own copying leaves behind."""
    subprocess.run(["cp", "-a", "--reflink=auto", source, target], check=True, timeout=60)


def sign_up(
    client: httpx.Client, email: str = "ada@example.org", name: str = "Ada"
) -> dict[str, str]:
    """Register somebody new, and have `client` be theirs; the tokens of their session."""
    form = {"email": email, "password": PASSWORD, "name": name}
    client.post("/auth/register", json=form).raise_for_status()
    return sign_in(client, email)


def sign_in(client: httpx.Client, email: str, password: str = PASSWORD) -> dict[str, str]:
    """Have `client` be somebody's by a new session, without cookies; its tokens."""
    form = {"email": email, "password": password, "transport": "body"}
    tokens = client.post("/auth/login", json=form).raise_for_status().json()
    client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    return tokens


def wait_for(
    holds: Callable[[], object],
    what: str,
    *,
    limit_s: float = 60,
    context: Callable[[], str] = str,
) -> None:
    """Wait until something holds, with a bound that only a fault reaches."""
    deadline_s = time.monotonic() + limit_s
    while not holds():
        if time.monotonic() > deadline_s:
            raise AssertionError(f"Waited {limit_s} s for {what}.\n{context()}")
        time.sleep(0.05)


def free_port() -> int:
    """A port of the loopback address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def own_ports() -> dict[str, str]:
    """Settings by which a program listens nowhere where another may: a Backline in use, say."""
    return {
        "BACKLINE_PORT": str(free_port()),
        "BACKLINE_METRICS_PORT": "0",
        "BACKLINE_WORKER_METRICS_PORT": "0",
        "BACKLINE_LIVE_METRICS_PORT": "0",
        "BACKLINE_RTMP_PORT": "0",
    }


def without_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without settings meant for another installation."""
    return {name: value for name, value in environ.items() if not name.startswith("BACKLINE_")}


def end_postgres_below(folder: Path) -> None:
    """End a PostgreSQL that outlived its supervisor, as it does by design."""
    for state in folder.rglob("postmaster.pid"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int(state.read_text().splitlines()[0])
            if str(state.parent) in Path(f"/proc/{pid}/cmdline").read_text():
                os.kill(pid, signal.SIGQUIT)
                wait_for(lambda pid=pid: not Path(f"/proc/{pid}").exists(), "PostgreSQL to end")
