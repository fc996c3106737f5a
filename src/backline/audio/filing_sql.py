"""The queries of filing, each a typed function; they run within one owner's lock."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.audio.models import Labels
from backline.platform.database import Write

RULES: Final = 1  # by which tracks are filed; what was filed by none is done by a job

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('backline.audio.filing'), hashtext($1))"


async def lock(tx: Write, owner_id: UUID) -> None:
    """Be the only one who files this owner's tracks, until `tx` ends.

    Rows of tracks are locked before, never after: a transaction that has one may wait here.
    """
    await tx.fetch_value(_LOCK, owner_id.hex)


class Unfiled(msgspec.Struct, frozen=True):
    """A track, deleted or not, with what it is called and what it was filed under."""

    id: UUID
    title: str
    artist: str
    album: str
    album_artist: str
    genre: str
    tags: str | None
    album_id: UUID | None
    artist_ids: list[UUID]
    genre_ids: list[UUID]

    @property
    def labels(self) -> Labels:
        """What it is called."""
        return Labels(self.title, self.artist, self.album, self.album_artist, self.genre)


_TRACKS = """
SELECT id, title, artist, album, album_artist, genre, tags::text AS tags, album_id, artist_ids,
  genre_ids
FROM tracks WHERE id = ANY($2::uuid[]) AND owner_id = $1
"""


async def tracks(tx: Write, owner_id: UUID, track_ids: Sequence[UUID]) -> list[Unfiled]:
    """Someone's tracks among these."""
    return await tx.fetch(_TRACKS, Unfiled, owner_id, list(track_ids))


class Lot(msgspec.Struct, frozen=True):
    """A track that nobody has filed yet."""

    id: UUID
    owner_id: UUID


# A track that somebody is at is left for the next time.
_UNFILED = """
SELECT id, owner_id FROM tracks
WHERE filed = 0 AND owner_id = (
  SELECT owner_id FROM tracks WHERE filed = 0 ORDER BY owner_id LIMIT 1)
ORDER BY id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
"""


async def lock_unfiled(tx: Write, limit: int) -> list[Lot]:
    """Some tracks of one owner that aren't filed, locked until `tx` ends."""
    return await tx.fetch(_UNFILED, Lot, limit)


class KnownArtist(msgspec.Struct, frozen=True):
    """An artist there is."""

    id: UUID
    name_key: str
    mbid: UUID | None


class ArtistRow(msgspec.Struct, frozen=True):
    """An artist as it is written; `has_sort` where a tag says what they are filed by."""

    id: UUID
    name: str
    name_key: str
    mbid: UUID | None
    sort_key: str
    lexemes: list[str]
    has_sort: bool


_ARTISTS = """
SELECT id, name_key, mbid FROM artists WHERE owner_id = $1 AND name_key = ANY($2::text[])
UNION
SELECT id, name_key, mbid FROM artists WHERE owner_id = $1 AND mbid = ANY($3::uuid[])
ORDER BY id
"""
_CLAIM_ARTISTS = """
UPDATE artists a SET mbid = u.mbid FROM unnest($2::uuid[], $3::uuid[]) AS u(id, mbid)
WHERE a.owner_id = $1 AND a.id = u.id
"""
# Lexemes of many rows stand in one array of texts: an array of arrays needs one length for all.
_ADD_ARTISTS = """
INSERT INTO artists (owner_id, id, name, name_key, mbid, sort_key, search)
SELECT $1, u.id, u.name, u.name_key, u.mbid, u.sort_key,
  array_to_tsvector(string_to_array(u.lexemes, ' '))
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[])
  AS u(id, name, name_key, mbid, sort_key, lexemes)
"""
_NAME_ARTISTS = """
UPDATE artists a SET name = CASE WHEN $7 THEN u.name ELSE a.name END,
  sort_key = CASE WHEN u.has_sort THEN u.sort_key ELSE a.sort_key END
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::boolean[])
  AS u(id, name, name_key, sort_key, has_sort)
WHERE a.owner_id = $1 AND a.id = u.id AND a.name_key = u.name_key
  AND ($7 AND a.name <> u.name OR u.has_sort AND a.sort_key <> u.sort_key)
"""


async def artists(
    tx: Write, owner_id: UUID, keys: Sequence[str], mbids: Sequence[UUID]
) -> list[KnownArtist]:
    """Artists of these names or of these ids of MusicBrainz's, the oldest first."""
    return await tx.fetch(_ARTISTS, KnownArtist, owner_id, list(keys), list(mbids))


