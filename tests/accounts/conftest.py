"""The whole HTTP side for tests of accounts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.api import Api, serving_api


@pytest.fixture
async def api(dsn: str, tmp_path: Path) -> AsyncIterator[Api]:
    """A server's inside on a fresh database."""
    async with serving_api(dsn, tmp_path) as served:
        yield served
