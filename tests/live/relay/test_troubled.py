"""A destination in trouble says so in words, and costs the others not one frame."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise
from typing import cast

import msgspec
import pytest

from backline.live.relay import Pace, places
from backline.live.rtmp import flv
from backline.live.rtmp.messages import AUDIO, VIDEO
from tests.support import rtmp
from tests.support.relaying import QUICK, House
from tests.support.rtmp import Message, Sink, SinkServer
from tests.support.waiting import until

pytestmark = pytest.mark.slow


class Deaf(asyncio.Protocol):
    """Accepts connections and says nothing."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport


class Resetting(asyncio.Protocol):
    """Ends connections as soon as something comes."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, _data: bytes) -> None:
        self.transport.abort()


class Babbling(Resetting):
    """Answers what isn't RTMP."""

    def data_received(self, _data: bytes) -> None:
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 200)


class Confused(Sink):
    """Shakes hands, then answers garbage."""

    def _asked(self, _app: str, _stream_key: str) -> None:
        self.transport.write(b"\xff\xff\xff\xff" * 100)


class Stalling(Sink):
    """Accepts the stream and reads no more."""

    def _asked(self, app: str, stream_key: str) -> None:
        super()._asked(app, stream_key)
        self.transport.pause_reading()


class Silent(Sink):
    """Hears that something is to be published, and never answers."""

    def _asked(self, _app: str, _stream_key: str) -> None:
        pass


class Trickling(asyncio.BufferedProtocol):
    """Accepts the stream, then reads a few bytes at a time."""

    def __init__(self, place: SinkServer) -> None:
        self._sink = Sink(place)
        self._few, self._many = bytearray(50), bytearray(65_536)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._sink.connection_made(transport)

    def get_buffer(self, _sizehint: int) -> bytearray:
        return self._few if self._sink.stream_key else self._many

    def buffer_updated(self, nbytes: int) -> None:
        if self._sink.stream_key:
            self.transport.pause_reading()
            asyncio.get_running_loop().call_later(0.02, self._read_on)
        else:
            self._sink.data_received(bytes(self._many[:nbytes]))

    def _read_on(self) -> None:
        if not self.transport.is_closing():
            self.transport.resume_reading()


class Leaving(Sink):
    """Goes after a few messages."""

    def _keep(self, kind: int, when: int, payload: bytes | bytearray) -> None:
        super()._keep(kind, when, payload)
        if len(self.messages) > 20:
            self.transport.abort()


TROUBLES: dict[str, tuple[Callable[[SinkServer], asyncio.BaseProtocol], str]] = {
    "deaf": (lambda _place: Deaf(), "didn't shake hands"),
    "silent": (Silent, "didn't answer publish"),
    "resetting": (lambda _place: Resetting(), "closed|broke"),
    "babbling": (lambda _place: Babbling(), "isn't RTMP"),
    "confused": (Confused, "isn't RTMP"),
    "stalling": (Stalling, "taken nothing"),
    "trickling": (Trickling, "taken nothing"),
    "leaving": (Leaving, "closed|broke"),
}


@asynccontextmanager
async def troubled(make: Callable[[SinkServer], asyncio.BaseProtocol]) -> AsyncIterator[SinkServer]:
    place = SinkServer()
    async with rtmp.listening(lambda: make(place)) as port:
        place.port = port
        yield place


