"""The lane stands for certain layers: one that is added has to be told to it, or lies around it."""

from typing import Any

from backline.platform.front.caching import EncodedCache
from backline.platform.front.connection import Lane as AnyLane
from backline.platform.front.doors import Rooms
from backline.platform.front.edge import Edge
from backline.platform.front.lane import Lane
from backline.platform.front.limiting import Limited
from backline.platform.front.server import Server
from tests.support.lane import House


async def test_between_the_lane_and_the_cache_lie_those_layers_that_it_stands_for(
    house: House,
) -> None:
    edge = house.api.web.app._edge
    limited: Any = edge.app
    rooms: Any = limited.app

    assert [type(one) for one in (edge, limited, rooms)] == [Edge, Limited, Rooms]
    assert isinstance(rooms.rooms["/api"], EncodedCache)


async def test_a_layer_around_the_lane_is_not_skipped(house: House) -> None:
    lane: Lane = house.api.web.app

    async def layer(scope: Any, receive: Any, send: Any) -> None:
        await lane(scope, receive, send)

    assert isinstance(lane, AnyLane)
    assert Server(lane)._lane is lane
    assert Server(layer)._lane is None
