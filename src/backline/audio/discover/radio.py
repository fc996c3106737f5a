"""Radio: a queue mixed from an artist or a track and what is like it, by a seed."""

from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from backline.audio import artists, sql, tracks
from backline.audio.credits import genres_in
from backline.audio.discover import radio_sql
from backline.audio.discover.radio_sql import Candidate
from backline.audio.discover.reasons import Reason
from backline.audio.models import Track, TrackRow
from backline.platform.actor import Actor
from backline.platform.database import Read
from backline.platform.media.signing import MediaSigner

MOST_SEED = 2**31 - 1
Place = tuple[Annotated[int, Meta(ge=0, le=MOST_SEED)], Annotated[int, Meta(ge=0, le=100_000)]]
"""What a cursor holds: the seed, and how much of the queue was given."""


class Recommended(msgspec.Struct, frozen=True):
    """A track that is recommended, and why."""

    track: Track
    reasons: list[Reason]


class RadioPage(msgspec.Struct, frozen=True):
    """A piece of a queue; asked for with its `seed` it is the same again."""

    items: list[Recommended]
    seed: int
    next_cursor: str | None = None


class Piece(msgspec.Struct, frozen=True):
    """A piece of a queue, and whether there is more behind it."""

    rows: list[tuple[TrackRow, list[Reason]]]
    following: int | None


async def of_artist(read: Read, actor: Actor, artist_id: UUID, place: Place, limit: int) -> Piece:
    """A piece of the radio of one of the actor's artists.

    Raises:
        NotFound: they aren't there, or someone else's.
    """
    artist = await artists.get(read, actor, artist_id)
    found = await radio_sql.of_artist(read, actor.user_id, artist_id, place[0])
    return await _piece(read, actor, found, place, limit, Reason("by_artist", name=artist.name))


async def of_track(read: Read, actor: Actor, track_id: UUID, place: Place, limit: int) -> Piece:
    """A piece of the radio of one of the actor's tracks, which it begins with.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await tracks.get(read, actor, track_id)
    found = await radio_sql.of_track(read, actor.user_id, track_id, place[0])
    return await _piece(read, actor, found, place, limit, Reason("begins_with", name=row.title))


async def _piece(
    read: Read, actor: Actor, found: Sequence[Candidate], place: Place, limit: int, own: Reason
) -> Piece:
    seed, offset = place
    queue = mixed(found, seed)
    some = queue[offset : offset + limit]
    rows = await sql.tracks_of(read, actor.user_id, [one.id for one in some])
    by_id = {row.id: row for row in rows}
    end = offset + limit
    return Piece(
        [(by_id[one.id], _why(one, by_id[one.id], own)) for one in some if one.id in by_id],
        end if end < len(queue) else None,
    )


def _why(one: Candidate, row: TrackRow, own: Reason) -> list[Reason]:
    if one.is_own:
        return [own]
    if one.via is not None:
        return [Reason("near_track", name=one.via)]
    return [Reason("genre", name=genre) for genre in genres_in(row.genre)[:1]]


def mixed(found: Sequence[Candidate], seed: int) -> list[Candidate]:
    """A queue by chance in which what is nearer comes sooner, and no artist twice in a row.

    Where one has more than half of what is left there is no other way.
    """
    random = Random(seed)  # noqa: S311  # a mix, no secret
    keyed = [(random.random() ** (1 / max(one.weight, 0.01)), one) for one in found]
    keyed.sort(key=lambda pair: (-pair[0], pair[1].id))
    left = [one for _, one in keyed]
    # It begins with what it is called after.
    first = next((at for at, one in enumerate(left) if one.is_own), 0)
    left = left[first : first + 1] + left[:first] + left[first + 1 :]
    return apart(left)


def apart(left: Sequence[Candidate]) -> list[Candidate]:
    """The same in nearly the same order, so that no artist comes twice in a row if that can be."""
    waiting = list(left)
    counts = Counter(one.artist_id or one.id for one in waiting)
    queue: list[Candidate] = []
    last: UUID | None = None
    while waiting:
        [(most, number)] = counts.most_common(1)
        must = most if 2 * number > len(waiting) and most != last else None
        at = next(
            (
                at
                for at, one in enumerate(waiting)
                if (artist := one.artist_id or one.id) != last and must in {None, artist}
            ),
            0,
        )
        one = waiting.pop(at)
        last = one.artist_id or one.id
        counts[last] -= 1
        queue.append(one)
    return queue


def shown_all(piece: Piece, signer: MediaSigner) -> list[Recommended]:
    """Rows as they are answered."""
    seen = tracks.shown_all([row for row, _ in piece.rows], signer)
    return [
        Recommended(track, reasons) for track, (_, reasons) in zip(seen, piece.rows, strict=True)
    ]
