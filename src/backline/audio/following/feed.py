"""The feed: what those whom somebody follows did in public, as far as it is public now."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import msgspec

from backline import accounts
from backline.audio import entries
from backline.audio.entries import Entry
from backline.audio.following import feed_sql as sql
from backline.audio.following.feed_sql import FeedRow
from backline.audio.following.people_sql import After
from backline.platform.actor import Actor
from backline.platform.database import Database, Read
from backline.platform.media.signing import MediaSigner

KEPT_DAYS: Final = 180


class Doer(msgspec.Struct, frozen=True):
    """Who did it."""

    id: UUID
    name: str


class FeedPlaylist(msgspec.Struct, frozen=True):
    """The public playlist that it is about."""

    id: UUID
    name: str
    owner_id: UUID
    owner_name: str
    entry_count: int


class FeedItem(msgspec.Struct, frozen=True):
    """A playlist that somebody made public, or the tracks that they put into one on a day (UTC).

    `entries` are the first four of the `track_count`.
    """

    id: UUID
    kind: Literal["playlist", "tracks"]
    person: Doer
    playlist: FeedPlaylist
    track_count: int
    entries: list[Entry]
    happened_at: datetime


async def page(read: Read, actor: Actor, *, after: After, limit: int) -> list[FeedRow]:
    """What those did whom the actor follows, the latest first."""
    return await sql.page(read, actor.user_id, after, limit)


async def shown_all(
    read: Read, actor: Actor, signer: MediaSigner, rows: Sequence[FeedRow]
) -> list[FeedItem]:
    """Items as they are answered, with the first of their tracks."""
    if not rows:
        return []
    found = await sql.entries(read, rows)
    shown = await entries.shown_all(read, actor, signer, found)
    of_item: defaultdict[UUID, list[Entry]] = defaultdict(list)
    for row, entry in zip(found, shown, strict=True):
        of_item[row.item_id].append(entry)
    people = {row.person_id for row in rows} | {row.owner_id for row in rows}
    names = await accounts.names(read, sorted(people))
    return [
        FeedItem(
            row.id,
            "playlist" if row.day is None else "tracks",
            Doer(row.person_id, names.get(row.person_id, "")),
            FeedPlaylist(
                row.playlist_id,
                row.name,
                row.owner_id,
                names.get(row.owner_id, ""),
                row.entry_count,
            ),
            row.track_count,
            of_item[row.id],
            row.happened_at,
        )
        for row in rows
    ]


async def trim(database: Database) -> None:
    """Remove what is no news any more."""
    async with database.write() as tx:
        await sql.trim(tx, datetime.now(UTC) - timedelta(days=KEPT_DAYS))
