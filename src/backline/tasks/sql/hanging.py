"""How many comments and files hang on a task: counted in its row, which that locks."""

from typing import Final, Literal, LiteralString
from uuid import UUID

from backline.platform.database import Write

What = Literal["comment_count", "attachment_count"]


def _counted(what: LiteralString) -> tuple[LiteralString, ...]:
    counting: LiteralString = f"""SET {what} = {what} + $3
WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL AND {what} + $3 <= $4"""
    return f"UPDATE tasks {counting}", f"UPDATE archived_tasks {counting}"


_COUNTED: Final[dict[What, tuple[LiteralString, ...]]] = {
    "comment_count": _counted("comment_count"),
    "attachment_count": _counted("attachment_count"),
}


async def count(
    tx: Write, what: What, owner_id: UUID, task_id: UUID, number: int, most: int
) -> bool:
    """Count some more; False where the task isn't there, or would have more than `most`.

    So the task is locked, and nothing comes to one that is being removed.
    """
    for sql in _COUNTED[what]:
        if await tx.execute(sql, owner_id, task_id, number, most):
            return True
    return False
