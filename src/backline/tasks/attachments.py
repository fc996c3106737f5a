"""Files that hang on tasks: on the room of the task's owner, as they were sent, to download."""

from datetime import UTC, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from backline import accounts
from backline.platform import events
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Read, Write
from backline.platform.errors import Conflict, FieldFault, Invalid, NotFound
from backline.platform.media import passive
from backline.platform.media.signing import MediaSigner
from backline.platform.storage.takes import Taken, Takes
from backline.tasks import access
from backline.tasks.changes import project_tag
from backline.tasks.models import Task
from backline.tasks.sql import attachments as sql
from backline.tasks.sql import hanging
from backline.tasks.sql.attachments import AttachmentRow

KIND: Final = "attachments"  # what the keys of their files begin with
SOURCE: Final = "source"
ORIGINAL: Final = "original"
MOST: Final = 100


class Attachment(msgspec.Struct, frozen=True):
    """A file of a task. `url` gives it to whoever has it, until `url_expires_at`."""

    id: UUID
    task_id: UUID
    added_by: UUID
    filename: str
    content_type: str
    size_bytes: int
    url: str
    url_expires_at: datetime
    created_at: datetime


class AttachmentChanged(msgspec.Struct, frozen=True):
    """What browsers are told of a file."""

    id: UUID
    task_id: UUID
    action: Literal["created", "deleted"]
    project_id: UUID | None = None


async def attachments(
    read: Read, actor: Actor, task_id: UUID, signer: MediaSigner
) -> tuple[Task, list[Attachment]]:
    """A task that the actor sees, and its files in the order that they came.

    Raises:
        NotFound: it isn't there, or none of their business.
    """
    seen = await access.task(read, actor, task_id)
    rows = await sql.of_task(read, seen.task.owner_id, task_id)
    return seen.task, [shown(row, signer) for row in rows]


async def delete(tx: Write, actor: Actor, task_id: UUID, attachment_id: UUID) -> None:
    """Remove a file for good, and give its room back.

    Raises:
        NotFound: there is no such file, or it is none of the actor's business.
        Forbidden: they may see it, and not change its task.
    """
    task = await _open(tx, actor, task_id)
    await hanging.count(tx, "attachment_count", task.owner_id, task_id, -1, MOST)
    size_bytes = await sql.delete(tx, task.owner_id, attachment_id, task_id)
    if size_bytes is None:
        raise NotFound("There is no such attachment.")
    await accounts.release(tx, task.owner_id, size_bytes)
    await _tell(tx, task, attachment_id, "deleted")


def original_key(owner_id: UUID, attachment_id: UUID) -> str:
    """Where a file lies."""
    return f"{prefix(owner_id, attachment_id)}/{ORIGINAL}"


def prefix(owner_id: UUID, attachment_id: UUID) -> str:
    """The folder of a file's own; a media token opens exactly this."""
    return f"{KIND}/{owner_id.hex}/{attachment_id.hex}/{SOURCE}"


def tag(task_id: UUID) -> str:
    """What depends on the files of a task."""
    return f"attachments:{task_id.hex}"


def shown(row: AttachmentRow, signer: MediaSigner) -> Attachment:
    """A row as it is answered."""
    link = signer.url(prefix(row.owner_id, row.id), ORIGINAL, datetime.now(UTC))
    return Attachment(
        row.id,
        row.task_id,
        row.added_by,
        row.filename,
        row.content_type,
        row.size_bytes,
        link.url,
        link.expires_at,
        row.created_at,
    )


async def _open(read: Read, actor: Actor, task_id: UUID) -> Task:
    """A task that the actor may hang files on."""
    seen = await access.task(read, actor, task_id, least="editor", is_changed=True)
    if seen.task.deleted_at is not None:
        raise NotFound(access.NO_TASK)
    return seen.task


async def _owner(read: Read, actor: Actor, subject: UUID | None) -> UUID:
    """A file is for a task, and on the room of whoever owns that."""
    if subject is None:
        raise Invalid(
            "An attachment is for a task. Name it as the upload's subject.",
            FieldFault("subject", "is missing"),
        )
    return (await _open(read, actor, subject)).owner_id


async def _add(tx: Write, actor: Actor, taken: Taken) -> AttachmentRow:
    assert taken.subject is not None  # noqa: S101  # `_owner` has refused that
    task = await _open(tx, actor, taken.subject)
    if not await hanging.count(tx, "attachment_count", task.owner_id, task.id, 1, MOST):
        raise Conflict(f"This task has {MOST} attachments, and takes no more.")
    row = AttachmentRow(
        owner_id=taken.owner_id,
        id=taken.id,
        task_id=task.id,
        added_by=actor.user_id,
        filename=taken.filename,
        content_type=passive(taken.content_type),
        size_bytes=taken.size_bytes,
        sha256=taken.sha256,
        created_at=datetime.now(UTC),
    )
    await _tell(tx, task, row.id, "created")
    return await sql.insert(tx, row)


async def _tell(
    tx: Write, task: Task, attachment_id: UUID, action: Literal["created", "deleted"]
) -> None:
    """Have caches forget, and pages hear of it; how many there are stands with the task."""
    tags = [tag(task.id), f"task:{task.id.hex}", f"tasks:{task.owner_id.hex}"]
    if task.project_id is not None:
        tags.append(project_tag(task.project_id))
    invalidate(tx, *tags)
    said = AttachmentChanged(attachment_id, task.id, action, task.project_id)
    await events.publish(
        tx, task.owner_id, "tasks", "attachment", said, container_id=task.project_id
    )


ATTACHMENTS: Final = Takes(
    kind="attachment",
    scope="tasks",
    max_bytes=lambda settings: settings.max_upload_bytes,
    owner=_owner,
    key=original_key,
    add=_add,
)
