"""A decoder in a process of its own: libvips has threads, and a test process must have none."""

from collections.abc import AsyncIterator

import pytest

from backline.platform.confined import Confinement
from tests.support.confinement import confined


@pytest.fixture(scope="session")
async def confinement() -> AsyncIterator[Confinement]:
    async with confined(["backline.concerts.engine.look"]) as found:
        yield found
