"""Who handles what: the jobs, schedules and subscriptions of this program, checked at its start."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import msgspec

from backline.platform.database import Database, Write
from backline.platform.jobs.context import JobContext
from backline.platform.jobs.models import JobRow, Nothing
from backline.platform.jobs.prune import prune

Handler = Callable[[JobContext, Any, Any], Awaitable[None]]
OnJob = Callable[[Write, JobRow], Awaitable[None]]
USUAL_ATTEMPTS = 5


class Job(msgspec.Struct, frozen=True):
    """A kind of job. Its handler is given the context, the payload, and its domain's services.

    `concurrency` is per worker process; `heavy` kinds share the worker's few heavy slots, for
    which their owners take turns (`rotation`).
    Between attempts lies a random time of up to `backoff_s`, doubled with each attempt, at most
    `backoff_cap_s`. `on_dead` runs in the transaction that makes the job dead or cancelled.
    """

    kind: str
    handler: Handler
    payload: type[msgspec.Struct] = Nothing
    max_attempts: int = USUAL_ATTEMPTS
    timeout_s: float = 600.0
    concurrency: int | None = None
    heavy: bool = False
    on_dead: OnJob | None = None
    backoff_s: float = 2.0
    backoff_cap_s: float = 600.0


class Schedule(msgspec.Struct, frozen=True):
    """A job by the clock: each `every_s` seconds, or `daily_at` ("03:30", UTC). Empty payload."""

    kind: str
    every_s: int | None = None
    daily_at: str | None = None


class Subscription(msgspec.Struct, frozen=True):
    """Whenever `event` is emitted, a job of `kind` gets it as payload."""

    event: type[msgspec.Struct]
    kind: str


class Registry(msgspec.Struct, frozen=True):
    """All of them. `on_change` runs in the transaction that changes a job that has an owner."""

    jobs: Mapping[str, Job]
    schedules: tuple[Schedule, ...] = ()
    subscribers: Mapping[type[msgspec.Struct], tuple[str, ...]] = {}
    on_change: OnJob | None = None


def assemble(
    jobs: Iterable[Job],
    schedules: Iterable[Schedule] = (),
    subscriptions: Iterable[Subscription] = (),
    on_change: OnJob | None = None,
) -> Registry:
    """Put everybody's declarations together, with the pruning that jobs themselves need.

    Raises:
        ValueError: a kind twice, a schedule or subscription without its job, a wrong time.
    """
    own = Job("jobs.prune", prune)
    by_kind: dict[str, Job] = {own.kind: own}
    for job in jobs:
        if by_kind.setdefault(job.kind, job) is not job:
            raise ValueError(f"There are two handlers for jobs of kind {job.kind!r}.")
    known_schedules = (Schedule(own.kind, every_s=600), *schedules)
    for schedule in known_schedules:
        _payload_of(by_kind, schedule.kind)()
        daily = re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", schedule.daily_at or "")
        if bool(daily) == bool(schedule.every_s) or (schedule.every_s or 1) < 1:
            raise ValueError(f"{schedule.kind}: give either every_s or daily_at ('03:30').")
    subscribers: dict[type[msgspec.Struct], tuple[str, ...]] = {}
    for subscription in subscriptions:
        if _payload_of(by_kind, subscription.kind) is not subscription.event:
            event = subscription.event.__name__
            raise ValueError(f"{subscription.kind} doesn't take {event} as its payload.")
        kinds = subscribers.get(subscription.event, ())
        subscribers[subscription.event] = (*kinds, subscription.kind)
    return Registry(by_kind, known_schedules, subscribers, on_change)


def _payload_of(jobs: Mapping[str, Job], kind: str) -> type[msgspec.Struct]:
    if kind not in jobs:
        raise ValueError(f"Nobody handles jobs of kind {kind!r}.")
    return jobs[kind].payload


def carried(by: Database | Write) -> Registry:
    """The program's, which its database and each transaction of that carry.

    Raises:
        RuntimeError: this database was opened without it, so nobody would do what is queued.
    """
    if not isinstance(by.declared, Registry):
        raise RuntimeError(  # noqa: TRY004  # nobody passed a wrong thing, something wasn't done
            "Set the database's `declared` to the program's jobs first."
        )
    return by.declared
