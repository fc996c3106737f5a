"""An API with people who are told something."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backline.platform.database import Database
from tests.notifications.kinds import everything
from tests.support.api import Api, serving_api
from tests.support.things import Person


@pytest.fixture
async def api(dsn: str, tmp_path: Path) -> AsyncIterator[Api]:
    async with serving_api(dsn, tmp_path, everything=everything()) as opened:
        yield opened


@pytest.fixture
def database(api: Api) -> Database:
    """The API's own."""
    return api.platform.database


@pytest.fixture
async def ada(api: Api) -> Person:
    person = Person(api, "ada@example.org")
    await person.sign_in()
    return person


@pytest.fixture
async def ben(api: Api) -> Person:
    person = Person(api, "ben@example.org")
    await person.sign_in()
    return person
