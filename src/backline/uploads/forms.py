"""The plain form that brings a whole file, which becomes what its domain takes; see `resumable`."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from backline.platform.actor import Actor
from backline.platform.errors import Conflict, Forbidden, NotFound, OutOfSpace
from backline.platform.ids import uuid7
from backline.platform.storage.takes import T, Takes
from backline.uploads.intake import Intake, check_size, taken
from backline.uploads.multipart import receive_file
from backline.uploads.reservations import Reservation

# What a form has around its file at least; a length known beforehand is only an estimate.
_FORM_BYTES = 4096


async def take_form(
    intake: Intake,
    takes: Takes[T],
    actor: Actor,
    chunks: AsyncIterator[bytes],
    *,
    content_type: str | None,
    length_bytes: int | None,
    subject: UUID | None = None,
) -> T:
    """Take in a form with a file in one go; what the domain added for it.

    `length_bytes` is the body's, where it is known: what can't fit is refused before it is sent.

    Raises:
        BacklineError: the actor may not add it.
        Invalid, Unsupported: not a form with one file.
        TooLarge: longer than this installation takes.
        OutOfSpace: past the quota, or no room on the disk.
        ClientGone: the body broke off; nothing was kept.
    """
    expected_bytes = max((length_bytes or 0) - _FORM_BYTES, 0)
    check_size(intake, takes.kind, expected_bytes)
    reservation = Reservation(intake, takes, actor, subject)
    await reservation.begin(length_bytes or 0, expected_bytes)
    try:
        came = await receive_file(
            chunks,
            content_type,
            intake.staging,
            limit_bytes=intake.takers.max_bytes[takes.kind],
            on_bytes=reservation.hold,
        )
    except BaseException:
        await asyncio.shield(reservation.end())
        raise
    thing_id = uuid7()
    key = takes.key(reservation.owner_id, thing_id)
    try:
        # The final name comes before the COMMIT that points to it.
        await intake.staging.keep(came.staged, key, into=intake.storage)
        async with intake.database.write() as tx:
            await reservation.settle(tx, came.staged.size_bytes)
            whole = taken(
                came.staged,
                thing_id=thing_id,
                owner_id=reservation.owner_id,
                filename=came.filename,
                content_type=came.content_type,
                subject=subject,
            )
            added = await takes.add(tx, actor, whole)
    except (Conflict, Forbidden, NotFound, OutOfSpace):
        await intake.storage.delete_prefix(key)  # it is certain that no COMMIT points to it
        raise
    else:
        reservation.is_settled()
        return added
    finally:
        await asyncio.shield(reservation.end())
        await intake.staging.discard(came.staged.id)