@pytest.mark.parametrize("name", TROUBLES)
async def test_one_in_trouble_costs_the_others_nothing(name: str) -> None:
    make, words = TROUBLES[name]
    pace = QUICK if name not in {"deaf", "silent"} else with_short_answers()
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(House.open(pace=pace))
        bad = await stack.enter_async_context(troubled(make))
        one = await stack.enter_async_context(rtmp.sink_server())
        two = await stack.enter_async_context(rtmp.sink_server())
        for sink_name, sink in (("one", one), ("bad", bad), ("two", two)):
            house.to(sink_name, sink.url)
        encoder = await stack.enter_async_context(rtmp.encoder(house.port))
        await encoder.send_all(rtmp.opening())

        def is_told() -> bool:
            said = [one.reason or "" for one in house.changes if one.destination_id == "bad"]
            return any(word in text for word in words.split("|") for text in said)

        await send_until(encoder, is_told)
        for sink in (one, two):
            await until(lambda sink=sink: len(sink.messages) >= len(encoder.sent))

    assert one.messages == encoder.sent
    assert two.messages == encoder.sent
    assert len(one.sinks) == len(two.sinks) == 1


def with_short_answers() -> Pace:
    return msgspec.structs.replace(QUICK, answer_s=0.5)


async def send_until(encoder: rtmp.Encoder, condition: Callable[[], object], first: int = 0) -> int:
    """Go on with the show, at eight times its speed, until something holds; the next frame."""
    async with asyncio.timeout(60):
        while not condition():
            await encoder.send_paced(rtmp.frames(1, first=first, kbps=8_000), speed=8)
            first += 25
    return first


async def test_a_stalled_one_is_connected_to_anew_and_goes_on_at_a_keyframe(house: House) -> None:
    is_deaf = [True]

    class Once(Sink):
        def _asked(self, app: str, stream_key: str) -> None:
            super()._asked(app, stream_key)
            if is_deaf.pop() if is_deaf else False:
                self.transport.pause_reading()

    async with troubled(Once) as place:
        house.to("one", place.url)
        async with rtmp.encoder(house.port) as encoder:
            await encoder.send_all(rtmp.opening())
            await send_until(encoder, lambda: len(place.sinks) > 1 and place.sinks[1].messages)
            assert house.fares("one").reconnects >= 1
        again = place.sinks[1].messages

    states = [change.state for change in house.changes]
    assert states[:4] == ["connecting", "live", "stalled", "connecting"]
    assert [one.payload for one in again[:3]] == [one.payload for one in rtmp.opening()]
    assert again[3].payload[0] == 0x17


async def test_a_stalled_one_is_connected_to_anew_at_once_when_somebody_asks() -> None:
    never = msgspec.structs.replace(QUICK, give_up_s=10_000, backoff_s=10_000, backoff_cap_s=10_000)
    is_deaf = [True]

    class Once(Sink):
        def _asked(self, app: str, stream_key: str) -> None:
            super()._asked(app, stream_key)
            if is_deaf.pop() if is_deaf else False:
                self.transport.pause_reading()

    async with House.open(pace=never) as house, troubled(Once) as place:
        house.to("one", place.url)
        async with rtmp.encoder(house.port) as encoder:
            await encoder.send_all(rtmp.opening())
            first = await send_until(encoder, lambda: house.fares("one").state == "stalled")
            house.stream().retry("one")
            await send_until(encoder, lambda: place.sinks[1:] and place.sinks[1].messages, first)
            fares = await house.is_in("live", "one")

    assert fares.reconnects == 1
    assert place.sinks[1].messages[3].payload[0] == 0x17


async def test_a_slow_one_drops_frames_and_keeps_its_sound() -> None:
    """It takes nothing until frames have been dropped, and then all."""

    pace = Pace(watch_s=0.05, stall_s=60, give_up_s=60, finish_s=20)
    async with (
        House.open(pace=pace) as house,
        troubled(Stalling) as slow,
        rtmp.sink_server() as one,
    ):
        house.to("slow", slow.url)
        house.to("one", one.url)
        async with rtmp.encoder(house.port) as encoder:
            await encoder.send_all(rtmp.opening())
            first = await send_until(encoder, lambda: house.fares("slow").dropped_frames > 10)
            slow.sinks[0].transport.resume_reading()
            first = await send_until(encoder, lambda: house.fares("slow").lag_ms == 0, first)
            await encoder.send_all(rtmp.frames(2, first=first))
            for sink in (one, slow):
                await until(lambda sink=sink: sink.messages[-1:] == encoder.sent[-1:])
            dropped = house.fares("slow").dropped_frames

    assert one.messages == encoder.sent
    frames, heard = only(VIDEO, encoder.sent), only(VIDEO, slow.messages)
    assert only(AUDIO, slow.messages) == only(AUDIO, encoder.sent)
    assert len(frames) - len(heard) == dropped
    for before, after in pairwise(heard):
        missed = frames[frames.index(before) + 1 : frames.index(after)]
        assert not missed or after.payload[0] == 0x17 or all(map(is_disposable, missed))


