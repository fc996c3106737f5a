"""Photos: added from an upload, listed, changed, starred, deleted, restored."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import UNSET, Meta

from backline import accounts
from backline.concerts import showing
from backline.concerts.history import queueing
from backline.concerts.models import (
    Days,
    OffsetSource,
    Photo,
    PhotoChanged,
    PhotoItem,
    PhotoItemRow,
    PhotoJob,
    PhotoPatch,
    PhotoRow,
    Places,
)
from backline.concerts.sql import lists
from backline.concerts.sql import photos as sql
from backline.concerts.sql.lists import Condition
from backline.platform import events
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Read, Write
from backline.platform.database.versions import ANY_VERSION, IfMatch
from backline.platform.errors import Conflict, FieldFault, Invalid, NotFound
from backline.platform.ids import uuid7
from backline.platform.jobs import enqueue
from backline.platform.media.signing import MediaSigner
from backline.platform.storage.takes import Taken

PREPARE: Final = "concerts.prepare"
AVIF: Final = "concerts.avif"
PURGE: Final = "concerts.purge"
UNDO_S: Final = 30
LARGEST_NOTICE: Final = 100  # photos that one event names; with more, pages fetch afresh
Key = tuple[Annotated[datetime, Meta(tz=False)] | None, UUID]

_GONE: Final = "There is no such photo."
_LATER: Final = 10  # AVIF waits until everything else is drawn
_FIRST_YEAR: Final = 1900  # a person may say when a print was taken that was photographed later
_AHEAD: Final = timedelta(days=1)
Action = Literal["created", "updated", "deleted", "restored"]


async def add(tx: Write, taken: Taken) -> tuple[PhotoRow, bool]:
    """Add a photo whose original has been stored and whose room is charged, and have it looked at.

    Where its bytes are a photo already, that one is given back, and False.
    """
    known = await sql.same(tx, taken.owner_id, taken.sha256)
    if known is None:
        row = await sql.insert(
            tx,
            taken.owner_id,
            taken.id,
            source="upload",
            filename=taken.filename,
            sha256=taken.sha256,
            size_bytes=taken.size_bytes,
            job_id=await queue(tx, PREPARE, taken.owner_id, taken.id),
        )
        if row is not None:
            await tell(tx, taken.owner_id, [row.id], "created")
            return row, True
        known = await sql.same(tx, taken.owner_id, taken.sha256)  # it came at the same moment
    if known is None:
        raise Conflict("This photo is being removed at this moment. Please send it again.")
    if known.original_id is None:  # it lies elsewhere: from now on it is kept here, too
        await sql.adopt(tx, known.owner_id, known.id, taken.id, taken.size_bytes)
        known = await prepare_anew(tx, known.owner_id, known.id) or known
    else:
        await accounts.release(tx, taken.owner_id, taken.size_bytes)
    await tell(tx, taken.owner_id, [known.id], "updated")
    return known, False


async def get(read: Read, actor: Actor, photo_id: UUID, signer: MediaSigner) -> Photo:
    """One of the actor's photos.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await sql.photo(read, actor.user_id, photo_id)
    if row is None:
        raise NotFound(_GONE)
    return showing.photo(row, signer)


async def check_filters(read: Read, actor: Actor, condition: Condition) -> None:
    """Refuse a list of what isn't the actor's.

    Raises:
        NotFound: there is no such source or group, or it is someone else's.
    """
    if condition.source_id is not None and not await lists.has_source(
        read, actor.user_id, condition.source_id
    ):
        raise NotFound("There is no such source of photos.")
    if condition.group_id is not None and not await lists.has_group(
        read, actor.user_id, condition.group_id
    ):
        raise NotFound("There is no such group of photos.")


async def page(
    read: Read, actor: Actor, condition: Condition, after: Key | None, limit: int
) -> list[PhotoItemRow]:
    """A page of the actor's photos, the latest first."""
    return await lists.page(read, actor.user_id, condition, after, limit)


async def days(read: Read, actor: Actor) -> Days:
    """How many of the actor's photos were taken on which day."""
    return Days(await lists.days(read, actor.user_id))


async def places(read: Read, actor: Actor) -> Places:
    """How many of the actor's photos were taken where."""
    return Places(await lists.places(read, actor.user_id))


async def change(
    tx: Write,
    actor: Actor,
    photo_id: UUID,
    patch: PhotoPatch,
    signer: MediaSigner,
    if_match: IfMatch = ANY_VERSION,
) -> Photo:
    """Change what people may; metadata don't overwrite it any more.

    With a star come the rest of its variants, and a copy of the original where we have none.

    Raises:
        NotFound: it isn't there, or someone else's.
        PreconditionFailed: `if_match` is about another version.
        Invalid: there is no such time.
    """
    row = await _locked(tx, actor, photo_id, if_match)
    starred = row.starred if patch.starred is UNSET else patch.starred
    taken_at, offset_min = row.taken_at, row.offset_min
    source, offset_source, doubtful = row.time_source, row.offset_source, row.is_doubtful
    edits_time, edits_place = patch.taken_at is not UNSET, patch.location is not UNSET
    if patch.taken_at is not UNSET:
        taken_at, offset_min = _wall(patch.taken_at)
        source = "person" if taken_at is not None else None
        offset_source = _by_person(offset_min)
        doubtful = False
    latitude, longitude = row.latitude, row.longitude
    if patch.location is not UNSET:
        latitude = patch.location.latitude if patch.location else None
        longitude = patch.location.longitude if patch.location else None
    changed = await sql.change(
        tx,
        row,
        starred=starred,
        alt_text=row.alt_text if patch.alt_text is UNSET else patch.alt_text,
        taken_at=taken_at,
        offset_min=offset_min,
        time_source=source,
        offset_source=offset_source,
        is_doubtful=doubtful,
        edited_time=edits_time or row.edited_time,
        latitude=latitude,
        longitude=longitude,
        edited_place=edits_place,
    )
    if starred and not row.starred:
        changed = await _draw_more(tx, row) or changed
    if edits_time or edits_place:
        await queueing.cut_soon(tx, actor.user_id)
    await tell(tx, actor.user_id, [photo_id], "updated")
    return showing.photo(changed or row, signer)


