"""What concerts and photos can be set to."""

import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from backline.platform.settings import Argument, Command, Option, Options, Settings, parsing

SAMPLE_DRIVE: Final = "sample"


class ConcertOptions(msgspec.Struct, frozen=True):
    """Its values."""

    photo_folders: tuple[Path, ...]
    photo_zone: str | None
    setlistfm_key: str | None
    setlistfm_url: str
    setlistfm_per_second: int
    setlistfm_burst: int
    setlistfm_per_day: int
    overpass_url: str | None
    nominatim_url: str | None
    musicbrainz_url: str | None
    google_client_id: str | None
    google_client_secret: str | None
    google_url: str | None
    concerts_per_account: int | None
    map_tiles_url: str | None
    map_tiles_credit: str


def zone(given: str) -> str:
    """The name of a time zone, such as `Europe/Berlin`."""
    try:
        ZoneInfo(given)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"isn't a time zone such as Europe/Berlin: {given!r}") from None
    return given


def google_url(given: str) -> str:
    """An address, or the word for the made-up Drive."""
    return given if given == SAMPLE_DRIVE else parsing.url(given)


def tiles_url(given: str) -> str:
    """The address of square tiles in Web Mercator: `{z}`, `{x}` and `{y}` stand in it."""
    address = given.strip()
    where = urlsplit(address)
    parsing.url(f"{where.scheme}://{where.netloc}")
    if "{" in where.netloc:
        raise ValueError(f"has a placeholder in its host, where one name is wanted: {given!r}")
    if sorted(re.findall(r"\{(.*?)\}", address)) != ["x", "y", "z"] or re.search(r"\s", address):
        raise ValueError(f"isn't an address with {{z}}, {{x}} and {{y}}, once each: {given!r}")
    return address


def tiles_origins(settings: Settings) -> tuple[str, ...]:
    """Where the pages' map fetches its tiles."""
    url = settings.of(ConcertOptions).map_tiles_url
    if url is None:
        return ()
    where = urlsplit(url)
    return (f"{where.scheme}://{where.netloc.lower()}",)


OPTIONS: Final = Options(
    ConcertOptions,
    (
        Option(
            "PHOTO_FOLDERS",
            parsing.folders,
            (),
            "Folders on this server that people may have scanned for photos, with commas between "
            "them. Everybody with an account may scan all of each, and nothing outside of them.",
        ),
        Option(
            "PHOTO_ZONE",
            zone,
            None,
            "The time zone of photos that say neither theirs nor where they were taken, such as "
            "`Europe/Berlin`.",
            "none: their offset from UTC stays unknown",
        ),
        Option(
            "SETLISTFM_KEY",
            parsing.text,
            None,
            "A key for the API of setlist.fm, free for what earns no money.",
            "none: shows aren't looked up",
            is_secret=True,
        ),
        Option(
            "SETLISTFM_URL",
            parsing.url,
            "https://api.setlist.fm",
            "Where setlist.fm answers.",
        ),
        Option(
            "SETLISTFM_PER_SECOND",
            parsing.between(1, 100),
            2,
            "How many requests a second that key allows, for all servers together: 2, or 16 for "
            "an upgraded one.",
        ),
        Option(
            "SETLISTFM_BURST",
            parsing.between(1, 100),
            2,
            "How many of them may come at once: 2, or 10 for an upgraded key.",
        ),
        Option(
            "SETLISTFM_PER_DAY",
            parsing.between(1, 1_000_000),
            1_440,
            "How many requests a day that key allows; people who wait share them fairly.",
        ),
        Option(
            "OVERPASS_URL",
            parsing.url,
            None,
            "An Overpass server, such as `https://overpass-api.de`, that is asked for venues where "
            "no map was imported. It learns where photos were taken.",
            "none: it isn't asked",
        ),
        Option(
            "NOMINATIM_URL",
            parsing.url,
            None,
            "A Nominatim server, such as `https://nominatim.openstreetmap.org`, that is asked what "
            "is at a place. It learns where photos were taken.",
            "none: it isn't asked",
        ),
        Option(
            "MUSICBRAINZ_URL",
            parsing.url,
            None,
            "A MusicBrainz server, such as `https://musicbrainz.org`, that is asked for artists.",
            "none: it isn't asked",
        ),
        Option(
            "GOOGLE_CLIENT_ID",
            parsing.text,
            None,
            "The OAuth client of your own project at Google, with which people connect their "
            "Google Drive. See [photos](concerts.md#google-drive).",
            "none: nobody can connect a Drive",
        ),
        Option(
            "GOOGLE_CLIENT_SECRET",
            parsing.text,
            None,
            "That client's secret.",
            "none: nobody can connect a Drive",
            is_secret=True,
        ),
        Option(
            "GOOGLE_URL",
            google_url,
            None,
            "Where something answers in Google's place, to try things out; `sample`, where no "
            "client is set, for a made-up Drive that comes with the program (`up --demo` sets it).",
            "Google's own addresses",
        ),
        Option(
            "CONCERTS_PER_ACCOUNT",
            parsing.between(1, 1_000_000),
            None,
            "How many concerts an account may hold.",
            "none: as many as there are",
        ),
        Option(
            "MAP_TILES_URL",
            tiles_url,
            None,
            "Where the map fetches tiles, such as `https://tiles.example.org/{z}/{x}/{y}.png`. "
            "That server learns people's addresses and where they look.",
            "none: coastlines and borders that come with the program",
        ),
        Option(
            "MAP_TILES_CREDIT",
            parsing.text,
            "© OpenStreetMap contributors",
            "Whom the map names for those tiles.",
        ),
    ),
    demo={"GOOGLE_URL": SAMPLE_DRIVE},
    commands=(
        Command(
            ("concerts", "shows"),
            "tell what setlist.fm has for a city and a day",
            "backline.concerts.outside.asking_by_hand",
            (
                Argument("city", "its number at geonames.org, such as 2950159 for Berlin"),
                Argument("day", "such as 2024-07-06"),
            ),
        ),
        Command(
            ("concerts", "venues", "import"),
            "take venues from a file: GeoJSON, or an extract of OpenStreetMap (.osm.pbf)",
            "backline.concerts.gazetteer.importing_by_hand",
            (Argument("file", "such as berlin-latest.osm.pbf"),),
        ),
        Command(
            ("concerts", "venues", "forget"),
            "forget what setlist.fm said of venues, so that it is asked anew",
            "backline.concerts.outside.forgetting",
        ),
    ),
)
