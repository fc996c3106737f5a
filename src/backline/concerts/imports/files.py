"""Which files of imports there are: tables that wait to be read."""

from collections.abc import AsyncIterator, Sequence
from typing import Final
from uuid import UUID

from backline.concerts.imports import asking
from backline.concerts.sql import imports as sql
from backline.platform.database import Database, Read
from backline.platform.storage.kinds import FileKind, KeptFile, StoredFile

_PAGE_ROWS: Final = 500


async def resolve(_database: Database, _prefix: str, _name: str) -> StoredFile | None:
    """Nothing: whoever brought a table has it."""
    return None


async def referenced(read: Read) -> AsyncIterator[KeptFile]:
    """Every table that waits to be read."""
    after = UUID(int=0), UUID(int=0)
    while rows := await sql.with_file(read, after, _PAGE_ROWS):
        for row in rows:
            yield KeptFile(asking.key(row.owner_id, row.id), row.size_bytes, row.sha256.hex())
        after = rows[-1].owner_id, rows[-1].id


async def unknown(read: Read, keys: Sequence[str]) -> list[str]:
    """Those of the keys that no import points to."""
    found = {key: _id(key) for key in keys}
    known = await sql.files(read, [one for one in found.values() if one is not None])
    return [key for key, one in found.items() if one not in known]


def _id(key: str) -> UUID | None:
    try:
        _, owner, thing, _, _ = key.split("/")
        ids = UUID(hex=owner), UUID(hex=thing)
    except ValueError:
        return None
    return ids[1] if key == asking.key(*ids) else None


IMPORTS: Final = FileKind(kind=asking.KIND, referenced=referenced, unknown=unknown, resolve=resolve)
