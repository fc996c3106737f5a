"""HTTP for comments on tasks."""

from uuid import UUID

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.conditions import CONDITIONAL, IfMatch
from backline.platform.http.paging import Cursor, Limit
from backline.tasks import comments
from backline.tasks.comments import Comment, CommentForm

_TAGS = ["tasks"]


class CommentPage(msgspec.Struct, frozen=True):
    """A page of what was said of a task."""

    items: list[Comment]
    next_cursor: str | None = None


@get("/tasks/{task_id:uuid}/comments", tags=_TAGS, summary="Comments on a task")
async def list_comments(
    task_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> CommentPage:
    """The newest first. In a `text`, `@` and an id of `mentions` stands for that member."""
    name = f"comments:{task_id.hex}"
    before = cursors.decode(name, cursor, UUID) if cursor else None
    async with database.read() as read:
        rows = await comments.page(read, actor, task_id, before=before, limit=limit + 1)
    rows, following = cursors.cut(name, rows, limit, lambda row: row.id)
    return CommentPage(rows, following)


@post("/tasks/{task_id:uuid}/comments", tags=_TAGS, summary="Comment on a task", idempotent=True)
async def create_comment(
    task_id: FromPath[UUID],
    data: JSONBody[CommentForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Comment:
    """Markdown; `@<user id>` mentions a member of the project, and nobody else."""
    async with database.write() as tx:
        return await comments.create(tx, actor, task_id, data)


@patch(
    "/tasks/{task_id:uuid}/comments/{comment_id:uuid}",
    tags=_TAGS,
    summary="Change a comment",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def change_comment(
    task_id: FromPath[UUID],
    comment_id: FromPath[UUID],
    data: JSONBody[CommentForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    if_match: NamedDependency[IfMatch],
) -> Comment:
    """One of my own."""
    async with database.write() as tx:
        return await comments.change(tx, actor, task_id, comment_id, data, if_match)


@delete(
    "/tasks/{task_id:uuid}/comments/{comment_id:uuid}",
    tags=_TAGS,
    summary="Delete a comment",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def delete_comment(
    task_id: FromPath[UUID],
    comment_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    if_match: NamedDependency[IfMatch],
) -> None:
    """One of my own, or as the project's owner anybody's; it is gone for good."""
    async with database.write() as tx:
        await comments.delete(tx, actor, task_id, comment_id, if_match)


ROUTES = [list_comments, create_comment, change_comment, delete_comment]