async def _draw_more(tx: Write, row: PhotoRow) -> PhotoRow | None:
    """Have drawn what a starred photo lacks."""
    if row.webp_generation is None:
        return await prepare_anew(tx, row.owner_id, row.id)
    if row.avif_generation is None:
        await queue(tx, AVIF, row.owner_id, row.id)
    return None


def _wall(text: str | None) -> tuple[datetime | None, int | None]:
    if text is None:
        return None, None
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("There is no such time.", FieldFault("taken_at", "is no time")) from None
    wall = said.replace(tzinfo=None)
    if wall.year < _FIRST_YEAR or wall > datetime.now(UTC).replace(tzinfo=None) + _AHEAD:
        raise Invalid(
            "Nobody can have taken a photo then.", FieldFault("taken_at", "can't be right")
        )
    offset = said.utcoffset()
    minutes = None if offset is None else round(offset.total_seconds() / 60)
    return wall, minutes


def _by_person(offset_min: int | None) -> OffsetSource | None:
    return None if offset_min is None else "person"


async def delete(tx: Write, actor: Actor, photo_id: UUID, if_match: IfMatch = ANY_VERSION) -> None:
    """Hide a photo at once; a job removes its files when nobody can undo that any more.

    The file in a folder on the server stays there, and later scans don't bring it back.

    Raises:
        NotFound: it isn't there, or someone else's.
        PreconditionFailed: `if_match` is about another version.
    """
    await _locked(tx, actor, photo_id, if_match)
    await sql.delete(tx, actor.user_id, photo_id)
    await enqueue(
        tx,
        PURGE,
        PhotoJob(photo_id, actor.user_id),
        owner_id=actor.user_id,
        run_at=datetime.now(UTC) + timedelta(seconds=UNDO_S),
    )
    await queueing.cut_soon(tx, actor.user_id)
    await tell(tx, actor.user_id, [photo_id], "deleted")


async def restore(tx: Write, actor: Actor, photo_id: UUID, signer: MediaSigner) -> Photo:
    """Undo a deletion.

    Raises:
        NotFound: it is gone for good already, or it never was the actor's.
    """
    row = await sql.restore(tx, actor.user_id, photo_id)
    if row is None:
        raise NotFound("There is nothing left to restore.")
    if row.status == "processing":  # its job may have found it deleted
        row = await prepare_anew(tx, actor.user_id, photo_id) or row
    await queueing.cut_soon(tx, actor.user_id)
    await tell(tx, actor.user_id, [photo_id], "restored")
    return showing.photo(row, signer)


async def retry(tx: Write, actor: Actor, photo_id: UUID, signer: MediaSigner) -> Photo:
    """Try once more what failed.

    Raises:
        NotFound: it isn't there, or someone else's.
        Conflict: nothing has failed.
    """
    row = await _locked(tx, actor, photo_id, ANY_VERSION)
    if row.error is None:
        raise Conflict("Nothing has failed with this photo, so there is nothing to try again.")
    job_id = await queue(tx, PREPARE, row.owner_id, row.id)
    if row.status == "failed":
        row = await sql.set_retried(tx, row.owner_id, row.id, job_id) or row
    else:
        row = await sql.set_job(tx, row.owner_id, row.id, job_id) or row
    await tell(tx, actor.user_id, [photo_id], "updated")
    return showing.photo(row, signer)


async def prepare_anew(tx: Write, owner_id: UUID, photo_id: UUID) -> PhotoRow | None:
    """Have done what a photo lacks."""
    job_id = await queue(tx, PREPARE, owner_id, photo_id)
    return await sql.set_job(tx, owner_id, photo_id, job_id)


async def queue(tx: Write, kind: str, owner_id: UUID, photo_id: UUID, *, since: str = "") -> UUID:
    """Have a photo worked on; while a job of this kind is at it already, that one.

    `since` tells what has changed that such a job can't have known of.
    """
    return await enqueue(
        tx,
        kind,
        PhotoJob(photo_id, owner_id),
        owner_id=owner_id,
        subject=("photo", photo_id),
        priority=_LATER if kind == AVIF else 0,
        unique_key=f"{photo_id.hex}:{since}" if since else photo_id.hex,
    )


async def tell(tx: Write, owner_id: UUID, ids: Sequence[UUID], action: Action) -> None:
    """Have caches forget, and pages hear of it."""
    named = list(ids) if len(ids) <= LARGEST_NOTICE else []
    invalidate(tx, f"photos:{owner_id.hex}")
    await events.publish(tx, owner_id, "photos", "photo", PhotoChanged(named, action))


async def _locked(tx: Write, actor: Actor, photo_id: UUID, if_match: IfMatch) -> PhotoRow:
    row = await sql.lock(tx, actor.user_id, photo_id)
    if row is None:
        raise NotFound(_GONE)
    if_match.check(row.version)
    return row


def new_generation() -> str:
    """A folder of files that nothing points to yet."""
    return uuid7().hex


def shown(rows: Sequence[PhotoItemRow], signer: MediaSigner) -> list[PhotoItem]:
    """The rows of a list as they are answered."""
    return showing.items(rows, signer)
