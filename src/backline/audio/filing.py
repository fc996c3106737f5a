"""Filing: tracks put under artists, albums and genres, in the transaction that names them.

Of one owner's tracks one transaction at a time is filed, so that nothing is made twice and what is
counted is so. What has MusicBrainz's id is told apart by it; a name without one is whoever of that
name there is, and an id that comes later is given to whom it fits.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar
from uuid import UUID

import msgspec

from backline.audio import counting_sql
from backline.audio import filing_sql as sql
from backline.audio.credits import Credits, Name, OnAlbum, credits_of, name_key
from backline.audio.filing_sql import AlbumRow, ArtistRow, Filed, KnownAlbum, Unfiled
from backline.audio.models import Tags
from backline.platform import text
from backline.platform.cache import invalidate
from backline.platform.database import Write
from backline.platform.ids import uuid7

KeyT = TypeVar("KeyT")
AlbumKey = tuple[str, UUID | None]  # its title, folded, and whose it is
_LONGEST_NAME = 500


class _Wanted(msgspec.Struct, frozen=True):
    """An album with whose it is: their names by their ids."""

    album: OnAlbum
    artists: Mapping[UUID, str]

    @property
    def key(self) -> AlbumKey:
        return name_key(self.album.title), next(iter(self.artists), None)


async def file(
    tx: Write, owner_id: UUID, track_ids: Sequence[UUID], *, by_person: bool = False
) -> None:
    """File tracks by what they are called now; names that a person wrote are shown as written.

    The same number of statements for one as for many.
    """
    await sql.lock(tx, owner_id)
    rows = await sql.tracks(tx, owner_id, track_ids)
    said = {row.id: credits_of(row.labels, _tags(row)) for row in rows}
    artists = await _artists(tx, owner_id, said.values(), by_person=by_person)
    genres = await _genres(tx, owner_id, said.values())
    albums = await _albums(tx, owner_id, rows, said, artists, by_person=by_person)
    filed = [
        Filed(
            row.id,
            said[row.id].mbid,
            albums.get(row.id),
            [artists[_who(name)] for name in said[row.id].artists],
            [name.name for name in said[row.id].artists],
            [genres[name_key(name)] for name in said[row.id].genres],
            text.shelf_key(row.title),
            _shelf(said[row.id].artists, row.artist),
            _album_shelf(said[row.id].album),
        )
        for row in rows
    ]
    await sql.set_filed(tx, owner_id, filed)
    await _recount(
        tx,
        owner_id,
        {*albums.values(), *(row.album_id for row in rows if row.album_id)},
        {*artists.values(), *(one for row in rows for one in row.artist_ids)},
        {*genres.values(), *(one for row in rows for one in row.genre_ids)},
    )


async def recount(tx: Write, owner_id: UUID, track_ids: Sequence[UUID]) -> None:
    """Count what tracks are filed under, after some were deleted or restored."""
    await sql.lock(tx, owner_id)
    rows = await sql.tracks(tx, owner_id, track_ids)
    await _recount(
        tx,
        owner_id,
        {row.album_id for row in rows if row.album_id},
        {one for row in rows for one in row.artist_ids},
        {one for row in rows for one in row.genre_ids},
    )


async def clear(tx: Write, owner_id: UUID) -> None:
    """Remove what no track is filed under any more, not even a deleted one."""
    await sql.lock(tx, owner_id)
    await counting_sql.drop_empty(tx, owner_id)
    invalidate(tx, tag(owner_id))


def tag(owner_id: UUID) -> str:
    """What answers about someone's artists, albums and genres depend on."""
    return f"shelves:{owner_id.hex}"


async def _recount(
    tx: Write, owner_id: UUID, albums: set[UUID], artists: set[UUID], genres: set[UUID]
) -> None:
    await counting_sql.count_albums(tx, owner_id, sorted(albums))
    artists |= set(await counting_sql.artists_of(tx, owner_id, sorted(albums)))
    await counting_sql.count_artists(tx, owner_id, sorted(artists))
    await counting_sql.count_genres(tx, owner_id, sorted(genres))
    await counting_sql.drop_empty(tx, owner_id)
    invalidate(tx, tag(owner_id))