def only(kind: int, show: list[Message]) -> list[Message]:
    return [one for one in show if one.kind == kind]


def is_disposable(message: Message) -> bool:
    return flv.is_disposable(message.payload)


@pytest.mark.parametrize("words", ["This stream key isn't valid."])
async def test_a_wrong_key_fails_fast_in_the_words_of_the_destination(
    house: House, words: str
) -> None:
    async with rtmp.sink_server() as sink:
        sink.refusal = words
        house.to("one", sink.url, "a-wrong-key")
        async with rtmp.encoder(house.port) as encoder:
            await encoder.send_all(rtmp.opening())
            failed = await house.is_in("failed", "one")
            assert len(sink.sinks) == 1

            sink.refusal = ""
            house.stream().retry("one")
            await house.is_in("live", "one")

    assert failed.reason == f"The destination says: {words} (NetStream.Publish.BadName)"


async def test_nobody_there(house: House) -> None:
    async with rtmp.listening(Deaf) as port:
        pass
    house.to("one", f"rtmp://127.0.0.1:{port}/app")
    async with rtmp.encoder(house.port):
        await until(lambda: any(one.reason for one in house.changes))
        assert "can't be connected to" in house.fares("one").last_error
        assert house.fares("one").state == "connecting"


async def test_after_many_failures_in_a_row_it_is_left_alone() -> None:
    pace = msgspec.structs.replace(QUICK, breaker_failures=3, breaker_open_s=1_000, backoff_s=0.01)
    async with House.open(pace=pace) as house, troubled(lambda _place: Resetting()) as place:
        house.to("one", place.url)
        async with rtmp.encoder(house.port):
            await house.is_in("failed", "one")

    assert house.changes[-1].state == "idle"
    assert house.changes[-2].retry_in_s == 1_000


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1/app", "rtmp://"),
        ("rtmp://127.0.0.1", "app"),
        ("rtmp://127.0.0.1:99999/app", "port"),
        ("rtmp:///app", "host"),
        ("rtmp://no-such-name.invalid/app", "isn't known"),
        (f"rtmp://{'a' * 70}.example/app", "can't be the name"),
        ("rtmp://[::1/app", "IPv6"),
    ],
)
async def test_addresses_that_are_none(house: House, url: str, words: str) -> None:
    house.to("one", url)
    async with rtmp.encoder(house.port):
        await until(lambda: house.fares("one").last_error)
        assert words in str(house.fares("one").last_error)


async def test_private_addresses_are_not_connected_to() -> None:
    async with House.open(allow_private=False) as house, rtmp.sink_server() as sink:
        house.to("one", sink.url)
        async with rtmp.encoder(house.port):
            failed = await house.is_in("failed", "one")

    assert "isn't public" in str(failed.reason)
    assert sink.sinks == []


async def test_an_address_is_judged_at_each_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads to a public address at first and to a private one later."""
    answers = iter([True, False])
    monkeypatch.setattr(places, "is_public", lambda _address: next(answers, False))
    async with House.open(allow_private=False) as house, troubled(Leaving) as place:
        house.to("one", place.url)
        async with rtmp.encoder(house.port) as encoder:
            await encoder.send_all(rtmp.opening())
            await send_until(encoder, lambda: "public" in str(house.fares("one").last_error))

    assert len(place.sinks) == 1
