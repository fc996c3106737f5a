"""Many operations on tasks at once: each has a result of its own, all are one transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta

from backline.platform.actor import Actor
from backline.platform.database import Write
from backline.platform.errors import BacklineError, NotFound, PreconditionFailed
from backline.tasks import access, changes, drafts, grounds, tasks
from backline.tasks.access import Held
from backline.tasks.changes import Change
from backline.tasks.grounds import Ground
from backline.tasks.models import Task, TaskForm, TaskPatch
from backline.tasks.sql import tasks as sql

Version = Annotated[int, Meta(ge=1)]


class Create(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="create", tag_field="op"):
    """Make a task."""

    task: TaskForm


class Update(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="update", tag_field="op"):
    """Change a task; with `version` only if it is at that one."""

    id: UUID
    patch: TaskPatch
    version: Version | None = None


class Delete(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="delete", tag_field="op"):
    """Put a task into the trash; with `version` only if it is at that one."""

    id: UUID
    version: Version | None = None


class Restore(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="restore", tag_field="op"
):
    """Take a task out of the trash."""

    id: UUID


Operation = Create | Update | Delete | Restore


class BatchForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Up to 1,000 operations, done in their order."""

    operations: Annotated[list[Operation], Meta(min_length=1, max_length=1_000)]


