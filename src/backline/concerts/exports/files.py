"""Which files of exports there are: those of exports that are ready, until they expire."""

from collections.abc import AsyncIterator, Sequence
from typing import Final
from uuid import UUID

from backline.concerts.exports import asking
from backline.concerts.sql import exports as sql
from backline.platform.database import Database, Read
from backline.platform.storage.kinds import FileKind, KeptFile, StoredFile

_PAGE_ROWS: Final = 500
_KEY_SEGMENTS: Final = 5  # kind/owner/export/generation/name


async def resolve(database: Database, prefix: str, name: str) -> StoredFile | None:
    """What a media URL opens: the file of an export that is ready, until it expires."""
    _, owner, export, generation = prefix.split("/")
    try:
        ids = UUID(owner), UUID(export)
    except ValueError:
        return None
    async with database.read() as read:
        row = await sql.export(read, *ids)
    if row is None or row.generation != generation or row.ready_at is None:
        return None
    if name != asking.file_name(row) or row.size_bytes is None:
        return None
    content_type = asking.CONTENT_TYPES[row.format]
    return StoredFile(
        f"{prefix}/{name}", row.size_bytes, row.ready_at, content_type, name, row.expires_at
    )


async def referenced(read: Read) -> AsyncIterator[KeptFile]:
    """The file of every export that is ready."""
    after = UUID(int=0), UUID(int=0)
    while rows := await sql.page(read, after, _PAGE_ROWS):
        for row in rows:
            where = asking.prefix(row.owner_id, row.id, row.generation or "")
            yield KeptFile(f"{where}/{asking.file_name(row)}", row.size_bytes or 0)
        after = rows[-1].owner_id, rows[-1].id


async def unknown(read: Read, keys: Sequence[str]) -> list[str]:
    """Those of the keys that no export points to."""
    parts = {key: key.split("/") for key in keys}
    generations = [found[3] for found in parts.values() if len(found) == _KEY_SEGMENTS]
    known = await sql.known(read, generations)
    return [
        key for key, found in parts.items() if len(found) != _KEY_SEGMENTS or found[3] not in known
    ]


EXPORTS: Final = FileKind(kind=asking.KIND, referenced=referenced, unknown=unknown, resolve=resolve)
