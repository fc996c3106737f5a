"""The whole HTTP side in this process, on a database and a folder of the test's own."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx

from backline.accounts.presence import Presence
from backline.main import load, program
from backline.platform.confined import Confinement
from backline.platform.domain import Program
from backline.platform.secrets import load_or_make_secrets
from backline.platform.shared import Platform, open_platform
from backline.roles.api import Api as Registered
from backline.roles.serve import Web, open_web
from tests.support.installation import WITHOUT_LIMITS

PASSWORD = "correct horse battery"  # noqa: S105  # of accounts that live as long as a test

_OURS = program()
_free: list[Registered] = []


@contextmanager
def registered(everything: Program) -> Iterator[Registered]:
    """An API with its handlers registered; ours, for which most tests are too short, is lent."""
    lent = _free.pop() if _free and everything is _OURS else Registered(everything)
    try:
        yield lent
    finally:
        if everything is _OURS:
            _free.append(lent)


class Api:
    """A server's inside: its parts, and clients for it."""

    def __init__(self, platform: Platform, made: Web) -> None:
        self.platform, self.web = platform, made

    @property
    def presence(self) -> Presence:
        """What this server knows of sessions and tokens."""
        return self.web.parts["accounts"].presence

    def client(self, token: str = "", **headers: str) -> httpx.AsyncClient:
        """A client without cookies of anybody; with a token, signed in."""
        if token:
            headers["Authorization"] = f"Bearer {token}"
        transport = httpx.ASGITransport(self.web.app, raise_app_exceptions=False)
        return httpx.AsyncClient(
            transport=transport, base_url="http://localhost:8000", headers=headers
        )

    async def register(self, email: str, name: str = "Somebody") -> None:
        """Make an account."""
        form = {"email": email, "password": PASSWORD, "name": name}
        async with self.client() as client:
            answer = await client.post("/api/v1/auth/register", json=form)
        assert answer.status_code == 202, answer.text

    async def tokens(self, email: str, password: str = PASSWORD) -> dict[str, Any]:
        """Sign in as a client without cookies does."""
        form = {"email": email, "password": password, "transport": "body"}
        async with self.client() as client:
            answer = await client.post("/api/v1/auth/login", json=form)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def user(self, email: str) -> httpx.AsyncClient:
        """A signed-in client of a new account."""
        await self.register(email)
        return self.client((await self.tokens(email))["access_token"])


@asynccontextmanager
async def serving_api(
    dsn: str,
    folder: Path,
    *,
    quiet: bool = False,
    everything: Program = _OURS,
    confinement: Confinement | None = None,
    **environ: str,
) -> AsyncGenerator[Api]:
    """Open the parts, as `serve` does, without a port.

    A `quiet` one does nothing by itself: no polls, no signals, and so no cache. `everything` is
    another program than ours. Without a `confinement` nothing is converted.
    """
    load_or_make_secrets(folder / "secrets.json")
    told = {
        "BACKLINE_DATABASE_URL": dsn,
        "BACKLINE_DATA_DIR": str(folder),
        "BACKLINE_SECRET_FILE": str(folder / "secrets.json"),
    }
    settings = load({**told, **WITHOUT_LIMITS, **environ})
    with registered(everything) as lent:
        async with (
            open_platform(
                settings, everything.declared, connections=8, confinement=confinement
            ) as platform,
            open_web(platform, everything, lent) as made,
        ):
            api = Api(platform, made)
            if quiet:
                api.presence._polled_s = float("inf")
            else:
                await platform.signals.start()
                await made.callers.start()
                await made.cache.start()
            try:
                yield api
            finally:
                made.close_streams()
                await made.cache.close()
                await made.callers.close()
