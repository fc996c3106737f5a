"""Files that lie in folders on the server, not in the storage: opened as they were looked at."""

import os

from backline.platform.errors import Unavailable
from backline.platform.host.beneath import open_beneath
from backline.platform.storage import Reader
from backline.platform.storage.folder.reader import FileReader
from backline.platform.storage.kinds import Place, StoredFile
from backline.platform.storage.threads import in_thread


async def open_in_place(file: StoredFile, place: Place) -> Reader:
    """The file where it lies, no link on the way.

    Raises:
        Unavailable: it isn't there, or has changed since it was looked at.
    """
    try:
        descriptor = await in_thread(open_beneath, place.root, place.path.split(b"/"))
    except OSError:
        raise Unavailable(
            "The file isn't in its folder at the moment. It may have been moved, or its disk isn't "
            "there; the next scan finds out.",
            retry_after_s=60,
        ) from None
    known = os.fstat(descriptor)
    if (known.st_size, known.st_mtime_ns) != (file.size_bytes, place.mtime_ns):
        os.close(descriptor)
        raise Unavailable(
            "The file has changed in its folder. It is read anew by the next scan.",
            retry_after_s=60,
        )
    return FileReader(descriptor, known.st_size)
