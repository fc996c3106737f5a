"""What people are told about tasks, each kind by one function; others say when."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from backline import accounts
from backline.accounts import Container
from backline.notifications import Notice, NoticeKind, notify
from backline.platform.database import Write
from backline.tasks.excerpts import excerpt
from backline.tasks.models import Task
from backline.tasks.sql.comments import CommentRow
from backline.tasks.sql.due import DueRow
from backline.tasks.sql.projects import ProjectRow
from backline.tasks.sql.reminders import ReminderRow

ASSIGNED: Final = NoticeKind("tasks.assigned", "tasks that somebody assigns to you", mail=True)
MENTIONED: Final = NoticeKind("tasks.mentioned", "comments that mention you", mail=True)
COMMENTED: Final = NoticeKind(
    "tasks.commented", "comments on tasks that you made or that are yours to do"
)
REMINDER: Final = NoticeKind("tasks.reminder", "tasks, when you asked to be reminded", mail=True)
DUE: Final = NoticeKind("tasks.due", "tasks of yours that are due within a day", mail=True)
JOINED: Final = NoticeKind("tasks.joined", "people who come into your projects")
KINDS: Final = (ASSIGNED, MENTIONED, COMMENTED, REMINDER, DUE, JOINED)
_SOMEBODY: Final = "Somebody"


async def tell_assigned(tx: Write, who: UUID, tasks: Sequence[Task]) -> None:
    """Tell people of tasks that are theirs to do now; once for each version that says so.

    What is done is nobody's to do.
    """
    others = [
        task for task in tasks if task.assignee_id not in (None, who) and task.completed_at is None
    ]
    if not others:
        return
    name = await _name(tx, who)
    notices = [
        Notice(
            to=task.assignee_id,
            kind=ASSIGNED,
            reason=f"tasks.assigned:{task.id.hex}:{task.version}",
            title=f"{name} gave you “{task.title}” to do",
            path=_page(task),
            subject=("task", task.id),
            container=_container(task),
            actor_id=who,
        )
        for task in others
        if task.assignee_id is not None
    ]
    await notify(tx, *notices)


async def tell_commented(
    tx: Write, who: UUID, task: Task, row: CommentRow, known: Collection[UUID] = ()
) -> None:
    """Tell those whom a comment mentions, and on a new one those whom its task concerns.

    `known` are those whom it mentioned before; it isn't new where that is said.
    """
    mentioned = [one for one in row.mentions if one != who and one not in known]
    doing = task.assignee_id if task.status != "archived" else None
    concerned = () if row.edited_at is not None else (doing, task.created_by)
    others = {one for one in concerned if one not in (None, who, *row.mentions)}
    if task.project_id is None:
        others &= {task.owner_id}  # who made it in a project that it has left doesn't see it
    if not mentioned and not others:
        return
    names = await accounts.names(tx, [who, *row.mentions])
    name, text = names.get(who) or _SOMEBODY, excerpt(row.text, names)
    told = [
        *((one, MENTIONED, f"{name} mentions you on “{task.title}”") for one in mentioned),
        *((one, COMMENTED, f"{name} comments on “{task.title}”") for one in others if one),
    ]
    notices = [
        Notice(
            to=one,
            kind=kind,
            reason=f"{kind.name}:{row.id.hex}",
            title=title,
            text=text,
            path=_page(task),
            subject=("task", task.id),
            container=_container(task),
            actor_id=who,
        )
        for one, kind, title in told
    ]
    await notify(tx, *notices)


async def tell_reminders(tx: Write, due: Sequence[tuple[ReminderRow, Task]]) -> None:
    """Tell people of tasks at the time that they asked for."""
    notices = [
        Notice(
            to=row.user_id,
            kind=REMINDER,
            reason=f"tasks.reminder:{row.id.hex}:{_time(row)}",
            title=f"You wanted to be reminded of “{task.title}”",
            path=_page(task),
            subject=("task", task.id),
            container=_container(task),
        )
        for row, task in due
    ]
    await notify(tx, *notices)


async def tell_due(tx: Write, rows: Sequence[DueRow]) -> None:
    """Tell whoever is to do a task that it is due soon; once for each time that it is due at."""
    whose = [(row, row.assignee_id or _alone(row)) for row in rows]
    notices = [
        Notice(
            to=user_id,
            kind=DUE,
            reason=f"tasks.due:{row.id.hex}:{row.due_at.isoformat()}",
            title=f"“{row.title}” is due within a day",
            path=_page(row),
            subject=("task", row.id),
            container=_container(row),
        )
        for row, user_id in whose
        if user_id is not None
    ]
    await notify(tx, *notices)


async def tell_joined(tx: Write, who: UUID, project: ProjectRow, invitation_id: UUID) -> None:
    """Tell a project's owner that somebody came in by their invitation."""
    notice = Notice(
        to=project.owner_id,
        kind=JOINED,
        reason=f"tasks.joined:{invitation_id.hex}:{who.hex}",
        title=f"{await _name(tx, who)} is in “{project.name}” now",
        path=f"/tasks/projects/{project.id}",
        subject=("project", project.id),
        actor_id=who,
    )
    await notify(tx, notice)


def _time(row: ReminderRow) -> str:
    return row.remind_at.isoformat() if row.remind_at is not None else ""


def _alone(row: DueRow) -> UUID | None:
    """Whose a task is that is in no project."""
    return row.owner_id if row.project_id is None else None


def _page(task: Task | DueRow) -> str:
    return f"/tasks/{task.id}"


def _container(task: Task | DueRow) -> Container | None:
    if task.project_id is None:
        return None
    return Container(task.owner_id, task.project_id, "project")


async def _name(tx: Write, user_id: UUID) -> str:
    return (await accounts.names(tx, [user_id])).get(user_id) or _SOMEBODY
