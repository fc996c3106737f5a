"""Playlists as clients see them: listed, opened, made, filled, deleted; their order is kept."""

from collections.abc import Sequence
from typing import Final, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET

from backline.audio import entries, playlists
from backline.audio.playlists import Found, PlaylistForm, PlaylistPatch
from backline.audio.subsonic import ids, things
from backline.audio.subsonic.asking import Asked, Call
from backline.audio.subsonic.faults import Code, Refused
from backline.audio.subsonic.rendering import Answer
from backline.audio.subsonic.things import Song
from backline.platform.database import Read, Write
from backline.platform.errors import Invalid, NotFound


class Playlist(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """A playlist; with `entry` where its songs are asked for."""

    id: str
    name: str
    owner: str
    public: bool
    song_count: int
    duration: int
    created: str
    changed: str
    readonly: bool
    comment: str | None = None
    entry: Sequence[Song] | None = None


class Playlists(msgspec.Struct, frozen=True):
    """All that somebody has or shares."""

    playlist: list[Playlist]


async def get_playlists(asked: Asked) -> Answer:
    """One's own and those that others share, by name."""
    async with asked.platform.database.read() as read:
        found, _ = await playlists.playlists(read, asked.actor)
        lengths_ms = await entries.lengths_ms(read, [(one.owner_id, one.id) for one in found])
    return Answer(
        "playlists",
        Playlists(
            [_shown(one, asked, lengths_ms.get(one.id, 0), one.entry_count) for one in found]
        ),
    )


async def get_playlist(asked: Asked) -> Answer:
    """A playlist with its songs, those that are still there."""
    playlist_id = ids.of("pl", asked.params.text("id"))
    async with asked.platform.database.read() as read:
        return await _opened(read, asked, playlist_id)


async def create_playlist(asked: Asked) -> Answer:
    """Make a playlist with songs; or with `playlistId`, have one hold these instead."""
    wanted = _songs(asked, "songId")
    async with asked.platform.database.write() as tx:
        if "playlistId" in asked.params:
            playlist_id = ids.of("pl", asked.params.text("playlistId"))
            found = await playlists.access(tx, asked.actor, playlist_id, least="editor")
            if inside := await _entry_ids(tx, found):
                await entries.remove(tx, asked.actor, playlist_id, inside)
            if "name" in asked.params:
                await _change(tx, asked, playlist_id)
        else:
            form = _checked(PlaylistForm, {"name": asked.params.text("name")})
            playlist_id = (await playlists.create(tx, asked.actor, form)).id
        if wanted:
            await entries.add(tx, asked.actor, playlist_id, wanted)
        return await _opened(tx, asked, playlist_id)


async def update_playlist(asked: Asked) -> Answer:
    """Rename a playlist, say who sees it, take songs out by their places, put others at the end."""
    playlist_id = ids.of("pl", asked.params.text("playlistId"))
    wanted, places = _songs(asked, "songIdToAdd"), asked.params.numbers("songIndexToRemove")
    async with asked.platform.database.write() as tx:
        await _change(tx, asked, playlist_id)
        if places:
            found = await playlists.access(tx, asked.actor, playlist_id, least="editor")
            inside = await _entry_ids(tx, found, visible=asked)
            if any(place >= len(inside) for place in places):
                raise NotFound("There is no song at this place.")
            gone = [inside[place] for place in dict.fromkeys(places)]
            await entries.remove(tx, asked.actor, playlist_id, gone)
        if wanted:
            await entries.add(tx, asked.actor, playlist_id, wanted)
    return Answer()


async def delete_playlist(asked: Asked) -> Answer:
    """Delete a playlist; on the pages it can be had back for a day."""
    playlist_id = ids.of("pl", asked.params.text("id"))
    async with asked.platform.database.write() as tx:
        await playlists.delete(tx, asked.actor, playlist_id)
    return Answer()


async def _opened(read: Read, asked: Asked, playlist_id: UUID) -> Answer:
    found = await playlists.access(read, asked.actor, playlist_id)
    rows = await entries.page(read, found, after=None, limit=entries.MOST)
    known = await entries.tracks_of(read, asked.actor, rows)
    songs = things.songs([known[row.track_id] for row in rows if row.track_id in known])
    one = await playlists.named(read, found.row, found.rank)
    length_ms = 1000 * sum(song.duration or 0 for song in songs)
    shown = _shown(one, asked, length_ms, len(songs))
    return Answer("playlist", msgspec.structs.replace(shown, entry=songs))


async def _entry_ids(tx: Write, found: Found, visible: Asked | None = None) -> list[UUID]:
    """What is in a playlist, in order; or of that, what a client sees."""
    rows = await entries.page(tx, found, after=None, limit=entries.MOST)
    if visible is None:
        return [row.id for row in rows]
    known = await entries.tracks_of(tx, visible.actor, rows)
    return [row.id for row in rows if row.track_id in known]


async def _change(tx: Write, asked: Asked, playlist_id: UUID) -> None:
    said = {
        **({"name": asked.params.text("name")} if "name" in asked.params else {}),
        **({"description": asked.params.text("comment")} if "comment" in asked.params else {}),
    }
    if "public" in asked.params:
        is_public = asked.params.flag("public", default=False)
        said["visibility"] = "public" if is_public else "private"
    patch = _checked(PlaylistPatch, said)
    if any(value is not UNSET for value in (patch.name, patch.description, patch.visibility)):
        await playlists.change(tx, asked.actor, playlist_id, patch)


def _shown(one: playlists.Playlist, asked: Asked, length_ms: int, song_count: int) -> Playlist:
    return Playlist(
        id=ids.shown("pl", one.id),
        name=one.name,
        owner=asked.params.text("u", one.owner_name) if one.rank == "owner" else one.owner_name,
        public=one.visibility == "public",
        song_count=song_count,
        duration=round(length_ms / 1000),
        created=things.moment(one.created_at),
        changed=things.moment(one.updated_at),
        readonly=one.rank not in ("owner", "editor"),
        comment=one.description or None,
    )


def _songs(asked: Asked, name: str) -> list[UUID]:
    said = asked.params.many(name)
    if len(said) > entries.MOST:
        raise Refused(Code.OTHER, f"A playlist has {entries.MOST} songs at the most.")
    return [ids.of("tr", one) for one in said]


_Form = TypeVar("_Form", PlaylistForm, PlaylistPatch)


def _checked(form: type[_Form], said: dict[str, str]) -> _Form:
    """A form of ours, held to what such forms may say."""
    try:
        return msgspec.convert(said, form)
    except msgspec.ValidationError as fault:
        raise Invalid(f"That can't be accepted: {fault}.") from None


CALLS: Final = {
    "getPlaylists": Call(get_playlists),
    "getPlaylist": Call(get_playlist),
    "createPlaylist": Call(create_playlist, "audio:write"),
    "updatePlaylist": Call(update_playlist, "audio:write"),
    "deletePlaylist": Call(delete_playlist, "audio:write"),
}
