"""Media in a bucket, for the commands that know them as files: restoring into it, comparing."""

import asyncio
from pathlib import Path
from typing import Final

from backline.commands.ground import CareFault, say
from backline.commands.manifest import MEDIA, Entry, Manifest, listed
from backline.commands.progress import Progress
from backline.platform.errors import BacklineError, Conflict
from backline.platform.settings import Settings
from backline.platform.storage import Storage, open_kept

_AT_ONCE: Final = 4


def check(settings: Settings, manifest: Manifest) -> None:
    """See that a backup's media and the installation's storage belong together.

    Raises:
        CareFault: the media lie in a bucket, and none is named.
    """
    if manifest.bucket is None:
        return
    if settings.storage_url is None:
        raise CareFault(
            f"The media of this backup aren't in it: they lie in {manifest.bucket}. Set "
            "BACKLINE_STORAGE_URL to that bucket, or to a copy of it."
        )
    if str(settings.storage_url) != manifest.bucket:
        say(
            f"The media of this backup lie in {manifest.bucket}; they are expected in "
            f"{settings.storage_url} now. `backline doctor` tells whether all are there."
        )


def upload(settings: Settings, source: Path) -> None:
    """Put a backup's media in the bucket. What a restore that was cut off has put stays.

    Raises:
        CareFault: the bucket doesn't take them, or has something else under their keys.
    """
    asyncio.run(_upload(open_kept(settings), source, sum(e.size_bytes for e in listed(source))))


async def _upload(storage: Storage, source: Path, total_bytes: int) -> None:
    progress, done_bytes = Progress("Copying media to the bucket"), 0
    entries = listed(source)
    while batch := [entry for _, entry in zip(range(_AT_ONCE), entries, strict=False)]:
        try:
            await asyncio.gather(*(_put(storage, source, entry) for entry in batch))
        except BacklineError as fault:
            raise CareFault(f"The media can't be put in the bucket. {fault.detail}") from fault
        done_bytes += sum(entry.size_bytes for entry in batch)
        progress(done_bytes, total_bytes)
    progress.end()


async def _put(storage: Storage, source: Path, entry: Entry) -> None:
    key = entry.path.removeprefix(f"{MEDIA}/")
    try:
        await storage.put_file(key, source / entry.path)
    except Conflict:
        present = await storage.head(key)
        if present is None or present.size_bytes != entry.size_bytes:
            raise
