"""What is known of a track's sound, for who makes another coding of it."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Read

_DETAILS: Final = """
SELECT codec, sample_rate_hz, channels, duration_samples, files, rendered_at
FROM track_details WHERE track_id = $1 AND owner_id = $2
"""


class Details(msgspec.Struct, frozen=True):
    """A track's sound: the original's `codec`, and the shape of all its renditions.

    `files` are the names and sizes of the renditions' files, as JSON.
    """

    codec: str
    sample_rate_hz: int
    channels: int
    duration_samples: int
    files: str
    rendered_at: datetime

    @property
    def sizes(self) -> dict[str, int]:
        """The renditions' files by name, in bytes."""
        return msgspec.json.decode(self.files, type=dict[str, int])

    @property
    def duration_s(self) -> float:
        """The length, to the sample."""
        return self.duration_samples / self.sample_rate_hz


async def details(read: Read, owner_id: UUID, track_id: UUID) -> Details | None:
    """What is known of a track that has renditions."""
    return await read.fetch_one(_DETAILS, Details, track_id, owner_id)
