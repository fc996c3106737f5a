"""Work beside everything else: it goes on, ends where it stands, and ends once."""

import asyncio

import pytest

from backline.platform.host.background import Background


async def test_work_goes_on_until_it_is_stopped() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            ended.set()

    background = Background()
    background.start(work(), "work")
    await asyncio.wait_for(begun.wait(), 10)
    was_running = background.is_running
    await background.stop()
    await background.stop()

    assert (was_running, background.is_running, ended.is_set()) == (True, False, True)


async def test_what_work_raised_comes_out_at_its_end() -> None:
    async def work() -> None:
        raise ValueError("broken")

    background = Background()
    background.start(work(), "work")
    await asyncio.sleep(0)

    with pytest.raises(ValueError, match="broken"):
        await background.stop()
