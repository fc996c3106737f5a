"""Files: what is kept for good (`Storage`), and what is on its way in (`Staging`).

Both lie in a folder or in S3; `open_storage` says where.
"""

from backline.platform.storage.faces import (
    CHUNK_BYTES,
    Appended,
    BytesLost,
    Locked,
    Reader,
    Staged,
    Staging,
    Storage,
    Stored,
    Stores,
    Writing,
)
from backline.platform.storage.folder.staging import FolderStaging
from backline.platform.storage.folder.store import FolderStorage
from backline.platform.storage.keys import checked_key, is_segment
from backline.platform.storage.opening import open_kept, open_storage
from backline.platform.storage.presigned import Presign

__all__ = [
    "CHUNK_BYTES",
    "Appended",
    "BytesLost",
    "FolderStaging",
    "FolderStorage",
    "Locked",
    "Presign",
    "Reader",
    "Staged",
    "Staging",
    "Storage",
    "Stored",
    "Stores",
    "Writing",
    "checked_key",
    "is_segment",
    "open_kept",
    "open_storage",
]
