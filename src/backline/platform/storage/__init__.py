"""Files: what is kept for good (`Storage`), and what is on its way in (`Staging`)."""

from backline.platform.storage.keys import checked_key, is_segment
from backline.platform.storage.reader import Reader
from backline.platform.storage.staging import Locked, Staging
from backline.platform.storage.store import CHUNK_BYTES, Storage, Stored
from backline.platform.storage.writing import Appended, BytesLost, Staged, Writing

__all__ = [
    "CHUNK_BYTES",
    "Appended",
    "BytesLost",
    "Locked",
    "Reader",
    "Staged",
    "Staging",
    "Storage",
    "Stored",
    "Writing",
    "checked_key",
    "is_segment",
]
