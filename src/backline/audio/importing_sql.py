"""The query that looks for the tracks a file names."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Read


class Candidate(msgspec.Struct, frozen=True):
    """A track that a file may mean."""

    id: UUID
    title: str
    artist: str
    album: str
    filename: str
    duration_ms: int | None


_CANDIDATES: Final = """
SELECT id, title, artist, album, filename, duration_ms FROM tracks
WHERE owner_id = $1 AND deleted_at IS NULL AND title_key = ANY($2::text[])
UNION
SELECT id, title, artist, album, filename, duration_ms FROM tracks
WHERE owner_id = $1 AND deleted_at IS NULL AND filename = ANY($3::text[])
ORDER BY id LIMIT 20000
"""


async def candidates(
    read: Read, owner_id: UUID, title_keys: Sequence[str], filenames: Sequence[str]
) -> list[Candidate]:
    """Somebody's tracks of these titles (`shelf_key`) or of files of these names."""
    return await read.fetch(_CANDIDATES, Candidate, owner_id, list(title_keys), list(filenames))
