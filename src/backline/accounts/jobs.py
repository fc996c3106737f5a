"""What accounts do by the clock, and what a request must not find out."""

from backline.accounts import (
    api_tokens_sql,
    app_passwords_sql,
    members,
    recovery,
    recovery_sql,
    registration,
    rekeying,
    second_factor_sql,
    sql,
    tries_sql,
)
from backline.accounts.models import UserDeleted
from backline.accounts.recovery import Forgot
from backline.accounts.registration import Registered
from backline.platform.jobs import JobContext, Nothing
from backline.platform.mail import Mail

_MEMBERS_AT_ONCE = 200


async def prune(context: JobContext, _payload: Nothing, _services: object) -> None:
    """Remove sessions, failures and accounts that nobody needs any more."""
    async with context.finish() as tx:
        await sql.prune_sessions(tx)
        await tries_sql.prune(tx)
        await sql.prune_users(tx)
        await recovery_sql.prune(tx)
        await api_tokens_sql.prune(tx)
        await app_passwords_sql.prune(tx)
        await second_factor_sql.prune(tx)


async def rekey(context: JobContext, _payload: Nothing, _services: object) -> None:
    """Give accounts of before the keys that their addresses have now."""
    async with context.finish() as tx:
        await rekeying.rekey(tx)


async def registered(context: JobContext, payload: Registered, mail: Mail) -> None:
    """Write to the address that somebody registered."""
    async with context.finish() as tx:
        await registration.see_to(tx, mail, payload.registration_id)


async def forgot(context: JobContext, payload: Forgot, mail: Mail) -> None:
    """Write to somebody who forgot their password."""
    async with context.finish() as tx:
        await recovery.send_reset(tx, mail, payload)


async def end_members(context: JobContext, payload: UserDeleted, _services: object) -> None:
    """Put everybody out of what a deleted person shared; each domain removes the things."""
    ended = _MEMBERS_AT_ONCE
    while ended == _MEMBERS_AT_ONCE:
        async with context.database.write() as tx:
            ended = await members.end_some_members(tx, payload.user_id, _MEMBERS_AT_ONCE)
