"""Comments on tasks: what people say of them, and whom they mention.

The text is Markdown, kept as it was written. `@` before somebody's id mentions them, if they are
in the project; anybody else's id is just text.
"""

import re
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from backline import accounts
from backline.accounts import Container
from backline.platform import events
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Read, Write
from backline.platform.database.versions import ANY_VERSION, IfMatch
from backline.platform.errors import Conflict, Forbidden, NotFound
from backline.platform.ids import uuid7
from backline.tasks import access, notices
from backline.tasks.access import Seen
from backline.tasks.changes import project_tag
from backline.tasks.models import MULTILINE, Task
from backline.tasks.sql import comments as sql
from backline.tasks.sql import hanging
from backline.tasks.sql.comments import CommentRow

MOST: Final = 5_000
_MOST_MENTIONS: Final = 50
_MENTION: Final = re.compile(
    r"@([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b", re.IGNORECASE
)
_GONE: Final = "There is no such comment."

Text = Annotated[str, Meta(min_length=1, max_length=10_000, pattern=MULTILINE)]


class Comment(msgspec.Struct, frozen=True):
    """A comment. `text` is Markdown; `@` and one of the `mentions` in it stands for that member."""

    id: UUID
    task_id: UUID
    author_id: UUID
    author_name: str
    text: str
    mentions: list[UUID]
    created_at: datetime
    edited_at: datetime | None
    version: int


class CommentForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something to be said of a task, in Markdown; `@<user id>` mentions a member."""

    text: Text


class CommentChanged(msgspec.Struct, frozen=True):
    """What browsers are told of a comment."""

    id: UUID
    task_id: UUID
    action: Literal["created", "updated", "deleted"]
    project_id: UUID | None = None


async def page(
    read: Read, actor: Actor, task_id: UUID, *, before: UUID | None, limit: int
) -> list[Comment]:
    """A page of what was said of a task that the actor sees, the newest first.

    Raises:
        NotFound: it isn't there, or none of their business.
    """
    seen = await access.task(read, actor, task_id)
    rows = await sql.page(read, seen.task.owner_id, task_id, before=before, limit=limit)
    names = await accounts.names(read, sorted({row.author_id for row in rows}))
    return [_shown(row, names.get(row.author_id, "")) for row in rows]


async def create(tx: Write, actor: Actor, task_id: UUID, form: CommentForm) -> Comment:
    """Say something of a task.

    Raises:
        NotFound: it isn't there, is in the trash, or none of the actor's business.
        Forbidden: they may only read in its project.
        Conflict: there are five thousand comments, or its project is archived.
    """
    seen = await _seen(tx, actor, task_id)
    task = seen.task
    if not await hanging.count(tx, "comment_count", task.owner_id, task_id, 1, MOST):
        raise Conflict(f"This task has {MOST:,} comments, and takes no more.")
    mentions = await _mentions(tx, task, form.text)
    ids = (task.owner_id, uuid7(), task_id, actor.user_id)
    row = await sql.insert(tx, *ids, form.text, mentions)
    await _tell(tx, task, row.id, "created")
    await notices.tell_commented(tx, actor.user_id, task, row)
    return await _named(tx, row)


async def change(
    tx: Write,
    actor: Actor,
    task_id: UUID,
    comment_id: UUID,
    form: CommentForm,
    if_match: IfMatch = ANY_VERSION,
) -> Comment:
    """Say something else instead, as who said it.

    Raises:
        NotFound: there is no such comment, or it is none of the actor's business.
        Forbidden: somebody else said it, or they may only read by now.
        PreconditionFailed: `if_match` is about another version.
    """
    seen = await _seen(tx, actor, task_id)
    row = await _locked(tx, seen.task, comment_id)
    if row.author_id != actor.user_id:
        raise Forbidden("Somebody else wrote this. Only they can change it.")
    if_match.check(row.version)
    mentions = await _mentions(tx, seen.task, form.text)
    changed = await sql.update(tx, row.owner_id, comment_id, form.text, mentions) or row
    await _tell(tx, seen.task, comment_id, "updated")
    await notices.tell_commented(tx, actor.user_id, seen.task, changed, row.mentions)
    return await _named(tx, changed)


async def delete(
    tx: Write, actor: Actor, task_id: UUID, comment_id: UUID, if_match: IfMatch = ANY_VERSION
) -> None:
    """Remove a comment for good, as who said it or as the project's owner.

    Raises:
        NotFound: there is no such comment, or it is none of the actor's business.
        Forbidden: somebody else said it, or they may only read by now.
        PreconditionFailed: `if_match` is about another version.
    """
    seen = await _seen(tx, actor, task_id)
    if not await hanging.count(tx, "comment_count", seen.task.owner_id, task_id, -1, MOST):
        raise NotFound(_GONE)
    row = await _locked(tx, seen.task, comment_id)
    if row.author_id != actor.user_id and seen.rank != "owner":
        raise Forbidden(
            "Somebody else wrote this. Only they and the project's owner can remove it."
        )
    if_match.check(row.version)
    await sql.delete(tx, row.owner_id, comment_id)
    await _tell(tx, seen.task, comment_id, "deleted")


def tag(task_id: UUID) -> str:
    """What depends on the comments on a task."""
    return f"comments:{task_id.hex}"


async def _seen(tx: Write, actor: Actor, task_id: UUID) -> Seen:
    seen = await access.task(tx, actor, task_id, least="commenter", is_changed=True)
    if seen.task.deleted_at is not None:
        raise NotFound(access.NO_TASK)
    return seen


async def _locked(tx: Write, task: Task, comment_id: UUID) -> CommentRow:
    row = await sql.lock(tx, task.owner_id, comment_id, task.id)
    if row is None:
        raise NotFound(_GONE)
    return row


async def _mentions(read: Read, task: Task, text: str) -> list[UUID]:
    """Those whom a text mentions and who see the task, in its order."""
    named = [UUID(found) for found in dict.fromkeys(_MENTION.findall(text))][:_MOST_MENTIONS]
    if not named or task.project_id is None:
        return [one for one in named if one == task.owner_id]
    where = Container(task.owner_id, task.project_id, access.KIND)
    inside = await accounts.members_among(read, where, named)
    return [one for one in dict.fromkeys(named) if one in inside]


async def _tell(
    tx: Write, task: Task, comment_id: UUID, action: Literal["created", "updated", "deleted"]
) -> None:
    """Have caches forget, and pages hear of it; how many there are stands with the task."""
    project = [project_tag(task.project_id)] if task.project_id is not None else []
    if action == "updated":
        invalidate(tx, tag(task.id))
    else:
        invalidate(tx, tag(task.id), f"task:{task.id.hex}", f"tasks:{task.owner_id.hex}", *project)
    said = CommentChanged(comment_id, task.id, action, task.project_id)
    await events.publish(tx, task.owner_id, "tasks", "comment", said, container_id=task.project_id)


async def _named(read: Read, row: CommentRow) -> Comment:
    names = await accounts.names(read, [row.author_id])
    return _shown(row, names.get(row.author_id, ""))


def _shown(row: CommentRow, author_name: str) -> Comment:
    return Comment(
        row.id,
        row.task_id,
        row.author_id,
        author_name,
        row.text,
        row.mentions,
        row.created_at,
        row.edited_at,
        row.version,
    )
