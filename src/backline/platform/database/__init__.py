"""PostgreSQL: reading and writing, the pool, replicas, signals and the schema."""

from backline.platform.database.access import (
    Database,
    Read,
    Reading,
    Source,
    Write,
    connect,
)

__all__ = [
    "Database",
    "Read",
    "Reading",
    "Source",
    "Write",
    "connect",
]
