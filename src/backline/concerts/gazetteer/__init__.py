"""The gazetteer: which venues and cities there are, and where.

Lookups are functions of `venues` and `cities` over one `Read`; which time zone a place has,
`zones.zone_at` tells. Nothing here asks the network but `asking`.
"""

from backline.concerts.gazetteer import cities, venues
from backline.concerts.gazetteer.models import (
    CalledVenue,
    City,
    Kept,
    NearCity,
    NearVenue,
    NewVenue,
    Venue,
)
from backline.concerts.zones import zone_at

__all__ = [
    "CalledVenue",
    "City",
    "Kept",
    "NearCity",
    "NearVenue",
    "NewVenue",
    "Venue",
    "cities",
    "venues",
    "zone_at",
]
