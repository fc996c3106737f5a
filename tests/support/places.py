"""A storage with its staging for a test, in a folder or in S3, and all that lies there."""

import os
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

from backline.platform.database import Database
from backline.platform.settings.storage_url import storage_url
from backline.platform.storage import FolderStaging, FolderStorage, Staging, Storage
from backline.platform.storage.faces import Appended, Commit, Staged
from backline.platform.storage.presigned import Presign
from backline.platform.storage.s3.calls import Client
from backline.platform.storage.s3.listing import listed
from backline.platform.storage.s3.opening import credentials_of
from backline.platform.storage.s3.staging import S3Staging
from backline.platform.storage.s3.store import S3Storage
from tests.support.s3 import S3Server

BUCKET = "media"
NEVER_S = 3600.0


class FolderPlace:
    """In a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.storage: Storage = FolderStorage(folder)
        self.staging = self.another(NEVER_S)
        self.storage.prepare()

    def another(self, stalled_s: float) -> Staging:
        """The same staging, as another process sees it."""
        made = FolderStaging(self.folder / "staging", 0, stalled_s=stalled_s)
        made.prepare()
        return made

    async def everything(self) -> list[str]:
        """All files, whatever they are, from the folder on."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return sorted(str(path.relative_to(self.folder)) for path in found)


class S3Place:
    """In a bucket, below a prefix of its own; `port` is that of a proxy in front."""

    def __init__(
        self, server: S3Server, folder: Path, database: Database, port: int | None = None
    ) -> None:
        self.url = server.url(BUCKET, f"t{uuid.uuid4().hex}", port=port)
        self.bucket = storage_url(self.url)
        self.credentials = credentials_of(self.bucket, {})
        self.presign = Presign(self.bucket, self.credentials, "objects")
        self.client = Client(self.bucket, self.credentials)
        self._folder, self.database = folder, database
        self.storage: Storage = S3Storage(self.client, self.presign, folder, 0)
        self.storage.prepare()
        self.staging = self.another(NEVER_S)

    def another(self, stalled_s: float) -> Staging:
        """The same staging, as another process sees it."""
        made = S3Staging(self.client, self.database, self._folder, 0, stalled_s=stalled_s)
        made.prepare()
        return made

    async def everything(self) -> list[str]:
        """All objects, whatever they are, from the prefix on, and copies on this machine."""
        found = [one["path"] async for one in listed(self.client, "")]
        copies = [f"copies/{path.name}" for path in (self._folder / "copies").iterdir()]
        return sorted(found) + copies


Place = FolderPlace | S3Place


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    """A stream that ends well."""
    for part in parts:
        yield part


async def content(storage: Storage, key: str, start: int = 0, end: int = 1 << 40) -> bytes:
    """A part of a kept file."""
    return b"".join([piece async for piece in storage.open_range(key, start, end)])


async def append(
    staging: Staging,
    upload: uuid.UUID,
    offset: int,
    chunks: AsyncIterator[bytes],
    limit_bytes: int = 1 << 30,
    commit: Commit | None = None,
) -> Appended:
    """One request's bytes."""
    async with staging.writing(upload) as writing:
        return await writing.append(offset, chunks, limit_bytes=limit_bytes, commit=commit)


async def kept(place: Place, upload: uuid.UUID, size_bytes: int) -> tuple[bytes, Staged]:
    """What an upload's file is when it gets its final name."""
    key = f"tracks/owner/{uuid.uuid4().hex}/g1/original"
    async with place.staging.writing(upload) as writing:
        staged = await writing.keep(key, size_bytes, into=place.storage)
    return await content(place.storage, key), staged


def noise(size_bytes: int) -> bytes:
    """Bytes that are like no others."""
    return os.urandom(size_bytes)
