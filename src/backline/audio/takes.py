"""What the library takes: an uploaded file becomes a track of whoever sent it, rendered soon."""

from typing import Final
from uuid import UUID

from backline.audio import sql, tracks
from backline.audio.models import TrackRow
from backline.platform.actor import Actor
from backline.platform.database import Read, Write
from backline.platform.storage.takes import Taken, Takes


async def _owner(_read: Read, actor: Actor, _subject: UUID | None) -> UUID:
    """Everybody has a library of their own, and adds to no other."""
    return actor.user_id


async def _add(tx: Write, _actor: Actor, taken: Taken) -> TrackRow:
    source = tracks.Source(taken.filename, taken.size_bytes, taken.sha256)
    return await tracks.add(tx, taken.owner_id, taken.id, source)


TRACKS: Final = Takes(
    kind="track",
    scope="audio",
    max_bytes=lambda settings: settings.max_upload_bytes,
    owner=_owner,
    key=tracks.original_key,
    add=_add,
    job=sql.job_of,
)
