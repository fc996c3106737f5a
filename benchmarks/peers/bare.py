"""The floor beneath our server: its connections alone, with the list's query or constant bytes.

It checks no token, counts nothing, logs nothing: what is left is what Python, the server and the
driver cost by themselves.
"""

import asyncio
import base64
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import asyncpg
import msgspec
import uvloop

from backline.audio import tracks
from backline.audio.listing_sql import ListedTrack
from backline.audio.models import TrackPage
from backline.platform.front.server import Server
from backline.platform.ids import uuid7
from backline.platform.media.signing import MediaSigner
from backline.platform.secrets import Key
from backline.tasks.models import TaskItem, TaskPage

_ROWS = 20


class _Task(msgspec.Struct):
    """What the statement that adds a task reads."""

    id: UUID
    owner_id: UUID
    created_by: UUID
    title: str
    created_at: datetime
    updated_at: datetime
    position: str
    title_key: str
    lexemes: tuple[str, ...] = ()
    description: str = ""
    status: str = "todo"
    priority: str = "medium"
    labels: tuple[str, ...] = ()
    subtasks_total: int = 0
    subtasks_done: int = 0
    comment_count: int = 0
    attachment_count: int = 0
    version: int = 1


_SETTINGS = {"plan_cache_mode": "force_generic_plan", "jit": "off", "timezone": "UTC"}


class _OneKey:
    """The key that peers are given, where `Secrets` would be."""

    def __init__(self, key: Key) -> None:
        self._key = key

    def signing_key(self, _purpose: str) -> Key:
        return self._key


async def _query_app(given: dict) -> object:
    pool = await asyncpg.create_pool(
        given["dsn"],
        max_size=20,
        reset=_keep_session,
        server_settings=_SETTINGS,
    )
    key = Key(given["media_key_id"], base64.b64decode(given["media_key"]))
    signer: Any = MediaSigner(cast("Any", _OneKey(key)))
    users = {f"Bearer {token}".encode(): UUID(hex=user) for token, user in given["users"].items()}
    query, encode = given["list_query"], msgspec.json.Encoder().encode

    async def app(scope: dict, _receive: object, send: object) -> None:
        owner = users.get(dict(scope["headers"]).get(b"authorization", b""))
        body = b"{}"
        if owner is not None:
            async with pool.acquire() as connection:
                asked = (owner, None, None, _ROWS + 1, None, None, None, None)
                records = await connection.fetch(query, *asked)
            rows = [ListedTrack(*record) for record in records[:_ROWS]]
            body = encode(TrackPage(tracks.shown_all(rows, signer)))
        await _send(send, body)

    return app


async def _tasks_app(given: dict) -> object:
    pool = await asyncpg.create_pool(
        given["dsn"], max_size=20, reset=_keep_session, server_settings=_SETTINGS
    )
    users = {f"Bearer {token}".encode(): UUID(hex=user) for token, user in given["users"].items()}
    given_queries = given["task_queries"]
    query, encode = given_queries["list"], msgspec.json.Encoder().encode

    async def app(scope: dict, receive: object, send: object) -> None:
        owner = users.get(dict(scope["headers"]).get(b"authorization", b""))
        body = b"{}"
        if owner is not None and scope["method"] == "POST":
            body = await _make_task(pool, given_queries, owner, await cast("Any", receive)())
            await _send(send, body, 201)
            return
        if owner is not None:
            given = (owner, _ROWS + 1, None, None, [], [], None, None, None)
            async with pool.acquire() as connection:
                records = await connection.fetch(query, *given)
            body = encode(TaskPage([TaskItem(*record) for record in records[:_ROWS]]))
        await _send(send, body)

    return app


async def _make_task(pool: Any, queries: dict[str, str], owner: UUID, received: dict) -> bytes:
    """The statements of `POST /tasks` in a transaction, and the task's JSON."""
    title: str = msgspec.json.decode(received["body"])["title"]
    now = datetime.now(UTC)
    task = _Task(uuid7(), owner, owner, title, now, now, str(now.timestamp()), title.lower())
    counts = [
        {"project_id": UUID(int=0), "measure": measure, "key": key, "n": 1}
        for measure, key in (("created", "2026-W01"), ("open", "medium"), ("status", "todo"))
    ]
    rows, deltas = (msgspec.json.encode(said).decode() for said in ([task], counts))
    tags, notices = [f"tasks:{owner.hex}", f"task:{task.id.hex}"], [f"event {task.id.hex}"]
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(queries["insert"], owner, rows, deltas)
        await connection.fetchrow(queries["tell"], tags, notices, True, 7_900)
    return msgspec.json.encode(task)


async def _constant_app(_given: dict) -> object:
    body = Path(os.environ["BENCH_FILE"]).with_name("answer").read_bytes()

    async def app(_scope: dict, _receive: object, send: object) -> None:
        await _send(send, body)

    return app


async def _keep_session(_connection: object) -> None:
    """As ours: no session has any state, so none is reset."""


async def _send(send: object, body: bytes, status: int = 200) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def main(what: str, given: dict) -> None:
    app = await {"query": _query_app, "tasks": _tasks_app, "constant": _constant_app}[what](given)
    await Server(cast("Any", app)).open("127.0.0.1", int(os.environ["PORT"]))
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], msgspec.json.decode(Path(os.environ["BENCH_FILE"]).read_bytes())))
