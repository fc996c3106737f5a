"""Which files the photos' rows point to: what is kept, what is left over, what may be opened."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts import keys
from backline.concerts.sql import upkeep as sql
from backline.platform.database import Database, Read
from backline.platform.storage.kinds import FileKind, KeptFile, StoredFile

_PAGE_ROWS: Final = 500
_KEY_SEGMENTS: Final = 5  # kind/owner/photo/generation/name
_UNKNOWN_TYPE: Final = "application/octet-stream"
_decode = msgspec.json.Decoder(dict[str, int]).decode


async def referenced(read: Read) -> AsyncIterator[KeptFile]:
    """Every original that we keep, every thumbnail and variant."""
    after = UUID(int=0), UUID(int=0)
    while rows := await sql.page(read, after, _PAGE_ROWS):
        for row in rows:
            if row.original_id is not None and row.sha256 is not None:
                key = keys.original_key(row.owner_id, row.original_id)
                yield KeptFile(key, row.size_bytes, row.sha256.hex())
            for name, size_bytes in sorted(_decode(row.files).items()):
                yield KeptFile(f"{keys.everything(row.owner_id, row.id)}/{name}", size_bytes)
        after = rows[-1].owner_id, rows[-1].id


async def unknown(read: Read, wanted: Sequence[str]) -> list[str]:
    """Those of the keys that no row points to: leftovers, or files of a job under way."""
    parts = {key: _parts(key) for key in wanted}
    known = [found for found in parts.values() if found is not None]
    originals = [found[:2] for found in known if found[2] == keys.SOURCE]
    others = list({found[:2] for found in known if found[2] != keys.SOURCE})
    kept = await sql.known_originals(read, originals) if originals else set[UUID]()
    files = await sql.files_of(read, others) if others else {}
    decoded = {place: _decode(found) for place, found in files.items()}
    return [key for key, found in parts.items() if not _is_known(found, kept, decoded)]


_Parts = tuple[UUID, UUID, str, str]


def _parts(key: str) -> _Parts | None:
    segments = key.split("/")
    if len(segments) != _KEY_SEGMENTS:
        return None
    try:
        return UUID(hex=segments[1]), UUID(hex=segments[2]), segments[3], segments[4]
    except ValueError:
        return None


def _is_known(
    found: _Parts | None,
    originals: set[UUID],
    files: Mapping[tuple[UUID, UUID], Mapping[str, int]],
) -> bool:
    if found is None:
        return False
    if found[2] == keys.SOURCE:
        return found[1] in originals and found[3] == keys.ORIGINAL
    return f"{found[2]}/{found[3]}" in files.get(found[:2], {})


async def resolve(database: Database, prefix: str, name: str) -> StoredFile | None:
    """What the database knows of `photos/<owner>/<photo>/<generation>` and a name in it."""
    found = _parts(f"{prefix}/{name}")
    if found is None:
        return None
    owner_id, photo_id, generation, _ = found
    async with database.read() as read:
        if generation == keys.SOURCE:
            row = await sql.by_original(read, owner_id, photo_id)
            if row is None or name != keys.ORIGINAL:
                return None
            content_type = row.content_type or _UNKNOWN_TYPE
            return StoredFile(
                *(f"{prefix}/{name}", row.size_bytes, row.created_at, content_type, row.filename)
            )
        row = await sql.kept(read, owner_id, photo_id)
    size_bytes = _decode(row.files).get(f"{generation}/{name}") if row is not None else None
    if row is None or size_bytes is None:
        return None
    return StoredFile(f"{prefix}/{name}", size_bytes, row.created_at)


PHOTOS: Final = FileKind(kind=keys.KIND, referenced=referenced, unknown=unknown, resolve=resolve)
