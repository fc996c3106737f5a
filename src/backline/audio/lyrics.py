"""The words of tracks: read, and written by their owners."""

from collections.abc import Sequence
from uuid import UUID

from backline.audio import lyrics_sql, tracks
from backline.audio.engine import lyrics
from backline.audio.models import Line, Lyrics
from backline.platform.actor import Actor
from backline.platform.database import Read, Write


async def get(read: Read, actor: Actor, track_id: UUID) -> Lyrics:
    """The words of one of the actor's tracks; no lines where nobody knows any.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await tracks.get(read, actor, track_id)
    return _shown(await lyrics_sql.lines(read, track_id, row.owner_id))


async def change(tx: Write, actor: Actor, track_id: UUID, text: str) -> Lyrics:
    """Give a track its words, plain or as LRC; its tags don't overwrite them any more.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await tracks.get(tx, actor, track_id)
    words = lyrics.read(text)
    await lyrics_sql.keep(tx, track_id, row.owner_id, words, by_person=True)
    await tracks.tell(tx, row.owner_id, track_id, "updated")
    return _shown(words)


def _shown(words: Sequence[Line]) -> Lyrics:
    return Lyrics(any(line.start_ms is not None for line in words), list(words))