class Refusal(msgspec.Struct, frozen=True):
    """Why an operation wasn't done, in the words of a problem detail (RFC 9457)."""

    kind: str
    title: str
    detail: str


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one operation: its HTTP status, and the task or why there is none."""

    status: int
    task: Task | None = None
    error: Refusal | None = None


class BatchResult(msgspec.Struct, frozen=True):
    """The results in the order of the operations."""

    results: list[Result]


async def run(
    tx: Write, actor: Actor, operations: Sequence[Operation], request_id: str
) -> BatchResult:
    """Do what can be done of the operations; what can't is told and changes nothing.

    Operations on the same task see each other. However many there are, each table is written
    once for each owner whose tasks they are about.
    """
    ids = dict.fromkeys(one.id for one in operations if not isinstance(one, Create))
    is_whole = any(map(_takes_parts, operations))
    held = await access.lock(tx, actor, list(ids), is_whole=is_whole) if ids else Held({}, {})
    ground = await _ground(tx, actor, operations, held.tasks)
    wholes = await _wholes(tx, operations, held.tasks)
    batch, now = Batch(actor, ground, held, wholes), datetime.now(UTC)
    results: list[Result] = []
    for number, operation in enumerate(operations):
        moment = now + timedelta(microseconds=number)  # so that they stay in their order
        try:
            task = batch.do(operation, moment)
        except BacklineError as fault:
            refusal = Refusal(fault.kind, fault.title, fault.detail)
            results.append(Result(fault.status, error=refusal))
            continue
        results.append(Result(201 if isinstance(operation, Create) else 200, task))
    await _write(tx, actor, batch.made(), request_id)
    return BatchResult(results)


class Batch:
    """The tasks of a batch as they become, one operation after the other."""

    def __init__(
        self, actor: Actor, ground: Ground, held: Held, wholes: Mapping[UUID, Task]
    ) -> None:
        self._actor, self._ground, self._held, self._wholes = actor, ground, held, wholes
        self._known = dict(held.tasks)
        self._parts: Counter[UUID] = Counter()  # how many more each has by now

    def do(self, operation: Operation, now: datetime) -> Task:
        """A task as an operation leaves it.

        Raises:
            BacklineError: it can't be done.
        """
        match operation:
            case Create(form):
                return self._keep(drafts.draft(self._actor, form, self._ground, now))
            case Update(task_id, patch, version):
                before = self._present(task_id, version)
                after = self._keep(drafts.patched(before, patch, self._ground, now))
                if after.project_id != before.project_id:
                    for one in tasks.parts(self._known, before):
                        self._keep(drafts.carried(one, after, self._ground, now))
                return after
            case Delete(task_id, version):
                before = self._present(task_id, version)
                for one in tasks.parts(self._known, before):
                    if one.deleted_at is None:
                        self._keep(drafts.trashed(one, now))
                return self._keep(drafts.trashed(before, now))
            case Restore(task_id):
                return self._restored(task_id, now)

    def made(self) -> list[Change]:
        """What has changed, subtasks and all."""
        before = self._held.tasks
        return [
            Change(before.get(task_id), task)
            for task_id, task in self._known.items()
            if before.get(task_id) is not task
        ]

    def _keep(self, task: Task) -> Task:
        for one, sign in ((self._known.get(task.id), -1), (task, 1)):
            if one is not None and one.parent_id is not None and one.deleted_at is None:
                self._parts[one.parent_id] += sign
        self._known[task.id] = task
        return task

    def _task(self, task_id: UUID, gone: str) -> Task:
        if task_id in self._held.refused:
            raise self._held.refused[task_id]
        if task_id not in self._known:
            raise NotFound(gone)
        return self._known[task_id]

    def _present(self, task_id: UUID, version: int | None) -> Task:
        task = self._task(task_id, access.NO_TASK)
        if task.deleted_at is not None:
            raise NotFound(access.NO_TASK)
        if version is not None and version != task.version:
            raise PreconditionFailed(f"It is at version {task.version} now, not at {version}.")
        return task

    def _restored(self, task_id: UUID, now: datetime) -> Task:
        task = self._task(task_id, "There is nothing left to restore.")
        if task.deleted_at is None:
            return task
        after = self._keep(drafts.restored(task, self._whole_of(task), now))
        for one in tasks.parts(self._known, task):
            if one.deleted_at == task.deleted_at:
                self._keep(drafts.restored(one, self._whole_of(one), now))
        return after

    def _whole_of(self, part: Task) -> Task | None:
        """What a task is a part of, with as many subtasks as it has by now."""
        if part.parent_id is None:
            return None
        whole = self._known.get(part.parent_id) or self._wholes.get(part.parent_id)
        if whole is None:
            return None
        total = whole.subtasks_total + self._parts[whole.id]
        return msgspec.structs.replace(whole, subtasks_total=total)


def _takes_parts(operation: Operation) -> bool:
    """Whether an operation does something to the subtasks of its task."""
    return isinstance(operation, Delete | Restore) or (
        isinstance(operation, Update) and operation.patch.project_id is not UNSET
    )


async def _ground(
    tx: Write, actor: Actor, operations: Sequence[Operation], known: Mapping[UUID, Task]
) -> Ground:
    """What all operations together refer to."""
    forms = [one.task for one in operations if isinstance(one, Create)]
    patches = [
        (known[one.id], one.patch)
        for one in operations
        if isinstance(one, Update) and one.id in known
    ]
    patches += [
        (part, TaskPatch(project_id=patch.project_id))
        for task, patch in list(patches)
        if patch.project_id is not UNSET
        for part in tasks.parts(known, task)
    ]
    return await grounds.survey(tx, actor, forms, patches)


async def _wholes(
    tx: Write, operations: Sequence[Operation], known: Mapping[UUID, Task]
) -> dict[UUID, Task]:
    """What the subtasks that are to be restored are parts of."""
    found: dict[UUID, Task] = {}
    parts = [known[one.id] for one in operations if isinstance(one, Restore) and one.id in known]
    of = sorted((one.owner_id, one.parent_id) for one in parts if one.parent_id is not None)
    for owner_id, pairs in groupby(dict.fromkeys(of), key=itemgetter(0)):
        found |= await sql.lock(tx, owner_id, [parent_id for _, parent_id in pairs])
    return found


async def _write(tx: Write, actor: Actor, made: Sequence[Change], request_id: str) -> None:
    """Write changes, owner by owner in one order."""
    for owner_id, theirs in groupby(sorted(made, key=_by_owner), key=_by_owner):
        await changes.write(tx, actor.user_id, owner_id, list(theirs), request_id)


def _by_owner(change: Change) -> UUID:
    return change.after.owner_id
