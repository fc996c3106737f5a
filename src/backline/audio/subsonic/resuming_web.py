"""Where somebody goes on: the queue that players hand to each other, and bookmarks."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from backline.audio import resuming
from backline.audio.resuming import Queue
from backline.audio.subsonic import ids, system_web, things
from backline.audio.subsonic.asking import Asked, Call
from backline.audio.subsonic.faults import Code, Refused
from backline.audio.subsonic.rendering import Answer
from backline.audio.subsonic.things import Song

# As long ago as can be: whatever a player has by itself is newer.
_NOTHING: Final = Queue([], 0, 0, "", datetime.fromtimestamp(0, UTC))


class PlayQueue(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A queue: what plays is told as the song or its place from 0; `position` in milliseconds."""

    position: int
    username: str
    changed: str
    changed_by: str
    entry: Sequence[Song]
    current: str | UnsetType = UNSET
    current_index: int | UnsetType = UNSET


class Bookmark(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A place in a song, in milliseconds."""

    position: int
    username: str
    created: str
    changed: str
    entry: Song
    comment: str | None = None


class Bookmarks(msgspec.Struct, frozen=True):
    """All of them."""

    bookmark: list[Bookmark]


async def save_play_queue(asked: Asked) -> Answer:
    """Keep a queue by its songs, of which `current` plays."""
    wanted = [ids.of("tr", one) for one in asked.params.many("id")]
    place = 0
    if wanted:
        current = ids.of("tr", asked.params.text("current"))
        if current not in wanted:
            raise Refused(Code.OTHER, "The song that plays isn't in the queue.")
        place = wanted.index(current)
    return await _save(asked, wanted, place)


async def save_play_queue_by_index(asked: Asked) -> Answer:
    """Keep a queue by its songs, of which that at `currentIndex` plays."""
    wanted = [ids.of("tr", one) for one in asked.params.many("id")]
    return await _save(asked, wanted, asked.params.number("currentIndex") if wanted else 0)


async def get_play_queue(asked: Asked) -> Answer:
    """The queue that was saved last, by whichever player."""
    return await _queue(asked, "playQueue")


async def get_play_queue_by_index(asked: Asked) -> Answer:
    """The same, with the place of the song that plays."""
    return await _queue(asked, "playQueueByIndex")


async def create_bookmark(asked: Asked) -> Answer:
    """Put a song's bookmark somewhere, wherever it was."""
    track_id = ids.of("tr", asked.params.text("id"))
    position_ms = asked.params.number("position")
    comment = asked.params.text("comment", "")
    async with asked.platform.database.write() as tx:
        await resuming.mark(tx, asked.actor, track_id, position_ms, comment)
    return Answer()


async def delete_bookmark(asked: Asked) -> Answer:
    """Take a song's bookmark away."""
    track_id = ids.of("tr", asked.params.text("id"))
    async with asked.platform.database.write() as tx:
        await resuming.unmark(tx, asked.actor, track_id)
    return Answer()


async def get_bookmarks(asked: Asked) -> Answer:
    """All bookmarks, those changed last first."""
    async with asked.platform.database.read() as read:
        found = await resuming.bookmarks(read, asked.actor)
    name = await system_web.username(asked)
    shown = [
        Bookmark(
            position=row.position_ms,
            username=name,
            created=things.moment(row.created_at),
            changed=things.moment(row.changed_at),
            entry=things.song(track),
            comment=row.comment or None,
        )
        for row, track in found
    ]
    return Answer("bookmarks", Bookmarks(shown))


async def _save(asked: Asked, wanted: Sequence[UUID], place: int) -> Answer:
    position_ms, by = asked.params.number("position", 0), asked.params.text("c", "")
    async with asked.platform.database.write() as tx:
        await resuming.save_queue(tx, asked.actor, wanted, place, position_ms, by)
    return Answer()


async def _queue(asked: Asked, name: Literal["playQueue", "playQueueByIndex"]) -> Answer:
    async with asked.platform.database.read() as read:
        found = await resuming.queue(read, asked.actor)
    found = found or _NOTHING
    playing = found.tracks[found.place : found.place + 1]
    by_song, by_index = name == "playQueue" and playing, name == "playQueueByIndex" and playing
    content = PlayQueue(
        position=found.position_ms,
        username=await system_web.username(asked),
        changed=things.moment(found.saved_at),
        changed_by=found.saved_by,
        entry=things.songs(found.tracks),
        current=ids.shown("tr", playing[0].id) if by_song else UNSET,
        current_index=found.place if by_index else UNSET,
    )
    return Answer(name, content)


CALLS: Final = {
    "savePlayQueue": Call(save_play_queue, "audio:write"),
    "savePlayQueueByIndex": Call(save_play_queue_by_index, "audio:write"),
    "getPlayQueue": Call(get_play_queue),
    "getPlayQueueByIndex": Call(get_play_queue_by_index),
    "createBookmark": Call(create_bookmark, "audio:write"),
    "deleteBookmark": Call(delete_bookmark, "audio:write"),
    "getBookmarks": Call(get_bookmarks),
}
