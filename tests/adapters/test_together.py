"""Several `backline serve` on one database: with Redis together, without it only one."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.installation import PASSWORD, ROOT, free_port, wait_for, without_settings
from tests.support.postgres import service_user
from tests.support.redis import PrivateRedis

pytestmark = pytest.mark.e2e
QUOTA = 30


class Server:
    """One `backline serve`."""

    def __init__(self, folder: Path, dsn: str, **environ: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._output = folder / f"output-{self.port}"
        told = {
            **without_settings(os.environ),
            "PYTHONPATH": str(ROOT / "src"),
            "BACKLINE_DATA_DIR": str(folder / "data"),
            "BACKLINE_DATABASE_URL": dsn,
            "BACKLINE_SECRET_FILE": str(folder / "secrets.json"),
            "BACKLINE_PORT": str(self.port),
            "BACKLINE_METRICS_PORT": "0",
            **environ,
        }
        command = [sys.executable, "-m", "backline", "serve"]
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                command, env=told, cwd="/", stdout=output, stderr=subprocess.STDOUT
            )

    def output(self) -> str:
        return self._output.read_text(errors="replace")

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.output()
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        finally:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the service user can reach, with a secret."""
    with tempfile.TemporaryDirectory(prefix="backline-together-", dir="/var/tmp") as name:
        made = Path(name)
        made.chmod(0o755)
        command = [sys.executable, "-m", "backline", "settings", "--new-secret"]
        env = {**without_settings(os.environ), "PYTHONPATH": str(ROOT / "src")}
        subprocess.run([*command, str(made / "secrets.json")], check=True, env=env)
        owner = service_user()
        (made / "data").mkdir(0o700)
        if owner is not None:
            for one in ("data", "secrets.json"):
                os.chown(made / one, owner.pw_uid, owner.pw_gid)
        yield made


def test_processes_with_redis_limit_and_sign_out_together(
    dsn: str, folder: Path, redis_server: PrivateRedis
) -> None:
    redis_server.open_to_all()
    told = {"BACKLINE_REDIS_URL": redis_server.url, "BACKLINE_LIMITS": f"register={QUOTA}"}
    with contextlib.ExitStack() as stack:
        servers = [Server(folder, dsn, **told) for _ in range(2)]
        for server in servers:
            stack.callback(server.end)
        for server in servers:
            wait_for(server.is_ready, "a server", limit_s=120, context=server.output)
        one, other = (server.url + "/api/v1" for server in servers)
        accounts = [
            {"email": f"u{number}@example.org", "password": PASSWORD} for number in range(4)
        ]

        registered = [
            httpx.post(f"{url}/auth/register", json={**account, "name": "Somebody"})
            for url, account in zip((one, other, one, other), accounts, strict=True)
        ]
        answer = httpx.post(f"{other}/auth/login", json={**accounts[0], "transport": "body"})
        tokens = answer.raise_for_status().json()
        somebody = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert httpx.get(f"{other}/users/me", headers=somebody).status_code == 200
        httpx.post(f"{one}/auth/logout", json={"refresh_token": tokens["refresh_token"]})

        for number, taken in enumerate(registered, 1):
            assert f'"register";r={QUOTA - number};' in taken.headers["RateLimit"]
        wait_for(
            lambda: httpx.get(f"{other}/users/me", headers=somebody).status_code == 401,
            "the other process to know of the logout",
        )


def test_a_second_process_without_redis_refuses_to_start(dsn: str, folder: Path) -> None:
    first = Server(folder, dsn)
    with contextlib.ExitStack() as stack:
        stack.callback(first.end)
        wait_for(first.is_ready, "a server", limit_s=120, context=first.output)
        second = Server(folder, dsn)
        stack.callback(second.end)

        code = second.process.wait(120)

        assert code != 0
        assert "BACKLINE_REDIS_URL" in second.output()
        assert "Traceback" not in second.output()
        assert first.is_ready()
