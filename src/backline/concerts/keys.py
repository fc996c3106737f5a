"""Where the files of photos lie in the storage; keys are used once and never again."""

from typing import Final
from uuid import UUID

KIND: Final = "photos"
SOURCE: Final = "source"  # the generation that an original lies in
ORIGINAL: Final = "original"


def prefix(owner_id: UUID, photo_id: UUID, generation: str) -> str:
    """Where a generation of a photo's files lies; a media token opens exactly one."""
    return f"{KIND}/{owner_id.hex}/{photo_id.hex}/{generation}"


def original_key(owner_id: UUID, original_id: UUID) -> str:
    """Where an original lies. Its id needn't be the photo's: the same bytes may come twice."""
    return f"{prefix(owner_id, original_id, SOURCE)}/{ORIGINAL}"


def everything(owner_id: UUID, photo_id: UUID) -> str:
    """What all files under an id lie beneath."""
    return f"{KIND}/{owner_id.hex}/{photo_id.hex}"
