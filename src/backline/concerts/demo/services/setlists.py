"""How setlist.fm shows a setlist, an artist, a venue."""

import unicodedata
from typing import Any, Final

from backline.concerts.demo.services.known import Artist, City, Show

DATE: Final = "%d-%m-%Y"
_SITE: Final = "https://www.setlist.fm"


def setlist(show: Show) -> dict[str, Any]:
    """A setlist; without songs it has an empty list of sets."""
    songs = [{"name": song} for song in show.songs]
    answer: dict[str, Any] = {
        "id": show.id,
        "versionId": f"g{show.id[::-1]}",
        "eventDate": show.on.strftime(DATE),
        "lastUpdated": f"{show.entered_on.isoformat()}T21:07:13.000+0000",
        "artist": artist(show.artist),
        "venue": venue(show),
        "sets": {"set": [{"song": songs}] if songs else []},
        "url": f"{_SITE}/setlist/{_slug(show.artist.name)}/{show.on.year}/{show.id}.html",
    }
    return answer | ({"tour": {"name": show.tour}} if show.tour else {})


def artist(one: Artist) -> dict[str, Any]:
    """An artist, with the name that lists are sorted by."""
    bare = one.name.removeprefix("The ")
    return {
        "mbid": one.mbid,
        "name": one.name,
        "sortName": one.name if bare == one.name else f"{bare}, The",
        "url": f"{_SITE}/setlists/{_slug(one.name)}.html",
    }


def venue(show: Show) -> dict[str, Any]:
    """A venue, whose only coordinates are those of its city."""
    return {
        "id": show.venue_id,
        "name": show.venue_name,
        "city": _city(show.city),
        "url": f"{_SITE}/venue/{_slug(show.venue_name)}-{show.venue_id}.html",
    }


def _city(city: City) -> dict[str, Any]:
    return {
        # A number that comes as a text.
        "id": str(city.geonames_id),
        "name": city.name,
        "coords": {"lat": city.latitude, "long": city.longitude},
        "country": {"code": city.country_code, "name": city.country},
    }


def _slug(name: str) -> str:
    return "-".join(folded(name).split())


def folded(text: str) -> str:
    """Lower case without accents; whatever is neither letter nor digit is a space."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one if one.isalnum() else " " for one in bare if not unicodedata.combining(one))
