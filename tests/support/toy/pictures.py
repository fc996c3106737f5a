"""Pictures of toys: uploaded, shown, and kept as long as their row is."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from backline.platform.actor import Actor
from backline.platform.database import Database, Read, Write
from backline.platform.errors import NotFound
from backline.platform.storage.kinds import FileKind, KeptFile, StoredFile
from backline.platform.storage.takes import Taken, Takes

KIND, _NAME = "toy-pictures", "picture"
_OWNER = "SELECT owner_id FROM toys WHERE id = $1 AND owner_id = $2"
_INSERT = "INSERT INTO toy_pictures (id, owner_id, toy_id, size_bytes) VALUES ($1, $2, $3, $4)"
_ALL = "SELECT id, owner_id, size_bytes, created_at FROM toy_pictures ORDER BY id"
_ONE = "SELECT id, owner_id, size_bytes, created_at FROM toy_pictures WHERE id = $1"


class PictureRow(msgspec.Struct, frozen=True):
    """A row of `toy_pictures`."""

    id: UUID
    owner_id: UUID
    size_bytes: int
    created_at: datetime


def prefix(owner_id: UUID, picture_id: UUID) -> str:
    """Where a picture lies; there is but one generation."""
    return f"{KIND}/{owner_id.hex}/{picture_id.hex}/1"


def key(owner_id: UUID, picture_id: UUID) -> str:
    """Where it lies, with its name."""
    return f"{prefix(owner_id, picture_id)}/{_NAME}"


async def owner(read: Read, actor: Actor, subject: UUID | None) -> UUID:
    """Only one's own toys are pictured."""
    found = await read.fetch_value(_OWNER, subject, actor.user_id)
    if found is None:
        raise NotFound("There is no such toy.")
    return found


async def add(tx: Write, _actor: Actor, taken: Taken) -> None:
    """Add a picture that has come in whole."""
    await tx.execute(_INSERT, taken.id, taken.owner_id, taken.subject, taken.size_bytes)


async def referenced(read: Read) -> AsyncIterator[KeptFile]:
    """Every picture."""
    for row in await read.fetch(_ALL, PictureRow):
        yield KeptFile(key(row.owner_id, row.id), row.size_bytes)


async def unknown(read: Read, keys: Sequence[str]) -> list[str]:
    """Those that no row points to."""
    known = {key(row.owner_id, row.id) for row in await read.fetch(_ALL, PictureRow)}
    return [one for one in keys if one not in known]


async def resolve(database: Database, where: str, name: str) -> StoredFile | None:
    """What a media URL opens."""
    async with database.read() as read:
        row = await read.fetch_one(_ONE, PictureRow, UUID(where.split("/")[2]))
    if row is None or name != _NAME:
        return None
    return StoredFile(f"{where}/{name}", row.size_bytes, row.created_at, "image/webp")


PICTURES = FileKind(kind=KIND, referenced=referenced, unknown=unknown, resolve=resolve)
TAKES = Takes(
    kind="toy-picture",
    scope="toy",
    max_bytes=lambda _settings: 1_000,
    owner=owner,
    key=key,
    add=add,
)
