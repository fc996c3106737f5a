"""A player of somebody's library."""

import pytest

from tests.support.subsonic import Player, player_of
from tests.support.things import Person


@pytest.fixture
async def player(ada: Person) -> Player:
    """One that may do everything."""
    return await player_of(ada)
