"""Batches worked on ahead: written in their order, and none under way once something broke."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from backline.platform.jobs import work_ahead


async def batches() -> AsyncGenerator[int]:
    for number in range(6):
        yield number


async def test_the_oldest_is_written_while_others_are_worked_on() -> None:
    written: list[int] = []
    most, under_way = 0, 0

    async def work(number: int) -> int:
        nonlocal most, under_way
        under_way += 1
        most = max(most, under_way)
        for _ in range(6 - number):  # later ones are ready sooner
            await asyncio.sleep(0)
        under_way -= 1
        return number

    async def write(number: int) -> None:
        written.append(number)

    await work_ahead(batches(), work, write, ahead=2)

    assert written == [0, 1, 2, 3, 4, 5]
    assert most == 3


async def test_what_broke_ends_all_that_is_under_way() -> None:
    cancelled: list[int] = []

    async def work(number: int) -> int:
        if number == 0:
            raise ValueError("broken")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(number)
            raise
        return number

    async def write(_number: int) -> None:
        raise AssertionError("nothing is ready")

    with pytest.raises(ValueError, match="broken"):
        await work_ahead(batches(), work, write, ahead=2)

    assert cancelled == [1, 2]