async def claim_artists(tx: Write, owner_id: UUID, mbids: Mapping[UUID, UUID]) -> None:
    """Give artists the ids that MusicBrainz has for them."""
    if mbids:
        await tx.execute(_CLAIM_ARTISTS, owner_id, list(mbids), list(mbids.values()))


async def add_artists(tx: Write, owner_id: UUID, rows: Sequence[ArtistRow]) -> None:
    """Add artists, still without anything."""
    if rows:
        await tx.execute(
            _ADD_ARTISTS,
            owner_id,
            [row.id for row in rows],
            [row.name for row in rows],
            [row.name_key for row in rows],
            [row.mbid for row in rows],
            [row.sort_key for row in rows],
            [" ".join(row.lexemes) for row in rows],
        )


async def name_artists(
    tx: Write, owner_id: UUID, rows: Sequence[ArtistRow], *, by_person: bool
) -> None:
    """Show artists as a person writes them, and file them where a tag says."""
    told = [row for row in rows if by_person or row.has_sort]
    if told:
        await tx.execute(
            _NAME_ARTISTS,
            owner_id,
            [row.id for row in told],
            [row.name for row in told],
            [row.name_key for row in told],
            [row.sort_key for row in told],
            [row.has_sort for row in told],
            by_person,
        )


_GENRES = """
WITH wanted AS (
  SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[]) AS u(id, name, name_key)
), added AS (
  INSERT INTO genres (owner_id, id, name, name_key) SELECT $1, id, name, name_key FROM wanted
  ON CONFLICT (owner_id, name_key) DO NOTHING RETURNING id, name_key
)
SELECT id, name_key FROM added
UNION ALL
SELECT g.id, g.name_key FROM genres g JOIN wanted USING (name_key) WHERE g.owner_id = $1
"""


class KnownGenre(msgspec.Struct, frozen=True):
    """A genre there is."""

    id: UUID
    name_key: str


async def genres(
    tx: Write, owner_id: UUID, wanted: Mapping[str, tuple[UUID, str]]
) -> dict[str, UUID]:
    """The ids of genres by their keys; those that are new are made, with the ids given."""
    ids, names = [one for one, _ in wanted.values()], [name for _, name in wanted.values()]
    rows = await tx.fetch(_GENRES, KnownGenre, owner_id, ids, names, list(wanted))
    return {row.name_key: row.id for row in rows}


class KnownAlbum(msgspec.Struct, frozen=True):
    """An album there is."""

    id: UUID
    title_key: str
    main_artist_id: UUID | None
    mbid: UUID | None


class AlbumRow(msgspec.Struct, frozen=True):
    """An album as it is written."""

    id: UUID
    title: str
    title_key: str
    artist: str
    artist_ids: list[UUID]
    artist_names: list[str]
    main_artist_id: UUID | None
    mbid: UUID | None
    is_compilation: bool
    sort_key: str
    artist_key: str
    lexemes: list[str]


_ALBUMS = """
SELECT id, title_key, main_artist_id, mbid FROM albums
WHERE owner_id = $1 AND title_key = ANY($2::text[])
UNION
SELECT id, title_key, main_artist_id, mbid FROM albums
WHERE owner_id = $1 AND mbid = ANY($3::uuid[])
UNION
SELECT id, title_key, main_artist_id, mbid FROM albums WHERE owner_id = $1 AND id = ANY($4::uuid[])
ORDER BY id
"""
_BESIDE = """
SELECT DISTINCT album_id FROM tracks
WHERE album_id = ANY($2::uuid[]) AND owner_id = $1 AND NOT id = ANY($3::uuid[])
"""
_CLAIM_ALBUMS = """
UPDATE albums a SET mbid = u.mbid FROM unnest($2::uuid[], $3::uuid[]) AS u(id, mbid)
WHERE a.owner_id = $1 AND a.id = u.id
"""
_ALBUM_VALUES = """
unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::uuid[],
  $9::boolean[], $10::text[], $11::text[], $12::text[], $13::text[])
  AS u(id, title, title_key, artist, artist_ids, main_artist_id, mbid, is_compilation, sort_key,
    artist_key, lexemes, artist_names)
"""
_ADD_ALBUMS = f"""
INSERT INTO albums (owner_id, id, title, title_key, artist, artist_ids, main_artist_id, mbid,
  is_compilation, sort_key, artist_key, search, artist_names)
SELECT $1, u.id, u.title, u.title_key, u.artist, string_to_array(u.artist_ids, ' ')::uuid[],
  u.main_artist_id, u.mbid, u.is_compilation, u.sort_key, u.artist_key,
  array_to_tsvector(string_to_array(u.lexemes, ' ')), string_to_array(u.artist_names, chr(1))
FROM {_ALBUM_VALUES}
"""  # noqa: S608  # literals alone
_RENAME_ALBUMS = f"""
UPDATE albums a SET title = u.title, title_key = u.title_key, artist = u.artist,
  artist_ids = string_to_array(u.artist_ids, ' ')::uuid[], main_artist_id = u.main_artist_id,
  mbid = u.mbid, is_compilation = u.is_compilation, sort_key = u.sort_key,
  artist_key = u.artist_key, search = array_to_tsvector(string_to_array(u.lexemes, ' ')),
  artist_names = string_to_array(u.artist_names, chr(1))
FROM {_ALBUM_VALUES} WHERE a.owner_id = $1 AND a.id = u.id
"""  # noqa: S608  # literals alone


