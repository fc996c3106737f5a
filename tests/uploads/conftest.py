"""What all tests of uploads share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backline.platform.database import Database
from tests.support.uploading import House, open_house


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """A server that takes uploads, and two people."""
    async with open_house(tmp_path, database) as opened:
        yield opened
