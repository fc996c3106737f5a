"""Resumable uploads: a file gets in piece by piece, and becomes what its domain makes of it.

The protocol (tus 1.0) is `web`'s business; what the file is, its domain's.
"""

import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from backline import accounts
from backline.platform.actor import Actor, require_scope
from backline.platform.database import Database, Read, Write
from backline.platform.errors import (
    BacklineError,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    TooMany,
    Unavailable,
)
from backline.platform.ids import uuid7
from backline.platform.storage import BytesLost, Staging, Writing
from backline.uploads import sql
from backline.uploads.intake import Intake, Takers, check_again, check_size, taken
from backline.uploads.names import clean_filename
from backline.uploads.sql import UploadRow

TRACK: Final = "track"  # what an upload becomes that doesn't say it: 0.1.0 knew nothing else
_MAX_UNFINISHED = 1000
_GONE = "There is no such upload (any more). Please begin it again."


class Checksum(msgspec.Struct, frozen=True):
    """What the bytes of one request must hash to."""

    algorithm: Literal["sha1", "sha256"]
    digest: bytes


class ChecksumMismatch(BacklineError):
    """The bytes changed on their way (tus 1.0, checksum extension)."""

    status, kind, title = 460, "checksum-mismatch", "The bytes changed on their way"


class Upload(msgspec.Struct, frozen=True):
    """How far an upload is; offset and length in bytes. `track_id` is set when it is whole.

    What becomes something else than a track has its `kind` and `thing_id` instead.
    """

    id: UUID
    filename: str
    content_type: str
    offset: int
    length: int
    expires_at: datetime
    track_id: UUID | None
    job_id: UUID | None
    kind: str | UnsetType = UNSET
    thing_id: UUID | UnsetType | None = UNSET


def _shown(row: UploadRow, job_id: UUID | None = None) -> Upload:
    is_track = row.kind == TRACK
    return Upload(
        row.id,
        row.filename,
        row.content_type,
        row.offset_bytes,
        row.length_bytes,
        row.expires_at,
        row.thing_id if is_track else None,
        job_id,
        UNSET if is_track else row.kind,
        UNSET if is_track else row.thing_id,
    )


async def get(read: Read, takers: Takers, actor: Actor, upload_id: UUID) -> Upload:
    """One of the actor's uploads.

    Raises:
        NotFound: it isn't there, has expired, or is someone else's.
        Forbidden: an API token lacks the scope of what it becomes.
    """
    row = await _known(read, actor, upload_id)
    takes = takers.of(row.kind)
    require_scope(actor, [f"{takes.scope}:read"])
    if row.thing_id is None or takes.job is None:
        return _shown(row)
    return _shown(row, await takes.job(read, row.payer_id, row.thing_id))


async def _known(read: Read, actor: Actor, upload_id: UUID) -> UploadRow:
    row = await sql.upload(read, upload_id, actor.user_id)
    if row is None:
        raise NotFound(_GONE)
    return row


async def create(
    intake: Intake,
    actor: Actor,
    *,
    length_bytes: int,
    filename: str,
    content_type: str,
    kind: str = TRACK,
    subject: UUID | None = None,
) -> Upload:
    """Begin a resumable upload; its whole length is charged to the quota of whose it is to be.

    Raises:
        BacklineError: the actor may not add it.
        TooLarge: longer than this installation takes.
        Invalid: empty, or nobody takes such.
        OutOfSpace: past the quota, or no room on the disk.
        TooMany: a thousand have been begun and not finished.
    """
    if length_bytes == 0:
        raise Invalid("The file is empty. There is nothing to upload.")
    takes = intake.takers.of(kind)
    require_scope(actor, [f"{takes.scope}:write"])
    check_size(intake, kind, length_bytes)
    upload_id = uuid7()
    async with intake.database.write() as tx:
        payer_id = await takes.owner(tx, actor, subject)
        await accounts.charge(tx, payer_id, length_bytes, intake.takers.quota_bytes)
        if await sql.count_unfinished(tx, actor.user_id) >= _MAX_UNFINISHED:
            detail = f"{_MAX_UNFINISHED} of your uploads are unfinished. Finish or delete some."
            raise TooMany(detail, retry_after_s=3600)
        await sql.insert_upload(
            tx,
            upload_id,
            actor.user_id,
            kind=kind,
            subject=subject,
            payer_id=payer_id,
            filename=clean_filename(filename),
            content_type=content_type[:100],
            length_bytes=length_bytes,
        )
        return _shown(await _known(tx, actor, upload_id))


