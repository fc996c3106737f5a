"""What accounts do by the clock."""

from backline.accounts import sql
from backline.platform.jobs import JobContext, Nothing


async def prune(context: JobContext, _payload: Nothing) -> None:
    """Remove sessions, failures and accounts that nobody needs any more."""
    async with context.finish() as tx:
        await sql.prune_sessions(tx)
        await sql.prune_failures(tx)
        await sql.prune_users(tx)
