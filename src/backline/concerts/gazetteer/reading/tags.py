"""What OpenStreetMap's tags say of a venue: its kind, its names, how many it holds."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from backline.concerts.gazetteer.naming import clean

_AMENITIES: Final = (
    "music_venue", "nightclub", "theatre", "concert_hall", "arts_centre", "events_venue", "stage",
)  # fmt: skip
_LEISURES: Final = ("stadium", "bandstand", "park")
KINDS: Final[Sequence[tuple[str, str]]] = (
    *(("amenity", kind) for kind in _AMENITIES),
    *(("leisure", kind) for kind in _LEISURES),
)
# `old_name` as well: setlists and people know venues by what they were called then.
_OTHER_NAMES: Final = (
    "alt_name", "old_name", "short_name", "official_name", "loc_name", "int_name", "name:en",
)  # fmt: skip
_LARGEST: Final = 1_000_000


def kind_of(tags: Mapping[str, str]) -> str | None:
    """Its kind; None where it is no venue."""
    return next((kind for key, kind in KINDS if tags.get(key) == kind), None)


def names_of(tags: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Its name, empty where it has none, and what else it is or was called."""
    others = (part for key in _OTHER_NAMES for part in tags.get(key, "").split(";"))
    return clean(tags.get("name", "")), tuple(name for part in others if (name := clean(part)))


def capacity_of(tags: Mapping[str, str]) -> int | None:
    """How many it holds, where that is a number."""
    found = re.fullmatch(r"\s*([0-9]{1,7})\s*", tags.get("capacity", ""))
    return int(found[1]) if found and 0 < int(found[1]) <= _LARGEST else None
