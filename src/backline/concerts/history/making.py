"""Concerts written: with venue, artists, bill, words to search, and every count that they change.

Whoever comes here holds the history's row (`held`), so of one person's two never write at a time:
counts are exact, and no name is added twice.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts.history.facts import Facts, PlayedFacts, VenueFacts
from backline.concerts.history.milestones import is_of_late
from backline.concerts.history.models import Source
from backline.concerts.sql import bills, concerts, histories, venues
from backline.concerts.sql.bills import BillRow, Known, NewArtist, PlayedRow
from backline.concerts.sql.concerts import ConcertRow, Labels, Plain
from backline.concerts.sql.histories import HistoryRow
from backline.concerts.sql.venues import NewVenue
from backline.platform import text
from backline.platform.database import Read, Write
from backline.platform.errors import Conflict
from backline.platform.ids import uuid7

_MARK_DIGITS: Final = 10  # the last of an id are random
_KEY_LENGTH: Final = 200


class Counted(msgspec.Struct, frozen=True):
    """What of a concert is counted."""

    held_on: date
    country_code: str
    city: str
    venue_id: UUID | None
    artist_ids: tuple[UUID, ...]


async def held(tx: Write, owner_id: UUID) -> HistoryRow:
    """Somebody's history, begun if need be, for `tx` alone."""
    await histories.know(tx, owner_id)
    row = await histories.lock(tx, owner_id)
    if row is None:
        raise Conflict("This history is being removed.")
    return row


def check_room(history: HistoryRow, most: int | None) -> None:
    """Refuse another concert where there are as many as the operator allows.

    Raises:
        Conflict: there are.
    """
    if most is not None and history.concerts >= most:
        raise Conflict(
            f"Your history holds {history.concerts:,} concerts, and this server keeps at most "
            f"{most:,} for each account. Nothing is lost: delete some, or ask an administrator "
            "for more."
        )


async def add(
    tx: Write,
    owner_id: UUID,
    facts: Facts,
    *,
    source: Source,
    source_key: str | None = None,
    confidence: float | None = None,
    reasons: Sequence[str] = (),
) -> UUID:
    """Add a concert; its id."""
    concert_id = uuid7()
    by_person = source == "person"
    venue_id = await _venue(tx, owner_id, facts.venue, by_person=by_person)
    await concerts.insert(
        tx,
        owner_id,
        concert_id,
        _plain(facts, venue_id),
        _labels(owner_id, facts),
        source=source,
        source_key=source_key,
        confidence=confidence,
        reasons=list(reasons),
    )
    artist_ids = await _write_bill(tx, owner_id, concert_id, facts.bill)
    await histories.count(tx, owner_id, 1, celebrates=is_of_late(facts.held_on))
    await count(tx, owner_id, None, _counted(facts, venue_id, artist_ids))
    return concert_id


async def change(
    tx: Write, row: ConcertRow, before: Counted, facts: Facts, *, by_person: bool
) -> None:
    """Write what a concert is now."""
    venue_id = await _venue(tx, row.owner_id, facts.venue, by_person=by_person)
    plain, labels = _plain(facts, venue_id), _labels(row.owner_id, facts)
    await concerts.change(tx, row.owner_id, row.id, plain, labels, by_person=by_person)
    await bills.clear(tx, row.owner_id, row.id)
    artist_ids = await _write_bill(tx, row.owner_id, row.id, facts.bill)
    await count(tx, row.owner_id, before, _counted(facts, venue_id, artist_ids))


async def count(tx: Write, owner_id: UUID, before: Counted | None, after: Counted | None) -> None:
    """Count what a concert was no more, and what it is."""
    kinds: Counter[tuple[str, str]] = Counter()
    artists: Counter[UUID] = Counter()
    places: Counter[UUID] = Counter()
    for one, more in ((before, -1), (after, 1)):
        if one is None:
            continue
        for kind in _kinds(one):
            kinds[kind] += more
        for artist_id in one.artist_ids:
            artists[artist_id] += more
        if one.venue_id is not None:
            places[one.venue_id] += more
    kinds = Counter({kind: n for kind, n in kinds.items() if n})
    artists = Counter({artist_id: n for artist_id, n in artists.items() if n})
    if kinds:
        await histories.tally(tx, owner_id, kinds)
    if artists:
        await bills.count(tx, owner_id, artists)
    for venue_id, more in places.items():
        if more:
            await venues.count(tx, owner_id, venue_id, more)


def _kinds(one: Counted) -> list[tuple[str, str]]:
    kinds = [("year", f"{one.held_on.year:04}"), ("weekday", str(one.held_on.isoweekday()))]
    if one.country_code:
        kinds.append(("country", one.country_code))
    if one.city:
        kinds.append(("city", f"{one.country_code}/{one.city}"))
    return kinds


async def counted_of(read: Read, row: ConcertRow) -> Counted:
    """What of a concert is counted now."""
    bill = await bills.bill(read, row.owner_id, row.id)
    artist_ids = tuple(one.artist_id for one in bill)
    return Counted(row.held_on, row.country_code or "", row.city or "", row.venue_id, artist_ids)


def counted_as(row: ConcertRow, bill: Sequence[PlayedRow]) -> Counted:
    """As `counted_of`, where the bill is known."""
    artist_ids = tuple(one.artist_id for one in bill)
    return Counted(row.held_on, row.country_code or "", row.city or "", row.venue_id, artist_ids)


