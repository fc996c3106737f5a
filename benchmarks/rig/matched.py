"""Some of a made world's people on a real server: their photos, and what the jobs made of those."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from backline.concerts import looking
from backline.concerts.engine import claims
from backline.concerts.engine.findings import Metadata, Seen
from backline.concerts.gazetteer import NewVenue, cities, loading, venues
from backline.concerts.gazetteer.reading.shapes import ground
from backline.concerts.history import queueing
from backline.concerts.history.facts import Candidate
from backline.concerts.sql import making, scans
from backline.platform.database import Database
from backline.platform.ids import uuid7
from backline.platform.jobs import Nothing, enqueue
from benchmarks.rig.matchers import id_of
from tests.concerts.conftest import worker
from tests.concerts.truth import shapes
from tests.concerts.truth.world import World
from tests.support.api import Api
from tests.support.things import Person
from tests.support.waiting import eventually

_LOADED_S = 300.0
_LOT = 500
_VERDICTS: Final[Mapping[str, Literal["match", "review", "none"]]] = {
    "matched": "match",
    "review": "review",
    "none": "none",
}
_SESSIONS = """
SELECT s.state, s.candidates::text, c.id AS concert_id, c.held_on, c.ends_on, v.latitude,
  v.longitude,
  ARRAY(SELECT b.setlist_id FROM concert_bill b
    WHERE b.owner_id = $1 AND b.concert_id = c.id AND b.setlist_id <> '') AS setlist_ids,
  ARRAY(SELECT p.id FROM photos p WHERE p.owner_id = $1 AND p.session_id = s.id
    AND p.concert_id IS NOT DISTINCT FROM s.concert_id) AS photo_ids,
  s.photo_count
FROM photo_sessions s
LEFT JOIN concerts c ON c.owner_id = s.owner_id AND c.id = s.concert_id AND c.deleted_at IS NULL
LEFT JOIN concert_venues v ON v.owner_id = c.owner_id AND v.id = c.venue_id
WHERE s.owner_id = $1 ORDER BY s.id
"""
_PLACES = "SELECT source_id AS osm_id, latitude, longitude FROM venues WHERE source = 'osm'"
Places = Mapping[tuple[float | None, float | None], str]


class Row(msgspec.Struct, frozen=True):
    """A session, the concert that it is of, and its photos that are put to that concert."""

    state: str
    candidates: str
    concert_id: UUID | None
    held_on: date | None
    ends_on: date | None
    latitude: float | None
    longitude: float | None
    setlist_ids: list[str]
    photo_ids: list[UUID]
    photo_count: int


class Placed(msgspec.Struct, frozen=True):
    """Where the gazetteer has a venue."""

    osm_id: str
    latitude: float
    longitude: float


async def chart(api: Api, world: World) -> None:
    """Load all cities, as an installation does, and take the world's map for an imported one."""
    database = api.platform.database
    given = [_venue(one) for one in world.lookups.venues]
    async with database.write() as tx:
        for start in range(0, len(given), _LOT):
            await venues.keep(tx, given[start : start + _LOT], imported=True)
        await enqueue(tx, loading.LOAD, Nothing())

    async def is_loaded() -> bool:
        async with database.read() as read:
            return await cities.are_loaded(read)

    async with worker(api):
        await eventually(is_loaded, _LOADED_S)
    await cities.settle(database)


async def move_in(
    person: Person, photos: Sequence[shapes.Photo], them: shapes.Person
) -> Mapping[UUID, str]:
    """Note somebody's concerts, then write their photos as a scan does.

    The answer names the concerts that they noted.
    """
    noted: dict[UUID, str] = {}
    for one in them.noted:
        venue = {"name": one.venue, "city": one.city}
        form = {"held_on": str(one.on), "venue": venue, "bill": [{"name": one.artist}]}
        made = (await person.post("/concerts", json=form)).json()
        noted[UUID(made["id"])] = one.id
    owner_id, now = UUID(person.id), datetime.now(UTC)
    found = [
        making.Found(
            id_of(photo),
            photo.name,
            bytes.fromhex(photo.sha256),
            size_bytes=1,
            generation="",
            files="{}",
            made_bytes=0,
            facts=looking.facts(_seen(photo), them.zone, now),
        )
        for photo in photos
    ]
    async with person.api.platform.database.write() as tx:
        source_id = await scans.source(tx, owner_id, uuid7(), "/photos")
        for start in range(0, len(found), _LOT):
            await making.add(tx, owner_id, source_id, found[start : start + _LOT])
        await queueing.cut_soon(tx, owner_id)
    return noted


