"""Live updates for browsers: what happens to what a person may see, as server-sent events.

An event is published in the transaction that makes it true and reaches every process by signal.
It names its thing, not its readers: whose it is, and which container it lies in where that is
shared; each stream judges when it is about to send it whether its person may hear of it. A client
that was away names the last event that it saw; where that is no longer remembered it is told to
fetch everything again (`reset`).
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Collection
from uuid import UUID

import msgspec

from backline.platform.database import Database, Write, signals
from backline.platform.database.signals import Signals
from backline.platform.errors import TooMany, Unavailable
from backline.platform.events.audience import Audience
from backline.platform.ids import uuid7

_TOPIC = "event"
_REMEMBERED = 2_000
_QUEUE_LIMIT = 500
_STREAMS_PER_USER = 20
_KEEPALIVE_S = 15.0
_RETRY_MS = 1_000
_RESET = b"event: reset\ndata: {}\n\n"


class Event(msgspec.Struct, frozen=True):
    """One event: `topic` is what clients choose by, `name` the event's, `data` JSON.

    A passing state has no id: nobody who was away needs it.
    """

    id: str
    owner_id: UUID
    topic: str
    name: str
    data: msgspec.Raw
    container_id: UUID | None = None

    def encoded(self) -> bytes:
        """As it goes over the wire (WHATWG HTML §9.2)."""
        said = b"event: %b\ndata: %b\n\n" % (self.name.encode(), bytes(self.data))
        return b"id: %b\n%b" % (self.id.encode(), said) if self.id else said


async def publish(
    tx: Write,
    owner_id: UUID,
    topic: str,
    name: str,
    data: msgspec.Struct,
    *,
    container_id: UUID | None = None,
) -> None:
    """Have browsers told once `tx` is committed: the owner's, and the members' of a container.

    What is too long for a signal (7,900 bytes) has them fetch everything again.
    """
    said = msgspec.Raw(msgspec.json.encode(data))
    event = Event(uuid7().hex, owner_id, topic, name, said, container_id)
    sent = signals.send(tx, _TOPIC, msgspec.json.encode(event).decode())
    if not sent:
        reset = Event(event.id, owner_id, topic, "reset", msgspec.Raw(b"{}"), container_id)
        signals.send(tx, _TOPIC, msgspec.json.encode(reset).decode())


async def pass_on(
    database: Database,
    owner_id: UUID,
    topic: str,
    name: str,
    data: msgspec.Struct,
    *,
    container_id: UUID | None = None,
) -> None:
    """Tell browsers a state that the next one replaces, such as a meter's: now, and at most once.

    Nothing is kept of it. `database` is the process's own.

    Raises:
        ValueError: it is too long for a signal.
    """
    said = msgspec.Raw(msgspec.json.encode(data))
    event = Event("", owner_id, topic, name, said, container_id)
    await signals.send_now(database, _TOPIC, msgspec.json.encode(event).decode())


class Subscriber:
    """One open stream: a bounded queue, what may be sent of it, and how it ends."""

    def __init__(
        self, user_id: UUID, session_id: UUID, topics: frozenset[str], audience: Audience
    ) -> None:
        self.user_id, self.session_id, self.topics = user_id, session_id, topics
        self._audience = audience
        self._queue: asyncio.Queue[Event | bytes | None] = asyncio.Queue(_QUEUE_LIMIT)

    def offer(self, event: Event) -> None:
        """Queue an event that may concern this stream; a slow reader is told to start afresh."""
        if event.topic in self.topics and self._may_concern(event):
            try:
                self._queue.put_nowait(event)
            except asyncio.QueueFull:
                self.overrun()

    def _may_concern(self, event: Event) -> bool:
        if event.container_id is None or event.owner_id == self.user_id:
            return event.owner_id == self.user_id
        containers = self._audience.known(self.user_id)
        return containers is None or event.container_id in containers

    async def _judged(self, event: Event) -> bytes:
        """An event as it is sent to this stream's person; nothing where they may not hear it."""
        if event.owner_id != self.user_id:
            try:
                containers = await self._audience.ask(self.user_id)
            except Unavailable:
                return _RESET
            if event.container_id not in containers:
                return b""
        return event.encoded()

    def overrun(self) -> None:
        """Forget what is queued and have the client fetch everything again."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(_RESET)

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
            if isinstance(chunk, Event):
                chunk = await self._judged(chunk)
            if chunk:
                yield chunk


class EventHub:
    """All open streams of this process, and the events of the last minutes."""

    def __init__(self, signals_: Signals, audience: Audience) -> None:
        self._audience = audience
        self._subscribers: set[Subscriber] = set()
        self._remembered: deque[Event] = deque(maxlen=_REMEMBERED)
        self._closing = False
        signals_.on(_TOPIC, self._receive)
        signals_.on_lost(self._forget)

    def _receive(self, text: str) -> None:
        event = msgspec.json.decode(text.encode(), type=Event)
        if event.id:
            self._remembered.append(event)
        for subscriber in tuple(self._subscribers):
            subscriber.offer(event)

    def _forget(self) -> None:
        self._remembered.clear()
        for subscriber in tuple(self._subscribers):
            subscriber.overrun()

    async def subscribe(
        self, user_id: UUID, session_id: UUID, topics: Collection[str], last_event_id: str | None
    ) -> Subscriber:
        """Open a stream; what was missed since `last_event_id` comes first, as far as that may be.

        Raises:
            TooMany: the person has 20 streams open already.
            Unavailable: this process is about to end; a proxy asks the next one.
        """
        if self._closing:
            raise Unavailable("This server is about to end. Connect again.", retry_after_s=1)
        if sum(s.user_id == user_id for s in self._subscribers) >= _STREAMS_PER_USER:
            raise TooMany("Twenty pages of yours listen already. Close some.", retry_after_s=10)
        subscriber = Subscriber(user_id, session_id, frozenset(topics), self._audience)
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