async def append(
    intake: Intake,
    actor: Actor,
    upload_id: UUID,
    offset: int,
    chunks: AsyncIterator[bytes],
    *,
    checksum: Checksum | None = None,
) -> Upload:
    """Take in bytes from `offset` on; with the last one the upload is whole.

    What came is kept even if the client goes away in the middle, except under a checksum.

    Raises:
        NotFound: it isn't there, has expired, or is someone else's.
        Conflict: it isn't at `offset`.
        Locked: another request is writing to it.
        TooLarge: more bytes came than are left.
        ChecksumMismatch: the bytes aren't those of the checksum; none was kept.
        OutOfSpace: no room on the disk.
    """
    async with intake.database.read() as read:
        row = await _known(read, actor, upload_id)  # whose it is comes before any file is touched
    require_scope(actor, [f"{intake.takers.of(row.kind).scope}:write"])
    async with intake.staging.writing(upload_id) as writing:
        try:
            row = await _at(intake, actor, upload_id, offset)
            if row.thing_id is not None:
                return _shown(row)
            return _shown(await _take(intake, actor, row, writing, chunks, checksum))
        except (NotFound, BytesLost, Unavailable):
            await _check_not_ended(intake, actor, upload_id)
            raise


async def _check_not_ended(intake: Intake, actor: Actor, upload_id: UUID) -> None:
    """Whatever happened to the bytes of an upload that was ended meanwhile: it is just gone.

    Raises:
        NotFound: that is so.
    """
    async with intake.database.read() as read:
        row = await sql.upload(read, upload_id, actor.user_id)
    if row is None:
        await intake.staging.discard(upload_id)
        raise NotFound(_GONE)


async def _at(intake: Intake, actor: Actor, upload_id: UUID, offset: int) -> UploadRow:
    async with intake.database.read() as read:
        row = await _known(read, actor, upload_id)
    if row.offset_bytes != offset:
        raise Conflict(f"The upload is at {row.offset_bytes} bytes, not at {offset}. Resume there.")
    return row


async def _take(
    intake: Intake,
    actor: Actor,
    row: UploadRow,
    writing: Writing,
    chunks: AsyncIterator[bytes],
    checksum: Checksum | None,
) -> UploadRow:
    progress = _Progress(intake.database, row)
    digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None
    try:
        done = await writing.append(
            row.offset_bytes,
            chunks,
            limit_bytes=row.length_bytes - row.offset_bytes,
            commit=None if checksum else progress.commit,
            digest=digest,
        )
    except BytesLost as fault:
        await progress.commit(fault.size_bytes)
        raise
    if checksum is not None and digest is not None:
        if done.fault is not None:
            raise done.fault
        if not hmac.compare_digest(digest.digest(), checksum.digest):
            raise ChecksumMismatch("Nothing of this request was kept. Please send it again.")
    if done.offset == row.length_bytes:
        return await _finish(intake, actor, progress, writing)
    await progress.commit(done.offset)
    if done.fault is not None:
        raise done.fault
    return progress.row


