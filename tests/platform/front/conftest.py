"""A server to speak to by bytes on a socket."""

from collections.abc import AsyncIterator

import pytest

from tests.support.sockets import Client, House


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = House()
    await made.server.open("127.0.0.1", made.port)
    yield made
    made.may_answer.set()
    await made.server.close(patience_s=0)


@pytest.fixture
async def client(house: House) -> AsyncIterator[Client]:
    async with house.connected() as made:
        yield made
