"""An API with tracks in it, for the tests of the cache."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from backline.platform.ids import uuid7
from tests.support.api import Api, serving_api
from tests.support.lane import FRIEND, HERE, House, Wire, open_house
from tests.support.things import Person

INSERT = """
INSERT INTO tracks (id, owner_id, title, filename, content_type, size_bytes, sha256, status,
  title_key, artist_key, album_key, search)
SELECT $1, id, $3, 'a.flac', 'audio/flac', 1000, '\\x00', 'ready', $3, '', '', ''
FROM users WHERE email_key = $2
"""


@pytest.fixture
async def api(dsn: str, tmp_path: Path) -> AsyncIterator[Api]:
    async with serving_api(dsn, tmp_path) as opened:
        yield opened


@pytest.fixture
async def listener(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with three tracks."""
    client = await api.user("listener@example.org")
    async with client:
        for title in ("One", "Two", "Three"):
            await add_track(api, "listener@example.org", title)
        yield client


async def add_track(api: Api, email: str, title: str) -> UUID:
    """A track that nothing was told of."""
    track_id = uuid7()
    async with api.platform.database.write() as tx:
        assert await tx.execute(INSERT, track_id, email, title) == 1
    return track_id


def state(answer: httpx.Response) -> str:
    """What the cache says of an answer."""
    return answer.headers["cache-status"].removeprefix("backline; ")


@pytest.fixture
async def house(dsn: str, tmp_path: Path) -> AsyncIterator[House]:
    told = {"BACKLINE_CORS_ORIGINS": FRIEND, "BACKLINE_TRUSTED_PROXIES": HERE}
    async with open_house(dsn, tmp_path, **told) as opened:
        yield opened


@pytest.fixture
async def ada(house: House) -> Person:
    """Somebody with so many tracks that their list is worth compressing."""
    somebody = await house.person("ada@example.org")
    for number in range(5):
        await add_track(house.api, "ada@example.org", f"Song {number}")
    return somebody


@pytest.fixture
async def wire(house: House) -> AsyncIterator[Wire]:
    async with house.connected() as connected:
        yield connected
