"""Links for anybody as clients see them: listed, made of a song, an album or a playlist, ended."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec

from backline.audio import share_links, shares
from backline.audio.shares import NamedShareRow, ShareForm, ShareKind, SharePatch
from backline.audio.subsonic import ids, system_web, things
from backline.audio.subsonic.asking import Asked, Call
from backline.audio.subsonic.faults import Code, Refused
from backline.audio.subsonic.rendering import Answer
from backline.audio.subsonic.things import Song
from backline.platform.database import Read
from backline.platform.errors import Invalid, NotFound

_KINDS: Final[dict[ids.Kind, ShareKind]] = {"tr": "track", "al": "album", "pl": "playlist"}
_PREFIX: Final = "sh-"
_LATEST_MS: Final = 253_402_300_799_000  # the end of the year 9999
_GONE: Final = "There is no such share."


class Share(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """A share; `entry` is its song, or its album as a folder. Those of playlists have none."""

    id: str
    url: str
    username: str
    created: str
    visit_count: int
    description: str | None = None
    expires: str | None = None
    last_visited: str | None = None
    entry: Sequence[Song] | None = None


class Shares(msgspec.Struct, frozen=True):
    """Some of somebody's."""

    share: list[Share]


async def get_shares(asked: Asked) -> Answer:
    """All of one's own, the newest first."""
    async with asked.platform.database.read() as read:
        rows = await shares.page(read, asked.actor, limit=shares.MOST)
        entries = await _entries(read, asked, rows)
    return await _told(asked, rows, entries)


async def create_share(asked: Asked) -> Answer:
    """Make a link of one thing; without an end it counts for thirty days."""
    named = asked.params.many("id")
    if not named:
        raise Refused(Code.MISSING, "The parameter 'id' is missing.")
    if len(named) > 1:
        raise Refused(
            Code.OTHER, "A share is of one thing. Make a playlist of these, and share it."
        )
    kind, thing_id = ids.parse(named[0].strip())
    if kind not in _KINDS:
        raise Refused(Code.OTHER, "Songs, albums and playlists are shared, and nothing else.")
    description = asked.params.text("description", "")
    said = {"kind": _KINDS[kind], "thing_id": thing_id, "description": description}
    form = _checked(ShareForm, said)
    async with asked.platform.database.write() as tx:
        row = await shares.create(tx, asked.actor, form)
        if "expires" in asked.params:
            await shares.set_end(tx, asked.actor, row.id, _end(asked))
            row = await shares.get(tx, asked.actor, row.id)
        entries = await _entries(tx, asked, [row])
    return await _told(asked, [row], entries)


async def update_share(asked: Asked) -> Answer:
    """Say something else of a share, or when it ends; an end of 0 is none."""
    share_id = _share_id(asked)
    async with asked.platform.database.write() as tx:
        if "description" in asked.params:
            patch = _checked(SharePatch, {"description": asked.params.text("description")})
            await shares.change(tx, asked.actor, share_id, patch)
        if "expires" in asked.params:
            await shares.set_end(tx, asked.actor, share_id, _end(asked))
        await shares.get(tx, asked.actor, share_id)
    return Answer()


async def delete_share(asked: Asked) -> Answer:
    """End a share; on the pages it can be had back for a while."""
    share_id = _share_id(asked)
    async with asked.platform.database.write() as tx:
        await shares.revoke(tx, asked.actor, share_id)
    return Answer()


async def _entries(
    read: Read, asked: Asked, rows: Sequence[NamedShareRow]
) -> dict[UUID, list[Song]]:
    """What shares are of, by their ids."""
    tracks, albums = await shares.things(read, asked.actor, rows)
    songs: dict[UUID, Song] = {one.id: things.song(one) for one in tracks}
    songs |= {one.id: things.album_folder(one, {}) for one in albums}
    found: dict[UUID, list[Song]] = {}
    for row in rows:
        thing_id = row.track_id or row.album_id
        if thing_id is not None and thing_id in songs:
            found[row.id] = [songs[thing_id]]
    return found


async def _told(
    asked: Asked, rows: Sequence[NamedShareRow], entries: dict[UUID, list[Song]]
) -> Answer:
    keys = share_links.link_keys(asked.platform.secrets)
    username = await system_web.username(asked)
    told = [
        Share(
            id=f"{_PREFIX}{row.id.hex}",
            url=f"{asked.platform.settings.address}{share_links.path_of(keys, row.id)}",
            username=username,
            created=things.moment(row.created_at),
            visit_count=row.visit_count,
            description=row.description or None,
            expires=None if row.expires_at is None else things.moment(row.expires_at),
            last_visited=None
            if row.last_visited_at is None
            else things.moment(row.last_visited_at),
            entry=entries.get(row.id),
        )
        for row in rows
    ]
    return Answer("shares", Shares(told))


def _share_id(asked: Asked) -> UUID:
    said = asked.params.text("id")
    try:
        return UUID(hex=said.removeprefix(_PREFIX))
    except ValueError:
        raise NotFound(_GONE) from None


def _end(asked: Asked) -> datetime | None:
    """When a share is to end; 0 is never."""
    end_ms = min(asked.params.number("expires"), _LATEST_MS)
    return datetime.fromtimestamp(end_ms / 1000, UTC) if end_ms else None


_Form = TypeVar("_Form", ShareForm, SharePatch)


def _checked(form: type[_Form], said: dict[str, Any]) -> _Form:
    """A form of ours, held to what such forms may say."""
    try:
        return msgspec.convert(said, form)
    except msgspec.ValidationError as fault:
        raise Invalid(f"That can't be accepted: {fault}.") from None


CALLS: Final = {
    "getShares": Call(get_shares),
    "createShare": Call(create_share, "audio:write"),
    "updateShare": Call(update_share, "audio:write"),
    "deleteShare": Call(delete_share, "audio:write"),
}
