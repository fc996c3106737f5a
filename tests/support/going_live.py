"""`backline live` in this process, beside an API: people who go live, and sinks that they reach."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from backline.live.node.role import live
from backline.main import load, program
from tests.support.api import Api, serving_api
from tests.support.installation import WITHOUT_LIMITS
from tests.support.rtmp import SinkServer
from tests.support.things import Person
from tests.support.waiting import eventually


class Stage:
    """An API, and the nodes that were begun beside it."""

    def __init__(self, api: Api, environ: dict[str, str]) -> None:
        self.api, self.environ = api, environ  # what a node beside it is told

    @asynccontextmanager
    async def node(self, port: int, **environ: str) -> AsyncIterator[asyncio.Event]:
        """A node at a port; what ends it."""
        given = {"BACKLINE_RTMP_PORT": str(port), "BACKLINE_LIVE_METRICS_PORT": "0"}
        settings = load({**self.environ, **given, **environ})
        stop = asyncio.Event()
        running = asyncio.create_task(live(settings, program(), stop))
        try:
            yield stop
        finally:
            stop.set()
            await running

    async def person(self, name: str = "ada") -> Person:
        """Somebody who is signed in."""
        made = Person(self.api, f"{name}@example.org")
        await made.sign_in()
        return made

    async def project(self, person: Person, **more: Any) -> dict[str, Any]:
        """A project with its `stream_key`."""
        return (await person.post("/live/projects", json={"name": "Friday", **more})).json()

    async def destination(
        self, person: Person, project: dict[str, Any], sink: SinkServer, **more: Any
    ) -> dict[str, Any]:
        """A destination of it."""
        form = {"name": "Ours", "url": sink.url, "stream_key": "their-secret", **more}
        return (await person.post(f"/live/projects/{project['id']}/destinations", json=form)).json()

    async def status(self, person: Person, project: dict[str, Any]) -> dict[str, Any]:
        """How it is doing now, past every cache."""
        async with self.api.platform.database.write():
            pass
        answer = await person.client.get(
            f"/api/v1/live/projects/{project['id']}/status", headers={"Cache-Control": "no-cache"}
        )
        return answer.raise_for_status().json()

    async def is_in(self, person: Person, project: dict[str, Any], state: str) -> dict[str, Any]:
        """Wait until it is in a state."""
        found: dict[str, Any] = {}

        async def reached() -> bool:
            found.update(await self.status(person, project))
            return found["state"] == state

        await eventually(reached)
        return found

    async def shows(self, person: Person, project: dict[str, Any]) -> list[dict[str, Any]]:
        """What there was."""
        return (await person.get(f"/live/projects/{project['id']}/shows")).json()["items"]


@asynccontextmanager
async def stage(dsn: str, folder: Path) -> AsyncIterator[Stage]:
    """An API with a secret and a database of the test's own."""
    environ = {
        "BACKLINE_DATABASE_URL": dsn,
        "BACKLINE_DATA_DIR": str(folder),
        "BACKLINE_SECRET_FILE": str(folder / "secrets.json"),
        "BACKLINE_ALLOW_PRIVATE_DESTINATIONS": "true",
        **WITHOUT_LIMITS,
    }
    async with serving_api(dsn, folder) as api:
        yield Stage(api, environ)


async def listens(port: int) -> None:
    """Wait until somebody answers there."""

    async def answers() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    await eventually(answers)
