"""The worker of a process: claims jobs, runs their handlers, renews leases, records outcomes.

Polling is the truth and signals only wake. What it writes is fenced by attempt and worker.
"""

import asyncio
import contextlib
import random
import time
from collections import Counter as Tally
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import msgspec
import structlog
from prometheus_client import Counter

from backline.platform.database import Database, Write, connect
from backline.platform.database.signals import Signals
from backline.platform.errors import BacklineError
from backline.platform.host.disk import is_full
from backline.platform.ids import uuid7
from backline.platform.jobs import outcomes, queue, rotation, sql
from backline.platform.jobs.context import JobContext
from backline.platform.jobs.endings import GiveUp, Later, LeaseLost
from backline.platform.jobs.models import JobRow
from backline.platform.jobs.registry import Job, carried
from backline.platform.jobs.schedules import enqueue_due

_log = structlog.get_logger()
_ENDED = Counter("backline_jobs_ended_total", "Attempts by their outcome", ["kind", "outcome"])

_PULSE_S = 0.25
_SCHEDULE_S = 5.0
_FIRST_POLL_S = 0.01
_OVERTIME_S = 30.0
_MAX_ERROR_LENGTH = 1_000
_CRASHED = "The worker stopped in the middle of it."
_UNFORESEEN = "Something went wrong that nobody foresaw. The server's log has it under {}."
_DISK_FULL_S = 60.0
_DISK_FULL = "The server's disk is full. This goes on by itself when there is room."


class _Failure(msgspec.Struct, frozen=True):
    """Why an attempt came to nothing: for good, for now, or until `after_s` from now."""

    error: str
    is_hopeless: bool = False
    after_s: float | None = None


_NONE: Mapping[str, object] = {}


