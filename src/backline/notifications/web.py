"""HTTP for notices."""

from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from backline.notifications import notices
from backline.notifications.models import (
    Marked,
    MarkForm,
    NoticePage,
    NoticePatch,
    ShownNotice,
    Unread,
)
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit

_TAGS = ["notifications"]
OnlyUnread = Annotated[bool, QueryParameter(name="unread", description="Only those not read yet")]


@get("/notifications", tags=_TAGS, summary="What I am told")
async def list_notices(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 20,
    cursor: Cursor = None,
    only_unread: OnlyUnread = False,  # a parameter of the address
) -> NoticePage:
    """The newest first; the latest 500 are kept."""
    name = f"notifications:{only_unread}"
    before = cursors.decode(name, cursor, UUID) if cursor else None
    async with database.read() as read:
        rows = await notices.page(read, actor, unread=only_unread, before=before, limit=limit + 1)
    rows, following = cursors.cut(name, rows, limit, lambda row: row.id)
    return NoticePage(rows, following)


@get("/notifications/unread", tags=_TAGS, summary="How much is unread")
async def count_unread(
    actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Unread:
    """Right at once, whoever marks or adds one."""
    async with database.read() as read:
        return await notices.count(read, actor)


@post(
    "/notifications/mark",
    status_code=200,
    tags=_TAGS,
    summary="Mark many as read",
    idempotent=True,
)
async def mark_notices(
    data: JSONBody[MarkForm], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Marked:
    """All, or those up to the one named by `up_to`, or those of `notice_ids`.

    `notice_ids` of the answer became read by it: with `read` false they become unread again.
    """
    async with database.write() as tx:
        return await notices.mark(tx, actor, data)


@patch("/notifications/{notice_id:uuid}", tags=_TAGS, summary="Mark a notice", idempotent=True)
async def change_notice(
    notice_id: FromPath[UUID],
    data: JSONBody[NoticePatch],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> ShownNotice:
    """As read, or as unread again."""
    async with database.write() as tx:
        return await notices.change(tx, actor, notice_id, data)


@delete("/notifications/{notice_id:uuid}", tags=_TAGS, summary="Delete a notice", idempotent=True)
async def delete_notice(
    notice_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> None:
    """For good."""
    async with database.write() as tx:
        await notices.delete(tx, actor, notice_id)


ROUTES = [list_notices, count_unread, mark_notices, change_notice, delete_notice]
