"""Where an installation's files lie: in its folder, or in S3 where that is configured."""

from backline.platform.database import Database
from backline.platform.settings import Settings
from backline.platform.storage.cdn import cdn_of, forget
from backline.platform.storage.faces import Storage, Stores
from backline.platform.storage.folder.staging import FolderStaging
from backline.platform.storage.folder.store import FolderStorage


def open_storage(settings: Settings, database: Database) -> Stores:
    """The storage and the staging of a process (blocking: call it before the loop has work).

    Raises:
        SettingsFault: there are no credentials for the bucket.
    """
    told = forget(cdn_of(settings), database)
    if settings.storage_url is None:
        folder, floor_bytes = settings.media_dir, settings.min_free_bytes
        stores = Stores(
            FolderStorage(folder, floor_bytes, forget=told),
            FolderStaging(folder / "staging", floor_bytes),
        )
    else:
        from backline.platform.storage.s3.opening import open_s3  # noqa: PLC0415  # loads slowly

        stores = open_s3(settings, settings.storage_url, database, told)
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
    from backline.platform.storage.s3.opening import open_kept_in  # noqa: PLC0415  # loads slowly

    return open_kept_in(settings, settings.storage_url)
