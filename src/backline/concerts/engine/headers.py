"""What the columns of strangers' tables are called, and which of ours each is."""

import unicodedata
from typing import Final

# The first of each is how our own files call it.
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "concert": ("concert", "concert id", "id"),
    "date": ("date", "start date", "concert date", "event date", "day", "when", "held on", "datum"),
    "end_date": ("end date", "until", "last day", "ends on"),
    "title": ("title", "concert name", "event", "event name", "festival name", "name", "titel"),
    "festival": ("festival", "is festival"),
    "artist": ("artist", "band", "performer", "headliner name", "act", "künstler"),
    "artists": (
        "artists", "bands", "bands seen", "performers", "acts", "lineup", "line up", "bill",
    ),
    "headliner": ("headliner", "headlined", "is headliner"),
    "openers": ("openers", "opener", "support", "supporting acts", "opening acts", "support acts"),
    "songs": ("songs", "setlist", "set list", "set"),
    "tour": ("tour", "tour name"),
    "venue": ("venue", "venue name", "location name", "place", "club", "hall", "ort"),
    "city": ("city", "town", "venue city", "stadt"),
    "country": ("country", "country code", "venue country", "land"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "long", "lng", "lon"),
    "time_zone": ("time zone", "timezone", "zone"),
    "notes": ("notes", "note", "comment", "comments", "remarks", "review", "notizen"),
    "photos": ("photos",),
    "artist_mbid": ("artist mbid", "mbid", "musicbrainz id"),
    "artist_url": ("artist url",),
    "setlist_id": ("setlist id",),
    "setlist_url": ("setlist url",),
}  # fmt: skip
_BY_NAME: Final = {name: column for column, names in _NAMES.items() for name in names}


def column_of(header: str) -> str | None:
    """Which of our columns a header is; None for one that nobody knows."""
    plain = unicodedata.normalize("NFC", header).casefold().replace("_", " ").replace("-", " ")
    return _BY_NAME.get(" ".join(plain.split()))
