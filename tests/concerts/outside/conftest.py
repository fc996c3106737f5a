"""A small world behind stand-ins, somebody who asks, and the client that they ask by."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from backline.concerts.outside.asking import Asker
from backline.platform.database import Database
from backline.platform.outside.client import OutsideClient
from tests.concerts.truth.outside import Outside
from tests.concerts.truth.parameters import TUNING
from tests.concerts.truth.world import World


@pytest.fixture(scope="session")
def world() -> World:
    return World(TUNING.smaller(50))


@pytest.fixture(scope="session")
def land(world: World) -> Outside:
    return Outside(world)


@pytest.fixture
def ada() -> UUID:
    return uuid4()


@pytest.fixture
def ben() -> UUID:
    return uuid4()


@pytest.fixture
async def asker(database: Database) -> AsyncIterator[Asker]:
    client = OutsideClient("Backline/test (https://example.org)", whole_s=10)
    yield Asker(database, client)
    await client.close()
