"""Our own matcher and grouper, as the judge wants them: given a person's photos and lookups."""

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from backline.concerts import alike, matching
from backline.concerts.matching.geometry import distance_m
from backline.concerts.sql.alike import Print
from backline.concerts.zones import zone_at
from tests.concerts.truth import shapes

_CITIES_M, _MOST_CITIES = 30_000, 3
_NOTED_M = 60_000
_USUAL_ERROR_M = 15.0
_DAY = timedelta(days=1)
_NOTED = "noted"


def ours(
    photos: Sequence[shapes.Photo], person: shapes.Person, lookups: shapes.Lookups
) -> Sequence[shapes.Session]:
    """Cut the photos into sessions, gather what is known around each, and judge it."""
    names = {id_of(photo): photo.id for photo in photos}
    sightings = [_sighting(photo) for photo in photos if photo.taken_at is not None]
    sessions = matching.sessions(sightings, ZoneInfo(person.zone))
    verdicts = [matching.judge(one, *_around(one, person, lookups)) for one in sessions]
    return [
        _said(tuple(names[one] for one in session.ids), verdict)
        for session, verdict in zip(sessions, matching.agreed(verdicts), strict=True)
    ]


def _said(ids: tuple[str, ...], verdict: matching.Verdict) -> shapes.Session:
    if verdict.kind != "match":
        return shapes.Session(ids, verdict.kind)
    first = verdict.candidates[0]
    return shapes.Session(ids, "match", first.confidence, _match(first))


def our_groups(photos: Sequence[shapes.Photo]) -> Sequence[Sequence[str]]:
    """Bursts and edited copies, as the library groups them."""
    names = {id_of(photo): photo.id for photo in photos}
    prints = sorted(
        (_print(photo) for photo in photos if photo.taken_at is not None),
        key=lambda one: (one.taken_at, one.id),
    )
    return [[names[one.id] for one in group] for group in alike.groups(prints)]


def _around(
    session: matching.Session, person: shapes.Person, lookups: shapes.Lookups
) -> tuple[list[matching.Venue], list[matching.Event], dict[int, float]]:
    """The venues near a session, what was held in the cities around it, and how far those are."""
    venues: dict[str, matching.Venue] = {}
    cities: dict[int, float] = {}
    named: set[str] = set()
    for place, _ in session.places[:_MOST_CITIES]:
        here = place.latitude, place.longitude
        near = lookups.venues_near(*here, matching.NEAR_M)
        venues |= {venue.osm_id: _venue(venue) for venue in near}
        for city in lookups.cities_near(*here, _CITIES_M)[:_MOST_CITIES]:
            away_m = distance_m(*here, city.latitude, city.longitude)
            cities[city.geonames_id] = min(away_m, cities.get(city.geonames_id, away_m))
        named |= {city.name for city in lookups.cities_near(*here, _NOTED_M)}
    days = {day + step * _DAY for day, _ in session.days for step in (-1, 0, 1)}
    shows = [_show(one) for city in cities for day in days for one in lookups.setlists(city, day)]
    noted = (one for one in person.noted if one.on in days)
    own = [_own(one) for one in noted if not session.places or one.city in named]
    return list(venues.values()), [*matching.evenings(shows), *own], cities


def _match(candidate: matching.Candidate) -> shapes.Match:
    shows = candidate.event.shows
    noted = [show.id for show in shows if show.venue_id == _NOTED]
    return shapes.Match(
        candidate.event.held_on,
        candidate.venue.id if candidate.venue else None,
        tuple(show.id for show in shows if show.venue_id != _NOTED),
        noted[0] if noted else None,
    )


def _own(noted: shapes.Noted) -> matching.Event:
    show = matching.Show(noted.id, noted.artist, _NOTED, noted.venue, 0, noted.on)
    return matching.Event(_NOTED, noted.venue, 0, noted.on, (show,), is_own=True)


def _show(one: shapes.Setlist) -> matching.Show:
    return matching.Show(one.id, one.artist.name, one.venue_id, one.venue_name, one.city_id, one.on)


def _venue(one: shapes.Venue) -> matching.Venue:
    return matching.Venue(
        one.osm_id,
        (one.name, *one.alt_names, *one.old_names),
        one.latitude,
        one.longitude,
        max(one.radius_m, 10.0),
        one.kind,
        tuple((corner.latitude, corner.longitude) for corner in one.outline),
    )


def _sighting(photo: shapes.Photo) -> matching.Sighting:
    assert photo.taken_at is not None
    place, zone = None, None
    if photo.latitude is not None and photo.longitude is not None:
        error_m = photo.error_m or _USUAL_ERROR_M
        place = matching.Place(photo.latitude, photo.longitude, error_m)
        zone = _zone(round(photo.latitude, 2), round(photo.longitude, 2))
    offset_s = None if photo.offset_min is None else photo.offset_min * 60
    return matching.Sighting(
        id_of(photo), photo.taken_at, place, offset_s, photo.gps_at, zone, photo.camera or ""
    )


def _print(photo: shapes.Photo) -> Print:
    assert photo.taken_at is not None
    bits = photo.fingerprint.to_bytes(16, "big")
    contrast = round(photo.deviation)
    return Print(
        id_of(photo),
        photo.taken_at,
        bits,
        contrast,
        1,
        1,
        1,
        False,
        None,
        False,
    )


@lru_cache(maxsize=100_000)
def _zone(latitude: float, longitude: float) -> str | None:
    return zone_at(latitude, longitude)


def id_of(photo: shapes.Photo) -> UUID:
    """What a photo is called among ours."""
    return uuid5(UUID(int=0), photo.id)
