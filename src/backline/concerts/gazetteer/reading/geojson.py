"""GeoJSON (RFC 7946), a feature at a time: whole files, and texts of a feature in each line.

Only one feature is held at once, however long the file is.
"""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from backline.concerts.gazetteer.models import NewVenue
from backline.concerts.gazetteer.naming import clean
from backline.concerts.gazetteer.reading import tags as osm
from backline.concerts.gazetteer.reading.said import Unreadable
from backline.concerts.gazetteer.reading.shapes import Corner, Ground, ground
from backline.concerts.gazetteer.venues import is_place

_CHUNK: Final = 1 << 20
_LONGEST: Final = 16 << 20  # of one feature, in characters
_BETWEEN: Final = re.compile(r"[\s\x1e]*")
_BY_TYPE: Final = {"n": "node", "w": "way", "r": "relation"}
# Looked up at once: where root began this, Python's own files can't be reached any more later.
_Decoder: Final = codecs.getincrementaldecoder("utf-8-sig")
Skipped = dict[str, int]


def venues(path: Path, skipped: Skipped) -> Iterator[NewVenue]:
    """The venues of a file; what is left out is counted by why.

    Raises:
        Unreadable: it isn't GeoJSON, or is cut off.
    """
    with path.open("rb") as file:
        for feature in _features(_Text(file)):
            found = _venue(feature)
            if isinstance(found, NewVenue):
                yield found
            else:
                skipped[found] = skipped.get(found, 0) + 1


class _Text:
    """A file's text as far as it was read, from where one is."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._decoder = _Decoder()
        self._text, self._at, self._before, self._is_all = "", 0, 0, False
        self._json = json.JSONDecoder()

    @property
    def position(self) -> int:
        """How many characters lie behind."""
        return self._before + self._at

    def peek(self) -> str:
        """The next character that isn't a space, empty at the end."""
        while True:
            self._at = _end(_BETWEEN, self._text, self._at)
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def take(self, expected: str) -> None:
        """Pass over one of these characters.

        Raises:
            Unreadable: there is another.
        """
        found = self.peek()
        if not found:
            raise Unreadable("It ends in the middle: the file is cut off.")
        if found not in expected:
            raise Unreadable(f"At character {self.position} stands {found!r}, not {expected!r}.")
        self._at += 1

    def value(self) -> object:
        """The next value as a whole.

        Raises:
            Unreadable: it is none, or far longer than a venue's.
        """
        if not self.peek():
            raise Unreadable("It ends in the middle: the file is cut off.")
        while True:
            fault: Exception | None = None
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except (json.JSONDecodeError, RecursionError) as found:
                value, end, fault = None, 0, found
            # A number may go on behind what was read.
            if fault is None and (end < len(self._text) or self._is_all):
                self._at = end
                return value
            if len(self._text) - self._at > _LONGEST:
                raise Unreadable(f"What begins at character {self.position} is too long.")
            if isinstance(fault, RecursionError):
                raise Unreadable(f"What begins at character {self.position} is too deep.")
            if not self._more() and fault is not None:
                raise Unreadable(f"What begins at character {self.position} isn't whole JSON.")

    def _more(self) -> bool:
        if self._is_all:
            return False
        read = self._file.read(_CHUNK)
        self._is_all = not read
        try:
            added = self._decoder.decode(read, final=not read)
        except UnicodeDecodeError as fault:
            raise Unreadable("It isn't text in UTF-8, as GeoJSON is.") from fault
        self._text, self._before = self._text[self._at :] + added, self._before + self._at
        self._at = 0
        return not self._is_all


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _features(text: _Text) -> Iterator[object]:
    if text.peek() != "{":
        raise Unreadable("It isn't GeoJSON: that begins with a brace.")
    text.take("{")
    members: dict[str, object] = {}
    has_features = False
    while text.peek() != "}":
        key = text.value()
        text.take(":")
        if key == "features" and text.peek() == "[":
            has_features = True
            yield from _list(text)
        else:
            members[str(key)] = text.value()
        if text.peek() != "}":
            text.take(",")
    text.take("}")
    if members.get("type") == "Feature":
        yield members
        while text.peek():
            yield text.value()
    elif not has_features:
        raise Unreadable("It isn't GeoJSON of features: it has neither `features` nor is it one.")
    elif text.peek():
        raise Unreadable(f"At character {text.position} something follows the end.")


def _list(text: _Text) -> Iterator[object]:
    text.take("[")
    while text.peek() != "]":
        yield text.value()
        if text.peek() != "]":
            text.take(",")
    text.take("]")


def _venue(feature: object) -> NewVenue | str:
    """In our words, or why it is left out."""
    one = _mapping(feature)
    if one.get("type") != "Feature":
        return "no feature"
    given = _mapping(one.get("properties"))
    tags = {key: value for key, value in given.items() if isinstance(value, str)}
    if isinstance(given.get("capacity"), int):
        tags["capacity"] = str(given["capacity"])
    kind = osm.kind_of(tags)
    if kind is None and ("amenity" in tags or "leisure" in tags):
        return "no venue"
    name, others = osm.names_of(tags)
    if not name:
        return "without a name"
    found = _ground(_mapping(one.get("geometry")))
    if found is None:
        return "without a place"
    given_id = next((tags[key] for key in ("@id", "id", "osm_id") if key in tags), one.get("id"))
    source_id = _osm_id(given_id)
    if source_id is None and given_id is not None and not isinstance(given_id, str | int):
        return "with an odd id"
    by_place = f"{name}@{found.latitude:.4f},{found.longitude:.4f}"
    return NewVenue(
        "osm" if source_id else "file",
        source_id or clean(str(given_id if given_id is not None else by_place)) or by_place,
        kind or clean(tags.get("kind", "")) or "music_venue",
        name,
        others,
        found.latitude,
        found.longitude,
        found.reach_m,
        found.outline,
        capacity=osm.capacity_of(tags),
    )


def _osm_id(given: object) -> str | None:
    """OpenStreetMap's id, as `way/17`: also of what writes w17, and of areas (twice a way's)."""
    if not isinstance(given, str):
        return None
    if re.fullmatch(r"(node|way|relation)/[0-9]{1,19}", given):
        return given
    found = re.fullmatch(r"([nwra])([0-9]{1,19})", given)
    if not found:
        return None
    number = int(found[2])
    if found[1] == "a":
        return f"{'relation' if number % 2 else 'way'}/{number // 2}"
    return f"{_BY_TYPE[found[1]]}/{number}"


def _ground(geometry: Mapping[str, object]) -> Ground | None:
    """Where a geometry is, if it is one that a venue can have."""
    coordinates: Any = geometry.get("coordinates")
    try:
        match geometry.get("type"):
            case "Point":
                return ground([[_corner(coordinates)]])
            case "MultiPoint" | "LineString":
                # Corners of no ring: the last one is left open.
                return ground([[*map(_corner, coordinates)]])
            case "Polygon":
                return ground([[*map(_corner, coordinates[0])]])
            case "MultiPolygon":
                return ground([[*map(_corner, polygon[0])] for polygon in coordinates])
            case _:
                return None
    except (TypeError, ValueError, IndexError, KeyError):
        return None


def _corner(given: Any) -> Corner:
    longitude, latitude = float(given[0]), float(given[1])
    if not is_place(latitude, longitude):
        raise ValueError(given)
    return latitude, longitude


def _mapping(given: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", given) if isinstance(given, dict) else {}
