"""A program that serves files and takes them in, for tests that weigh or kill a process.

`python -m tests.support.files_server FOLDER PORT`: GET /media/…, POST /form (multipart), and
PATCH /uploads/<id>?<offset>, whose committed offset stands in FOLDER/<id>.offset.
"""

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import uvloop

from backline.platform.front.server import Server
from backline.platform.http.asgi import Receive, Scope, Send, exchange_of
from backline.platform.http.bodies import body_chunks
from backline.platform.media import MediaApp, StoredFile
from backline.platform.media.signing import MediaSigner
from backline.platform.secrets import load_or_make_secrets
from backline.platform.storage import FolderStaging, FolderStorage
from backline.uploads.multipart import receive_file
from tests.support.serving import edged

LIMIT_BYTES = 1 << 30


class FilesApp:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.storage, self.staging = FolderStorage(folder), FolderStaging(folder / "staging", 0)
        self.storage.prepare()
        self.staging.prepare()
        signer = MediaSigner(load_or_make_secrets(folder / "secrets.json"))
        self.media = MediaApp(signer, self.storage, self.resolve)

    async def resolve(self, prefix: str, name: str) -> StoredFile | None:
        stored = await self.storage.head(f"{prefix}/{name}")
        modified_at = datetime(2026, 1, 2, tzinfo=UTC)
        return stored and StoredFile(stored.key, stored.size_bytes, modified_at)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/media/"):
            await self.media(scope, receive, send)
            return
        if scope["path"] == "/form":
            said = await self.take_form(scope, receive)
        else:
            said = await self.take_piece(scope, receive)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": said.encode(), "more_body": False})

    async def take_form(self, scope: Scope, receive: Receive) -> str:
        kind = exchange_of(scope).header(b"content-type")
        came = await receive_file(body_chunks(receive), kind, self.staging, limit_bytes=LIMIT_BYTES)
        return f"{came.staged.size_bytes} {came.staged.sha256}"

    async def take_piece(self, scope: Scope, receive: Receive) -> str:
        upload_id = UUID(scope["path"].rpartition("/")[2])
        offset = int(scope["query_string"])

        async def commit(reached: int) -> None:
            self.note(upload_id, reached)

        async with self.staging.writing(upload_id) as writing:
            done = await writing.append(
                offset, body_chunks(receive), limit_bytes=LIMIT_BYTES, commit=commit
            )
            await commit(done.offset)
        return str(done.offset)

    def note(self, upload_id: UUID, offset: int) -> None:
        aside = self.folder / f"{upload_id}.aside"
        aside.write_text(str(offset))
        aside.replace(self.folder / f"{upload_id}.offset")


async def main(folder: Path, port: int) -> None:
    app = edged(FilesApp(folder), large_bodies=("/form", "/uploads/"))
    await Server(app).open("127.0.0.1", port)
    await asyncio.Event().wait()


if __name__ == "__main__":
    # What the access log would say isn't part of what is weighed.
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    uvloop.run(main(Path(sys.argv[1]), int(sys.argv[2])))
