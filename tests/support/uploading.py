"""A server for uploads over real HTTP, into a real database and folder."""

import asyncio
import base64
import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from litestar import Request
from litestar.di import Provide

from backline.audio import tracks, tracks_web
from backline.audio.takes import TRACKS
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.front.application import application
from backline.platform.ids import uuid7
from backline.platform.media.signing import MediaSigner
from backline.platform.secrets import Key, Secrets
from backline.platform.storage import FolderStaging, FolderStorage
from backline.uploads import Intake, Takers, web
from tests.support.provided import provide
from tests.support.serving import edged, serving

API = "/api/v1"
WAIT_S = 60
MAX_BYTES = 3_000_000
QUOTA_BYTES = 5_000_000
TAKERS = Takers({TRACKS.kind: TRACKS}, {TRACKS.kind: MAX_BYTES}, QUOTA_BYTES)
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {**TUS, "Content-Type": "application/offset+octet-stream"}


class House:
    """One server for uploads, and what it writes to."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.database = database
        self.storage, self.staging = (
            FolderStorage(folder),
            FolderStaging(folder / "staging", 0, stalled_s=3600),
        )
        self.storage.prepare()
        self.staging.prepare()
        self.owner, self.other = uuid7(), uuid7()
        self.app = application(
            [*web.ROUTES, tracks_web.upload_track],
            dependencies={
                "actor": Provide(provide_actor),
                "database": provide(database),
                "storage": provide(self.storage),
                "staging": provide(self.staging),
                "signer": provide(MediaSigner(Secrets((Key("a1", b"k" * 32),)))),
                "takers": provide(TAKERS),
            },
            version="1",
        )
        self.client = httpx.AsyncClient(timeout=WAIT_S)
        self.port = 0

    @property
    def intake(self) -> Intake:
        return Intake(self.database, self.storage, self.staging, TAKERS)

    async def add_people(self) -> None:
        async with self.database.write() as tx:
            for user in (self.owner, self.other):
                await tx.execute(
                    "INSERT INTO users (id, email, email_key, name, password_hash) "
                    "VALUES ($1, $2, $2, 'Ada', '')",
                    user,
                    f"{user}@example.org",
                )

    async def call(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        content: Any = None,
        user: UUID | None = None,
    ) -> httpx.Response:
        url = f"http://127.0.0.1:{self.port}{path}"
        named = {"X-Test-User": str(user or self.owner), **(headers or {})}
        return await self.client.request(method, url, headers=named, content=content)

    async def begin(self, length: int, **headers: str) -> httpx.Response:
        named = {**TUS, "Upload-Length": str(length), **headers}
        return await self.call("POST", f"{API}/uploads", named)

    async def send(self, path: str, offset: int, content: Any, **headers: str) -> httpx.Response:
        named = {**BYTES, "Upload-Offset": str(offset), **headers}
        return await self.call("PATCH", path, named, content)

    async def offset(self, path: str) -> int:
        return int((await self.call("HEAD", path, TUS)).headers["upload-offset"])

    async def used_bytes(self) -> int:
        async with self.database.read() as read:
            return await read.fetch_value("SELECT used_bytes FROM users WHERE id = $1", self.owner)

    async def kept(self) -> list[bytes]:
        """The contents of all originals of the owner's tracks."""
        async with self.database.read() as read:
            found = await read.fetch_values("SELECT id FROM tracks WHERE owner_id = $1", self.owner)
        originals = self.storage.folder / "objects"
        return [(originals / tracks.original_key(self.owner, t)).read_bytes() for t in found]

    def staged(self) -> list[Path]:
        return list(self.staging.folder.iterdir())

    def stored(self) -> list[Path]:
        return [p for p in (self.storage.folder / "objects").rglob("*") if p.is_file()]


async def provide_actor(request: Request[Any, Any, Any]) -> Actor:
    return Actor(UUID(request.headers["x-test-user"]), "user", uuid7())


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def form(
    data: bytes, name: str = "file", filename: str = "Song.flac"
) -> tuple[dict[str, str], bytes]:
    head = f'--XX\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n\r\n'
    body = head.encode() + data + b"\r\n--XX--\r\n"
    return {"Content-Type": "multipart/form-data; boundary=XX"}, body


async def reached(house: House, path: str, offset: int) -> bool:
    return await house.offset(path) == offset


async def until_async(condition: Any) -> None:
    async with asyncio.timeout(WAIT_S):
        while not await condition():  # noqa: ASYNC110  # it lies on the other side of HTTP
            await asyncio.sleep(0.02)


async def break_off(
    house: House, method: str, path: str, headers: dict[str, str], data: bytes
) -> None:
    """Announce more than is sent, and go."""
    _, writer = await asyncio.open_connection("127.0.0.1", house.port)
    lines = {"Host": "127.0.0.1", "X-Test-User": str(house.owner), "Content-Length": "1000000"}
    head = "".join(f"{name}: {value}\r\n" for name, value in {**lines, **headers}.items())
    writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + data)
    await writer.drain()
    writer.close()
    await writer.wait_closed()


@contextlib.asynccontextmanager
async def open_house(folder: Path, database: Database) -> AsyncGenerator[House]:
    house = House(folder / "media", database)
    await house.add_people()
    large = (f"{API}/tracks", f"{API}/uploads", f"{API}/uploads/")
    async with serving(edged(house.app, large_bodies=large)) as (_, house.port):
        yield house
    await house.client.aclose()
