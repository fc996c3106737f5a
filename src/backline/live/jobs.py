"""What happens to live shows behind the requests."""

from uuid import UUID

import structlog

from backline.accounts import UserDeleted
from backline.live import changes, keys, projects
from backline.live.services import LiveServices
from backline.live.sql import destinations as destinations_sql
from backline.live.sql import ladders as ladders_sql
from backline.live.sql import projects as projects_sql
from backline.live.sql import shows as shows_sql
from backline.live.sql import streams as streams_sql
from backline.platform.errors import Unavailable
from backline.platform.jobs import GiveUp, JobContext, Nothing
from backline.platform.secrets.sealing import SealFault

_log = structlog.get_logger()
_AT_ONCE = 200
_FIRST = (UUID(int=0), UUID(int=0))


async def end_lost(context: JobContext, _payload: Nothing, _services: LiveServices) -> None:
    """End the shows whose servers have been silent for a minute, and what they still wanted."""
    async with context.finish() as tx:
        for one in await streams_sql.end_lost(tx):
            await changes.tell(tx, one.owner_id, one.project_id)
        await ladders_sql.prune(tx)


async def purge(context: JobContext, _payload: Nothing, _services: LiveServices) -> None:
    """Remove for good what was deleted a day ago, and shows of long ago."""
    async with context.finish() as tx:
        await projects_sql.purge(tx, projects.KEPT_S)
        await destinations_sql.purge(tx, projects.KEPT_S)
        await shows_sql.prune(tx)


async def purge_owner(context: JobContext, event: UserDeleted, _services: LiveServices) -> None:
    """Remove everything of someone who has deleted their account; nodes end what is on."""
    async with context.database.write() as tx:
        for row in await projects_sql.projects(tx, event.user_id):
            await changes.tell(tx, event.user_id, row.id)
        await projects_sql.forget(tx, event.user_id)


async def reseal(context: JobContext, _payload: Nothing, services: LiveServices) -> None:
    """Seal by the newest root what an older one sealed, so that that may be taken away.

    A key that can't be read any more is told, and keeps no other from being sealed anew.

    Raises:
        GiveUp: some couldn't be read; all others are sealed by the newest root.
    """
    own = await _reseal_own(context, services.keys)
    theirs = await _reseal_theirs(context, services.keys)
    if own or theirs:
        raise GiveUp(
            f"{own} stream keys of projects and {theirs} of destinations can't be read any more: "
            "the root that sealed them isn't in the secrets. Put it back behind the others, or "
            "have their owners make or enter new ones; the log names them. All others are sealed "
            "by the newest root."
        )


async def _reseal_own(context: JobContext, live: keys.LiveKeys) -> int:
    """How many couldn't be read."""
    after, unreadable = _FIRST, 0
    while True:
        async with context.database.write() as tx:
            rows = await projects_sql.sealed_before(tx, after, live.projects.newest.id, _AT_ONCE)
            for row in rows:
                try:
                    plain = keys.open_own(live, row.id, row.stream_key)
                except Unavailable:
                    _log.warning("project_key_unreadable", project=row.id.hex)
                    unreadable += 1
                    continue
                sealed, digest = keys.seal_own(live, row.id, plain), keys.digests_of(live, plain)[0]
                await projects_sql.reseal(tx, row.owner_id, row.id, sealed, digest)
        if len(rows) < _AT_ONCE:
            return unreadable
        after = (rows[-1].owner_id, rows[-1].id)


async def _reseal_theirs(context: JobContext, live: keys.LiveKeys) -> int:
    """How many couldn't be read."""
    after, unreadable = _FIRST, 0
    while True:
        async with context.database.write() as tx:
            newest = live.destinations.newest.id
            rows = await destinations_sql.sealed_before(tx, after, newest, _AT_ONCE)
            for row in rows:
                try:
                    plain = keys.open_theirs(live, row.id, row.stream_key)
                except SealFault:
                    _log.warning("destination_key_unreadable", destination=row.id.hex)
                    unreadable += 1
                    continue
                sealed = keys.seal_theirs(live, row.id, plain)
                await destinations_sql.reseal(tx, row.owner_id, row.id, sealed)
        if len(rows) < _AT_ONCE:
            return unreadable
        after = (rows[-1].owner_id, rows[-1].id)
