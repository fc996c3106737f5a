"""MusicBrainz: artists by name; once a second for the whole installation."""

from typing import Final
from uuid import UUID

from msgspec import Struct

from backline.concerts.outside.answers import Answers
from backline.concerts.outside.asking import Asker
from backline.concerts.outside.models import Artist
from backline.concerts.outside.terms import Terms
from backline.platform.database import Database
from backline.platform.jobs import Later
from backline.platform.outside.client import Call

SERVICE: Final = "MusicBrainz"
KIND: Final = "musicbrainz artists"
TERMS: Final = Terms(SERVICE, count=1, span_s=1.0)

_WEEK_S: Final = 7 * 86_400.0
_SHOWN: Final = "25"
_PAGE: Final = "https://musicbrainz.org/artist/"


class _Artist(Struct):
    id: str
    name: str


class _Found(Struct):
    artists: list[_Artist]


class MusicBrainz:
    """The service at an address."""

    def __init__(self, asker: Asker, database: Database, *, url: str) -> None:
        self._asker, self._answers = asker, Answers(database, SERVICE)
        self._url = f"{url.rstrip('/')}/ws/2/artist"

    async def artists(self, owner_id: UUID, name: str) -> list[Artist]:
        """Artists by name, the likeliest first.

        Raises:
            Later: not now.
        """
        wanted = name.strip().casefold().replace("\\", " ").replace('"', " ")

        async def ask() -> bytes:
            query = {"query": f'artist:"{wanted}"', "fmt": "json", "limit": _SHOWN}
            reply = await self._asker.ask(TERMS, owner_id, Call("GET", self._url, query))
            if reply.status != 200:  # noqa: PLR2004
                raise Later(f"MusicBrainz answers with {reply.status}.", after_s=3_600.0)
            return reply.body

        found = await self._answers.get(KIND, wanted, _Found, ask, lambda _: _WEEK_S)
        return [Artist(one.id, one.name, f"{_PAGE}{one.id}") for one in found.artists]
