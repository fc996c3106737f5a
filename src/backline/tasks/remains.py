"""What hangs on tasks that were removed for good, and goes with them."""

from collections import Counter
from collections.abc import Sequence

from backline import accounts
from backline.platform.database import Write
from backline.tasks.sql import attachments, comments, reminders
from backline.tasks.sql.tasks import Place


async def remove(tx: Write, gone: Sequence[Place]) -> None:
    """Remove comments, reminders and attachments of tasks, and give the room back.

    The attachments' files go with the next sweep.
    """
    if not gone:
        return
    owner_ids, task_ids = [one.owner_id for one in gone], [one.id for one in gone]
    await comments.forget_tasks(tx, owner_ids, task_ids)
    await reminders.forget_tasks(tx, owner_ids, task_ids)
    room: Counter[object] = Counter()
    for one in await attachments.forget_tasks(tx, owner_ids, task_ids):
        room[one.owner_id] += one.size_bytes
    for owner_id in sorted({one.owner_id for one in gone}):
        if room[owner_id]:
            await accounts.release(tx, owner_id, room[owner_id])
