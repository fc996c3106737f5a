"""Which files of tasks there are: the exports, and what hangs on tasks."""

from collections.abc import AsyncIterator, Sequence
from typing import Final
from uuid import UUID

from backline.platform.database import Database, Read
from backline.platform.storage.kinds import FileKind, KeptFile, StoredFile
from backline.tasks import attachments, exports
from backline.tasks.sql import attachments as attachments_sql
from backline.tasks.sql import exports as sql

_PAGE_ROWS: Final = 500
_KEY_SEGMENTS: Final = 5  # kind/owner/thing/generation/name


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
    if name != exports.file_name(row.format) or row.size_bytes is None:
        return None
    content_type = exports.CONTENT_TYPES[row.format]
    return StoredFile(
        f"{prefix}/{name}", row.size_bytes, row.ready_at, content_type, name, row.expires_at
    )


async def referenced(read: Read) -> AsyncIterator[KeptFile]:
    """The file of every export that is ready."""
    after = UUID(int=0), UUID(int=0)
    while rows := await sql.page(read, after, _PAGE_ROWS):
        for row in rows:
            where = exports.prefix(row.owner_id, row.id, row.generation or "")
            yield KeptFile(f"{where}/{exports.file_name(row.format)}", row.size_bytes or 0)
        after = rows[-1].owner_id, rows[-1].id


async def unknown(read: Read, keys: Sequence[str]) -> list[str]:
    """Those of the keys that no export points to."""
    parts = {key: key.split("/") for key in keys}
    generations = [found[3] for found in parts.values() if len(found) == _KEY_SEGMENTS]
    known = await sql.known(read, generations)
    return [
        key for key, found in parts.items() if len(found) != _KEY_SEGMENTS or found[3] not in known
    ]


async def resolve_attachment(database: Database, prefix: str, name: str) -> StoredFile | None:
    """What a media URL opens of what hangs on a task: the file as it was sent, to be downloaded."""
    ids = _ids(prefix)
    if ids is None or name != attachments.ORIGINAL or not prefix.endswith(attachments.SOURCE):
        return None
    async with database.read() as read:
        row = await attachments_sql.attachment(read, *ids)
    if row is None:
        return None
    key = attachments.original_key(row.owner_id, row.id)
    return StoredFile(key, row.size_bytes, row.created_at, row.content_type, row.filename)


async def attached(read: Read) -> AsyncIterator[KeptFile]:
    """Every file that hangs on a task."""
    after = UUID(int=0), UUID(int=0)
    while rows := await attachments_sql.page(read, after, _PAGE_ROWS):
        for row in rows:
            key = attachments.original_key(row.owner_id, row.id)
            yield KeptFile(key, row.size_bytes, row.sha256.hex())
        after = rows[-1].owner_id, rows[-1].id


async def detached(read: Read, keys: Sequence[str]) -> list[str]:
    """Those of the keys that hang on no task."""
    found = {key: _ids(key) for key in keys}
    known = await attachments_sql.known(read, [ids for ids in found.values() if ids is not None])
    return [key for key, ids in found.items() if ids is None or ids[1] not in known]


def _ids(key: str) -> tuple[UUID, UUID] | None:
    """The owner and the thing that a key or a prefix names."""
    try:
        _, owner, thing, *_ = key.split("/")
        return UUID(hex=owner), UUID(hex=thing)
    except ValueError:
        return None


EXPORTS: Final = FileKind(
    kind=exports.KIND, referenced=referenced, unknown=unknown, resolve=resolve
)
ATTACHMENTS: Final = FileKind(
    kind=attachments.KIND, referenced=attached, unknown=detached, resolve=resolve_attachment
)
