"""What an administrator wants to know of everybody's tasks together."""

from backline.platform.database import Read

_PROJECTS = "SELECT count(*) FROM projects WHERE deleted_at IS NULL"
_COMMENTS = "SELECT count(*) FROM task_comments"
_ATTACHMENTS = "SELECT count(*) FROM task_attachments"
_TASKS = "SELECT coalesce(sum(n), 0)::bigint FROM task_counts WHERE measure = 'status'"


async def count(read: Read) -> dict[str, int]:
    """The number of `tasks` and `projects` that aren't in the trash, and what hangs on tasks."""
    return {
        "tasks": int(await read.fetch_value(_TASKS)),
        "projects": int(await read.fetch_value(_PROJECTS)),
        "comments": int(await read.fetch_value(_COMMENTS)),
        "attachments": int(await read.fetch_value(_ATTACHMENTS)),
    }
