"""Durable jobs on PostgreSQL, which events and schedules are too: the face of this package."""

from backline.platform.jobs.context import JobContext
from backline.platform.jobs.models import JobRow, JobStatus, Nothing, Progress, State, status_of
from backline.platform.jobs.outcomes import GiveUp, LeaseLost
from backline.platform.jobs.queue import cancel, emit, enqueue, enqueue_many, get, page, requeue
from backline.platform.jobs.registry import (
    HEAVY,
    Job,
    Registry,
    Schedule,
    Subscription,
    assemble,
    register,
    registered,
)
from backline.platform.jobs.worker import Worker

__all__ = [
    "HEAVY",
    "GiveUp",
    "Job",
    "JobContext",
    "JobRow",
    "JobStatus",
    "LeaseLost",
    "Nothing",
    "Progress",
    "Registry",
    "Schedule",
    "State",
    "Subscription",
    "Worker",
    "assemble",
    "cancel",
    "emit",
    "enqueue",
    "enqueue_many",
    "get",
    "page",
    "register",
    "registered",
    "requeue",
    "status_of",
]
