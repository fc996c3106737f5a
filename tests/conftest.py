"""What all tests can ask for. Async tests and fixtures run by themselves, on uvloop, by anyio."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from backline.platform.database import Database, connect
from backline.platform.migrations import Migration, find, migrate
from tests.support.postgres import PrivatePostgres, running

PACKAGES = ("backline.platform", "backline.accounts", "backline.audio")


def all_migrations() -> list[Migration]:
    """The program's own, in their order."""
    return find(PACKAGES)


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, object]]:
    """One event loop as in production."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """A private PostgreSQL 18 for this test process; its durability is off."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def migrated(postgres: PrivatePostgres) -> str:
    """The name of a database with the current schema, from which others are copied."""
    name = postgres.create()
    asyncio.run(migrate(postgres.dsn(name), all_migrations()))
    return name


@pytest.fixture(scope="session")
def migrations() -> list[Migration]:
    """The program's own, in their order."""
    return all_migrations()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, unlike `tmp_path`, which is its owner's alone."""
    with tempfile.TemporaryDirectory(prefix="backline-open-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        yield folder


@pytest.fixture
def empty_dsn(postgres: PrivatePostgres) -> Iterator[str]:
    """Where a new database without any schema answers."""
    name = postgres.create()
    yield postgres.dsn(name)
    postgres.drop(name)


@pytest.fixture
def dsn(postgres: PrivatePostgres, migrated: str) -> Iterator[str]:
    """Where a fresh migrated database answers; for tests that start processes or aren't async."""
    name = postgres.create(migrated)
    yield postgres.dsn(name)
    postgres.drop(name)


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    """A fresh migrated database of this test's own."""
    opened = await connect(dsn)
    yield opened
    await opened.close()
