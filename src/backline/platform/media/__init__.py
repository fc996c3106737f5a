"""Stored files over HTTP, and what domains give besides: signature, conditions, ranges, bytes."""

from backline.platform.media.app import MediaApp
from backline.platform.media.files import content_type_of, passive
from backline.platform.media.giving import Give, Given
from backline.platform.media.lookup import Resolve
from backline.platform.media.offload import Offload, offload_of
from backline.platform.storage.kinds import StoredFile

__all__ = [
    "Give",
    "Given",
    "MediaApp",
    "Offload",
    "Resolve",
    "StoredFile",
    "content_type_of",
    "offload_of",
    "passive",
]
