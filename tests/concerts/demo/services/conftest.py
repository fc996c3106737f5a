"""A small world for the stand-ins, a clock that stands still, and a client without manners."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.concerts.truth.outside import Outside
from tests.concerts.truth.parameters import TUNING
from tests.concerts.truth.world import World

USER_AGENT = "Backline/0.2 (https://example.org)"


class Clock:
    """Seconds since 1970, moved by hand."""

    def __init__(self) -> None:
        self.now_s = 1_769_900_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture(scope="session")
def world() -> World:
    return World(TUNING.smaller(50))


@pytest.fixture(scope="session")
def land(world: World) -> Outside:
    return Outside(world)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """One that says who it is; it knows no proxies of this machine."""
    headers = {"User-Agent": USER_AGENT}
    async with httpx.AsyncClient(headers=headers, timeout=10, trust_env=False) as opened:
        yield opened
