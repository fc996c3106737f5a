"""What a task counts of its subtasks: how many there are, and how many of those are done."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import msgspec

from backline.tasks.models import Task
from backline.tasks.sql.parts import Rollup


def of(changes: Iterable[tuple[Task | None, Task]]) -> dict[UUID, Rollup]:
    """What changes of tasks (before, after) are to those that they are parts of."""
    sums: dict[UUID, tuple[int, int]] = {}
    for before, after in changes:
        for task, sign in ((before, -1), (after, 1)):
            if task is None or task.parent_id is None or task.deleted_at is not None:
                continue
            total, done = sums.get(task.parent_id, (0, 0))
            is_done = task.completed_at is not None
            sums[task.parent_id] = (total + sign, done + sign * is_done)
    return {
        task_id: Rollup(task_id, total, done)
        for task_id, (total, done) in sums.items()
        if total or done
    }


def applied(rolled: Mapping[UUID, Rollup], before: Task | None, after: Task) -> Task:
    """A task after its change, with what its subtasks' changes are to it."""
    delta = rolled.get(after.id)
    if delta is None or before is None:
        return after
    return msgspec.structs.replace(
        after,
        subtasks_total=before.subtasks_total + delta.total,
        subtasks_done=before.subtasks_done + delta.done,
    )
