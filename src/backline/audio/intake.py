"""How a whole file becomes a track, and the plain form that brings one; resuming is `uploads`'s."""

from collections.abc import AsyncIterator
from uuid import UUID

import msgspec

from backline import accounts
from backline.audio import tracks
from backline.audio.models import TrackRow
from backline.audio.settings import AudioSettings
from backline.platform.actor import Actor
from backline.platform.database import Database, Write
from backline.platform.disk import in_words
from backline.platform.errors import Conflict, NotFound, OutOfSpace, TooLarge
from backline.platform.ids import uuid7
from backline.platform.multipart import receive_file
from backline.platform.storage import Staged, Staging, Storage

# What a form has around its file at least; a length known beforehand is only an estimate.
_FORM_BYTES = 4096


class Intake(msgspec.Struct, frozen=True):
    """Where uploads go, and their limits."""

    database: Database
    storage: Storage
    staging: Staging
    settings: AudioSettings


async def take_form(
    intake: Intake,
    actor: Actor,
    chunks: AsyncIterator[bytes],
    *,
    content_type: str | None,
    length_bytes: int | None,
) -> TrackRow:
    """Take in a form with a file in one go; it becomes a track.

    `length_bytes` is the body's, where it is known: what can't fit is refused before it is sent.

    Raises:
        Invalid, Unsupported: not a form with one file.
        TooLarge: longer than this installation takes.
        OutOfSpace: past the quota, or no room on the disk.
        ClientGone: the body broke off; nothing was kept.
    """
    quota_bytes = intake.settings.quota_bytes
    expected_bytes = max((length_bytes or 0) - _FORM_BYTES, 0)
    check_size(intake, expected_bytes)
    async with intake.database.write() as tx:
        await accounts.charge(tx, actor.user_id, expected_bytes, quota_bytes)
        await accounts.release(tx, actor.user_id, expected_bytes)
    limit_bytes = intake.settings.max_upload_bytes
    came = await receive_file(chunks, content_type, intake.staging, limit_bytes=limit_bytes)
    track_id = uuid7()
    try:
        # The final name comes before the COMMIT that points to it.
        key = tracks.original_key(actor.user_id, track_id)
        await intake.staging.keep(came.staged, key, into=intake.storage)
        async with intake.database.write() as tx:
            await accounts.charge(tx, actor.user_id, came.staged.size_bytes, quota_bytes)
            return await add_track(tx, actor.user_id, track_id, came.staged, came.filename)
    except (Conflict, NotFound, OutOfSpace):
        await forget(intake, actor.user_id, track_id)
        raise
    finally:
        await intake.staging.discard(came.staged.id)


def check_size(intake: Intake, length_bytes: int) -> None:
    """Refuse what can't be taken.

    Raises:
        TooLarge: longer than this installation takes.
        OutOfSpace: no room on the disk.
    """
    limit_bytes = intake.settings.max_upload_bytes
    if length_bytes > limit_bytes:
        raise TooLarge(
            f"The file has {in_words(length_bytes)}; this server takes up to "
            f"{in_words(limit_bytes)} a file."
        )
    intake.staging.check_room(length_bytes)


async def forget(intake: Intake, owner_id: UUID, track_id: UUID) -> None:
    """Remove a kept original where it is certain that no COMMIT points to it."""
    await intake.storage.delete_prefix(tracks.original_key(owner_id, track_id))


async def add_track(
    tx: Write, owner_id: UUID, track_id: UUID, staged: Staged, filename: str
) -> TrackRow:
    """Add the track of a kept file whose room is charged."""
    source = tracks.Source(filename, staged.size_bytes, bytes.fromhex(staged.sha256))
    return await tracks.add(tx, owner_id, track_id, source)
