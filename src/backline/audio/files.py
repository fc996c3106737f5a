"""Which files the library's rows point to: what is kept, what is left over, what may be opened."""

from collections.abc import AsyncIterator, Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.audio import covers, files_sql, naming, originals, sql, tracks
from backline.audio.folders import covers_sql
from backline.audio.options import AudioOptions
from backline.platform.database import Database, Read
from backline.platform.storage.kinds import FileKind, KeptFile, StoredFile

_PAGE_ROWS: Final = 500
_KEY_SEGMENTS: Final = 5  # kind/owner/track/generation/name


async def referenced(read: Read) -> AsyncIterator[KeptFile]:
    """Every original but those in folders, every file of renditions that are played, and covers."""
    after = UUID(int=0)
    while rows := await files_sql.page(read, after, _PAGE_ROWS):
        for row in rows:
            if row.is_stored:
                original = tracks.original_key(row.owner_id, row.id)
                yield KeptFile(original, row.size_bytes, row.sha256.hex())
            if row.generation is not None and row.files is not None:
                where = covers.prefix(row.owner_id, row.id, row.generation)
                sizes = msgspec.json.decode(row.files, type=dict[str, int])
                for name, size_bytes in sorted(sizes.items()):
                    yield KeptFile(f"{where}/{name}", size_bytes)
        after = rows[-1].id
    last = (UUID(int=0), UUID(int=0))
    while shared := await covers_sql.page(read, last, _PAGE_ROWS):
        for cover in shared:
            sizes = msgspec.json.decode(cover.files, type=dict[str, int])
            for name, size_bytes in sorted(sizes.items()):
                yield KeptFile(covers.shared_key(cover.owner_id, cover.id, name), size_bytes)
        last = (shared[-1].owner_id, shared[-1].id)


async def unknown(read: Read, keys: Sequence[str]) -> list[str]:
    """Those of the keys that no row points to: leftovers, or files of a job under way."""
    parts = {key: key.split("/") for key in keys}
    found = {key: _track_id(segments) for key, segments in parts.items()}
    ids = [track_id for track_id in found.values() if track_id is not None]
    known = {row.id: row.generation for row in await sql.generations(read, ids)}
    known |= dict.fromkeys(await covers_sql.there(read, ids), covers.SHARED)
    return [
        key
        for key, track_id in found.items()
        if track_id is None
        or track_id not in known
        or parts[key][3] not in (tracks.SOURCE, known[track_id])
    ]


def _track_id(segments: list[str]) -> UUID | None:
    if len(segments) != _KEY_SEGMENTS:
        return None
    try:
        return UUID(hex=segments[2])
    except ValueError:
        return None


def named_in(prefix: str) -> tuple[UUID, UUID, str] | None:
    """What a prefix of media names: whose, or by whose leave; the track; the generation."""
    _, whose, track, generation = prefix.split("/")
    try:
        return UUID(whose), UUID(track), generation
    except ValueError:
        return None


async def resolve(database: Database, prefix: str, name: str) -> StoredFile | None:
    """What the database knows of `tracks/<owner>/<track>/<generation>` and a name in it."""
    named = named_in(prefix)
    if named is None:
        return None
    owner_id, track_id, generation = named
    async with database.read() as read:
        if generation == tracks.SOURCE:
            return await _source(read, owner_id, track_id, prefix, name)
        file = await sql.rendition_file(read, track_id, owner_id, generation, name)
        if file is not None:
            return StoredFile(f"{prefix}/{name}", file.size_bytes, file.rendered_at)
        shared = await covers_sql.file(read, track_id, owner_id, generation, name)
        if shared is None:
            return None
        key = covers.shared_key(owner_id, shared.cover_id, name)
        return StoredFile(key, shared.size_bytes, shared.created_at)


async def _source(
    read: Read, owner_id: UUID, track_id: UUID, prefix: str, name: str
) -> StoredFile | None:
    source = await sql.source_file(read, track_id, owner_id)
    if source is None or name != tracks.ORIGINAL:
        return None
    stored = StoredFile(
        f"{prefix}/{name}",
        source.size_bytes,
        source.created_at,
        source.content_type,
        naming.single_name(naming.called(source)),
    )
    if source.folder_id is None:
        return stored
    return await originals.in_folder(read, owner_id, track_id, stored)


async def none(_read: Read) -> AsyncIterator[KeptFile]:
    """Of kinds that lie nowhere themselves, nothing is stored."""
    for nothing in ():
        yield nothing


async def all_of(_read: Read, keys: Sequence[str]) -> list[str]:
    """Whatever lies there under such a kind is left over."""
    return list(keys)


TRACKS: Final = FileKind(
    kind=covers.KIND,
    referenced=referenced,
    unknown=unknown,
    resolve=resolve,
    places=lambda settings: settings.of(AudioOptions).music_folders,
)
