"""The shapes of tasks: rows, answers, forms, events."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from backline.platform import zones
from backline.platform.text import LINE

Status = Literal["todo", "doing", "done", "archived"]
Priority = Literal["low", "medium", "high", "urgent"]
PRIORITIES: tuple[Priority, ...] = ("low", "medium", "high", "urgent")
Sort = Literal["created_at", "-created_at", "due_at", "-priority", "title", "position"]

MULTILINE = r"^[^\x00-\x08\x0e-\x1f\x7f]*$"
Title = Annotated[str, Meta(min_length=1, max_length=500, pattern=LINE)]
Description = Annotated[str, Meta(max_length=50_000, pattern=MULTILINE)]
Label = Annotated[str, Meta(min_length=1, max_length=50, pattern=r"^[^\s,#\x00-\x1f\x7f]+$(?!\n)")]
Labels = Annotated[list[Label], Meta(max_length=20)]
Words = Annotated[str, Meta(max_length=200)]
Time = Annotated[datetime, Meta(tz=True)]
_ID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
Due = Literal["overdue", "today", "week"]
TimeZone = Annotated[str, Meta(min_length=1, max_length=zones.MOST_LENGTH, pattern=zones.NAME)]
OfProject = Annotated[str, Meta(pattern=f"^(?:none|{_ID})$(?!\\n)")]
OfPerson = Annotated[str, Meta(pattern=f"^(?:me|none|{_ID})$(?!\\n)")]


class TaskItem(msgspec.Struct, frozen=True):
    """A task as lists show it: without its description."""

    id: UUID
    owner_id: UUID
    project_id: UUID | None
    parent_id: UUID | None
    title: str
    has_description: bool
    status: Status
    priority: Priority
    labels: list[str]
    position: str
    start_at: datetime | None
    due_at: datetime | None
    assignee_id: UUID | None
    subtasks_total: int
    subtasks_done: int
    comment_count: int
    attachment_count: int
    created_by: UUID
    completed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    version: int


class Task(msgspec.Struct, frozen=True):
    """A task. `description` is Markdown; `completed_at` is when it was done last.

    It belongs to whoever owns its project. A subtask has a `parent_id`, and no subtasks itself.
    """

    id: UUID
    owner_id: UUID
    project_id: UUID | None
    parent_id: UUID | None
    title: str
    description: str
    status: Status
    priority: Priority
    labels: list[str]
    position: str
    start_at: datetime | None
    due_at: datetime | None
    assignee_id: UUID | None
    subtasks_total: int
    subtasks_done: int
    comment_count: int
    attachment_count: int
    created_by: UUID
    completed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    version: int


class TaskPage(msgspec.Struct, frozen=True):
    """A page of tasks."""

    items: list[TaskItem]
    next_cursor: str | None = None


class TaskForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A task to be made: in a project, or in none. `assignee_id` is one of its members."""

    title: Title
    project_id: UUID | None = None
    description: Description = ""
    status: Status = "todo"
    priority: Priority = "medium"
    labels: Labels = []
    start_at: Time | None = None
    due_at: Time | None = None
    assignee_id: UUID | None = None


class TaskPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A merge patch (RFC 7396) of a task. `project_id` moves it, with its subtasks."""

    title: Title | UnsetType = UNSET
    project_id: UUID | UnsetType | None = UNSET
    description: Description | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    labels: Labels | UnsetType = UNSET
    start_at: Time | UnsetType | None = UNSET
    due_at: Time | UnsetType | None = UNSET
    assignee_id: UUID | UnsetType | None = UNSET


class Move(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a task goes: behind `after_id` (null: to the front), perhaps into another status."""

    after_id: UUID | None
    status: Literal["todo", "doing", "done"] | UnsetType = UNSET


class Filters(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which tasks a list shows and in which order; what isn't said lets all through.

    `due` is `overdue` (and not done), `today`, or `week`: today and the six days after it. Which
    day it is `time_zone` says, else UTC. It moves on with the days, and fixed times don't.
    """

    status: Annotated[list[Status], Meta(max_length=4)] = []
    priority: Annotated[list[Priority], Meta(max_length=4)] = []
    label: Annotated[list[Label], Meta(max_length=5)] = []
    due_before: Time | None = None
    due_after: Time | None = None
    due: Due | None = None
    time_zone: TimeZone | None = None
    project: OfProject | None = None
    assignee: OfPerson | None = None
    parent: Literal["none"] | None = None
    q: Words = ""
    sort: Sort = "-created_at"


class TaskChanged(msgspec.Struct, frozen=True):
    """What browsers are told: these tasks of a project (None: in none), and what happened to them.

    Without `ids` it is more of them than are named.
    """

    ids: list[UUID]
    action: Literal["created", "updated", "deleted", "restored", "purged"]
    project_id: UUID | None = None
