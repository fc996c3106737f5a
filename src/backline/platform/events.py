"""Live updates for browsers: what happens to a person's things, as server-sent events.

An event is published in the transaction that makes it true and reaches every process by signal.
A client that was away names the last event that it saw; where that is no longer remembered it is
told to fetch everything again (`reset`).
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Collection
from uuid import UUID

import msgspec

from backline.platform import signals
from backline.platform.database import Write
from backline.platform.errors import TooMany, Unavailable
from backline.platform.ids import uuid7
from backline.platform.signals import Signals

_TOPIC = "event"
_REMEMBERED = 2_000
_QUEUE_LIMIT = 500
_STREAMS_PER_USER = 20
_KEEPALIVE_S = 15.0
_RETRY_MS = 1_000


class Event(msgspec.Struct, frozen=True):
    """One event: `topic` is what clients choose by, `name` the event's, `data` JSON."""

    id: str
    owner_id: UUID
    topic: str
    name: str
    data: msgspec.Raw

    def encoded(self) -> bytes:
        """As it goes over the wire (WHATWG HTML §9.2)."""
        return b"id: %b\nevent: %b\ndata: %b\n\n" % (
            self.id.encode(),
            self.name.encode(),
            bytes(self.data),
        )


async def publish(tx: Write, owner_id: UUID, topic: str, name: str, data: msgspec.Struct) -> None:
    """Have the owner's browsers told once `tx` is committed."""
    event = Event(uuid7().hex, owner_id, topic, name, msgspec.Raw(msgspec.json.encode(data)))
    sent = signals.send(tx, _TOPIC, msgspec.json.encode(event).decode())
    if not sent:
        reset = Event(event.id, owner_id, topic, "reset", msgspec.Raw(b"{}"))
        signals.send(tx, _TOPIC, msgspec.json.encode(reset).decode())


class Subscriber:
    """One open stream: a bounded queue, and how it ends."""

    def __init__(self, user_id: UUID, session_id: UUID, topics: frozenset[str]) -> None:
        self.user_id, self.session_id, self.topics = user_id, session_id, topics
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(_QUEUE_LIMIT)
        self._overrun = False

    def offer(self, event: Event) -> None:
        """Queue an event that concerns this stream; a slow reader is told to start afresh."""
        if event.owner_id != self.user_id:
            return
        if event.topic in self.topics or event.topic == "session":
            try:
                self._queue.put_nowait(event.encoded())
            except asyncio.QueueFull:
                self.overrun()

    def overrun(self) -> None:
        """Forget what is queued and have the client fetch everything again."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(b"event: reset\ndata: {}\n\n")

    def end(self, last: bytes = b"") -> None:
        """Close the stream after `last`."""
        while not self._queue.empty():
            self._queue.get_nowait()
        if last:
            self._queue.put_nowait(last)
        self._queue.put_nowait(None)

    async def chunks(self) -> AsyncIterator[bytes]:
        """The stream's bytes until it ends; a comment now and then keeps proxies calm."""
        yield b"retry: %d\n\n" % _RETRY_MS
        while True:
            try:
                chunk = await asyncio.wait_for(self._queue.get(), _KEEPALIVE_S)
            except TimeoutError:
                yield b": still here\n\n"
                continue
            if chunk is None:
                return
            yield chunk


class EventHub:
    """All open streams of this process, and the events of the last minutes."""

    def __init__(self, signals_: Signals) -> None:
        self._subscribers: set[Subscriber] = set()
        self._remembered: deque[Event] = deque(maxlen=_REMEMBERED)
        self._closing = False
        signals_.on(_TOPIC, self._receive)
        signals_.on_lost(self._forget)

    def _receive(self, text: str) -> None:
        event = msgspec.json.decode(text.encode(), type=Event)
        self._remembered.append(event)
        for subscriber in tuple(self._subscribers):
            subscriber.offer(event)

    def _forget(self) -> None:
        self._remembered.clear()
        for subscriber in tuple(self._subscribers):
            subscriber.overrun()

    def subscribe(
        self, user_id: UUID, session_id: UUID, topics: Collection[str], last_event_id: str | None
    ) -> Subscriber:
        """Open a stream; what was missed since `last_event_id` comes first.

        Raises:
            TooMany: the person has 20 streams open already.
            Unavailable: this process is about to end; a proxy asks the next one.
        """
        if self._closing:
            raise Unavailable("This server is about to end. Connect again.", retry_after_s=1)
        if sum(s.user_id == user_id for s in self._subscribers) >= _STREAMS_PER_USER:
            raise TooMany("Twenty pages of yours listen already. Close some.", retry_after_s=10)
        subscriber = Subscriber(user_id, session_id, frozenset(topics))
        if last_event_id:
            self._replay(subscriber, last_event_id)
        self._subscribers.add(subscriber)
        return subscriber

    def _replay(self, subscriber: Subscriber, last_event_id: str) -> None:
        ids = [event.id for event in self._remembered]
        if last_event_id not in ids:
            subscriber.overrun()
            return
        for event in list(self._remembered)[ids.index(last_event_id) + 1 :]:
            subscriber.offer(event)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Forget a stream that has ended."""
        self._subscribers.discard(subscriber)

    def listens(self, session_id: UUID) -> bool:
        """Whether a stream of this session is open here."""
        return any(s.session_id == session_id for s in self._subscribers)

    def end_session(self, session_id: UUID) -> None:
        """Close the streams of a session that has ended."""
        for subscriber in tuple(self._subscribers):
            if subscriber.session_id == session_id:
                subscriber.end(b'event: session\ndata: {"action":"ended"}\n\n')

    def close(self) -> None:
        """Close all streams, so that the process can end; clients come back by themselves."""
        self._closing = True
        for subscriber in tuple(self._subscribers):
            subscriber.end()