async def said(
    database: Database, owner_id: UUID, photos: Sequence[shapes.Photo], noted: Mapping[UUID, str]
) -> list[shapes.Session]:
    """What the database says of somebody's photos, in the judge's words.

    Raises:
        RuntimeError: a session was left waiting, or its photos are of another concert than it.
    """
    names = {id_of(photo): photo.id for photo in photos}
    async with database.read() as read:
        rows = await read.fetch(_SESSIONS, Row, owner_id)
        places: Places = {
            (one.latitude, one.longitude): one.osm_id for one in await read.fetch(_PLACES, Placed)
        }
    found: list[shapes.Session] = []
    for row in rows:
        if row.state not in _VERDICTS or len(row.photo_ids) != row.photo_count:
            raise RuntimeError(f"A session was left half done: {row}")
        ids = tuple(names[one] for one in row.photo_ids)
        if row.state != "matched":
            found.append(shapes.Session(ids, _VERDICTS[row.state]))
            continue
        first = msgspec.json.decode(row.candidates, type=list[Candidate])[0]
        found.append(
            shapes.Session(ids, "match", first.confidence, _match(row, first, places, noted))
        )
    return found


def _match(
    row: Row,
    first: Candidate,
    places: Places,
    noted: Mapping[UUID, str],
) -> shapes.Match | None:
    """The concert's day, place and setlists; of a festival of several days the session's own."""
    if row.concert_id is None or row.held_on is None:
        return None
    on, setlist_ids = row.held_on, set(row.setlist_ids)
    if row.ends_on is not None and row.held_on <= first.facts.held_on <= row.ends_on:
        on = first.facts.held_on
        setlist_ids &= {one.setlist_id for one in first.facts.bill}
    return shapes.Match(
        on,
        places.get((row.latitude, row.longitude)),
        tuple(sorted(setlist_ids)),
        noted.get(row.concert_id),
    )


def _venue(one: shapes.Venue) -> NewVenue:
    """As an import reads it; a node has no ground of its own."""
    corners = [(corner.latitude, corner.longitude) for corner in one.outline]
    drawn = ground([[*corners, corners[0]]] if corners else [[(one.latitude, one.longitude)]])
    if drawn is None:
        raise ValueError(one)
    return NewVenue(
        source="osm",
        source_id=one.osm_id,
        kind=one.kind,
        name=one.name,
        other_names=(*one.alt_names, *one.old_names),
        latitude=drawn.latitude,
        longitude=drawn.longitude,
        reach_m=drawn.reach_m,
        outline=drawn.outline,
    )


def _seen(photo: shapes.Photo) -> Seen:
    """What looking at the file finds out."""
    taken, gps_at = photo.taken_at, photo.gps_at
    place, notes = claims.place(photo.latitude, photo.longitude, was_said=False)
    return Seen(
        "jpeg",
        1,
        bytes.fromhex(photo.sha256),
        4000,
        3000,
        Metadata(
            None if taken is None else taken.isoformat(),
            None if taken is None else "original",
            photo.offset_min,
            None if gps_at is None else gps_at.replace(tzinfo=UTC).isoformat(),
            *(place or (None, None)),
            photo.error_m if place else None,
            photo.camera or "",
            notes,
        ),
        photo.fingerprint.to_bytes(16, "big"),
        round(photo.deviation),
        b"",
        0,
    )
