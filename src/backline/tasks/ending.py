"""The end of an account: nothing of its tasks stays, and nothing is left for it to do."""

from itertools import groupby
from uuid import UUID

from backline.platform.database import Database, Write
from backline.tasks import members
from backline.tasks.sql import (
    assignees,
    attachments,
    comments,
    counts,
    exports,
    invitations,
    projects,
    reminders,
    trash,
    views,
)
from backline.tasks.sql.assignees import Taken

_BATCH = 500


async def forget(tx: Write, owner_id: UUID) -> None:
    """Remove all that somebody had here, for good."""
    await trash.forget(tx, owner_id)
    await comments.forget(tx, owner_id)
    await attachments.forget(tx, owner_id)
    await reminders.forget(tx, owner_id)
    await invitations.forget(tx, owner_id)
    await projects.forget(tx, owner_id)
    await counts.forget(tx, owner_id)
    await views.forget(tx, owner_id)
    await exports.forget(tx, owner_id)


async def leave(database: Database, user_id: UUID) -> None:
    """Take somebody who is gone off the tasks of others, in several transactions."""
    while True:
        async with database.write() as tx:
            taken = await assignees.unassign_some(tx, user_id, _BATCH)
            for (owner_id, project_id), ones in groupby(sorted(taken, key=_where), key=_where):
                ids = [one.id for one in ones]
                await members.tell_unassigned(tx, owner_id, project_id, ids)
        if not taken:
            return


def _where(taken: Taken) -> tuple[UUID, UUID]:
    return taken.owner_id, taken.project_id
