"""All streams of a process, and how they are looked after."""

import asyncio
import ssl
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType

from backline.live.relay.models import Pace
from backline.live.relay.push import Way
from backline.live.relay.stream import Stream
from backline.platform.host.background import Background


class Relay:
    """Streams by their id. See the relay's face for how it is used.

    `tls` is what RTMPS destinations are trusted by; without one, the system's authorities.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        pace: Pace | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._pace = pace or Pace()
        self._given_tls = tls
        self._way = Way(allow_private, lambda: self._tls, self._pace)
        self._streams: dict[str, Stream] = {}
        self._looking = Background()

    @property
    def streams(self) -> Mapping[str, Stream]:
        """Those that haven't ended."""
        return MappingProxyType(self._streams)

    def stream(self, stream_id: str) -> Stream:
        """The one stream of an id, made if it isn't there."""
        if not self._looking.is_running:
            self._looking.start(self._look(), "relay-look")
        found = self._streams.get(stream_id)
        if found is None:
            found = Stream(stream_id, self._way, self._forget)
            self._streams[stream_id] = found
        return found

    async def close(self, reason: str = "The server ends.") -> None:
        """End all streams."""
        await asyncio.gather(*(stream.end(reason) for stream in list(self._streams.values())))
        await self._looking.stop()

    def _forget(self, stream_id: str) -> None:
        self._streams.pop(stream_id, None)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(self._pace.watch_s)
            now_s = asyncio.get_running_loop().time()
            for stream in list(self._streams.values()):
                stream.look(now_s)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given_tls or ssl.create_default_context()
