"""Backline on many: processes of both roles on one database, and Debian's nginx in front."""

import contextlib
import grp
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import httpx
import pytest

from tests.support import nginx
from tests.support.installation import (
    ROOT,
    STOP_S,
    WITHOUT_LIMITS,
    free_port,
    wait_for,
    without_settings,
)
from tests.support.postgres import service_user

START_S = 120
CONFIGURATION = ROOT / "deploy/nginx/nginx.conf"


class Process:
    """One `backline serve` or `backline work`; it can end and be started again."""

    def __init__(self, role: str, folder: Path, environ: Mapping[str, str]) -> None:
        self.role, self.port, self.metrics_port = role, free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._output = folder / f"{role}-{self.port}.log"
        self._environ = {
            **without_settings(os.environ),
            "PYTHONPATH": str(ROOT / "src"),
            "BACKLINE_PORT": str(self.port),
            "BACKLINE_METRICS_PORT": str(self.metrics_port if role == "serve" else 0),
            "BACKLINE_WORKER_METRICS_PORT": str(self.metrics_port if role == "work" else 0),
            **environ,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it needs not be ready when this returns."""
        with self._output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "backline", self.role],
                env=self._environ,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def output(self) -> str:
        """What it printed."""
        return self._output.read_text(errors="replace")

    def is_ready(self) -> bool:
        """Whether it says so: by its health, or a worker by its metrics."""
        assert self.process is not None
        assert self.process.poll() is None, self.output()
        path = f"{self.url}/health/ready" if self.role == "serve" else self._metrics
        try:
            return httpx.get(path, timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    @property
    def _metrics(self) -> str:
        return f"http://127.0.0.1:{self.metrics_port}/metrics"

    def metric(self, name: str) -> float:
        """The sum of a metric over all its labels."""
        lines = httpx.get(self._metrics, timeout=30).text.splitlines()
        found = [line for line in lines if line.startswith((f"{name} ", f"{name}{{"))]
        return sum(float(line.rpartition(" ")[2]) for line in found)

    def wait_until_ready(self) -> None:
        """Wait for it to answer."""
        wait_for(self.is_ready, f"a {self.role}", limit_s=START_S, context=self.output)

    def terminate(self) -> None:
        """Ask it to end."""
        assert self.process is not None
        self.process.terminate()

    def wait_ended(self) -> int:
        """Its exit code."""
        assert self.process is not None
        return self.process.wait(STOP_S)

    def clean_up(self) -> None:
        """End it, whatever it is at."""
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Proxy:
    """The shipped nginx configuration, with free ports and a folder of its own filled in."""

    def __init__(self, folder: Path, servers: list[Process]) -> None:
        program = nginx.program()
        if program is None:
            pytest.skip("nginx isn't here (on Debian or Ubuntu: apt-get install nginx-light)")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder, self._program = folder, program
        self._configuration = folder / "nginx.conf"
        self._configuration.write_text(self._filled_in(servers))
        self._process: subprocess.Popen[bytes] | None = None

    def _filled_in(self, servers: list[Process]) -> str:
        text = CONFIGURATION.read_text()
        shipped = [line for line in text.splitlines() if line.strip().startswith("server serve-")]
        lines = [
            shipped[0].replace("serve-1:8000", f"127.0.0.1:{server.port}") for server in servers
        ]
        temporary = "".join(
            f"    {kind}_temp_path {self._folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        return (
            text.replace("\n".join(shipped), "\n".join(lines))
            .replace("listen 80 ", f"listen 127.0.0.1:{self.port} ")
            .replace("http {\n", "http {\n" + temporary, 1)
            .replace("include mime.types;", "")
            .replace("/var/lib/backline/media", f"{self._folder}/data/media")
            .replace("/dev/stdout", str(self._folder / "access.log"))
            .replace("error_log stderr", f"error_log {self._folder / 'error.log'}")
        )

    def command(self, *arguments: str) -> list[str]:
        """The program with our configuration."""
        told = f"daemon off; pid {self._folder / 'nginx.pid'};"
        owner = service_user()
        if owner is not None:
            told += f" user {owner.pw_name} {grp.getgrgid(owner.pw_gid).gr_name};"
        return [
            self._program,
            *("-p", str(self._folder), "-c", str(self._configuration), "-g", told),
            *("-e", str(self._folder / "error.log")),
            *arguments,
        ]

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

        def answers() -> bool:
            with contextlib.suppress(httpx.HTTPError):
                return httpx.get(f"{self.url}/health/nginx", timeout=5).status_code == 200
            return False

        wait_for(answers, "nginx", context=self.log)

    def log(self) -> str:
        """What it complained about."""
        path = self._folder / "error.log"
        return path.read_text() if path.exists() else ""

    def access_log(self) -> str:
        """What it was asked, a JSON object a line."""
        return (self._folder / "access.log").read_text()

    def clean_up(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(STOP_S)


@contextlib.contextmanager
def running(processes: Sequence[Process], proxy: Proxy | None = None) -> Iterator[None]:
    """Have them all be ready, then nginx in front of them, until the block ends."""
    with contextlib.ExitStack() as stack:
        for process in processes:
            stack.callback(process.clean_up)
            process.start()
        for process in processes:
            process.wait_until_ready()
        if proxy is not None:
            stack.callback(proxy.clean_up)
            proxy.start()
        yield


def client_of(url: str, token: str = "") -> httpx.Client:
    """An HTTP client below `/api/v1` of a server or nginx, anonymous or with an access token."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=60)


@contextlib.contextmanager
def shared_folder() -> Iterator[Path]:
    """A folder that the service user can reach, with a secret and room for data."""
    with tempfile.TemporaryDirectory(prefix="backline-many-", dir="/var/tmp") as name:
        made = Path(name)
        made.chmod(0o755)
        command = [sys.executable, "-m", "backline", "settings", "--new-secret"]
        env = {**without_settings(os.environ), "PYTHONPATH": str(ROOT / "src")}
        subprocess.run([*command, str(made / "secrets.json")], check=True, env=env)
        (made / "data").mkdir(mode=0o700)
        owner = service_user()
        if owner is not None:
            for one in ("data", "secrets.json"):
                os.chown(made / one, owner.pw_uid, owner.pw_gid)
        yield made


def environment(folder: Path, dsn: str) -> dict[str, str]:
    """What all processes are told."""
    return {
        "BACKLINE_DATA_DIR": str(folder / "data"),
        "BACKLINE_DATABASE_URL": dsn,
        "BACKLINE_SECRET_FILE": str(folder / "secrets.json"),
        **WITHOUT_LIMITS,
    }
