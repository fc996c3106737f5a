"""A playlist of a file's: each of its entries looked for among the tracks of whoever brings it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from backline.audio import batches_sql, entries, playlist_files, playlists, playlists_sql
from backline.audio import importing_sql as sql
from backline.audio.importing_sql import Candidate
from backline.audio.playlist_files import Listed
from backline.audio.playlists import Found, Name, Playlist, PlaylistForm
from backline.platform import text
from backline.platform.actor import Actor
from backline.platform.database import Read, Write
from backline.platform.errors import Invalid

MOST_TEXT_CHARS: Final = 900_000
_MOST_TOLD: Final = 100
_LOT: Final = 500
_NEAR_MS, _FAR_MS = 3_000, 10_000


class ImportForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The text of an M3U8 or XSPF; without a `name` it is called as the file says."""

    text: Annotated[str, Meta(min_length=1, max_length=MOST_TEXT_CHARS)]
    name: Name | None = None


class Missing(msgspec.Struct, frozen=True):
    """An entry of the file that is no track of mine."""

    title: str
    artist: str
    path: str


class Imported(msgspec.Struct, frozen=True):
    """The playlist that was made, and what isn't in it: how much, and the first hundred."""

    playlist: Playlist
    missing_count: int
    missing: list[Missing]


async def bring(tx: Write, actor: Actor, form: ImportForm) -> Imported:
    """Make a playlist of a file's text, of those of its entries that the actor has.

    Raises:
        Invalid: it isn't such a file, or nothing of it was found.
        Conflict: the actor has two hundred playlists.
    """
    file = playlist_files.read(form.text)
    if not file.entries:
        raise Invalid("There is nothing in this file that a playlist could be made of.")
    found = await find(tx, actor.user_id, file.entries)
    wanted = [one for one in found if one is not None]
    if not wanted:
        raise Invalid(f"None of the {len(found):,} entries of this file is in your library.")
    missing = [
        Missing(one.title, one.artist, one.path)
        for one, track_id in zip(file.entries, found, strict=True)
        if track_id is None
    ]
    name = form.name or " ".join(file.name.split())[:200] or "Imported playlist"
    made = await playlists.create(tx, actor, PlaylistForm(name))
    row = await playlists_sql.lock(tx, actor.user_id, made.id) or made
    known = {
        row.id: row
        for begin in range(0, len(wanted), _LOT)
        for row in await batches_sql.tracks(tx, actor.user_id, wanted[begin : begin + _LOT])
    }
    await entries.append(tx, actor, row, [known[one] for one in wanted if one in known])
    playlist = await playlists.get(tx, actor, made.id)
    return Imported(playlist, len(missing), missing[:_MOST_TOLD])


async def find(read: Read, owner_id: UUID, wanted: Sequence[Listed]) -> list[UUID | None]:
    """The tracks that entries of a file stand for, each by its file's name or by what it says."""
    found: list[UUID | None] = []
    for begin in range(0, len(wanted), _LOT):
        lot = wanted[begin : begin + _LOT]
        keys = {text.shelf_key(title) for one in lot for title in _titles(one)}
        names = {one.filename for one in lot if one.filename}
        rows = await sql.candidates(read, owner_id, sorted(keys), sorted(names))
        found += _choose(lot, rows)
    return found


def _choose(wanted: Sequence[Listed], rows: Sequence[Candidate]) -> list[UUID | None]:
    by_title: Mapping[str, list[Candidate]] = defaultdict(list)
    by_name: Mapping[str, list[Candidate]] = defaultdict(list)
    for row in rows:
        by_title[text.shelf_key(row.title)].append(row)
        by_name[row.filename].append(row)
    found: list[UUID | None] = []
    for one in wanted:
        titled = [row for title in _titles(one) for row in by_title[text.shelf_key(title)]]
        near = {row.id: row for row in (*titled, *by_name[one.filename])}
        scored = [(score(one, row), row.id) for row in near.values()]
        best = max(scored, default=(0, None), key=lambda each: each[0])
        found.append(best[1] if best[0] > 0 else None)
    return found


def score(wanted: Listed, row: Candidate) -> int:
    """How well a track is what a file names; 0 where it is another one."""
    is_named = wanted.filename != "" and wanted.filename == row.filename
    is_titled = text.fold(row.title) in {text.fold(title) for title in _titles(wanted)}
    artist, of = text.fold(wanted.artist), text.fold(row.artist)
    is_by = artist != "" and of != "" and (artist in of or of in artist)
    is_by_another = artist != "" and of != "" and not is_by
    apart_ms = _apart_ms(wanted, row)
    is_near = apart_ms is not None and apart_ms <= _NEAR_MS
    # Many files are called `01.mp3`: the name alone says something only where nothing else does.
    is_meant = is_named and (wanted.title == "" or is_near)
    if not is_meant and (not is_titled or is_by_another):
        return 0
    if apart_ms is not None and apart_ms > _FAR_MS and not (is_titled and is_by):
        return 0
    is_on = wanted.album != "" and text.fold(wanted.album) == text.fold(row.album)
    is_on = is_on or (row.album != "" and row.album in PurePosixPath(wanted.path).parts)
    return 1 + 8 * (is_titled and is_by) + 4 * is_named + 2 * is_near + is_on + is_titled


def _titles(one: Listed) -> list[str]:
    """What a track may be called: as it is said, else after its file, without number and ending."""
    if one.title:
        # "Artist - Title" was cut at its last hyphen, which may be the title's.
        parts = [*one.artist.split(" - "), one.title] if one.artist else [one.title]
        return [" - ".join(parts[begin:]) for begin in range(max(len(parts) - 4, 0), len(parts))]
    stem = PurePosixPath(one.filename).stem
    return [stem, stem.lstrip("0123456789 .-_")] if stem else []


def _apart_ms(wanted: Listed, row: Candidate) -> int | None:
    if wanted.duration_ms is None or row.duration_ms is None:
        return None
    return abs(wanted.duration_ms - row.duration_ms)


async def take_out(read: Read, actor: Actor, found: Found) -> list[Listed]:
    """What is in a playlist, as a file names it: relative paths, by artist and album."""
    listed: list[Listed] = []
    after: tuple[str, UUID] | None = None
    while True:
        rows = await entries.page(read, found, after=after, limit=_LOT)
        known = await entries.tracks_of(read, actor, rows)
        for row in rows:
            track = known.get(row.track_id)
            if track is None:
                path = playlist_files.path_of(row.artist, "", row.title)
                listed.append(Listed(row.title, row.artist, "", path))
                continue
            name = track.filename or track.title
            path = playlist_files.path_of(track.artist, track.album, name)
            said = (track.title, track.artist, track.album, path, track.duration_ms)
            listed.append(Listed(*said))
        if len(rows) < _LOT:
            return listed
        after = (rows[-1].position, rows[-1].id)