def _tags(row: Unfiled) -> Tags:
    return msgspec.json.decode(row.tags, type=Tags) if row.tags is not None else Tags()


def _shelf(names: Sequence[Name], said: str) -> str:
    first = next(iter(names), None)
    return text.shelf_key(first.sort or first.name if first else said)


def _album_shelf(album: OnAlbum | None) -> str:
    return text.shelf_key(album.sort or album.title if album else "")


def _who(name: Name) -> tuple[str, UUID | None]:
    return name.key, name.mbid


async def _artists(
    tx: Write, owner_id: UUID, said: Iterable[Credits], *, by_person: bool
) -> dict[tuple[str, UUID | None], UUID]:
    """Who is meant by each of the names, made where they are new."""
    wanted: dict[tuple[str, UUID | None], Name] = {}
    for one in said:
        for name in (*one.artists, *(one.album.artists if one.album else ())):
            known = wanted.get(_who(name))
            if known is None or (known.sort is None and name.sort is not None):
                wanted[_who(name)] = name
    if not wanted:
        return {}
    keys, mbids = [key for key, _ in wanted], [mbid for _, mbid in wanted if mbid]
    shelf = _Shelf(
        (row.name_key, row.mbid, row.id) for row in await sql.artists(tx, owner_id, keys, mbids)
    )
    made: list[ArtistRow] = []
    found: dict[tuple[str, UUID | None], UUID] = {}
    # Those with an id first: a bare name beside them is one of theirs.
    for who, name in sorted(wanted.items(), key=lambda one: one[0][1] is None):
        artist_id = shelf.find(*who)
        if artist_id is None:
            artist_id = shelf.put(*who)
            made.append(_artist_row(owner_id, artist_id, name))
        found[who] = artist_id
    await sql.claim_artists(tx, owner_id, shelf.claimed)
    await sql.add_artists(tx, owner_id, made)
    again = [_artist_row(owner_id, found[who], name) for who, name in wanted.items()]
    await sql.name_artists(tx, owner_id, again, by_person=by_person)
    return found


def _artist_row(owner_id: UUID, artist_id: UUID, name: Name) -> ArtistRow:
    return ArtistRow(
        artist_id,
        name.name,
        name.key,
        name.mbid,
        text.shelf_key(name.sort or name.name),
        text.marked_words(owner_id.hex, name.name, name.sort or ""),
        name.sort is not None,
    )


async def _genres(tx: Write, owner_id: UUID, said: Iterable[Credits]) -> dict[str, UUID]:
    wanted = {name_key(name): name for one in said for name in one.genres}
    if not wanted:
        return {}
    return await sql.genres(tx, owner_id, {key: (uuid7(), name) for key, name in wanted.items()})


async def _albums(
    tx: Write,
    owner_id: UUID,
    rows: Sequence[Unfiled],
    said: Mapping[UUID, Credits],
    artists: Mapping[tuple[str, UUID | None], UUID],
    *,
    by_person: bool,
) -> dict[UUID, UUID]:
    """The album of each track that is on one, made where it is new.

    One that is left by all of its tracks together for a new one is renamed: whoever has it among
    their favourites keeps it.
    """
    wanted: dict[UUID, _Wanted] = {}
    for row in rows:
        if album := said[row.id].album:
            wanted[row.id] = _Wanted(album, {artists[_who(one)]: one.name for one in album.artists})
    if not wanted:
        return {}
    keys = [one.key[0] for one in wanted.values()]
    mbids = [one.album.mbid for one in wanted.values() if one.album.mbid]
    before = list({row.album_id for row in rows if row.album_id})
    there = await sql.albums(tx, owner_id, keys, mbids, before)
    shelf = _Shelf(((row.title_key, row.main_artist_id), row.mbid, row.id) for row in there)
    leaving = await _leaving(tx, owner_id, rows, wanted, there)
    made: dict[UUID, AlbumRow] = {}
    renamed: dict[UUID, AlbumRow] = {}
    found: dict[UUID, UUID] = {}
    for track_id, one in sorted(wanted.items(), key=lambda pair: pair[1].album.mbid is None):
        album_id, mbid = shelf.find(one.key, one.album.mbid), one.album.mbid
        if album_id is None:
            old = leaving.get((one.key, mbid))
            album_id = shelf.put(one.key, mbid, old)
            (renamed if old else made)[album_id] = _album_row(owner_id, album_id, one, mbid)
        elif by_person and album_id not in made and shelf.is_at(one.key, album_id):
            mbid = shelf.mbid(one.key, album_id)
            renamed[album_id] = _album_row(owner_id, album_id, one, mbid)
        found[track_id] = album_id
    await sql.claim_albums(tx, owner_id, shelf.claimed)
    await sql.rename_albums(tx, owner_id, list(renamed.values()))
    await sql.add_albums(tx, owner_id, list(made.values()))
    return found