def facts_of(row: ConcertRow, bill: Sequence[PlayedRow]) -> Facts:
    """What a concert is now, as it would be written."""
    venue = None
    if row.venue is not None:
        place = (row.latitude, row.longitude)
        venue = VenueFacts(row.venue, row.city or "", row.country_code or "", *place)
    return Facts(
        row.held_on,
        row.ends_on,
        row.zone,
        row.title,
        row.is_festival,
        venue,
        [_played(one) for one in bill],
        row.notes,
    )


def _played(row: PlayedRow) -> PlayedFacts:
    songs = msgspec.json.decode(row.songs, type=list[str])
    about = (row.is_headliner, songs, row.tour, row.setlist_id, row.setlist_url)
    return PlayedFacts(row.name, row.mbid, row.url, *about)


def key_of(name: str) -> str:
    """What a name is found by, whatever its case and accents."""
    return text.fold(name)[:_KEY_LENGTH]


async def _venue(
    tx: Write, owner_id: UUID, facts: VenueFacts | None, *, by_person: bool
) -> UUID | None:
    if facts is None:
        return None
    new = NewVenue(
        uuid7(),
        facts.name,
        key_of(facts.name),
        text.sort_key(facts.name),
        facts.city,
        key_of(facts.city),
        facts.country_code,
        facts.latitude,
        facts.longitude,
        facts.osm_id,
        facts.setlistfm_id,
    )
    return await venues.venue(tx, owner_id, new, by_person=by_person)


async def _write_bill(
    tx: Write, owner_id: UUID, concert_id: UUID, bill: Sequence[PlayedFacts]
) -> tuple[UUID, ...]:
    """Write who played; their ids. Who is named twice has both sets' songs."""
    if not bill:
        return ()
    ids = await _artists(tx, owner_id, bill)
    rows: dict[UUID, BillRow] = {}
    songs: dict[UUID, list[str]] = {}
    for artist_id, one in zip(ids, bill, strict=True):
        songs.setdefault(artist_id, []).extend(one.songs)
        if artist_id not in rows:
            about = (one.tour, one.setlist_id, one.setlist_url)
            rows[artist_id] = BillRow(artist_id, len(rows), one.is_headliner, "", *about)
    written = [
        msgspec.structs.replace(row, songs=msgspec.json.encode(songs[row.artist_id]).decode())
        for row in rows.values()
    ]
    await bills.write(tx, owner_id, concert_id, written)
    return tuple(rows)


async def _artists(tx: Write, owner_id: UUID, bill: Sequence[PlayedFacts]) -> list[UUID]:
    """The artists of a bill, in its order, those among them that are new added.

    One of the same id at MusicBrainz is the same, else one of the same name unless both have ids.
    """
    keys = [key_of(one.name) for one in bill]
    there = await bills.alike(tx, owner_id, keys, [one.mbid for one in bill if one.mbid])
    by_mbid = {one.mbid: one.id for one in there if one.mbid}
    by_name = {(one.name_key, one.mbid): one.id for one in there}
    added: list[NewArtist] = []
    told: list[Known] = []
    ids: list[UUID] = []
    for key, one in zip(keys, bill, strict=True):
        artist_id = by_mbid.get(one.mbid) if one.mbid else None
        if artist_id is None and one.mbid and (key, "") in by_name:
            artist_id = by_name.pop((key, ""))
            told.append(Known(artist_id, one.mbid, one.url))
        if artist_id is None and not one.mbid:
            artist_id = next((i for (name, _), i in by_name.items() if name == key), None)
        if artist_id is None:
            artist_id = uuid7()
            about = (one.name, key, text.sort_key(one.name), one.mbid, one.url)
            added.append(NewArtist(artist_id, *about))
        by_name[key, one.mbid] = artist_id
        if one.mbid:
            by_mbid[one.mbid] = artist_id
        ids.append(artist_id)
    if added:
        await bills.add(tx, owner_id, added)
    if told:
        await bills.know(tx, owner_id, told)
    return ids


def _plain(facts: Facts, venue_id: UUID | None) -> Plain:
    about = (facts.held_on, facts.ends_on, facts.zone, facts.title, facts.is_festival)
    return Plain(*about, venue_id, facts.notes)


def _counted(facts: Facts, venue_id: UUID | None, artist_ids: tuple[UUID, ...]) -> Counted:
    venue = facts.venue
    country, city = (venue.country_code, venue.city) if venue else ("", "")
    return Counted(facts.held_on, country, city, venue_id, artist_ids)


def _labels(owner_id: UUID, facts: Facts) -> Labels:
    venue = facts.venue
    where = (venue.name, venue.city) if venue else ("", "")
    artists = [one.name for one in facts.bill]
    songs = [song for one in facts.bill for song in one.songs]
    found = text.marked_words(mark(owner_id), facts.title, *artists, *where, facts.notes, *songs)
    city_key = key_of(venue.city) if venue else ""
    return Labels(city_key, venue.country_code if venue else "", found)


def mark(owner_id: UUID) -> str:
    """What stands before each word of somebody's in an index over everybody's."""
    return owner_id.hex[-_MARK_DIGITS:]
