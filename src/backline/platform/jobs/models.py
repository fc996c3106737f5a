"""The shapes of jobs: a row of the table, and what people are told of it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

State = Literal["queued", "running", "done", "dead", "cancelled"]


class Nothing(msgspec.Struct, frozen=True):
    """The payload of jobs that need none."""


class JobRow(msgspec.Struct, frozen=True):
    """A row of `jobs`. `attempts` together with the worker is the fence of every late write."""

    id: UUID
    owner_id: UUID | None
    kind: str
    payload: str
    state: State
    priority: int
    run_at: datetime
    attempts: int
    max_attempts: int
    crashes: int
    progress_done: int
    progress_total: int
    progress_message: str
    subject_kind: str | None
    subject_id: UUID | None
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class Progress(msgspec.Struct, frozen=True):
    """How far a job has come, in units of its own; `total` is 0 while unknown."""

    done: int
    total: int
    message: str


class Subject(msgspec.Struct, frozen=True):
    """What a job is about."""

    kind: str
    id: UUID


class JobStatus(msgspec.Struct, frozen=True):
    """A job as its owner and administrators see it."""

    id: UUID
    kind: str
    status: State
    progress: Progress
    attempts: int
    max_attempts: int
    error: str | None
    subject: Subject | None
    created_at: datetime
    finished_at: datetime | None


def status_of(job: JobRow) -> JobStatus:
    """What people are told of a row."""
    subject = None
    if job.subject_kind is not None and job.subject_id is not None:
        subject = Subject(job.subject_kind, job.subject_id)
    return JobStatus(
        id=job.id,
        kind=job.kind,
        status=job.state,
        progress=Progress(job.progress_done, job.progress_total, job.progress_message),
        attempts=job.attempts,
        max_attempts=job.max_attempts,
        error=job.error,
        subject=subject,
        created_at=job.created_at,
        finished_at=job.finished_at,
    )
