"""HTTP for scans of folders."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.concerts import scans
from backline.concerts.scans import FailurePage, RetryForm, Scan, ScanForm, ScanPage
from backline.concerts.services import scannable
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit
from backline.platform.settings import Settings

_TAGS = ["scans"]
_NAME, _FAILURES = "scans", "scan-failures"


@post("/scans", status_code=202, tags=_TAGS, summary="Scan a folder", idempotent=True)
async def start_scan(
    data: JSONBody[ScanForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Scan:
    """A folder on the server, beneath those that its operator named.

    Later scans of it look only at what is new or has changed.
    """
    async with database.write() as tx:
        return await scans.start(tx, actor, data, scannable(settings))


@get("/scans", tags=_TAGS, summary="My scans")
async def list_scans(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> ScanPage:
    """The newest first."""
    before = cursors.decode(_NAME, cursor, UUID) if cursor else None
    async with database.read() as read:
        rows = await scans.page(read, actor, before, limit + 1)
    rows, following = cursors.cut(_NAME, rows, limit, lambda row: row.id)
    return ScanPage([scans.shown(row) for row in rows], following)


@get("/scans/{scan_id:uuid}", tags=_TAGS, summary="One scan")
async def get_scan(
    scan_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Scan:
    """How far it is; live over the events of the topic `photos`."""
    async with database.read() as read:
        return await scans.get(read, actor, scan_id)


@get("/scans/{scan_id:uuid}/failures", tags=_TAGS, summary="What failed")
async def list_failures(
    scan_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> FailurePage:
    """The files of its folder of which no photo came, each with the reason."""
    name = f"{_FAILURES}:{scan_id}"
    after = cursors.decode(name, cursor, UUID) if cursor else None
    async with database.read() as read:
        found = await scans.failures(read, actor, scan_id, after, limit + 1)
    found, following = cursors.cut(name, found, limit, lambda one: one.id)
    return FailurePage(found, following)


@post(
    "/scans/{scan_id:uuid}/pause",
    status_code=200,
    tags=_TAGS,
    summary="Pause a scan",
    idempotent=True,
)
async def pause_scan(
    scan_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Scan:
    """Nothing that was done is lost."""
    async with database.write() as tx:
        return await scans.pause(tx, actor, scan_id)


@post(
    "/scans/{scan_id:uuid}/resume",
    status_code=202,
    tags=_TAGS,
    summary="Go on with a scan",
    idempotent=True,
)
async def resume_scan(
    scan_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Scan:
    """Exactly where it was, with a new job; also after it failed or was cancelled."""
    async with database.write() as tx:
        return await scans.resume(tx, actor, scan_id)


@post(
    "/scans/{scan_id:uuid}/cancel",
    status_code=200,
    tags=_TAGS,
    summary="Cancel a scan",
    idempotent=True,
)
async def cancel_scan(
    scan_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Scan:
    """The photos that it found stay."""
    async with database.write() as tx:
        return await scans.cancel(tx, actor, scan_id)


@post(
    "/scans/{scan_id:uuid}/retry",
    status_code=202,
    tags=_TAGS,
    summary="Try again what failed",
    idempotent=True,
)
async def retry_scan(
    scan_id: FromPath[UUID],
    data: JSONBody[RetryForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Scan:
    """Looks again at failed files: those named, or all of them."""
    async with database.write() as tx:
        return await scans.retry(tx, actor, scan_id, data)


ROUTES = [
    start_scan,
    list_scans,
    get_scan,
    list_failures,
    pause_scan,
    resume_scan,
    cancel_scan,
    retry_scan,
]
