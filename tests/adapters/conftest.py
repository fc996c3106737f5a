"""Both adapters of each part, so that one suite runs over them."""

from collections.abc import Iterator

import pytest

from tests.support.redis import PrivateRedis, running


@pytest.fixture
def redis_server() -> Iterator[PrivateRedis]:
    """A Redis of this test's own."""
    with running() as server:
        yield server