class _Progress:
    """The committed offset of an upload that is being written."""

    def __init__(self, database: Database, row: UploadRow) -> None:
        self._database = database
        self.row = row

    async def commit(self, offset: int) -> None:
        """Have the database say that everything before `offset` is durable."""
        row = self.row
        if offset in (row.length_bytes, row.offset_bytes):
            return  # the end is committed together with what it becomes
        async with self._database.write() as tx:
            if not await sql.move_offset(
                tx, row.id, row.owner_id, expected=row.offset_bytes, offset_bytes=offset
            ):
                raise NotFound(_GONE)
        self.row = msgspec.structs.replace(row, offset_bytes=offset)


async def _finish(intake: Intake, actor: Actor, progress: _Progress, writing: Writing) -> UploadRow:
    """Have a whole upload become what it is for.

    The file gets its final name before the COMMIT that points to it. A crash between the two
    leaves an upload that can be resumed, and a file that nothing points to: the sweep's.
    """
    row, thing_id = progress.row, uuid7()
    takes = intake.takers.of(row.kind)
    key = takes.key(row.payer_id, thing_id)
    try:
        staged = await writing.keep(key, row.length_bytes, into=intake.storage)
    except BytesLost as fault:
        await progress.commit(fault.size_bytes)
        raise
    whole = taken(
        staged,
        thing_id=thing_id,
        owner_id=row.payer_id,
        filename=row.filename,
        content_type=row.content_type,
        subject=row.subject,
    )
    try:
        async with intake.database.write() as tx:
            await _mark_whole(tx, row, thing_id)
            await check_again(tx, takes, actor, row.subject, row.payer_id)
            added = await takes.add(tx, actor, whole)
            if takes.id_of is not None and (found_id := takes.id_of(added)) != thing_id:
                thing_id = found_id
                await sql.set_thing(tx, row.id, row.owner_id, thing_id)
    except (Conflict, Forbidden, NotFound):
        await intake.storage.delete_prefix(key)  # it is certain that no COMMIT points to it
        raise
    await intake.staging.discard(row.id)
    return msgspec.structs.replace(row, offset_bytes=row.length_bytes, thing_id=thing_id)


async def _mark_whole(tx: Write, row: UploadRow, thing_id: UUID) -> None:
    expected = row.offset_bytes
    if not await sql.finish(tx, row.id, row.owner_id, expected=expected, thing_id=thing_id):
        raise NotFound(_GONE)


async def end(intake: Intake, actor: Actor, upload_id: UUID) -> None:
    """Give an upload up: its bytes and its charge go. What came out of it stays.

    Raises:
        NotFound: it isn't there, or is someone else's.
    """
    async with intake.database.write() as tx:
        ended = await sql.delete(tx, upload_id, actor.user_id)
        if ended is None:
            raise NotFound(_GONE)
        require_scope(actor, [f"{intake.takers.of(ended.kind).scope}:write"])
        await accounts.release(tx, ended.payer_id, ended.charged_bytes)
    await intake.staging.discard(upload_id)


async def end_all_of(database: Database, staging: Staging, owner_id: UUID) -> None:
    """Give up all uploads of someone whose account is gone."""
    async with database.write() as tx:
        ended = await sql.delete_of_owner(tx, owner_id)
        for upload in ended:
            if upload.payer_id != owner_id:
                await accounts.release(tx, upload.payer_id, upload.charged_bytes)
    for upload in ended:
        await staging.discard(upload.id)


async def sweep(database: Database, staging: Staging) -> int:
    """End expired uploads, and remove idle bytes that no upload points to; how many there were."""
    count = 0
    while True:
        async with database.write() as tx:
            ended = await sql.delete_expired(tx)
            for upload in ended:
                await accounts.release(tx, upload.payer_id, upload.charged_bytes)
        for upload in ended:
            await staging.discard(upload.id)
        count += len(ended)
        if not ended:
            break
    idle = await staging.idle_ids()
    async with database.read() as read:
        known = await sql.known(read, idle)
    for upload_id in set(idle) - known:
        await staging.discard(upload_id)
        count += 1
    return count
