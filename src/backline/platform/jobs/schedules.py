"""Jobs by the clock: which slot is due, and one job for it however many workers look."""

from datetime import UTC, datetime

from backline.platform.database import Database
from backline.platform.jobs import sql
from backline.platform.jobs.queue import enqueue
from backline.platform.jobs.registry import Registry, Schedule

_DAY_S = 86_400
_TAKE = """
INSERT INTO job_schedules AS known (name, slot) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET slot = excluded.slot WHERE known.slot < excluded.slot
RETURNING known.xmax <> 0
"""


def slot_of(schedule: Schedule, now_s: float) -> datetime:
    """The latest time that was due by `now_s`; those missed before it count for nothing."""
    if schedule.daily_at is None:
        length_s, offset_s = schedule.every_s or _DAY_S, 0
    else:
        hour, minute = schedule.daily_at.split(":")
        length_s, offset_s = _DAY_S, int(hour) * 3600 + int(minute) * 60
    due_s = (int(now_s) - offset_s) // length_s * length_s + offset_s
    return datetime.fromtimestamp(due_s, UTC)


async def enqueue_due(database: Database, registry: Registry, seen: dict[str, datetime]) -> None:
    """Enqueue what has come due; `seen` spares a look at slots that this process knows.

    A schedule that nobody knew before begins with its next slot.
    """
    async with database.read() as read:
        now_s = await sql.now(read)
    for schedule in registry.schedules:
        slot = slot_of(schedule, now_s)
        if seen.get(schedule.kind) == slot:
            continue
        async with database.write() as tx:
            # True only for the one who moves a known schedule on to this slot.
            if await tx.fetch_value(_TAKE, schedule.kind, slot):
                payload = registry.jobs[schedule.kind].payload()
                await enqueue(tx, schedule.kind, payload, unique_key="schedule")
        seen[schedule.kind] = slot
