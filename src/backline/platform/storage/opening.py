"""Where an installation's files lie: in its folder, or in S3 where that is configured."""

import msgspec

from backline.platform.database import Database
from backline.platform.settings import Settings
from backline.platform.storage.faces import Staging, Storage
from backline.platform.storage.presigned import Presign
from backline.platform.storage.staging import FolderStaging
from backline.platform.storage.store import FolderStorage


class Stores(msgspec.Struct, frozen=True):
    """What is kept, what is on its way in, and where else browsers may find it."""

    storage: Storage
    staging: Staging
    presign: Presign | None = None


def open_storage(settings: Settings, database: Database) -> Stores:
    """The storage and the staging of a process (blocking: call it before the loop has work).

    Raises:
        SettingsFault: there are no credentials for the bucket.
    """
    if settings.storage_url is None:
        storage = FolderStorage(settings.media_dir)
        stores = Stores(
            storage, FolderStaging(settings.media_dir / "staging", settings.min_free_bytes)
        )
    else:
        from backline.platform.storage.s3 import open_s3  # noqa: PLC0415  # loads slowly

        stores = open_s3(settings, settings.storage_url, database)
    stores.storage.prepare()
    stores.staging.prepare()
    return stores


def open_kept(settings: Settings) -> Storage:
    """Only what is kept for good, for commands.

    Raises:
        SettingsFault: there are no credentials for the bucket.
    """
    if settings.storage_url is None:
        return FolderStorage(settings.media_dir)
    from backline.platform.storage.s3 import open_kept_in  # noqa: PLC0415  # loads slowly

    return open_kept_in(settings, settings.storage_url)
