"""What somebody may want to hear on a day, each with why; also for whom nothing is known of."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from backline.audio import albums, albums_sql, sql, tracks
from backline.audio.albums import Album
from backline.audio.albums_sql import AlbumRow
from backline.audio.discover import offers_sql
from backline.audio.discover.offers_sql import Offer, Part
from backline.audio.discover.radio import Recommended
from backline.audio.discover.reasons import Reason
from backline.audio.models import TrackRow
from backline.platform.actor import Actor
from backline.platform.database import Read
from backline.platform.media.signing import MediaSigner

MOST: Final = 12  # of each part
_OF_ONE_ARTIST: Final = 2
_PARTS: Final[tuple[Part, ...]] = ("heard", "liked", "long_ago", "unheard")


class ReleasedAlbum(msgspec.Struct, frozen=True):
    """An album that came out on this day, and in which year."""

    album: Album
    reasons: list[Reason]


class Discover(msgspec.Struct, frozen=True):
    """What there is to discover on a day, twelve of each at the most, each once.

    `heard` was played on this day in earlier years, `released` came out on it; `liked` is like
    what one loves, `long_ago` wasn't heard for half a year, `unheard` never.
    """

    day: date
    heard: list[Recommended]
    released: list[ReleasedAlbum]
    liked: list[Recommended]
    long_ago: list[Recommended]
    unheard: list[Recommended]


class Offered(msgspec.Struct, frozen=True):
    """Rows of what is offered, by their part and by their ids."""

    chosen: dict[Part, list[Offer]]
    tracks: dict[UUID, TrackRow]
    albums: dict[UUID, AlbumRow]


async def on(read: Read, actor: Actor, day: date) -> Offered:
    """What is offered to the actor on a day: the same all day, unless something changes."""
    found = await offers_sql.offers(read, actor.user_id, day, _seed(actor, day))
    chosen = _chosen(found)
    track_ids = [one.id for part in _PARTS for one in chosen[part]]
    rows = await sql.tracks_of(read, actor.user_id, track_ids)
    album_ids = [one.id for one in chosen["released"]]
    found_albums = await albums_sql.albums_of(read, actor.user_id, album_ids)
    return Offered(chosen, {row.id: row for row in rows}, {row.id: row for row in found_albums})


def _seed(actor: Actor, day: date) -> int:
    """Another one for each person and day, within 31 bits to either side."""
    return (actor.user_id.int + day.toordinal() * 2_654_435_761) % 2**32 - 2**31


def _chosen(found: Sequence[Offer]) -> dict[Part, list[Offer]]:
    """The first of each part, nothing twice, and no more than two by one artist."""
    chosen: dict[Part, list[Offer]] = {"released": []}
    seen: set[UUID] = set()
    for part in (*_PARTS, "released"):
        some: list[Offer] = []
        counts: Counter[UUID] = Counter()
        for one in found:
            if one.part != part or one.id in seen or len(some) == MOST:
                continue
            if one.artist_id is not None and counts[one.artist_id] == _OF_ONE_ARTIST:
                continue
            counts.update([one.artist_id] if one.artist_id else [])
            seen.add(one.id)
            some.append(one)
        chosen[part] = some
    return chosen


def _why(one: Offer) -> list[Reason]:
    match one.part:
        case "heard":
            return [Reason("heard_on_this_day", year=one.year, count=one.count)]
        case "released":
            return [Reason("released_on_this_day", year=one.year)]
        case "liked":
            return [Reason("like_loved", name=one.name)]
        case "long_ago":
            return [Reason("not_heard_since", name=one.name, count=one.count)]
        case "unheard":
            return [Reason("never_heard")]


def shown(offered: Offered, day: date, signer: MediaSigner) -> Discover:
    """Rows as they are answered."""
    parts: dict[Part, list[Recommended]] = {}
    for part in _PARTS:
        there = [one for one in offered.chosen[part] if one.id in offered.tracks]
        seen = tracks.shown_all([offered.tracks[one.id] for one in there], signer)
        parts[part] = [
            Recommended(track, _why(one)) for one, track in zip(there, seen, strict=True)
        ]
    released = [
        ReleasedAlbum(albums.shown(offered.albums[one.id], signer), _why(one))
        for one in offered.chosen["released"]
        if one.id in offered.albums
    ]
    return Discover(
        day, parts["heard"], released, parts["liked"], parts["long_ago"], parts["unheard"]
    )
