"""What accounts do by the clock, and what a request must not find out."""

from backline.accounts import (
    api_tokens_sql,
    recovery,
    recovery_sql,
    registration,
    second_factor_sql,
    sql,
)
from backline.accounts.recovery import Forgot
from backline.accounts.registration import Registered
from backline.platform.jobs import JobContext, Nothing
from backline.platform.mail import Mail


async def prune(context: JobContext, _payload: Nothing) -> None:
    """Remove sessions, failures and accounts that nobody needs any more."""
    async with context.finish() as tx:
        await sql.prune_sessions(tx)
        await sql.prune_failures(tx)
        await sql.prune_users(tx)
        await recovery_sql.prune(tx)
        await api_tokens_sql.prune(tx)
        await second_factor_sql.prune(tx)


async def registered(context: JobContext, payload: Registered) -> None:
    """Write to the address that somebody registered."""
    async with context.finish() as tx:
        await registration.see_to(tx, context.service(Mail), payload.registration_id)


async def forgot(context: JobContext, payload: Forgot) -> None:
    """Write to somebody who forgot their password."""
    async with context.finish() as tx:
        await recovery.send_reset(tx, context.service(Mail), payload)
