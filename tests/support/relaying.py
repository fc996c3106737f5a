"""A relay as its owner would run it, with what it tells kept for a look."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from backline.live.relay import (
    Accepted,
    Change,
    DestinationFigures,
    DestinationSpec,
    Ingest,
    IngestLimits,
    Pace,
    Publish,
    Refused,
    Relay,
    Stream,
    listen,
)
from tests.support.waiting import until

KEY = "a-stream-key"
# Whoever is slow keeps what waits for it, so that a slow machine costs no frames.
QUICK = Pace(
    watch_s=0.05,
    connect_s=20,
    answer_s=20,
    stall_s=0.6,
    give_up_s=1.5,
    backoff_s=0.05,
    backoff_cap_s=0.2,
    settled_s=0.2,
    drop_disposable_ms=60_000,
    drop_frames_ms=60_000,
    finish_s=20,
)


class House:
    """A relay, its ingest, and who asked for what."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self.ingest: Ingest
        self.asked: list[Publish] = []
        self.gone: list[tuple[str, str]] = []
        self.changes: list[Change] = []
        self.specs: list[DestinationSpec] = []
        self.refusal = ""

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        *,
        pace: Pace = QUICK,
        limits: IngestLimits | None = None,
        allow_private: bool = True,
        server_tls: ssl.SSLContext | None = None,
        client_tls: ssl.SSLContext | None = None,
    ) -> "AsyncIterator[House]":
        """Listening, until the end of the block."""
        house = cls(Relay(allow_private=allow_private, pace=pace, tls=client_tls))
        house.ingest = await listen(
            "127.0.0.1",
            0,
            house.authorise,
            on_gone=lambda stream, reason: house.gone.append((stream.id, reason)),
            limits=limits or IngestLimits(read_each_s=0.01),
            tls=server_tls,
        )
        try:
            yield house
        finally:
            await house.ingest.close()
            await house.relay.close()

    async def authorise(self, asked: Publish) -> Accepted | Refused:
        """Every key is a stream of its own, with the destinations that a test has set."""
        self.asked.append(asked)
        if self.refusal:
            return Refused(self.refusal)
        stream = self.relay.stream(asked.stream_key)
        for spec in self.specs:
            stream.add(spec, self.changes.append)
        return Accepted(stream)

    @property
    def port(self) -> int:
        """Where encoders go."""
        return self.ingest.port

    def stream(self, stream_id: str = KEY) -> Stream:
        """A stream that is there."""
        return self.relay.streams[stream_id]

    def to(self, name: str, url: str, stream_key: str = "a-secret") -> DestinationSpec:
        """Have streams that begin from now on sent there."""
        spec = DestinationSpec(name, url, stream_key)
        self.specs.append(spec)
        return spec

    def fares(self, name: str, stream_id: str = KEY) -> DestinationFigures:
        """How a destination fares."""
        return next(one for one in self.stream(stream_id).destinations() if one.id == name)

    async def is_in(self, state: str, name: str, stream_id: str = KEY) -> DestinationFigures:
        """Wait until a destination is in a state."""
        await until(lambda: self.fares(name, stream_id).state == state)
        return self.fares(name, stream_id)