async def _leaving(
    tx: Write,
    owner_id: UUID,
    rows: Sequence[Unfiled],
    wanted: Mapping[UUID, _Wanted],
    there: Sequence[KnownAlbum],
) -> dict[tuple[AlbumKey, UUID | None], UUID]:
    """Albums all of whose tracks are about to leave for the same one, by where they go."""
    goals: dict[UUID, set[tuple[AlbumKey, UUID | None] | None]] = {}
    for row in rows:
        if row.album_id is not None:
            one = wanted.get(row.id)
            goals.setdefault(row.album_id, set()).add((one.key, one.album.mbid) if one else None)
    staying = set(await sql.albums_beside(tx, owner_id, list(goals), [row.id for row in rows]))
    keys = {one.key for one in wanted.values()}
    mbids = {one.album.mbid for one in wanted.values() if one.album.mbid}
    staying |= {
        row.id for row in there if (row.title_key, row.main_artist_id) in keys or row.mbid in mbids
    }
    return {
        goal: album_id
        for album_id, aims in goals.items()
        if album_id not in staying and len(aims) == 1 and (goal := next(iter(aims))) is not None
    }


def _album_row(owner_id: UUID, album_id: UUID, one: _Wanted, mbid: UUID | None) -> AlbumRow:
    album = one.album
    first = next(iter(album.artists), None)
    return AlbumRow(
        album_id,
        album.title[:_LONGEST_NAME],
        one.key[0],
        album.artist[:_LONGEST_NAME],
        list(one.artists),
        list(one.artists.values()),
        one.key[1],
        mbid,
        album.is_compilation,
        _album_shelf(album),
        text.shelf_key(first.sort or first.name if first else ""),
        text.marked_words(owner_id.hex, album.title, album.artist),
    )


class _Shelf(Generic[KeyT]):
    """What there is of a kind, by name and by MusicBrainz's id, as it grows."""

    def __init__(self, there: Iterable[tuple[KeyT, UUID | None, UUID]]) -> None:
        self.claimed: dict[UUID, UUID] = {}  # given an id just now: row -> mbid
        self._by_mbid: dict[UUID, UUID] = {}
        self._by_key: dict[KeyT, dict[UUID, UUID | None]] = {}
        for key, mbid, row_id in there:
            self._keep(key, mbid, row_id)

    def find(self, key: KeyT, mbid: UUID | None) -> UUID | None:
        """Which one is meant; one that has no id yet is given it."""
        named = self._by_key.get(key, {})
        if mbid is None:
            return next(iter(named), None)
        if (known := self._by_mbid.get(mbid)) is not None:
            return known
        nameless = next((row_id for row_id, has in named.items() if has is None), None)
        if nameless is not None:
            self.claimed[nameless] = named[nameless] = mbid
            self._by_mbid[mbid] = nameless
        return nameless

    def put(self, key: KeyT, mbid: UUID | None, row_id: UUID | None = None) -> UUID:
        """Add one that isn't there, as `row_id` if it is one that goes on under another name."""
        made = row_id or uuid7()
        self._keep(key, mbid, made)
        return made

    def is_at(self, key: KeyT, row_id: UUID) -> bool:
        """Whether a row is known by that name."""
        return row_id in self._by_key.get(key, {})

    def mbid(self, key: KeyT, row_id: UUID) -> UUID | None:
        """MusicBrainz's id of a row that is known by that name."""
        return self._by_key[key][row_id]

    def _keep(self, key: KeyT, mbid: UUID | None, row_id: UUID) -> None:
        self._by_key.setdefault(key, {})[row_id] = mbid
        if mbid is not None:
            self._by_mbid[mbid] = row_id
