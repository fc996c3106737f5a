"""The right to publish: which project a stream key opens, and who holds its stream from now on.

The newest encoder with the right key wins, and the one before is closed: a machine that hangs can
be replaced without a word to anybody. Two that fight for one key by connecting again and again end
with the one that is there.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from backline import accounts
from backline.live import changes
from backline.live.keys import LiveKeys, digests_of
from backline.live.models import Report
from backline.live.shows import CLOSED_S
from backline.live.sql import projects as projects_sql
from backline.live.sql import shows as shows_sql
from backline.live.sql import streams as sql
from backline.live.sql.projects import Found
from backline.live.sql.streams import StreamRow
from backline.platform.database import Write
from backline.platform.ids import uuid7

LEASE_S: Final = 10.0
MOST_AT_ONCE: Final = 5  # shows of one person
_MOST_TAKEOVERS: Final = 5  # in a row, each within a minute of the one before


class Taken(msgspec.Struct, frozen=True):
    """A project's stream, held by an epoch."""

    owner_id: UUID
    project_id: UUID
    hold_s: int
    key_version: int
    epoch: int
    show_id: UUID
    started_at: datetime


class TurnedAway(msgspec.Struct, frozen=True):
    """Why somebody may not publish, in words that encoders show."""

    reason: str


async def take(tx: Write, keys: LiveKeys, node: str, stream_key: str) -> Taken | TurnedAway:
    """Give the stream that a key opens to a node, from whoever has it.

    A show whose encoder was gone for less than a minute goes on.
    """
    project = await projects_sql.by_key(tx, digests_of(keys, stream_key))
    if project is None:
        return TurnedAway(
            "This stream key isn't known here. Copy it anew from the project's control room."
        )
    if not await accounts.active(tx, [project.owner_id]):
        return TurnedAway("The account that this stream key belongs to is closed.")
    if project.is_closed:
        # Each try puts it off: an encoder that goes on by itself doesn't begin the show anew.
        await projects_sql.close(tx, project.owner_id, project.id, CLOSED_S)
        return TurnedAway(
            "This show was stopped. In the project's control room the encoder can be let in again."
        )
    if await sql.count_live(tx, project.owner_id, project.id) >= MOST_AT_ONCE:
        return TurnedAway(f"You have {MOST_AT_ONCE} shows on already, the most at a time.")
    before = await sql.stream(tx, project.owner_id, project.id)
    takeovers = _takeovers(before)
    if takeovers > _MOST_TAKEOVERS:
        return TurnedAway(
            "Another encoder publishes with this key, and the two took turns too often. Stop one."
        )
    show_id, started_at = await _show(tx, project, before)
    epoch = await sql.take(
        tx, project.owner_id, project.id, node, show_id, takeovers=takeovers, lease_s=LEASE_S
    )
    await changes.tell(tx, project.owner_id, project.id)
    held = (project.owner_id, project.id, project.hold_s, project.key_version)
    return Taken(*held, epoch, show_id, started_at)


async def end(tx: Write, taken: Taken, why: str) -> None:
    """Give a stream back, which ends its show; nothing happens where another has taken it."""
    if await sql.end(tx, taken.owner_id, taken.project_id, taken.epoch, why):
        await changes.tell(tx, taken.owner_id, taken.project_id)


def _takeovers(before: StreamRow | None) -> int:
    """How many in a row this one would be; taking over from somebody silent is none."""
    if before is None or not (before.is_held and before.is_fresh):
        return 0
    incoming = msgspec.json.decode(before.report, type=Report).incoming
    is_sending = incoming is not None and incoming.bitrate_kbps > 0
    return before.takeovers + 1 if is_sending else before.takeovers


async def _show(tx: Write, project: Found, before: StreamRow | None) -> tuple[UUID, datetime]:
    """The show that goes on, or a new one; and when it began."""
    if before is not None and (before.is_held or before.is_missed):
        return before.show_id, await shows_sql.go_on(tx, project.owner_id, before.show_id)
    if before is not None and before.is_live:
        await sql.end(tx, project.owner_id, project.id, before.epoch, "lost")
    show_id = uuid7()
    return show_id, await shows_sql.insert(tx, project.owner_id, show_id, project.id)
