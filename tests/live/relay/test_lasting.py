"""Nothing stays of shows that are over: no task, no connection, no memory of them."""

import asyncio
import contextlib
import gc

import pytest

from backline.live.relay.line import Line
from backline.live.relay.packets import Packet
from backline.live.relay.push import Push
from backline.live.relay.stream import Stream
from backline.live.rtmp.faults import Turned
from tests.support import rtmp
from tests.support.relaying import House
from tests.support.waiting import until

pytestmark = pytest.mark.slow

KINDS = (Stream, Push, Line, Packet)


def alive() -> dict[str, int]:
    gc.collect()
    found = gc.get_objects()
    return {kind.__name__: sum(type(one) is kind for one in found) for kind in KINDS}


@pytest.mark.parametrize("way", ["finished", "torn", "refused", "away"])
async def test_a_hundred_shows_leave_nothing(house: House, way: str) -> None:
    async with rtmp.sink_server() as sink:
        house.to("one", sink.url if way != "away" else "rtmp://127.0.0.1:1/app")
        house.refusal = "Not today." if way == "refused" else ""
        await one_show(house, 0, way)
        tasks = len(asyncio.all_tasks())
        for number in range(1, 100):
            await one_show(house, number, way)
            sink.sinks.clear()
            house.changes.clear()
        await until(lambda: house.ingest.connections == 0)
        await until(lambda: len(asyncio.all_tasks()) <= tasks)
        # Whoever looks last may still have one in hand.
        await until(lambda: max(alive().values()) <= 1)

    assert house.relay.streams == {}


async def one_show(house: House, number: int, way: str) -> None:
    house.gone.clear()
    with contextlib.suppress(Turned):  # refused, where that is wanted
        async with rtmp.encoder(house.port, f"show-{number}") as encoder:
            await encoder.send_all([*rtmp.opening(), *rtmp.frames(0.2)])
            if way == "finished":
                encoder.finish()
    if way != "refused":
        await until(lambda: house.gone)
        await house.stream(f"show-{number}").end("Over.")
