"""How many transcodes run at a time: who waits, who is refused, who comes next."""

import asyncio
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from backline.audio.places import Places
from backline.platform.errors import TooMany, Unavailable

ADA, BEN, CLEO = uuid4(), uuid4(), uuid4()
LONG_S = 600.0


async def test_one_person_has_half_of_them() -> None:
    places = Places(4)
    async with AsyncExitStack() as stack:
        for _ in range(2):
            await stack.enter_async_context(places.taken(ADA))

        with pytest.raises(TooMany):
            await stack.enter_async_context(places.taken(ADA))
        await stack.enter_async_context(places.taken(BEN))

    async with places.taken(ADA):
        pass


async def test_who_comes_when_all_are_taken_is_next() -> None:
    places = Places(2, wait_s=LONG_S)
    order: list[str] = []

    async def come(name: str) -> None:
        async with places.taken(uuid4()):
            order.append(name)

    async with AsyncExitStack() as stack:
        await stack.enter_async_context(places.taken(ADA))
        await stack.enter_async_context(places.taken(BEN))
        waiting = [asyncio.create_task(come(name)) for name in ("first", "second")]
        await asyncio.sleep(0)
        assert order == []
    await asyncio.gather(*waiting)

    assert order == ["first", "second"]


async def test_who_waits_too_long_is_told_so() -> None:
    places = Places(1, wait_s=0.01)
    async with places.taken(ADA):
        with pytest.raises(Unavailable) as caught:
            async with places.taken(BEN):
                pass
    assert caught.value.retry_after_s > 0

    async with places.taken(BEN):
        pass
