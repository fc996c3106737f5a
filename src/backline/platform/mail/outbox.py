"""The outbox: messages are written to it in the caller's transaction; sending them is elsewhere."""

import re
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write
from backline.platform.errors import Conflict, NotFound
from backline.platform.ids import uuid7
from backline.platform.jobs import enqueue as enqueue_job
from backline.platform.mail.settings import Mail

SEND = "mail.send"
KEPT_DAYS = 7
State = Literal["kept", "queued", "sent", "failed"]
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_MAX_ERROR_LENGTH = 500
_BEHIND = 10


class Message(msgspec.Struct, frozen=True):
    """A message to one person; `kind` says what it is about, paragraphs end in empty lines.

    With an `unsubscribe_url` mail programs offer to have no more of its kind (RFC 8058), and it
    waits behind those that somebody asked for.

    Raises:
        ValueError: a line break or another control character where a header would end by it.
    """

    kind: str
    to: str
    subject: str
    text: str
    unsubscribe_url: str | None = None

    def __post_init__(self) -> None:
        if _CONTROLS.search(self.to + self.subject + (self.unsubscribe_url or "")):
            raise ValueError("An address or a subject holds a control character.")


class Send(msgspec.Struct, frozen=True):
    """The job that sends a message."""

    message_id: UUID


class OutboxRow(msgspec.Struct, frozen=True):
    """A row of `outbox`."""

    id: UUID
    recipient: str
    subject: str
    text: str
    state: State
    error: str | None
    created_at: datetime
    sent_at: datetime | None
    unsubscribe_url: str | None = None


_INSERT = """
INSERT INTO outbox (id, kind, recipient, subject, text, unsubscribe_url, state)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""


async def enqueue(tx: Write, mail: Mail, message: Message) -> UUID:
    """Have a message sent once `tx` is committed, or kept where there is no mail server; its id."""
    message_id = uuid7()
    state = "queued" if mail.is_sent else "kept"
    await tx.execute(_INSERT, message_id, *msgspec.structs.astuple(message), state)
    if mail.is_sent:
        await _send(tx, message_id, message.unsubscribe_url)
    return message_id


async def _send(tx: Write, message_id: UUID, unsubscribe_url: str | None) -> None:
    about = ("message", message_id)
    priority = _BEHIND if unsubscribe_url else 0
    await enqueue_job(
        tx,
        SEND,
        Send(message_id),
        subject=about,
        priority=priority,
        unique_key=message_id.hex,
    )


_RECENT = """
SELECT count(*) FROM outbox
WHERE recipient = $1 AND kind = $2 AND created_at > now() - make_interval(secs => $3)
"""


async def recent(read: Read, to: str, kind: str, *, within_s: int) -> int:
    """How many messages of a kind were written to an address lately."""
    return int(await read.fetch_value(_RECENT, to, kind, within_s))


_PAGE = """
SELECT id, recipient, subject, '' AS text, state, error, created_at, sent_at, unsubscribe_url
FROM outbox WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2
"""
_GET = """
SELECT id, recipient, subject, text, state, error, created_at, sent_at, unsubscribe_url
FROM outbox WHERE id = $1
"""


async def page(read: Read, *, before: UUID | None, limit: int) -> list[OutboxRow]:
    """All messages, newest first and without their texts, those older than `before`."""
    return await read.fetch(_PAGE, OutboxRow, before, limit)


async def find(read: Read, message_id: UUID) -> OutboxRow | None:
    """One message, or None."""
    return await read.fetch_one(_GET, OutboxRow, message_id)


async def get(read: Read, message_id: UUID) -> OutboxRow:
    """One message.

    Raises:
        NotFound: there is none, or no longer.
    """
    row = await find(read, message_id)
    if row is None:
        raise NotFound("There is no such message, or no longer: they are kept for 7 days.")
    return row


_SENT = """
UPDATE outbox SET state = 'sent', sent_at = now(), text = '', unsubscribe_url = NULL, error = NULL
WHERE id = $1
"""
_NOTE = "UPDATE outbox SET error = $2 WHERE id = $1 AND state <> 'sent'"
_FAILED = "UPDATE outbox SET state = 'failed', error = $2 WHERE id = $1 AND state <> 'sent'"
_AGAIN = "UPDATE outbox SET state = 'queued', error = NULL WHERE id = $1 AND state = 'failed'"


async def mark_sent(tx: Write, message_id: UUID) -> None:
    """The mail server has it. Its text goes, since it may hold a link that opens an account."""
    await tx.execute(_SENT, message_id)


async def note_fault(tx: Write, message_id: UUID, error: str) -> None:
    """Show why it is still queued."""
    await tx.execute(_NOTE, message_id, error[:_MAX_ERROR_LENGTH])


async def mark_failed(tx: Write, message_id: UUID, error: str) -> None:
    """Nothing more is tried."""
    await tx.execute(_FAILED, message_id, error[:_MAX_ERROR_LENGTH])


async def retry(tx: Write, mail: Mail, message_id: UUID) -> OutboxRow:
    """Queue a failed message again.

    Raises:
        NotFound: there is no such message.
        Conflict: it hasn't failed, or there is no mail server.
    """
    await get(tx, message_id)
    if not mail.is_sent:
        raise Conflict("There is no mail server. Set BACKLINE_SMTP_URL and restart.")
    if not await tx.execute(_AGAIN, message_id):
        raise Conflict("Only messages that failed can be sent again.")
    row = await get(tx, message_id)
    await _send(tx, message_id, row.unsubscribe_url)
    return row


_PRUNE = """
DELETE FROM outbox WHERE id = ANY(ARRAY(
  SELECT id FROM outbox WHERE created_at < now() - make_interval(days => $1) LIMIT $2))
"""


async def prune(tx: Write, limit: int) -> int:
    """Remove up to `limit` messages that are older than 7 days; how many it removed."""
    return await tx.execute(_PRUNE, KEPT_DAYS, limit)
