"""Both adapters of each part, so that one suite runs over them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from backline.platform.database import connect
from tests.support import s3
from tests.support.places import BUCKET, FolderPlace, Place, S3Place
from tests.support.postgres import PrivatePostgres
from tests.support.redis import PrivateRedis, running


@pytest.fixture
def redis_server() -> Iterator[PrivateRedis]:
    """A Redis of this test's own."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def s3_server() -> Iterator[s3.S3Server]:
    """An S3 server for all tests of this process, each with a prefix of its own."""
    with s3.running(BUCKET) as server:
        yield server


@pytest.fixture(scope="session")
def shared_dsn(postgres: PrivatePostgres, migrated: str) -> Iterator[str]:
    """A migrated database for all tests whose rows don't meet."""
    name = postgres.create(migrated)
    yield postgres.dsn(name)
    postgres.drop(name)


@pytest.fixture(params=["folder", "s3"])
async def place(
    request: pytest.FixtureRequest, tmp_path: Path, shared_dsn: str
) -> AsyncIterator[Place]:
    """Storage and staging by one of the adapters."""
    if request.param == "folder":
        yield FolderPlace(tmp_path / "media")
    else:
        database = await connect(shared_dsn, max_size=4)
        yield S3Place(request.getfixturevalue("s3_server"), tmp_path / "media", database)
        await database.close()
