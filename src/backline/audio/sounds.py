"""The stored files that a track's sound lies in, for whoever may listen to it."""

from typing import Final

import msgspec

from backline.audio import originals, tracks, transcoding_sql
from backline.audio.covers import prefix
from backline.audio.engine.ladder import RungName
from backline.audio.folders import files_sql
from backline.audio.models import TrackRow
from backline.audio.settings import Folders
from backline.audio.transcoding_sql import Details
from backline.platform.database import Read
from backline.platform.errors import NotFound
from backline.platform.media import passive
from backline.platform.storage.kinds import StoredFile

RUNGS: Final[tuple[RungName, ...]] = ("low", "medium", "high")
_NOT_THERE: Final = "The file of this track isn't in its folder at the moment."


class Sound(msgspec.Struct, frozen=True):
    """A track, and what its sound is: the original's codec, and its renditions where it has any."""

    row: TrackRow
    codec: str | None
    details: Details | None

    @property
    def duration_s(self) -> float | None:
        """The length."""
        return self.row.duration_ms / 1000 if self.row.duration_ms else None

    @property
    def original_kbps(self) -> float | None:
        """Kilobits per second of the original, pictures and all."""
        return self.row.size_bytes * 8 / self.row.duration_ms if self.row.duration_ms else None

    @property
    def rungs_kbps(self) -> dict[RungName, float]:
        """What each rendition really has."""
        if self.details is None:
            return {}
        sizes, length_s = self.details.sizes, self.details.duration_s
        return {name: sizes[f"{name}.m4a"] * 8 / 1000 / length_s for name in RUNGS}


async def of(read: Read, row: TrackRow) -> Sound:
    """What a track's sound is."""
    details = None
    if row.has_renditions and row.generation is not None:
        details = await transcoding_sql.details(read, row.owner_id, row.id)
    if details is not None:
        return Sound(row, details.codec, details)
    original = None
    if row.folder_id is not None:
        original = await files_sql.original(read, row.owner_id, row.id)
    return Sound(row, original.codec if original else None, None)


async def original(read: Read, row: TrackRow, folders: Folders) -> StoredFile:
    """The original, as it came.

    Raises:
        NotFound: it isn't in its folder, or that isn't open any more.
    """
    stored = StoredFile(
        tracks.original_key(row.owner_id, row.id),
        row.size_bytes,
        row.created_at,
        passive(row.content_type),
    )
    if row.folder_id is None:
        return stored
    found = await originals.in_folder(read, row.owner_id, row.id, stored)
    if found is None or found.place is None or not originals.is_open(found.place.root, folders):
        raise NotFound(_NOT_THERE)
    return found


def rendition(sound: Sound, name: str) -> StoredFile:
    """A file of the renditions.

    Raises:
        NotFound: there are none.
    """
    row, details = sound.row, sound.details
    if details is None or row.generation is None or name not in details.sizes:
        raise NotFound("This track has no renditions yet.")
    where = prefix(row.owner_id, row.id, row.generation)
    return StoredFile(f"{where}/{name}", details.sizes[name], details.rendered_at)
