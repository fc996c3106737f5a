"""Having somebody's photos cut into sessions, and sessions judged: soon, once for many changes."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from backline.concerts.models import OwnerJob
from backline.concerts.sql import histories
from backline.platform.database import Write
from backline.platform.errors import Conflict
from backline.platform.jobs import cancel, enqueue, get

CUT: Final = "concerts.sessions"
MATCH: Final = "concerts.match"
_GATHERED_S: Final = 3


async def cut_soon(tx: Write, owner_id: UUID) -> None:
    """Have somebody's photos cut into sessions; what comes within a few seconds is one job.

    It begins their history, without which nothing is done: so the job of an account that has
    ended finds nothing.
    """
    await histories.know(tx, owner_id)
    now = datetime.now(UTC)
    await enqueue(
        tx,
        CUT,
        OwnerJob(owner_id),
        owner_id=owner_id,
        run_at=now + timedelta(seconds=_GATHERED_S),
        unique_key=f"{owner_id.hex}:{int(now.timestamp()) // _GATHERED_S}",
    )


async def match(tx: Write, owner_id: UUID) -> UUID:
    """Have what waits judged; one job at a time works on it."""
    return await enqueue(tx, MATCH, OwnerJob(owner_id), owner_id=owner_id, unique_key=owner_id.hex)


async def match_now(tx: Write, owner_id: UUID) -> UUID:
    """As `match`, but without waiting for the hour that an earlier one was put off to."""
    job_id = await match(tx, owner_id)
    row = await get(tx, job_id, owner_id=owner_id)
    if row.state != "queued" or row.run_at <= datetime.now(UTC):
        return job_id
    try:
        await cancel(tx, job_id, owner_id=owner_id)
    except Conflict:
        return job_id  # it has begun at this moment
    return await match(tx, owner_id)
