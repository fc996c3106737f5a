"""All that subsonic-connector knows of this library: `tour_connector.py PORT NAME PASSWORD`."""

import sys

import httpx
from subsonic_connector.configuration import ConfigurationInterface
from subsonic_connector.connector import Connector
from subsonic_connector.list_type import ListType

PORT, NAME, PASSWORD = sys.argv[1:4]
SONGS = 3


class Settings(ConfigurationInterface):
    """Where the library is."""

    def getServerUrl(self) -> str:  # noqa: N802
        return "http://127.0.0.1"

    def getBaseUrl(self) -> str:  # noqa: N802
        return self.getServerUrl()

    def getPort(self) -> str:  # noqa: N802
        return PORT

    getServerPort = getPort  # noqa: N815

    def getServerPath(self) -> str:  # noqa: N802
        return ""

    def getUserName(self) -> str:  # noqa: N802
        return NAME

    def getPassword(self) -> str:  # noqa: N802
        return PASSWORD

    def getLegacyAuth(self) -> bool:  # noqa: N802
        return False

    def getApiVersion(self) -> str:  # noqa: N802
        return "1.15.0"

    def getAppName(self) -> str:  # noqa: N802
        return "tour"

    getUserAgent = getAppName  # noqa: N815

    def getCustomHeaders(self) -> None:  # noqa: N802
        return None

    getSalt = getToken = getCustomHeaders  # noqa: N815


asks = Connector(Settings())
assert asks.ping()
asks.getIndexes()
for answer in (asks.getMusicFolders(), asks.getGenres(), asks.getPlaylists()):
    assert answer.isOk()
[found] = [
    artist
    for initial in asks.getArtists().getObj().getArtistListInitials()
    for artist in initial.getArtistListItems()
]
for kind in (ListType.NEWEST, ListType.RANDOM):
    [record] = asks.getAlbumList(kind).getObj().getAlbums()
    assert record.getTitle() == "First Light"
songs = asks.getAlbum(record.getId()).getObj().getSongs()
assert [one.getTitle() for one in songs] == ["Song 1", "Song 2", "Song 3"]
first = songs[0]
for answer in (
    asks.getArtist(found.getId()),
    asks.getArtistInfo(found.getId()),
    asks.getSong(first.getId()),
    asks.getSimilarSongs(first.getId()),
    asks.getTopSongs("The Lamps"),
    asks.getStarred(),
):
    assert answer.isOk()
assert len(asks.getRandomSongs().getObj().getSongs()) == SONGS
assert len(asks.search("song").getSongs()) == SONGS
sound = httpx.get(asks.buildSongUrlBySong(first), timeout=30).raise_for_status()
assert sound.headers["content-type"].startswith("audio/")
assert len(sound.content) > 10_000
