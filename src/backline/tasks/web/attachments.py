"""HTTP for the files of tasks: lists, and the form that brings one."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from backline.platform.actor import Actor
from backline.platform.cache import Depends
from backline.platform.database import Database
from backline.platform.http.bodies import body_chunks
from backline.platform.media.signing import MediaSigner
from backline.tasks import attachments
from backline.tasks.attachments import ATTACHMENTS, Attachment
from backline.tasks.changes import project_tag
from backline.uploads import Intake, take_form
from backline.uploads.web.forms import INTAKE, FormOperation, leave_the_body, length_of

_TAGS = ["tasks"]


class AttachmentList(msgspec.Struct, frozen=True):
    """All files of a task."""

    items: list[Attachment]
    next_cursor: str | None = None


@get("/tasks/{task_id:uuid}/attachments", tags=_TAGS, summary="The files of a task")
async def list_attachments(
    task_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    depends: NamedDependency[Depends],
) -> AttachmentList:
    """In the order that they came, a hundred at the most. `url` is for whoever has it."""
    async with database.read() as read:
        task, found = await attachments.attachments(read, actor, task_id, signer)
    if task.project_id is not None:
        depends.on(project_tag(task.project_id))
    return AttachmentList(found)


@post(
    "/tasks/{task_id:uuid}/attachments",
    large_body=True,
    tags=_TAGS,
    operation_class=FormOperation,
    summary="Attach a file to a task",
    dependencies=INTAKE,
    before_request=leave_the_body,
)
async def attach_file(
    task_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    intake: NamedDependency[Intake],
    signer: NamedDependency[MediaSigner],
) -> Attachment:
    """A form with one file in the field `file`, on the room of the project's owner.

    Large files are better off with `/uploads`: `kind` is `attachment`, `subject` the task's id.
    """
    row = await take_form(
        intake,
        ATTACHMENTS,
        actor,
        body_chunks(request.receive),
        content_type=request.headers.get("content-type"),
        length_bytes=length_of(request),
        subject=task_id,
    )
    return attachments.shown(row, signer)


@delete(
    "/tasks/{task_id:uuid}/attachments/{attachment_id:uuid}",
    tags=_TAGS,
    summary="Remove a file of a task",
    idempotent=True,
)
async def delete_attachment(
    task_id: FromPath[UUID],
    attachment_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """It is gone for good, and its room is free again."""
    async with database.write() as tx:
        await attachments.delete(tx, actor, task_id, attachment_id)


ROUTES = [list_attachments, attach_file, delete_attachment]
