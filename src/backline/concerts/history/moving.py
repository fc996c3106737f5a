"""Photos moved between concerts by hand: that stands against matching, and can be undone."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from backline.concerts import photos
from backline.concerts.history import concerts, making, removing
from backline.concerts.history.models import Concert, PhotoMove, PhotoMoveForm
from backline.concerts.sql import concerts as concerts_sql
from backline.concerts.sql import moving as sql
from backline.concerts.sql.moving import PlaceRow
from backline.platform.actor import Actor
from backline.platform.database import Write
from backline.platform.errors import Conflict, FieldFault, Invalid, NotFound
from backline.platform.ids import uuid7
from backline.platform.media.signing import MediaSigner

MOST_OF_CONCERT: Final = 5_000
MOST_KEPT: Final = 20  # of each person, the last of which can be undone
_MOVED_AGAIN: Final = (
    "These photos were moved again since, or they are gone. Move them from where they are now."
)
_CONCERT_GONE: Final = (
    "The concert that these photos were moved to is gone. Those that were not moved again are of "
    "none now: find them among your photos and move them to a concert."
)


async def move(tx: Write, actor: Actor, form: PhotoMoveForm, most: int | None) -> PhotoMove:
    """Say by hand which concert photos are of, a new one perhaps, or that they are of none.

    Raises:
        NotFound: a concert or a photo isn't there, or someone else's.
        Invalid: nobody says which photos, or two concerts to put them to, or an impossible one.
        Conflict: the history is full, or the concert has too many photos to be moved at once.
    """
    _check(form)
    made = form.concert is not None
    facts = concerts.facts_of(form.concert) if form.concert is not None else None
    history = await making.held(tx, actor.user_id)
    places = await _chosen(tx, actor, form)
    concert_id = form.concert_id
    if facts is not None:
        making.check_room(history, most)
        concert_id = await making.add(tx, actor.user_id, facts, source="person")
        await concerts.tell(tx, actor.user_id, [concert_id], "created")
    elif concert_id is not None:
        await concerts.check_there(tx, actor.user_id, concert_id)
    return await _moved(tx, actor, places, concert_id, made=made)


async def undo(tx: Write, actor: Actor, move_id: UUID) -> PhotoMove:
    """Have photos where they were before a move; a concert that was made for them goes again.

    Photos that have been moved further since stay. What had come to a concert by itself goes to
    the one that matching holds for right now.

    Raises:
        NotFound: nobody remembers such a move, or it was someone else's.
        Conflict: all of its photos have been moved since, or are gone, or their concert is.
    """
    await making.held(tx, actor.user_id)
    row = await sql.take(tx, actor.user_id, move_id)
    if row is None:
        raise NotFound("There is nothing left to undo.")
    await sql.lock(tx, actor.user_id, row.photo_ids)  # in the order in which all others take them
    back = await sql.move_back(tx, actor.user_id, row)
    if not back:
        is_there = row.concert_id is None or await concerts_sql.is_there(
            tx, actor.user_id, row.concert_id
        )
        raise Conflict(_MOVED_AGAIN if is_there else _CONCERT_GONE)
    await _tell(tx, actor, [one.id for one in back], back, row.concert_id)
    if row.made_concert and row.concert_id is not None:
        await removing.if_forsaken(tx, actor.user_id, row.concert_id, by_person=True)
    return PhotoMove(row.id, len(back), row.concert_id, row.made_concert)


async def add(
    tx: Write, actor: Actor, concert_id: UUID, photo_ids: Sequence[UUID], signer: MediaSigner
) -> Concert:
    """Say by hand that photos are of a concert, wherever they were before.

    Raises:
        NotFound: the concert or a photo isn't there, or someone else's.
    """
    await making.held(tx, actor.user_id)
    await concerts.check_there(tx, actor.user_id, concert_id)
    await _moved(tx, actor, await _named(tx, actor, photo_ids), concert_id)
    return await concerts.get(tx, actor, concert_id, signer)


async def remove(
    tx: Write, actor: Actor, concert_id: UUID, photo_ids: Sequence[UUID], signer: MediaSigner
) -> Concert:
    """Say by hand that photos of a concert are of none.

    Raises:
        NotFound: the concert isn't there, or someone else's, or a photo isn't one of it.
    """
    await making.held(tx, actor.user_id)
    await concerts.check_there(tx, actor.user_id, concert_id)
    await _moved(tx, actor, await _named(tx, actor, photo_ids, concert_id), None)
    return await concerts.get(tx, actor, concert_id, signer)


def _check(form: PhotoMoveForm) -> None:
    if not form.photo_ids and form.from_concert_id is None:
        raise Invalid(
            "Say which photos: their photo_ids, or from_concert_id for all of a concert.",
            FieldFault("photo_ids", "has to stand, unless from_concert_id does"),
        )
    if form.concert_id is not None and form.concert is not None:
        raise Invalid(
            "Photos go to a concert that is there or to a new one, not to both.",
            FieldFault("concert", "can't stand beside concert_id"),
        )


async def _chosen(tx: Write, actor: Actor, form: PhotoMoveForm) -> list[PlaceRow]:
    if form.from_concert_id is None:
        return await _named(tx, actor, form.photo_ids)
    await concerts.check_there(tx, actor.user_id, form.from_concert_id)
    if form.photo_ids:
        return await _named(tx, actor, form.photo_ids, form.from_concert_id)
    found = await sql.lock_of(tx, actor.user_id, form.from_concert_id, MOST_OF_CONCERT + 1)
    if not found:
        raise Conflict("This concert has no photos that could be moved.")
    if len(found) > MOST_OF_CONCERT:
        raise Conflict(
            f"This concert has more than {MOST_OF_CONCERT:,} photos, which is the most that are "
            "moved at once. Nothing was moved: select some of them."
        )
    return found


async def _named(
    tx: Write, actor: Actor, photo_ids: Sequence[UUID], concert_id: UUID | None = None
) -> list[PlaceRow]:
    found = await sql.lock(tx, actor.user_id, photo_ids)
    if len(found) != len(set(photo_ids)):
        raise NotFound("One of these photos isn't there.")
    if concert_id is not None and any(one.concert_id != concert_id for one in found):
        raise NotFound("One of these photos isn't of this concert.")
    return found


async def _moved(
    tx: Write,
    actor: Actor,
    places: Sequence[PlaceRow],
    concert_id: UUID | None,
    *,
    made: bool = False,
) -> PhotoMove:
    ids, move_id = [one.id for one in places], uuid7()
    await sql.move(tx, actor.user_id, ids, concert_id)
    await _tell(tx, actor, ids, places, concert_id)
    await sql.keep(
        tx, actor.user_id, move_id, concert_id, places, made_concert=made, most=MOST_KEPT
    )
    return PhotoMove(move_id, len(ids), concert_id, made)


async def _tell(
    tx: Write,
    actor: Actor,
    photo_ids: Sequence[UUID],
    places: Sequence[PlaceRow],
    concert_id: UUID | None,
) -> None:
    """Say what has changed: the photos, the concerts that they were of, and the one they are of."""
    await photos.tell(tx, actor.user_id, photo_ids, "updated")
    touched = {one.concert_id for one in places} | {concert_id}
    named = sorted(one for one in touched if one is not None)
    if named:
        await concerts.tell(tx, actor.user_id, named, "updated")
