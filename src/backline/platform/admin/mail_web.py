"""HTTP for administrators: the messages that were sent, are kept, or can't be."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from backline.platform import audit
from backline.platform.actor import Actor, require_admin
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit
from backline.platform.mail import outbox
from backline.platform.mail.outbox import OutboxRow, State
from backline.platform.mail.settings import Mail

_LIST = "outbox"
_TAGS = ["administration"]


class OutboxMessage(msgspec.Struct, frozen=True):
    """A message to somebody. `error` says why it failed, or why it is still queued."""

    id: UUID
    to: str
    subject: str
    state: State
    error: str | None
    created_at: datetime
    sent_at: datetime | None


class OutboxText(OutboxMessage, frozen=True):
    """A message with its text, which is empty once a mail server has it."""

    text: str = ""


class OutboxPage(msgspec.Struct, frozen=True):
    """A page of messages, newest first."""

    items: list[OutboxMessage]
    next_cursor: str | None = None


@get("/admin/outbox", tags=_TAGS, summary="Messages to people")
async def list_outbox(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> OutboxPage:
    """Newest first; they are removed after 7 days."""
    require_admin(actor)
    before = cursors.decode(_LIST, cursor, UUID) if cursor else None
    async with database.read() as read:
        rows = await outbox.page(read, before=before, limit=limit + 1)
    rows, following = cursors.cut(_LIST, rows, limit, lambda row: row.id)
    return OutboxPage([_message(row) for row in rows], following)


@get("/admin/outbox/{message_id:uuid}", tags=_TAGS, summary="A message", session_only=True)
async def read_message(
    message_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    address: NamedDependency[str],
) -> OutboxText:
    """With its text. Since that may let somebody into an account, reading it is recorded."""
    require_admin(actor)
    async with database.write() as tx:
        row = await outbox.get(tx, message_id)
        if row.text:
            about = ("message", row.id)
            await audit.record(tx, actor.user_id, "outbox.read", subject=about, address=address)
    return OutboxText(**msgspec.structs.asdict(_message(row)), text=row.text)


@post(
    "/admin/outbox/{message_id:uuid}/retry",
    status_code=200,
    tags=_TAGS,
    summary="Send a message again",
    idempotent=True,
)
async def retry_message(
    message_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    mail: NamedDependency[Mail],
    address: NamedDependency[str],
) -> OutboxMessage:
    """Queues one that failed."""
    require_admin(actor)
    async with database.write() as tx:
        row = await outbox.retry(tx, mail, message_id)
        about = ("message", row.id)
        await audit.record(tx, actor.user_id, "outbox.retry", subject=about, address=address)
    return _message(row)


def _message(row: OutboxRow) -> OutboxMessage:
    return OutboxMessage(
        id=row.id,
        to=row.recipient,
        subject=row.subject,
        state=row.state,
        error=row.error,
        created_at=row.created_at,
        sent_at=row.sent_at,
    )


ROUTES = [list_outbox, read_message, retry_message]
