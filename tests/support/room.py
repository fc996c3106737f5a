"""Accounts' room for tests: taken away, given back, and scans that wait for it."""

from backline.platform.database import Database

_SET = "UPDATE users SET quota_bytes = $1"
_AT_ONCE = "UPDATE jobs SET run_at = now()"
_WAITS = """
SELECT EXISTS (SELECT FROM jobs WHERE state = 'queued'
  AND error LIKE 'Your room is used up, so the scan waits. Delete something, or%')
"""


async def take_room(database: Database) -> None:
    """Leave nobody any room."""
    async with database.write() as tx:
        await tx.execute(_SET, 0)


async def give_room(database: Database) -> None:
    """Have everybody's room be the installation's, and what waited for it go on at once."""
    async with database.write() as tx:
        await tx.execute(_SET, None)
        await tx.execute(_AT_ONCE)


async def a_scan_waits(database: Database) -> bool:
    """Whether a scan was put back for want of room."""
    async with database.read() as read:
        return bool(await read.fetch_value(_WAITS))
