"""What the tests of jobs share."""

from collections.abc import Iterator

import pytest

from backline.platform.jobs import registry


@pytest.fixture(autouse=True)
def _own_registry() -> Iterator[None]:
    """Each test registers what it needs; afterwards what there was before holds again."""
    before = list(registry._registered)
    registry._registered.clear()
    yield
    registry._registered[:] = before
