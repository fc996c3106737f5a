"""HTTP for folders with music, and for scans of them."""

from uuid import UUID

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.audio.folders import places, scans
from backline.audio.folders.places import FolderPatch, MusicFolder, MusicFolders
from backline.audio.folders.scans import (
    MusicFailurePage,
    MusicRetryForm,
    MusicScan,
    MusicScanForm,
    MusicScanPage,
)
from backline.audio.options import AudioOptions
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit
from backline.platform.settings import Settings

_TAGS = ["music folders"]
_NAME, _FAILURES = "music-scans", "music-scan-failures"


@post(
    "/music-scans", status_code=202, tags=_TAGS, summary="Scan a folder with music", idempotent=True
)
async def start_music_scan(
    data: JSONBody[MusicScanForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> MusicScan:
    """A folder on the server, beneath those that its operator named.

    Later scans of it look only at what is new or has changed.
    """
    async with database.write() as tx:
        return await scans.start(
            tx, actor.user_id, data.path, settings.of(AudioOptions).music_folders
        )


@get("/music-scans", tags=_TAGS, summary="My scans of music")
async def list_music_scans(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> MusicScanPage:
    """The newest first."""
    before = cursors.decode(_NAME, cursor, UUID) if cursor else None
    async with database.read() as read:
        rows = await scans.page(read, actor, before, limit + 1)
    rows, following = cursors.cut(_NAME, rows, limit, lambda row: row.id)
    return MusicScanPage([scans.shown(row) for row in rows], following)


@get("/music-scans/{music_scan_id:uuid}", tags=_TAGS, summary="One scan")
async def get_music_scan(
    music_scan_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> MusicScan:
    """How far it is; live over the events of the topic `tracks`."""
    async with database.read() as read:
        return await scans.get(read, actor, music_scan_id)


@get("/music-scans/{music_scan_id:uuid}/failures", tags=_TAGS, summary="What failed")
async def list_music_failures(
    music_scan_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> MusicFailurePage:
    """The files of its folder of which no track came, each with the reason."""
    name = f"{_FAILURES}:{music_scan_id}"
    after = cursors.decode(name, cursor, UUID) if cursor else None
    async with database.read() as read:
        found = await scans.failures(read, actor, music_scan_id, after, limit + 1)
    found, following = cursors.cut(name, found, limit, lambda one: one.id)
    return MusicFailurePage(found, following)


@post(
    "/music-scans/{music_scan_id:uuid}/pause",
    status_code=200,
    tags=_TAGS,
    summary="Pause a scan",
    idempotent=True,
)
async def pause_music_scan(
    music_scan_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> MusicScan:
    """Nothing that was done is lost."""
    async with database.write() as tx:
        return await scans.pause(tx, actor, music_scan_id)


@post(
    "/music-scans/{music_scan_id:uuid}/resume",
    status_code=202,
    tags=_TAGS,
    summary="Go on with a scan",
    idempotent=True,
)
async def resume_music_scan(
    music_scan_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> MusicScan:
    """Exactly where it was, with a new job; also after it failed or was cancelled."""
    async with database.write() as tx:
        return await scans.resume(tx, actor, music_scan_id)


@post(
    "/music-scans/{music_scan_id:uuid}/cancel",
    status_code=200,
    tags=_TAGS,
    summary="Cancel a scan",
    idempotent=True,
)
async def cancel_music_scan(
    music_scan_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> MusicScan:
    """The tracks that it found stay."""
    async with database.write() as tx:
        return await scans.cancel(tx, actor, music_scan_id)


@post(
    "/music-scans/{music_scan_id:uuid}/retry",
    status_code=202,
    tags=_TAGS,
    summary="Try again what failed",
    idempotent=True,
)
async def retry_music_scan(
    music_scan_id: FromPath[UUID],
    data: JSONBody[MusicRetryForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> MusicScan:
    """Looks again at failed files: those named, or all of them."""
    async with database.write() as tx:
        return await scans.retry(tx, actor, music_scan_id, data)


@get("/music-folders", tags=_TAGS, summary="My folders")
async def list_music_folders(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> MusicFolders:
    """All of them, and what the operator has opened to scans."""
    async with database.read() as read:
        return await places.everything(read, actor, settings.of(AudioOptions).music_folders)


@patch(
    "/music-folders/{music_folder_id:uuid}", tags=_TAGS, summary="Change a folder", idempotent=True
)
async def change_music_folder(
    music_folder_id: FromPath[UUID],
    data: JSONBody[FolderPatch],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> MusicFolder:
    """A merge patch: when it is scanned again, and when its tracks are rendered."""
    async with database.write() as tx:
        return places.shown(await places.change(tx, actor, music_folder_id, data))


@delete(
    "/music-folders/{music_folder_id:uuid}", tags=_TAGS, summary="Remove a folder", idempotent=True
)
async def remove_music_folder(
    music_folder_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """Its tracks leave the library; the files stay as they are."""
    async with database.write() as tx:
        await places.remove(tx, actor, music_folder_id)


@delete(
    "/music-folders/{music_folder_id:uuid}/missing",
    tags=_TAGS,
    summary="Remove what is missing",
    idempotent=True,
)
async def remove_missing_tracks(
    music_folder_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """The tracks whose files aren't there any more; by themselves they go after 30 days."""
    async with database.write() as tx:
        await places.remove_missing(tx, actor, music_folder_id)


ROUTES = [
    list_music_folders,
    change_music_folder,
    remove_music_folder,
    remove_missing_tracks,
    start_music_scan,
    list_music_scans,
    get_music_scan,
    list_music_failures,
    pause_music_scan,
    resume_music_scan,
    cancel_music_scan,
    retry_music_scan,
]
