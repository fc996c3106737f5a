"""Which files of the audio library the media room may serve: those that a COMMIT points to."""

from uuid import UUID

from backline.audio import sql, tracks
from backline.platform.database import Database
from backline.platform.media import StoredFile

KIND = "tracks"


async def resolve(database: Database, prefix: str, name: str) -> StoredFile | None:
    """What the database knows of `tracks/<owner>/<track>/<generation>` and a name in it."""
    _, owner, track, generation = prefix.split("/")
    try:
        owner_id, track_id = UUID(owner), UUID(track)
    except ValueError:
        return None
    async with database.read() as read:
        if generation == tracks.SOURCE:
            source = await sql.source_file(read, track_id, owner_id)
            if source is None or name != tracks.ORIGINAL:
                return None
            return StoredFile(
                f"{prefix}/{name}",
                source.size_bytes,
                source.created_at,
                source.content_type,
                source.filename,
            )
        file = await sql.rendition_file(read, track_id, owner_id, generation, name)
    if file is None:
        return None
    return StoredFile(f"{prefix}/{name}", file.size_bytes, file.rendered_at)
