"""The queries of the words of tracks, each a typed function."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from backline.audio.models import Line
from backline.platform.database import Read, Write

_LINES = "SELECT lines FROM track_lyrics WHERE track_id = $1 AND owner_id = $2"
_KEEP = """
INSERT INTO track_lyrics (track_id, owner_id, lines, by_person) VALUES ($1, $2, $3, $4)
ON CONFLICT (track_id) DO UPDATE SET lines = excluded.lines, by_person = excluded.by_person
WHERE excluded.by_person OR NOT track_lyrics.by_person
"""


async def lines(read: Read, track_id: UUID, owner_id: UUID) -> list[Line]:
    """The words of a track; none where nobody knows any."""
    kept = await read.fetch_value(_LINES, track_id, owner_id)
    return msgspec.json.decode(kept, type=list[Line]) if kept is not None else []


async def keep(
    tx: Write, track_id: UUID, owner_id: UUID, words: Sequence[Line], *, by_person: bool
) -> None:
    """Keep the words of a track; those of a person aren't overwritten by its tags."""
    encoded = msgspec.json.encode(words).decode()
    await tx.execute(_KEEP, track_id, owner_id, encoded, by_person)
