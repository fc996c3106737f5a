"""Albums and playlists to take along: ZIPs with names of people, made as they are fetched.

Of one's own tracks they have the originals, of somebody else's in a shared playlist the best
rendition: their originals are theirs.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from backline.audio import albums, downloads_sql, files, naming, playlists, tracks
from backline.audio.covers import prefix
from backline.audio.downloads_sql import FileRow
from backline.audio.options import AudioOptions
from backline.platform.actor import Actor
from backline.platform.database import Database, Read
from backline.platform.errors import Conflict, NotFound
from backline.platform.media.signing import MediaSigner
from backline.platform.media.zipped import size_of
from backline.platform.settings import Settings
from backline.platform.storage.kinds import FileKind, Member, Place, StoredFile

MOST: Final = 2_000
_ALBUM, _PLAYLIST = "album-zips", "playlist-zips"
_NAME: Final = "all.zip"
_HIGH: Final = "high.m4a"
_NS: Final = 1_000_000_000
_NOTHING: Final = "There is nothing in it that could be downloaded: its files aren't there."
_TOO_MANY: Final = f"A download has {MOST:,} tracks at the most. Make playlists of its parts."


class Download(msgspec.Struct, frozen=True):
    """Where a ZIP is fetched. `left_out` counts tracks whose files aren't there at the moment."""

    url: str
    expires_at: datetime
    filename: str
    size_bytes: int
    track_count: int
    left_out: int


class _Packed(msgspec.Struct, frozen=True):
    """An archive: what it is called, what is in it, and how many it lacks."""

    name: str
    members: tuple[Member, ...]
    left_out: int


async def album(read: Read, actor: Actor, signer: MediaSigner, album_id: UUID) -> Download:
    """A signed URL of the originals of one of the actor's albums.

    Raises:
        NotFound: it isn't there, or someone else's.
        Conflict: nothing of it can be had, or it has too many tracks.
    """
    packed = await _album(read, actor, album_id)
    return _link(packed, signer, f"{_ALBUM}/{actor.user_id.hex}/{album_id.hex}/zip")


async def playlist(read: Read, actor: Actor, signer: MediaSigner, playlist_id: UUID) -> Download:
    """A signed URL of what is in a playlist that the actor may see.

    Raises:
        NotFound: it isn't there, or nothing that they may see.
        Conflict: nothing of it can be had, or it has too many tracks.
    """
    packed = await _playlist(read, actor, playlist_id)
    return _link(packed, signer, f"{_PLAYLIST}/{actor.user_id.hex}/{playlist_id.hex}/zip")


def original(row: FileRow) -> StoredFile | None:
    """A track's original, wherever it lies; None where it isn't there."""
    key = tracks.original_key(row.owner_id, row.id)
    if row.folder_id is None:
        return StoredFile(key, row.size_bytes, row.created_at)
    if row.root is None or row.path is None or row.found_bytes is None or row.mtime_ns is None:
        return None
    found_at = datetime.fromtimestamp(row.mtime_ns // _NS, UTC)
    place = Place(row.root, row.path, row.mtime_ns)
    return StoredFile(key, row.found_bytes, found_at, place=place)


async def _album(read: Read, actor: Actor, album_id: UUID) -> _Packed:
    row = await albums.get(read, actor, album_id)
    rows = await downloads_sql.of_album(read, actor.user_id, album_id, MOST + 1)
    name = naming.album_folder(row.title, row.artist)
    return _packed(name, ((naming.file_name(one), original(one)) for one in rows))


async def _playlist(read: Read, actor: Actor, playlist_id: UUID) -> _Packed:
    row = (await playlists.access(read, actor, playlist_id)).row
    rows = await downloads_sql.of_playlist(read, row.owner_id, playlist_id, MOST + 1)
    return _packed(naming.segment(row.name, "Playlist"), _numbered(rows, actor))


def _numbered(rows: Sequence[FileRow], actor: Actor) -> Iterable[tuple[str, StoredFile | None]]:
    for number, row in enumerate(rows, 1):
        name = f"{number:03} {naming.single_name(row)}"
        if row.owner_id == actor.user_id:
            yield name, original(row)
        else:
            yield f"{name.rpartition('.')[0]}.m4a", _rendition(row)


def _rendition(row: FileRow) -> StoredFile | None:
    if row.generation is None or row.high_bytes is None or row.rendered_at is None:
        return None
    key = f"{prefix(row.owner_id, row.id, row.generation)}/{_HIGH}"
    return StoredFile(key, row.high_bytes, row.rendered_at)


def _packed(name: str, files: Iterable[tuple[str, StoredFile | None]]) -> _Packed:
    """An archive with one folder in it.

    Raises:
        Conflict: it would be empty, or has too many files.
    """
    taken, members, left_out = naming.Taken(), list[Member](), 0
    for called, file in files:
        if file is None:
            left_out += 1
        else:
            members.append(Member(f"{name}/{taken.name(called)}", file))
    if not members:
        raise Conflict(_NOTHING)
    if len(members) + left_out > MOST:
        raise Conflict(_TOO_MANY)
    return _Packed(name, tuple(members), left_out)


def _link(packed: _Packed, signer: MediaSigner, where: str) -> Download:
    made = signer.url(where, _NAME, datetime.now(UTC))
    return Download(
        made.url,
        made.expires_at,
        f"{packed.name}.zip",
        size_of(packed.members),
        len(packed.members),
        packed.left_out,
    )


async def _resolve(database: Database, where: str, name: str) -> StoredFile | None:
    """An archive of what is there now, for as long as its URL's owner may have that."""
    kind, owner, thing, _ = where.split("/")
    try:
        owner_id, thing_id = UUID(owner), UUID(thing)
    except ValueError:
        return None
    if name != _NAME:
        return None
    actor = Actor(owner_id, "user", owner_id)
    pack = _album if kind == _ALBUM else _playlist
    try:
        async with database.read() as read:
            packed = await pack(read, actor, thing_id)
    except (NotFound, Conflict):
        return None
    digest = hashlib.sha256()
    for member in packed.members:
        digest.update(f"{member.name}\0{member.file.etag}\0".encode())
    return StoredFile(
        f"{where}/{digest.hexdigest()[:32]}",
        size_of(packed.members),
        max(member.file.modified_at for member in packed.members),
        "application/zip",
        f"{packed.name}.zip",
        members=packed.members,
    )


def _places(settings: Settings) -> tuple[Path, ...]:
    return settings.of(AudioOptions).music_folders


KINDS: Final = tuple(
    FileKind(
        kind=kind, referenced=files.none, unknown=files.all_of, resolve=_resolve, places=_places
    )
    for kind in (_ALBUM, _PLAYLIST)
)
