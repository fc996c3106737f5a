"""HTTP for jobs: one's own, and the administrator's view of all."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from backline.platform import audit, jobs
from backline.platform.actor import Actor, require_admin
from backline.platform.database import Database, Write
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit
from backline.platform.jobs import JobRow, JobStatus, State, status_of

_ADMIN = ["administration"]
_TAGS = ["platform"]
OneState = Annotated[
    State | None, QueryParameter(name="state", description="Only jobs in this state")
]
OneKind = Annotated[
    str | None,
    QueryParameter(max_length=100, description="Only jobs of this kind, as `audio.render`"),
]


class JobPage(msgspec.Struct, frozen=True):
    """A page of jobs."""

    items: list[JobStatus]
    next_cursor: str | None = None


@get("/jobs/{job_id:uuid}", tags=_TAGS, summary="One of my jobs")
async def get_job(
    job_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> JobStatus:
    """How far it is, and how it ended. Live by the topic `jobs` of `/events`."""
    async with database.read() as read:
        return status_of(await jobs.get(read, job_id, owner_id=actor.user_id))


@post(
    "/jobs/{job_id:uuid}/cancel",
    status_code=200,
    tags=_TAGS,
    summary="Cancel my job",
    idempotent=True,
)
async def cancel_job(
    job_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> JobStatus:
    """Ends it at once; what it had begun is undone or swept."""
    async with database.write() as tx:
        return status_of(await jobs.cancel(tx, job_id, owner_id=actor.user_id))


@get("/admin/jobs", tags=_ADMIN, summary="Everybody's jobs")
async def list_jobs(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 50,
    cursor: Cursor = None,
    in_state: OneState = None,
    kind: OneKind = None,
) -> JobPage:
    """Newest first."""
    require_admin(actor)
    name = f"jobs:{in_state}:{kind}"
    before = cursors.decode(name, cursor, UUID) if cursor else None
    async with database.read() as read:
        rows = await jobs.page(read, state=in_state, kind=kind, before=before, limit=limit + 1)
    rows, following = cursors.cut(name, rows, limit, lambda row: row.id)
    return JobPage([status_of(row) for row in rows], following)


@post(
    "/admin/jobs/{job_id:uuid}/requeue",
    status_code=200,
    tags=_ADMIN,
    summary="Try a job again",
    idempotent=True,
)
async def requeue_job(
    job_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    address: NamedDependency[str],
) -> JobStatus:
    """Gives a dead or cancelled job its attempts anew."""
    require_admin(actor)
    async with database.write() as tx:
        row = await jobs.requeue(tx, job_id, owner_id=None)
        await _record(tx, actor, "job.requeue", row, address)
        return status_of(row)


@post(
    "/admin/jobs/{job_id:uuid}/cancel",
    status_code=200,
    tags=_ADMIN,
    summary="Cancel a job",
    idempotent=True,
)
async def cancel_any_job(
    job_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    address: NamedDependency[str],
) -> JobStatus:
    """Ends anybody's job at once."""
    require_admin(actor)
    async with database.write() as tx:
        row = await jobs.cancel(tx, job_id, owner_id=None)
        await _record(tx, actor, "job.cancel", row, address)
        return status_of(row)


async def _record(tx: Write, actor: Actor, action: str, row: JobRow, address: str) -> None:
    about = ("job", row.id)
    await audit.record(tx, actor.user_id, action, subject=about, address=address, kind=row.kind)


ROUTES = [get_job, cancel_job, list_jobs, requeue_job, cancel_any_job]
