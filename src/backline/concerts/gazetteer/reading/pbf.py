"""Extracts of OpenStreetMap (PBF): the file is read several times, so that little is held of it.

What a way is drawn by are numbers of nodes, which stand before it in the file. So those numbers
are gathered first, then the places of these nodes alone, then everything is told.
"""

import importlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from backline.concerts.gazetteer.models import NewVenue
from backline.concerts.gazetteer.reading import tags as osm
from backline.concerts.gazetteer.reading.said import Step, Unreadable
from backline.concerts.gazetteer.reading.shapes import Corner, Ground, ground

# Places of nodes take 16 bytes each.
_MOST_NODES: Final = 20_000_000
_MOST_MEMBERS: Final = 1_000_000
_SCALE: Final = 1e7
Skipped = dict[str, int]


class _Location(Protocol):
    x: int
    y: int

    def valid(self) -> bool: ...


class _Ref(Protocol):
    ref: int


class _Member(_Ref, Protocol):
    type: str
    role: str


class _Thing(Protocol):
    """A node, way or relation; it holds only until the next one is read."""

    id: int
    tags: Iterable[Any]
    nodes: Iterable[_Ref]
    members: Iterable[_Member]
    location: _Location


def venues(path: Path, skipped: Skipped) -> Iterator[NewVenue | Step]:
    """The venues of an extract, and what is being done; what is left out is counted by why.

    Raises:
        Unreadable: it isn't an extract, is damaged, or holds more than is taken at once.
    """
    reader = _Reader(path)
    try:
        yield from _venues(reader, skipped)
    except RuntimeError as fault:
        raise Unreadable(f"It can't be read as an extract of OpenStreetMap: {fault}") from fault


def load() -> Any:
    """The library; nobody but the process that reads loads it, before it is confined.

    Raises:
        Unreadable: something that it needs of the system isn't there.
    """
    try:
        return cast("Any", importlib.import_module("osmium"))
    except ImportError as fault:
        raise Unreadable(
            f"Extracts can't be read here ({fault}). Its package is libexpat1 on Debian and "
            "Ubuntu, expat elsewhere; GeoJSON needs nothing."
        ) from fault


class _Reader:
    """Passes over the file, each with what fits in the eyes of the library alone."""

    def __init__(self, path: Path) -> None:
        self._osmium, self._path = load(), str(path)

    def tagged(self, entity: str) -> Iterator[_Thing]:
        """What has a venue's tags: of `NODE`, `WAY` or `RELATION`."""
        return self._pass(entity, self._osmium.filter.TagFilter(*osm.KINDS))

    def by_id(self, entity: str, ids: Sequence[int] | NDArray[np.int64]) -> Iterator[_Thing]:
        """What has one of these ids."""
        return self._pass(entity, self._osmium.filter.IdFilter(ids))

    def _pass(self, entity: str, only: object) -> Iterator[_Thing]:
        file = self._osmium.io.File(self._path, "pbf")
        kind = getattr(self._osmium.osm, entity)
        return iter(self._osmium.FileProcessor(file, kind).with_filter(only))


class _Places:
    """Where nodes are, by their numbers."""

    def __init__(self, reader: _Reader, wanted: "array[int]") -> None:
        self._ids = np.unique(np.frombuffer(wanted, dtype=np.int64) if wanted else np.empty(0, "q"))
        self._at = np.full((len(self._ids), 2), np.iinfo(np.int32).max, dtype=np.int32)
        if not len(self._ids):
            return
        for node in reader.by_id("NODE", self._ids):
            if node.location.valid():
                place = int(np.searchsorted(self._ids, node.id))
                self._at[place] = node.location.y, node.location.x

    def of(self, refs: Sequence[int]) -> list[Corner] | None:
        """The places of these nodes in turn; None where any isn't in the extract."""
        asked = np.frombuffer(array("q", refs), dtype=np.int64) if refs else np.empty(0, "q")
        found = np.searchsorted(self._ids, asked)
        if not len(asked) or int(found.max()) >= len(self._ids):
            return None
        at = self._at[found]
        if (self._ids[found] != asked).any() or (at == np.iinfo(np.int32).max).any():
            return None
        return [(latitude / _SCALE, longitude / _SCALE) for latitude, longitude in at.tolist()]


def _venues(reader: _Reader, skipped: Skipped) -> Iterator[NewVenue | Step]:
    yield Step("Looking for venues of several parts")
    members: dict[int, array[int]] = {}
    for thing in reader.tagged("RELATION"):
        members |= {ref: array("q") for ref in _outer(thing)}
        if len(members) > _MOST_MEMBERS:
            raise _too_large()
    yield Step("Looking for venues that are drawn")
    wanted = array("q")
    for thing in reader.tagged("WAY"):
        wanted.extend(_refs(thing))
        _check(wanted)
    for thing in reader.by_id("WAY", list(members)) if members else ():
        members[thing.id] = array("q", _refs(thing))
        wanted.extend(members[thing.id])
        _check(wanted)
    yield Step("Looking for where they are drawn")
    places = _Places(reader, wanted)
    del wanted
    yield Step("Reading venues")
    for thing in reader.tagged("NODE"):
        at = thing.location
        found = Ground(at.y / _SCALE, at.x / _SCALE) if at.valid() else None
        yield from _told(_venue("node", thing, found), skipped)
    for thing in reader.tagged("WAY"):
        corners = places.of(_refs(thing))
        found = ground([corners]) if corners else None
        yield from _told(_venue("way", thing, found), skipped)
    for thing in reader.tagged("RELATION"):
        rings = [places.of(members.get(ref, ())) for ref in _outer(thing)]
        found = _around([ring for ring in rings if ring])
        yield from _told(_venue("relation", thing, found), skipped)


def _around(rings: Sequence[Sequence[Corner]]) -> Ground | None:
    """What lines enclose that are a ring only together."""
    if len(rings) == 1:
        return ground(rings)
    return ground([*rings, rings[0][:1]]) if rings else None


def _told(found: NewVenue | str, skipped: Skipped) -> Iterator[NewVenue]:
    if isinstance(found, NewVenue):
        yield found
    else:
        skipped[found] = skipped.get(found, 0) + 1


def _venue(entity: str, thing: _Thing, found: Ground | None) -> NewVenue | str:
    tags: Mapping[str, str] = {tag.k: tag.v for tag in thing.tags}
    name, others = osm.names_of(tags)
    kind = osm.kind_of(tags)
    if kind is None:
        return "no venue"
    if not name:
        return "without a name"
    if found is None:
        return "without a place"
    return NewVenue(
        "osm",
        f"{entity}/{thing.id}",
        kind,
        name,
        others,
        found.latitude,
        found.longitude,
        found.reach_m,
        found.outline,
        capacity=osm.capacity_of(tags),
    )


def _refs(way: _Thing) -> list[int]:
    return [node.ref for node in way.nodes]


def _outer(relation: _Thing) -> list[int]:
    """The ways around it; `inner` ones are holes."""
    return [one.ref for one in relation.members if one.type == "w" and one.role != "inner"]


def _check(wanted: "array[int]") -> None:
    if len(wanted) > _MOST_NODES:
        raise _too_large()


def _too_large() -> Unreadable:
    return Unreadable("It holds more venues than are taken at once: take extracts of countries.")
