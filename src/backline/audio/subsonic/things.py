"""Songs, albums and artists as OpenSubsonic describes them (`Child`, `AlbumID3`, `ArtistID3`).

What isn't known is left out. Times are UTC (ISO 8601), durations whole seconds.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from backline.audio.albums_sql import AlbumRow
from backline.audio.artists_sql import ArtistRow
from backline.audio.credits import genres_in
from backline.audio.models import TrackRow
from backline.audio.subsonic import ids

# Empty only for what has no file yet.
_UNKNOWN: Final = "application/octet-stream"


class Named(msgspec.Struct, frozen=True):
    """A genre of a thing."""

    name: str


class Credit(msgspec.Struct, frozen=True):
    """An artist of a thing."""

    id: str
    name: str


class ReplayGain(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What brings a track to -18 LUFS, in dB; its true peak, 1.0 being full scale."""

    track_gain: float | None = None
    track_peak: float | None = None


class Song(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """A track, or an album or artist where a client asks for folders (`is_dir`)."""

    id: str
    is_dir: bool
    title: str
    parent: str | None = None
    album: str | None = None
    artist: str | None = None
    track: int | None = None
    year: int | None = None
    genre: str | None = None
    cover_art: str | None = None
    size: int | None = None
    content_type: str | None = None
    suffix: str | None = None
    duration: int | None = None
    bit_rate: int | None = None
    path: str | None = None
    is_video: bool | None = None
    user_rating: int | None = None
    play_count: int | None = None
    disc_number: int | None = None
    created: str | None = None
    starred: str | None = None
    album_id: str | None = None
    artist_id: str | None = None
    type: Literal["music"] | None = None
    media_type: Literal["song", "album", "artist"] | None = None
    played: str | None = None
    music_brainz_id: str | None = None
    genres: Sequence[Named] | None = None
    artists: Sequence[Credit] | None = None
    display_artist: str | None = None
    display_album_artist: str | None = None
    replay_gain: ReplayGain | None = None


class AlbumFolder(Song, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """An album where a client asks for folders: some read it as an album all the same (`Album`)."""

    name: str
    song_count: int


class Album(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """An album; with `song` where its songs are asked for."""

    id: str
    name: str
    song_count: int
    duration: int
    created: str
    artist: str | None = None
    artist_id: str | None = None
    cover_art: str | None = None
    starred: str | None = None
    year: int | None = None
    genre: str | None = None
    music_brainz_id: str | None = None
    genres: Sequence[Named] | None = None
    artists: Sequence[Credit] | None = None
    display_artist: str | None = None
    sort_name: str | None = None
    is_compilation: bool | None = None
    song: Sequence[Song] | None = None


class Artist(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """An artist; with `album` where their albums are asked for."""

    id: str
    name: str
    cover_art: str | None = None
    album_count: int | None = None
    starred: str | None = None
    music_brainz_id: str | None = None
    sort_name: str | None = None
    album: Sequence[Album] | None = None


class FolderArtist(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An artist where a client asks for folders."""

    id: str
    name: str
    starred: str | None = None


def song(row: TrackRow) -> Song:
    """A track."""
    suffix = row.filename.rpartition(".")[2].lower() if "." in row.filename else ""
    seconds = None if row.duration_ms is None else round(row.duration_ms / 1000)
    genres = genres_in(row.genre)
    by = _credits(row.artist_ids, row.artist_names)
    album_id = None if row.album_id is None else ids.shown("al", row.album_id)
    return Song(
        id=ids.shown("tr", row.id),
        is_dir=False,
        title=row.title,
        parent=album_id,
        album=row.album or None,
        artist=row.artist or None,
        track=row.track_number,
        year=row.year,
        genre=genres[0] if genres else None,
        cover_art=ids.shown("tr", row.id) if row.has_cover else None,
        size=row.size_bytes,
        content_type=row.content_type if row.content_type != _UNKNOWN else None,
        suffix=suffix if suffix.isalnum() else None,
        duration=seconds,
        bit_rate=round(row.size_bytes * 8 / row.duration_ms) if row.duration_ms else None,
        path=_path(row),
        is_video=False,
        user_rating=row.rating,
        play_count=row.play_count or None,
        disc_number=row.disc_number,
        created=moment(row.created_at),
        starred=_moment(row.favorite_at),
        album_id=album_id,
        artist_id=by[0].id if by else None,
        type="music",
        media_type="song",
        played=_moment(row.last_played_at),
        music_brainz_id=_mbid(row.mbid),
        genres=[Named(name) for name in genres],
        artists=by,
        display_artist=row.artist or None,
        display_album_artist=row.album_artist or None,
        replay_gain=_gain(row),
    )


def songs(rows: Sequence[TrackRow]) -> list[Song]:
    """Tracks."""
    return [song(row) for row in rows]


def album(row: AlbumRow, names: Mapping[UUID, str], inside: Sequence[Song] | None = None) -> Album:
    """An album; `names` are those of its genres."""
    genres = [names[one] for one in row.genre_ids if one in names]
    by = _credits(row.artist_ids, row.artist_names)
    return Album(
        id=ids.shown("al", row.id),
        name=row.title,
        song_count=row.track_count,
        duration=round(row.duration_ms / 1000),
        created=moment(row.added_at),
        artist=row.artist or None,
        artist_id=by[0].id if by else None,
        cover_art=ids.shown("al", row.id) if row.cover_track_id else None,
        starred=_moment(row.favorite_at),
        year=row.year,
        genre=genres[0] if genres else None,
        music_brainz_id=_mbid(row.mbid),
        genres=[Named(name) for name in genres],
        artists=by,
        display_artist=row.artist or None,
        sort_name=row.sort_key,
        is_compilation=row.is_compilation,
        song=inside,
    )


def album_folder(row: AlbumRow, names: Mapping[UUID, str]) -> AlbumFolder:
    """An album where a client asks for folders."""
    genres = [names[one] for one in row.genre_ids if one in names]
    parent = ids.shown("ar", row.artist_ids[0]) if row.artist_ids else None
    return AlbumFolder(
        id=ids.shown("al", row.id),
        is_dir=True,
        title=row.title,
        name=row.title,
        song_count=row.track_count,
        parent=parent,
        album=row.title,
        artist=row.artist or None,
        year=row.year,
        genre=genres[0] if genres else None,
        cover_art=ids.shown("al", row.id) if row.cover_track_id else None,
        duration=round(row.duration_ms / 1000),
        created=moment(row.added_at),
        starred=_moment(row.favorite_at),
        artist_id=parent,
        media_type="album",
    )


def artist(row: ArtistRow, inside: Sequence[Album] | None = None) -> Artist:
    """An artist."""
    return Artist(
        id=ids.shown("ar", row.id),
        name=row.name,
        cover_art=ids.shown("ar", row.id) if row.cover_track_id else None,
        album_count=row.album_count,
        starred=_moment(row.favorite_at),
        music_brainz_id=_mbid(row.mbid),
        sort_name=row.sort_key,
        album=inside,
    )


def artist_folder(row: ArtistRow) -> FolderArtist:
    """An artist where a client asks for folders."""
    return FolderArtist(id=ids.shown("ar", row.id), name=row.name, starred=_moment(row.favorite_at))


def moment(at: datetime) -> str:
    """A time as it is answered."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _moment(at: datetime | None) -> str | None:
    return None if at is None else moment(at)


def _mbid(mbid: UUID | None) -> str | None:
    return None if mbid is None else str(mbid)


def _credits(who: Sequence[UUID], names: Sequence[str]) -> list[Credit]:
    return [Credit(ids.shown("ar", one), name) for one, name in zip(who, names, strict=False)]


def _gain(row: TrackRow) -> ReplayGain | None:
    if row.gain_db is None:
        return None
    peak = None if row.true_peak_dbtp is None else round(10 ** (row.true_peak_dbtp / 20), 6)
    return ReplayGain(round(row.gain_db, 2), peak)


def _path(row: TrackRow) -> str:
    """Where clients may put it: by names, since our keys say nothing."""
    parts = (row.album_artist or row.artist or "Unknown", row.album or "Unknown", row.filename)
    return "/".join(part.replace("/", "_") for part in parts)
