"""What people have played: told by their players, counted once, listed, cleared."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from backline.audio import listening_sql as sql
from backline.audio import tracks
from backline.audio.listening_sql import PlayRow
from backline.audio.models import Track
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Database, Read, Write
from backline.platform.errors import Conflict, FieldFault, Invalid
from backline.platform.media.signing import MediaSigner

MOST: Final = 50_000  # plays that are kept of one person
_ENOUGH_MS: Final = 240_000
_FIRST_YEAR: Final = 1900
_Key = Annotated[str, Meta(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$(?!\n)")]


class PlayForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A play of a track: when it began, and how much of it was heard so far.

    `key` is of the player's making, another one for each play: told again, it counts once.
    """

    track_id: UUID
    key: _Key
    started_at: Annotated[datetime, Meta(tz=True)]
    played_ms: Annotated[int, Meta(ge=0, le=2**31 - 1)]


class PlayTold(msgspec.Struct, frozen=True):
    """Whether it counts: from half of the track on, or from four minutes."""

    counts: bool


class Play(msgspec.Struct, frozen=True):
    """A play that counted, with its track as it is now."""

    key: str
    played_at: datetime
    track: Track


class PlayPage(msgspec.Struct, frozen=True):
    """A page of plays."""

    items: list[Play]
    next_cursor: str | None = None


async def tell(tx: Write, actor: Actor, form: PlayForm) -> bool:
    """Count a play once it was long enough, once; whether it counts, now or already.

    Raises:
        NotFound: there is no such track, or it is someone else's.
        Conflict: nobody can have played it yet.
        Invalid: it began before 1900.
    """
    played_at = _past(form.started_at)
    row = await tracks.get(tx, actor, form.track_id)
    if row.duration_ms is None:
        raise Conflict("This track can't be played yet.")
    if form.played_ms < min(row.duration_ms / 2, _ENOUGH_MS):
        return False
    if await sql.play(tx, actor.user_id, form.key, form.track_id, played_at):
        invalidate(tx, tag(actor.user_id))
        await tracks.tell(tx, actor.user_id, form.track_id, "updated")
    return True


def _past(said: datetime) -> datetime:
    """When a play began: now at the latest, and in years that everything can reckon with."""
    if said.year < _FIRST_YEAR:
        raise Invalid("No music was played then.", FieldFault("started_at", "is before 1900"))
    now = datetime.now(UTC)
    return said.astimezone(UTC) if said < now else now


async def page(
    read: Read, actor: Actor, *, after: tuple[datetime, str] | None, limit: int
) -> list[PlayRow]:
    """A page of what the actor has played, the latest first."""
    return await sql.history(read, actor.user_id, after=after, limit=limit)


async def clear(tx: Write, actor: Actor) -> None:
    """Forget all that the actor has played, and how often; favourites and ratings stay."""
    await sql.clear(tx, actor.user_id)
    # Each track's own answer says how often it was played, and ends with what it lives for.
    invalidate(tx, tag(actor.user_id), f"tracks:{actor.user_id.hex}")


async def trim(database: Database) -> None:
    """Keep the latest 50,000 plays of everybody; in a transaction for each."""
    async with database.read() as read:
        user_ids = await sql.with_long_history(read, MOST)
    for user_id in user_ids:
        async with database.write() as tx:
            if await sql.trim(tx, user_id, MOST):
                invalidate(tx, tag(user_id))


def tag(user_id: UUID) -> str:
    """What answers about someone's plays depend on."""
    return f"plays:{user_id.hex}"


def shown_all(rows: Sequence[PlayRow], signer: MediaSigner) -> list[Play]:
    """Rows as they are answered."""
    seen = tracks.shown_all(rows, signer)
    return [Play(row.key, row.played_at, track) for row, track in zip(rows, seen, strict=True)]
