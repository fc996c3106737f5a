"""The files behind a share's link: a track's own, under URLs that end when the share does.

Such a URL names the share and not its owner; each time it is opened, the share has to count still.
"""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec

from backline import accounts
from backline.audio import covers, files, shares_sql, tracks
from backline.audio.engine.findings import LARGE_NAME, SMALL_NAME
from backline.audio.models import Cover
from backline.audio.options import AudioOptions
from backline.audio.shares_sql import ShareRow
from backline.platform.database import Database
from backline.platform.media.signing import MediaSigner, SignedUrl
from backline.platform.storage.kinds import FileKind, StoredFile

_KIND: Final = "shared"


def url(
    signer: MediaSigner, share: ShareRow, track_id: UUID, generation: str, name: str
) -> SignedUrl:
    """The URL of a file of a track, good as any, and no longer than its share."""
    made = signer.url(_prefix(share, track_id, generation), name, datetime.now(UTC))
    if share.expires_at is None or share.expires_at >= made.expires_at:
        return made
    return SignedUrl(made.url, share.expires_at)


def cover(
    signer: MediaSigner, share: ShareRow, track_id: UUID | None, generation: str | None
) -> Cover | None:
    """The cover of the track that lends it; None where none does."""
    if track_id is None or generation is None:
        return None
    where = signer.folder(_prefix(share, track_id, generation), datetime.now(UTC)).url
    return Cover(f"{where}/{SMALL_NAME}", f"{where}/{LARGE_NAME}")


def _prefix(share: ShareRow, track_id: UUID, generation: str) -> str:
    return f"{_KIND}/{share.id.hex}/{track_id.hex}/{generation}"


async def _resolve(database: Database, prefix: str, name: str) -> StoredFile | None:
    """A file of a track of whose share it is, while that counts and the track is there."""
    named = files.named_in(prefix)
    if named is None:
        return None
    share_id, track_id, generation = named
    async with database.read() as read:
        row = await shares_sql.opened(read, share_id)
        if row is None or not await accounts.active(read, [row.owner_id]):
            return None
    file = await files.resolve(database, covers.prefix(row.owner_id, track_id, generation), name)
    if file is None:
        return None
    # What lies in a folder may have nothing else to play; all other originals are to take along.
    if generation == tracks.SOURCE and file.place is None and not row.may_download:
        return None
    return msgspec.structs.replace(file, until=row.expires_at)


SHARED: Final = FileKind(
    kind=_KIND,
    referenced=files.none,
    unknown=files.all_of,
    resolve=_resolve,
    places=lambda settings: settings.of(AudioOptions).music_folders,
)
