"""The floor beneath our server: its connections alone, with the list's query or constant bytes.

It checks no token, counts nothing, logs nothing: what is left is what Python, the server and the
driver cost by themselves.
"""

import asyncio
import base64
import os
import sys
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import asyncpg
import msgspec
import uvloop

from backline.audio import tracks
from backline.audio.models import TrackPage, TrackRow
from backline.platform.http.server import Server
from backline.platform.secrets import Key
from backline.platform.signing import MediaSigner

_ROWS = 20


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
        server_settings={"plan_cache_mode": "force_generic_plan", "jit": "off", "timezone": "UTC"},
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
                records = await connection.fetch(query, owner, None, None, _ROWS + 1, None)
            rows = [TrackRow(*record) for record in records[:_ROWS]]
            body = encode(TrackPage(tracks.shown_all(rows, signer)))
        await _send(send, body)

    return app


async def _constant_app(_given: dict) -> object:
    body = Path(os.environ["BENCH_FILE"]).with_name("answer").read_bytes()

    async def app(_scope: dict, _receive: object, send: object) -> None:
        await _send(send, body)

    return app


async def _keep_session(_connection: object) -> None:
    """As ours: no session has any state, so none is reset."""


async def _send(send: object, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def main(what: str, given: dict) -> None:
    app = await {"query": _query_app, "constant": _constant_app}[what](given)
    await Server(cast("Any", app)).open("127.0.0.1", int(os.environ["PORT"]))
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], msgspec.json.decode(Path(os.environ["BENCH_FILE"]).read_bytes())))
