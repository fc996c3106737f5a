"""Who did what: written in the transaction that does it."""

from backline.platform.audit.records import (
    JOBS,
    SCHEDULES,
    AuditRow,
    Detail,
    People,
    page,
    prune,
    record,
)

__all__ = [
    "JOBS",
    "SCHEDULES",
    "AuditRow",
    "Detail",
    "People",
    "page",
    "prune",
    "record",
]
