"""Several `backline serve` on one database: with Redis together, without it only one."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.installation import PASSWORD, wait_for
from tests.support.many import Process, environment, shared_folder
from tests.support.redis import PrivateRedis

pytestmark = pytest.mark.e2e
QUOTA = 30


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the service user can reach, with a secret."""
    with shared_folder() as made:
        yield made


def begin(stack: contextlib.ExitStack, folder: Path, dsn: str, **more: str) -> Process:
    """A `backline serve` that is gone with `stack`."""
    told = environment(folder, dsn) | more
    server = Process("serve", folder, told)
    stack.callback(server.clean_up)
    server.start()
    return server


def test_processes_with_redis_limit_and_sign_out_together(
    dsn: str, folder: Path, redis_server: PrivateRedis
) -> None:
    redis_server.open_to_all()
    told = {"BACKLINE_REDIS_URL": redis_server.url, "BACKLINE_LIMITS": f"register={QUOTA}"}
    with contextlib.ExitStack() as stack:
        servers = [begin(stack, folder, dsn, **told) for _ in range(2)]
        for server in servers:
            server.wait_until_ready()
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
    with contextlib.ExitStack() as stack:
        first = begin(stack, folder, dsn)
        first.wait_until_ready()
        second = begin(stack, folder, dsn)

        code = second.wait_ended()

        assert code != 0
        assert "BACKLINE_REDIS_URL" in second.output()
        assert "Traceback" not in second.output()
        assert first.is_ready()
