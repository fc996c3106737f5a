"""Stored files over HTTP: signature, conditions, ranges, bytes."""

from backline.platform.media.app import MediaApp
from backline.platform.media.files import StoredFile, content_type_of
from backline.platform.media.lookup import Resolve
from backline.platform.media.offload import Offload, offload_of

__all__ = ["MediaApp", "Offload", "Resolve", "StoredFile", "content_type_of", "offload_of"]