async def albums(
    tx: Write, owner_id: UUID, keys: Sequence[str], mbids: Sequence[UUID], ids: Sequence[UUID]
) -> list[KnownAlbum]:
    """Albums of these titles, of these ids of MusicBrainz's or of these ids, the oldest first."""
    args = (list(keys), list(mbids), list(ids))
    return await tx.fetch(_ALBUMS, KnownAlbum, owner_id, *args)


async def albums_beside(
    tx: Write, owner_id: UUID, album_ids: Sequence[UUID], track_ids: Sequence[UUID]
) -> list[UUID]:
    """Those of the albums that other tracks than these are on, deleted ones too."""
    if not album_ids:
        return []
    return await tx.fetch_values(_BESIDE, owner_id, list(album_ids), list(track_ids))


async def claim_albums(tx: Write, owner_id: UUID, mbids: Mapping[UUID, UUID]) -> None:
    """Give albums the ids that MusicBrainz has for them."""
    if mbids:
        await tx.execute(_CLAIM_ALBUMS, owner_id, list(mbids), list(mbids.values()))


async def add_albums(tx: Write, owner_id: UUID, rows: Sequence[AlbumRow]) -> None:
    """Add albums, still without anything."""
    if rows:
        await tx.execute(_ADD_ALBUMS, owner_id, *_columns(rows))


async def rename_albums(tx: Write, owner_id: UUID, rows: Sequence[AlbumRow]) -> None:
    """Let albums go on under another name."""
    if rows:
        await tx.execute(_RENAME_ALBUMS, owner_id, *_columns(rows))


def _columns(rows: Sequence[AlbumRow]) -> list[list[object]]:
    return [
        [row.id for row in rows],
        [row.title for row in rows],
        [row.title_key for row in rows],
        [row.artist for row in rows],
        [" ".join(map(str, row.artist_ids)) for row in rows],
        [row.main_artist_id for row in rows],
        [row.mbid for row in rows],
        [row.is_compilation for row in rows],
        [row.sort_key for row in rows],
        [row.artist_key for row in rows],
        [" ".join(row.lexemes) for row in rows],
        ["\x01".join(row.artist_names) for row in rows],
    ]


class Filed(msgspec.Struct, frozen=True):
    """What a track is filed under, and by what it stands in lists."""

    id: UUID
    mbid: UUID | None
    album_id: UUID | None
    artist_ids: list[UUID]
    artist_names: list[str]
    genre_ids: list[UUID]
    title_key: str
    artist_key: str
    album_key: str


_SET_FILED = """
UPDATE tracks t SET mbid = u.mbid, album_id = u.album_id, filed = $11,
  artist_ids = string_to_array(u.artist_ids, ' ')::uuid[],
  artist_names = string_to_array(u.artist_names, chr(1)),
  genre_ids = string_to_array(u.genre_ids, ' ')::uuid[],
  title_key = u.title_key, artist_key = u.artist_key, album_key = u.album_key
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
  $9::text[], $10::text[])
  AS u(id, mbid, album_id, artist_ids, artist_names, genre_ids, title_key, artist_key, album_key)
WHERE t.id = u.id AND t.owner_id = $1
"""


async def set_filed(tx: Write, owner_id: UUID, rows: Sequence[Filed]) -> None:
    """Put tracks where they belong."""
    await tx.execute(
        _SET_FILED,
        owner_id,
        [row.id for row in rows],
        [row.mbid for row in rows],
        [row.album_id for row in rows],
        [" ".join(map(str, row.artist_ids)) for row in rows],
        ["\x01".join(row.artist_names) for row in rows],
        [" ".join(map(str, row.genre_ids)) for row in rows],
        [row.title_key for row in rows],
        [row.artist_key for row in rows],
        [row.album_key for row in rows],
        RULES,
    )
