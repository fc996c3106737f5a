"""The messages that people are written, read where they are kept or where they arrive."""

import re

from backline.platform.database import Database
from tests.platform.jobs.working import eventually

_TEXTS = "SELECT text FROM outbox WHERE recipient = $1 AND kind = $2 ORDER BY id"
_BUSY = "SELECT count(*) FROM jobs WHERE state IN ('queued', 'running') AND kind LIKE 'accounts.%'"


async def letters(database: Database, to: str, kind: str) -> list[str]:
    """The texts of a kind that were written to someone, once nobody writes any more."""

    async def is_idle() -> bool:
        async with database.read() as read:
            return await read.fetch_value(_BUSY) == 0

    await eventually(is_idle)
    async with database.read() as read:
        return await read.fetch_values(_TEXTS, to, kind)


def token_in(text: str) -> str:
    """The token of the one link in a text."""
    [token] = re.findall(r"#([A-Za-z0-9_-]+)", text)
    return token
