"""Pools on a database of each test's own."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from backline.platform.database.pool import Pool
from tests.support.pools import Server, opened


@pytest.fixture
async def server(empty_dsn: str) -> AsyncIterator[Server]:
    connection = await asyncpg.connect(empty_dsn)
    yield Server(connection)
    await connection.close()


@pytest.fixture
async def pool(empty_dsn: str) -> AsyncIterator[Pool]:
    made = await opened(empty_dsn)
    yield made
    made.terminate()


@pytest.fixture
async def single(empty_dsn: str) -> AsyncIterator[Pool]:
    """A pool of one connection: who comes second waits."""
    made = await opened(empty_dsn, size=1)
    yield made
    made.terminate()
