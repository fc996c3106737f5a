"""Which files the library's rows point to, and which of those that lie there none does."""

from collections.abc import AsyncIterator, Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.audio import kept_sql, sql, tracks
from backline.platform.database import Read
from backline.platform.kept import Kept, KeptFile

_PAGE_ROWS: Final = 500
_KEY_SEGMENTS: Final = 5  # kind/owner/track/generation/name


async def referenced(read: Read) -> AsyncIterator[KeptFile]:
    """Every original, and every file of the renditions that are played."""
    after = UUID(int=0)
    while rows := await kept_sql.page(read, after, _PAGE_ROWS):
        for row in rows:
            original = tracks.original_key(row.owner_id, row.id)
            yield KeptFile(original, row.size_bytes, row.sha256.hex())
            if row.generation is not None and row.files is not None:
                where = tracks.prefix(row.owner_id, row.id, row.generation)
                sizes = msgspec.json.decode(row.files, type=dict[str, int])
                for name, size_bytes in sorted(sizes.items()):
                    yield KeptFile(f"{where}/{name}", size_bytes)
        after = rows[-1].id


async def unknown(read: Read, keys: Sequence[str]) -> list[str]:
    """Those of the keys that no row points to: leftovers, or files of a job under way."""
    parts = {key: key.split("/") for key in keys}
    found = {key: _track_id(segments) for key, segments in parts.items()}
    ids = [track_id for track_id in found.values() if track_id is not None]
    known = {row.id: row.generation for row in await sql.generations(read, ids)}
    return [
        key
        for key, track_id in found.items()
        if track_id is None
        or track_id not in known
        or parts[key][3] not in (tracks.SOURCE, known[track_id])
    ]


def _track_id(segments: list[str]) -> UUID | None:
    if len(segments) != _KEY_SEGMENTS:
        return None
    try:
        return UUID(hex=segments[2])
    except ValueError:
        return None


KEPT: Final = Kept("tracks", referenced, unknown)
