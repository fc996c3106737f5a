"""What concerts take: an uploaded picture becomes a photo of whoever sent it, looked at soon."""

from typing import Final
from uuid import UUID

import msgspec

from backline.concerts import keys, photos
from backline.concerts.engine import bounds
from backline.concerts.models import PhotoRow
from backline.concerts.sql import photos as sql
from backline.platform.actor import Actor
from backline.platform.database import Read, Write
from backline.platform.storage.takes import Taken, Takes


class Added(msgspec.Struct, frozen=True):
    """A photo, and whether it is new: the same bytes twice are one."""

    row: PhotoRow
    is_new: bool


async def _owner(_read: Read, actor: Actor, _subject: UUID | None) -> UUID:
    """Everybody has photos of their own, and adds to no other's."""
    return actor.user_id


async def _add(tx: Write, _actor: Actor, taken: Taken) -> Added:
    return Added(*await photos.add(tx, taken))


PHOTOS: Final = Takes(
    kind="photo",
    scope="concerts",
    max_bytes=lambda settings: min(settings.max_upload_bytes, bounds.MAX_BYTES),
    owner=_owner,
    key=keys.original_key,
    add=_add,
    job=sql.job_of,
    id_of=lambda added: added.row.id,
)