class Worker:
    """Runs jobs of all kinds that `database` carries, so many at a time and so many heavy ones.

    `services` are what handlers are given, by the kind of job.
    """

    def __init__(
        self,
        database: Database,
        signals: Signals | None,
        *,
        services: Mapping[str, object] = _NONE,
        concurrency: int = 200,
        heavy_concurrency: int = 2,
        lease_s: float = 15.0,
        poll_s: float = 1.0,
        grace_s: float = 3.0,
    ) -> None:
        self.id = uuid7()
        self._registry, self._database = carried(database), database
        self._services = services
        self._concurrency, self._heavy, self._lease_s = concurrency, heavy_concurrency, lease_s
        self._poll_s, self._grace_s, self._pause_s = poll_s, grace_s, _FIRST_POLL_S
        self._own = database
        self._running: dict[sql.Claim, tuple[JobContext, asyncio.Task[None]]] = {}
        self._tally: Tally[str] = Tally()
        self._done: list[JobContext] = []
        self._turn = rotation.NOBODY  # the owner whose heavy job was taken last
        self._slots: dict[str, datetime] = {}
        self._stopping = self._stopped = asyncio.Event()
        self._wake_claim, self._wake_flush = asyncio.Event(), asyncio.Event()
        self._wake_pulse, self._wake_rest = asyncio.Event(), asyncio.Event()
        if signals is not None:
            signals.on(queue.QUEUED_SIGNAL, self._on_queued)
            signals.on(queue.CANCELLED_SIGNAL, self._on_cancelled)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; then running jobs have the grace and are handed back."""
        self._stopping, self._stopped = stop, asyncio.Event()
        # Connections of its own: handlers that use up the pool must not cost each other the lease.
        self._own = await connect(self._database.dsn, max_size=4)
        self._own.declared = self._registry
        try:
            async with asyncio.TaskGroup() as recording:
                for step, wake in (
                    (self._flush, self._wake_flush),
                    (self._pulse, self._wake_pulse),
                ):
                    recording.create_task(self._repeat(step, wake, self._stopped))
                async with asyncio.TaskGroup() as taking:
                    taking.create_task(self._repeat(self._claim, self._wake_claim, stop))
                    taking.create_task(self._repeat(self._sweep, self._wake_rest, stop))
                    taking.create_task(self._repeat(self._schedule, self._wake_rest, stop))
                    await stop.wait()
                    self._wake_claim.set()
                    self._wake_rest.set()
                await self._wind_down()
        finally:
            for _context, task in self._running.values():
                task.cancel()
            await self._own.close()

    async def _repeat(
        self, step: Callable[[], Awaitable[float]], wake: asyncio.Event, end: asyncio.Event
    ) -> None:
        """Take `step` again and again, each time after the seconds that it gave or when woken."""
        while not end.is_set():
            wake.clear()
            try:
                pause_s = await step()
            except (BacklineError, OSError) as fault:
                _log.warning("jobs_paused", step=step.__name__, reason=str(fault))
                pause_s = 1.0
            except Exception:  # noqa: BLE001  # a fault of one step must not end the others
                _log.exception("jobs_step_failed", step=step.__name__)
                pause_s = 1.0
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await wake.wait()

    async def _claim(self) -> float:
        room = self._room()
        rows: list[JobRow] = []
        async with self._own.write() as tx:
            if room.kinds or room.suspect_kinds:
                suspects = int(not any(c.row.crashes > 1 for c, _task in self._running.values()))
                rows = await sql.claim(tx, self.id, room, self._lease_s, suspects=suspects)
            rows += await self._take_heavy(tx, rows)
        for row in rows:
            self._start(row)
        if len(rows) >= room.all:
            return self._poll_s  # there are more, and `_release` wakes when there is room
        self._pause_s = _FIRST_POLL_S if rows else min(self._pause_s * 2, self._poll_s)
        return self._pause_s

    def _free_heavy(self, besides: Tally[str]) -> int:
        """How many heavy slots are free when `besides` runs, too: none at 0, below 0 over them."""
        jobs = self._registry.jobs
        running = (self._tally + besides).items()
        return self._heavy - sum(count for kind, count in running if jobs[kind].heavy)

    def _room(self) -> sql.Room:
        free, heavy = self._concurrency - len(self._running), self._free_heavy(Tally())
        kinds: list[tuple[str, int]] = []
        suspect_kinds: list[str] = []
        for kind, job in self._registry.jobs.items():
            count = min(free, heavy) if job.heavy else free
            if job.concurrency is not None:
                count = min(count, job.concurrency - self._tally[kind])
            if count > 0:
                suspect_kinds.append(kind)
                if not job.heavy:
                    kinds.append((kind, count))
        return sql.Room(free, kinds, suspect_kinds)

    async def _take_heavy(self, tx: Write, rows: list[JobRow]) -> list[JobRow]:
        """Fill the heavy slots, one owner after the other, beside `rows` that were claimed.

        Once they are full there is one further slot, for an owner who holds none: whoever has
        few and short jobs doesn't wait for somebody's long ones to end.
        """
        taken: list[JobRow] = []
        while (slots := self._free_heavy(besides := Tally(row.kind for row in rows + taken))) >= 0:
            if len(self._running) + besides.total() >= self._concurrency:
                break
            kinds = [
                kind
                for kind, job in self._registry.jobs.items()
                if job.heavy
                and (job.concurrency is None or self._tally[kind] + besides[kind] < job.concurrency)
            ]
            if not kinds:
                break
            found = await rotation.take(
                tx, self.id, kinds, self._lease_s, after=self._turn, further=slots == 0
            )
            if found is None:
                break
            taken.append(found[0])
            self._turn = found[1]
        return taken

    def _start(self, row: JobRow) -> None:
        job = self._registry.jobs[row.kind]
        context = JobContext(row, self.id, self._database, outcomes.changed)
        context.renewable_until_s = context.renewed_at_s + job.timeout_s + _OVERTIME_S
        task = asyncio.create_task(self._handle(context, job))
        self._running[context.claim] = (context, task)
        self._tally[row.kind] += 1

    def _release(self, context: JobContext, outcome: str) -> None:
        kind = context.row.kind
        _ENDED.labels(kind, outcome).inc()
        del self._running[context.claim]
        self._tally[kind] -= 1
        half_empty = len(self._running) * 2 <= self._concurrency
        job = self._registry.jobs[kind]
        if half_empty or job.heavy or job.concurrency or context.row.crashes > 1:
            self._wake_claim.set()

    async def _handle(self, context: JobContext, job: Job) -> None:
        """Run one attempt; its outcome is recorded by the handler, `_fail` or `_flush`."""
        failure = await self._attempt(context, job)
        if context.finished:
            self._release(context, "done")
        elif context.lost:
            self._release(context, "refused")
        elif failure is not None:
            self._release(context, await self._fail(context, job, failure))
        else:
            self._done.append(context)
            self._wake_flush.set()

    async def _attempt(self, context: JobContext, job: Job) -> _Failure | None:
        """What went wrong, in words for people."""
        limit = asyncio.timeout(job.timeout_s)
        try:
            payload = msgspec.json.decode(context.row.payload, type=job.payload)
            async with limit:
                await job.handler(context, payload, self._services.get(job.kind))
        except LeaseLost:
            context.lost = True
        except (GiveUp, Later, BacklineError) as reason:
            return _failure_of(reason, str(reason))
        except asyncio.CancelledError:
            if self._stopping.is_set() and not context.lost:
                raise  # `_wind_down` hands the job back
            return _Failure("It was cancelled from within.")
        except Exception as fault:  # noqa: BLE001  # whatever it is, the next job has its turn
            if limit.expired():
                return _Failure(f"It took longer than {job.timeout_s:g} seconds.")
            _log.exception("job_failed", kind=job.kind, job_id=str(context.id))
            return _failure_of(fault, _UNFORESEEN.format(context.id))
        return None

    async def _fail(self, context: JobContext, job: Job, failure: _Failure) -> str:
        row = context.row
        is_late = failure.after_s is not None
        dead = failure.is_hopeless or (row.attempts >= row.max_attempts and not is_late)
        try:
            async with self._own.write() as tx:
                written = await self._record(tx, context, job, failure, dead=dead)
                if written is None:
                    return "refused"
                await (outcomes.ended if dead else outcomes.changed)(tx, written)
        except Exception:  # noqa: BLE001  # the lease ends by itself, and the job is tried again
            _log.exception("job_failure_not_recorded", kind=job.kind, job_id=str(context.id))
            return "unrecorded"
        return "dead" if dead else "put_back" if is_late else "failed"

    async def _record(
        self, tx: Write, context: JobContext, job: Job, failure: _Failure, *, dead: bool
    ) -> JobRow | None:
        claim, row = context.claim, context.row
        text = failure.error.replace("\0", "")[:_MAX_ERROR_LENGTH]
        if failure.after_s is not None:
            delay_s = failure.after_s * random.uniform(0.5, 1.5)  # noqa: S311  # no secret
            return await sql.put_back(tx, self.id, claim, text, delay_s=delay_s)
        # Attempts that didn't count, and those before it was queued anew, lengthen nothing.
        counted = row.attempts - max(row.max_attempts - job.max_attempts, 0)
        ceiling_s = min(job.backoff_s * 2 ** min(max(counted - 1, 0), 30), job.backoff_cap_s)
        delay_s = random.uniform(0, ceiling_s)  # noqa: S311  # full jitter, no secret
        return await sql.fail(tx, self.id, claim, text, dead=dead, delay_s=delay_s)

    async def _flush(self) -> float:
        """Record all jobs done since the last time, in one transaction."""
        batch = list(self._done)  # a copy: others come in while these are written
        if not batch:
            return self._poll_s
        async with self._own.write() as tx:
            kept = await sql.complete(tx, self.id, [context.claim for context in batch])
            for context in batch:
                if context.owner_id is not None and context.id in kept:
                    await outcomes.changed(tx, sql.as_done(context.row))
        self._done = self._done[len(batch) :]
        for context in batch:
            self._release(context, "done" if context.id in kept else "refused")
        return 0.0

    async def _pulse(self) -> float:
        """Write what progress was made; renew the leases that need it; notice those lost."""
        now_s = time.monotonic()
        # Whoever ignores its timeout loses the lease, so that the job isn't held for ever.
        contexts = [
            context
            for context, _task in self._running.values()
            if not (context.finishing or context.lost) and now_s < context.renewable_until_s
        ]
        moved = [(c, c.unwritten) for c in contexts if c.unwritten is not None]
        if moved:
            async with self._own.write() as tx:
                for context, said in moved:
                    context.unwritten = None
                    row = await sql.set_progress(tx, self.id, context.claim, said)
                    if row is not None:
                        context.row = row
                        await outcomes.changed(tx, row)
        old = [c for c in contexts if now_s - c.renewed_at_s > self._lease_s / 4]
        if old:
            async with self._own.write() as tx:
                held = await sql.renew(tx, self.id, [c.claim for c in old], self._lease_s)
            for context in old:
                if context.id in held:
                    context.renewed_at_s = now_s
                else:
                    self._lose(context)
        return min(_PULSE_S, self._lease_s / 8)

    def _lose(self, context: JobContext) -> None:
        _context, task = self._running.get(context.claim, (None, None))
        if task is not None and not (task.done() or context.finishing or context.finished):
            context.lost = True
            task.cancel()

    async def _sweep(self) -> float:
        """Queue again, or bury, what other workers have left behind."""
        async with self._own.write() as tx:
            await sql.rescue(tx, _CRASHED)
            heavy = [kind for kind, job in self._registry.jobs.items() if job.heavy]
            await rotation.sort(tx, heavy, [*(self._registry.jobs.keys() - set(heavy))])
        while not self._stopping.is_set():
            async with self._own.write() as tx:
                row = await sql.bury(tx, list(self._registry.jobs), _CRASHED)
                if row is None:
                    break
                await outcomes.ended(tx, row)
            _ENDED.labels(row.kind, "dead").inc()
        return self._lease_s / 4

    async def _schedule(self) -> float:
        await enqueue_due(self._own, self._registry, self._slots)
        return _SCHEDULE_S

    async def _wind_down(self) -> None:
        tasks = [task for _context, task in self._running.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self._grace_s)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=1)
        self._stopped.set()
        self._wake_flush.set()
        self._wake_pulse.set()
        done = {context.claim for context in self._done}
        with contextlib.suppress(BacklineError):  # else their leases end by themselves
            async with self._own.write() as tx:
                await sql.complete(tx, self.id, [*done])
                await sql.hand_back(tx, self.id, [*(self._running.keys() - done)])

    def _on_queued(self, kind: str) -> None:
        if kind in self._registry.jobs:
            self._pause_s = _FIRST_POLL_S
            self._wake_claim.set()

    def _on_cancelled(self, job_id: str) -> None:
        for context, _task in self._running.values():
            if str(context.id) == job_id:
                context.renewed_at_s = 0.0  # asks at once; the job may be ours anew
                self._wake_pulse.set()


def _failure_of(fault: Exception, error: str) -> _Failure:
    """An attempt's fault; a full disk is no job's own, whoever met it."""
    if is_full(fault):
        return _Failure(
            error if isinstance(fault, BacklineError) else _DISK_FULL, after_s=_DISK_FULL_S
        )
    if isinstance(fault, Later):
        return _Failure(error, after_s=fault.after_s)
    return _Failure(error, is_hopeless=isinstance(fault, GiveUp))
