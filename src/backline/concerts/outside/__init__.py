"""Services outside that concerts are found by: setlist.fm, Overpass, Nominatim, MusicBrainz.

Each is asked within its terms, over all servers together; what it answered is kept for everybody.
"""

from backline.concerts.outside.models import (
    Address,
    Artist,
    MapVenue,
    Setlist,
    SetlistVenue,
)
from backline.concerts.outside.musicbrainz import MusicBrainz
from backline.concerts.outside.nominatim import Nominatim
from backline.concerts.outside.opening import Outside, opened
from backline.concerts.outside.overpass import Overpass
from backline.concerts.outside.setlistfm import SetlistFm

__all__ = [
    "Address",
    "Artist",
    "MapVenue",
    "MusicBrainz",
    "Nominatim",
    "Outside",
    "Overpass",
    "Setlist",
    "SetlistFm",
    "SetlistVenue",
    "opened",
]
