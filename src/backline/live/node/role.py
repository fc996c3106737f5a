"""`backline live`: opens a node, runs it, and ends it without cutting off what is on."""

import asyncio
import contextlib
from contextlib import AsyncExitStack

import structlog
from prometheus_client import REGISTRY

from backline.live.keys import live_keys
from backline.live.node.doors import Doors
from backline.live.node.metrics import LiveCollector
from backline.live.node.node import Node
from backline.live.node.preview_door import PreviewDoor
from backline.live.options import LiveOptions
from backline.live.relay import Relay
from backline.platform import telemetry
from backline.platform.domain import Program
from backline.platform.host.background import Background
from backline.platform.settings import Settings
from backline.platform.shared import open_platform

_log = structlog.get_logger()
_CONNECTIONS = 5
_LOOK_S = 0.25


async def live(settings: Settings, program: Program, stop: asyncio.Event) -> None:
    """Take shows in and relay them until `stop` is set; then let those that are on finish.

    They have `BACKLINE_LIVE_DRAIN_S` for that.
    """
    options = settings.of(LiveOptions)
    async with AsyncExitStack() as stack:
        platform = await stack.enter_async_context(
            open_platform(settings, program.declared, connections=_CONNECTIONS)
        )
        relay = Relay(allow_private=options.allow_private_destinations)
        stack.push_async_callback(relay.close)
        keys = live_keys(platform.secrets)
        room = (options.previews, options.preview_memory_mb << 20)
        node = Node(platform.database, platform.signals, keys, relay, previews=room)
        stack.push_async_callback(node.close)
        door = PreviewDoor(node.previews, platform.secrets)
        stack.push_async_callback(door.close)
        node.previews_at = await door.open_as(settings)
        doors = Doors(settings, node)
        stack.push_async_callback(doors.close)
        collector = LiveCollector(node)
        REGISTRY.register(collector)
        stack.callback(REGISTRY.unregister, collector)
        stack.enter_context(
            telemetry.serving_metrics(settings.metrics_host, options.live_metrics_port)
        )
        await platform.signals.start()
        opening, looking, telling, sampling = (Background() for _ in range(4))
        for work in (sampling, looking, telling, opening):
            stack.push_async_callback(work.stop)
        opening.start(doors.keep_open(), "live-doors")
        looking.start(node.keep_looking(), "live-look")
        telling.start(node.keep_telling(), "live-tell")
        sampling.start(node.sampling.keep_writing(), "live-sample")
        await stop.wait()
        await opening.stop()
        doors.drain()
        node.say("draining", None)
        await _drained(node, options.live_drain_s)


async def _drained(node: Node, within_s: int) -> None:
    """Wait until no show is on any more, but no longer than that."""
    if node.sessions and within_s:
        _log.info("shows_may_finish", shows=len(node.sessions), within_s=within_s)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            while node.sessions:  # noqa: ASYNC110  # ended by many, asked for by this alone
                await asyncio.sleep(_LOOK_S)
