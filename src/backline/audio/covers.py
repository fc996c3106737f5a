"""Where the files of a track lie, and the signed URLs of the cover among them."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from backline.audio.engine.findings import LARGE_NAME, SMALL_NAME
from backline.audio.models import Cover
from backline.platform.media.signing import MediaSigner

KIND: Final = "tracks"  # what the keys of tracks' files begin with
SHARED: Final = "cover"  # the generation of covers that several tracks show


def prefix(owner_id: UUID, track_id: UUID, generation: str) -> str:
    """Where a generation of a track's files lies; a media token opens exactly one."""
    return f"{KIND}/{owner_id.hex}/{track_id.hex}/{generation}"


def shared_key(owner_id: UUID, cover_id: UUID, name: str) -> str:
    """Where a file of a cover lies that several tracks show."""
    return f"{prefix(owner_id, cover_id, SHARED)}/{name}"


def cover(signer: MediaSigner, owner_id: UUID, track_id: UUID, generation: str) -> Cover:
    """URLs that stay the same as long as a signature does, so they are made once in that time."""
    now = datetime.now(UTC)
    made = signer.made(now)
    known: Cover | None = made.get((track_id, generation))
    if known is not None:
        return known
    where = signer.folder(prefix(owner_id, track_id, generation), now).url
    fresh = Cover(f"{where}/{SMALL_NAME}", f"{where}/{LARGE_NAME}")
    made.keep((track_id, generation), fresh)
    return fresh


def of_track(
    signer: MediaSigner, owner_id: UUID, track_id: UUID | None, generation: str | None
) -> Cover | None:
    """The cover of the track that lends it to an album or an artist; None where none does."""
    if track_id is None or generation is None:
        return None
    return cover(signer, owner_id, track_id, generation)
