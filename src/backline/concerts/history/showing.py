"""Concerts as they are answered: rows with their bills and a signed URL of the photo on them."""

from collections.abc import Sequence

import msgspec

from backline.concerts import showing as photos
from backline.concerts.history.facts import Candidate
from backline.concerts.history.models import (
    Artist,
    Billed,
    CandidateArtist,
    CandidateVenue,
    Concert,
    ConcertItem,
    Cover,
    Played,
    Review,
    ReviewCandidate,
    Venue,
)
from backline.concerts.models import Location
from backline.concerts.sql.bills import BilledRow, PlayedRow
from backline.concerts.sql.concerts import ConcertItemRow, ConcertRow
from backline.concerts.sql.history_lists import NameRow
from backline.concerts.sql.sessions import SessionRow, ShownRow
from backline.platform.media.signing import MediaSigner


def item(row: ConcertItemRow, bill: Sequence[BilledRow], signer: MediaSigner) -> ConcertItem:
    """A row of a list as it is answered."""
    return ConcertItem(
        row.id,
        row.held_on,
        row.ends_on,
        row.title,
        row.is_festival,
        _venue(row),
        [Billed(one.artist_id, one.name, one.is_headliner) for one in bill],
        row.source,
        row.confidence,
        row.photo_count,
        _cover(row, signer),
        row.version,
    )


def concert(row: ConcertRow, bill: Sequence[PlayedRow], signer: MediaSigner) -> Concert:
    """A concert by itself, with all that is known of it."""
    return Concert(
        id=row.id,
        owner_id=row.owner_id,
        held_on=row.held_on,
        ends_on=row.ends_on,
        zone=row.zone,
        title=row.title,
        festival=row.is_festival,
        venue=_venue(row),
        bill=[_played(one) for one in bill],
        source=row.source,
        confidence=row.confidence,
        reasons=row.reasons,
        notes=row.notes,
        edited=row.is_edited,
        photo_count=row.photo_count,
        cover=_cover(row, signer),
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )


def artist(row: NameRow) -> Artist:
    """An artist of a history."""
    return Artist(row.id, row.name, row.mbid, row.url, row.n)


def venue(row: NameRow) -> Venue:
    """A venue of a history."""
    where = location(row.latitude, row.longitude)
    return Venue(row.id, row.name, row.city, row.country_code, where, row.n)


def location(latitude: float | None, longitude: float | None) -> Location | None:
    """A place, where it is known."""
    if latitude is None or longitude is None:
        return None
    return Location(latitude, longitude)


def _played(row: PlayedRow) -> Played:
    songs = msgspec.json.decode(row.songs, type=list[str])
    about = (row.is_headliner, songs, row.tour, row.setlist_url)
    return Played(row.artist_id, row.name, row.mbid, *about)


def _venue(row: ConcertItemRow) -> Venue | None:
    if row.venue_id is None or row.venue is None:
        return None
    where = location(row.latitude, row.longitude)
    about = (row.venue, row.city or "", row.country_code or "", where, row.venue_n or 0)
    return Venue(row.venue_id, *about)


def _cover(row: ConcertItemRow, signer: MediaSigner) -> Cover | None:
    if row.cover_id is None:
        return None
    thumbnail = photos.thumbnail(row.owner_id, row.cover_id, row.cover_generation, signer)
    return Cover(row.cover_id, thumbnail, photos.placeholder(row.cover_placeholder))


def review(
    row: SessionRow, candidates: Sequence[Candidate], shown: Sequence[ShownRow], signer: MediaSigner
) -> Review:
    """A session as a person decides on it."""
    return Review(
        id=row.id,
        state=row.state,
        decided=row.is_decided,
        began_at=row.began_at.isoformat(),
        ended_at=row.ended_at.isoformat(),
        days=row.days,
        zone=row.zone,
        location=location(row.latitude, row.longitude),
        photo_count=row.photo_count,
        photos=[
            Cover(
                one.id,
                photos.thumbnail(row.owner_id, one.id, one.thumbnail_generation, signer),
                photos.placeholder(one.placeholder),
            )
            for one in shown
        ],
        candidates=[_candidate(one) for one in candidates],
        concert_id=row.concert_id,
        version=row.version,
    )


def _candidate(one: Candidate) -> ReviewCandidate:
    facts, venue = one.facts, None
    if facts.venue is not None:
        said = facts.venue
        where = location(said.latitude, said.longitude)
        venue = CandidateVenue(said.name, said.city, said.country_code, where)
    bill = [CandidateArtist(a.name, a.is_headliner, a.setlist_url) for a in facts.bill]
    days = (facts.held_on, facts.ends_on)
    about = (facts.title, facts.is_festival, venue, bill, one.confidence, one.reasons)
    return ReviewCandidate(one.key, one.concert_id, *days, *about)
