"""Who may come in, who takes over, who is sent away, and with what words."""

import asyncio
import contextlib
from collections.abc import Callable
from itertools import pairwise

import msgspec
import pytest

from backline.live.relay import IngestLimits
from backline.live.rtmp import amf, messages
from backline.live.rtmp.faults import Turned
from backline.live.rtmp.messages import AUDIO, DATA, VIDEO
from tests.support import rtmp
from tests.support.relaying import QUICK, House
from tests.support.rtmp import Message
from tests.support.waiting import until

pytestmark = pytest.mark.slow


async def test_it_is_asked_who_may_publish(house: House) -> None:
    async with rtmp.encoder(house.port, "a-key?bandwidthtest=true", "live") as encoder:
        assert (house.asked[0].app, house.asked[0].stream_key) == ("live", "a-key")
        assert house.asked[0].address == "127.0.0.1"
        encoder.finish()
        await until(lambda: house.gone == [("a-key", "The encoder ended the show.")])


async def test_a_refusal_is_heard(house: House) -> None:
    house.refusal = "This stream key isn't known here."

    with pytest.raises(Turned, match="This stream key isn't known here") as caught:
        async with rtmp.encoder(house.port):
            pass

    assert caught.value.final
    assert house.relay.streams == {}


async def test_what_fails_while_it_is_judged_is_a_refusal(house: House) -> None:
    async def fail(_asked: object) -> None:
        raise OSError("The database is away.")

    house.ingest._room.authorise = fail

    with pytest.raises(Turned, match="can't tell"):
        async with rtmp.encoder(house.port):
            pass


async def test_the_right_key_takes_over_and_destinations_see_one_show(house: House) -> None:
    async with rtmp.sink_server() as sink:
        house.to("one", sink.url)
        async with rtmp.encoder(house.port) as first:
            await first.send_all([*rtmp.opening(), *rtmp.frames(2)])
            await until(lambda: len(sink.messages) >= len(first.sent))
            async with rtmp.encoder(house.port) as second:
                await until(first.lost.done)
                await second.send_all([*rtmp.opening(), *rtmp.frames(1.9, first=5)])
                await until(lambda: sink.messages[-1].payload == second.sent[-1].payload)

    assert "Another encoder publishes with this key now." in first.said[-1]
    assert all(reason != first.said[-1] for _, reason in house.gone)
    assert len(sink.sinks) == 1
    before, after = sink.messages[: len(first.sent)], sink.messages[len(first.sent) :]
    assert before == first.sent
    key = next(one for one in second.sent if one.payload[:2] == b"\x17\x01")
    assert [one.payload for one in after] == [
        one.payload for one in second.sent[second.sent.index(key) :]
    ]
    times = [one.timestamp_ms for one in sink.messages if one.kind == VIDEO]
    assert times == sorted(times)


async def test_the_older_encoder_hears_why_while_it_sends(house: House) -> None:
    async with rtmp.encoder(house.port) as first:
        await first.send_all(rtmp.opening())
        sending = asyncio.create_task(first.send_paced(rtmp.frames(60, kbps=8_000), speed=4))
        async with rtmp.encoder(house.port):
            await until(lambda: first.said)
        sending.cancel()

    assert "Another encoder publishes with this key now." in first.said[-1]


async def test_destinations_stay_while_the_encoder_is_away(house: House) -> None:
    async with rtmp.sink_server() as sink:
        house.to("one", sink.url)
        async with rtmp.encoder(house.port) as first:
            await first.send_all([*rtmp.opening(), *rtmp.frames(1)])
            await until(lambda: len(sink.messages) >= len(first.sent))
        await until(lambda: house.gone)
        assert house.fares("one").state == "live"
        async with rtmp.encoder(house.port) as second:
            changed = Message(VIDEO, 0, rtmp.AVC_HEADER + b"new")
            await second.send_all([rtmp.opening()[0], changed, *rtmp.frames(1, first=25)])
            await until(lambda: sink.messages[-1].payload == second.sent[-1].payload)

    assert [one.payload for one in sink.messages[len(first.sent) :]] == [
        one.payload for one in second.sent[1:]
    ]
    assert len(sink.sinks) == 1
    assert house.fares("one").reconnects == 0


async def test_a_destination_lost_meanwhile_is_connected_to_when_the_encoder_is_back() -> None:
    pace = msgspec.structs.replace(QUICK, backoff_s=1_000, backoff_cap_s=1_000)
    async with House.open(pace=pace) as house, rtmp.sink_server() as sink:
        house.to("one", sink.url)
        async with rtmp.encoder(house.port) as first:
            await first.send_all([*rtmp.opening(), *rtmp.frames(1)])
            await until(lambda: len(sink.messages) >= len(first.sent))
        await until(lambda: house.gone)
        sink.sinks[0].transport.abort()
        await house.is_in("connecting", "one")
        async with rtmp.encoder(house.port) as second:
            await second.send_all([*rtmp.opening(), *rtmp.frames(1, first=25)])
            await until(lambda: len(sink.sinks) > 1 and len(sink.sinks[1].messages) > 50)

    assert sink.sinks[1].messages[3].payload == second.sent[3].payload


async def test_the_owner_ends_a_show(house: House) -> None:
    async with rtmp.encoder(house.port) as encoder:
        await encoder.send_all(rtmp.opening())
        await house.stream().end("The show was stopped.")
        await until(encoder.lost.done)

    assert "The show was stopped." in encoder.said[-1]
    assert house.gone == []


async def test_whoever_publishes_nothing_is_sent_away() -> None:
    async with House.open(limits=IngestLimits(publish_within_s=0.1)) as house:
        reader, writer = await asyncio.open_connection("127.0.0.1", house.port)

        assert await reader.read() == b""

        writer.close()


async def test_whoever_falls_silent_is_sent_away() -> None:
    async with (
        House.open(limits=IngestLimits(silent_for_s=0.1)) as house,
        rtmp.encoder(house.port) as encoder,
    ):
        await until(lambda: house.gone and encoder.said)

    assert house.gone == [("a-stream-key", "The encoder has sent nothing for 0.1 s.")]
    assert "sent nothing" in encoder.said[-1]


@pytest.mark.parametrize(
    "limits", [IngestLimits(connections=2), IngestLimits(connections_per_address=2)]
)
async def test_connections_are_bounded(limits: IngestLimits) -> None:
    async with (
        House.open(limits=limits) as house,
        rtmp.encoder(house.port, "one"),
        rtmp.encoder(house.port, "two"),
    ):
        with pytest.raises(ConnectionError):
            async with rtmp.encoder(house.port, "three"):
                pass
        house.relay.streams["two"]._close("Room for another.")
        await until(lambda: house.ingest.connections == 1)
        async with rtmp.encoder(house.port, "three"):
            assert house.ingest.connections == 2


async def test_draining_lets_shows_finish(house: House) -> None:
    async with rtmp.sink_server() as sink:
        house.to("one", sink.url)
        async with rtmp.encoder(house.port) as encoder:
            port = house.port
            house.ingest.drain()
            with pytest.raises(OSError):  # noqa: PT011  # refused or reset
                async with rtmp.encoder(port, "two"):
                    pass
            await encoder.send_all([*rtmp.opening(), *rtmp.frames(1)])
            await until(lambda: sink.messages == encoder.sent)


async def test_a_description_of_ten_thousand_keys_is_left_out(house: House) -> None:
    huge = amf.encode(
        "@setDataFrame", "onMetaData", {f"k{number}": 1.0 for number in range(10_000)}
    )
    async with rtmp.sink_server() as sink:
        house.to("one", sink.url)
        async with rtmp.encoder(house.port) as encoder:
            encoder.send(Message(DATA, 0, huge))
            show = [*rtmp.opening()[1:], *rtmp.frames(1)]
            await encoder.send_all(show)
            await until(lambda: len(sink.messages) >= len(show))
            notices = house.stream().figures().notices

    assert sink.messages == show
    assert "description of the stream was left out" in notices[0]


@pytest.mark.parametrize("jump_ms", [-30_000, 49 * 86_400_000])
async def test_timestamps_that_jump_are_told_and_left_out(house: House, jump_ms: int) -> None:
    before = list(rtmp.frames(1, at_ms=60_000))
    jumped = [
        one._replace(timestamp_ms=(one.timestamp_ms + jump_ms) % (1 << 32))
        for one in rtmp.frames(1, at_ms=60_000, first=25)
    ]
    async with rtmp.sink_server() as sink:
        house.to("one", sink.url)
        async with rtmp.encoder(house.port) as encoder:
            await encoder.send_all([*rtmp.opening(), *before, *jumped])
            await until(lambda: len(sink.messages) >= len(encoder.sent))
            notices = house.stream().figures().notices

    assert [one.payload for one in sink.messages] == [one.payload for one in encoder.sent]
    times = [one.timestamp_ms for one in sink.messages if one.kind == VIDEO][1:]
    assert all(0 <= after - one <= 100 for one, after in pairwise(times))
    assert "Timestamps jumped" in notices[0]


async def test_a_huge_chunk_size_and_a_huge_message(house: House) -> None:
    async with rtmp.sink_server() as sink:
        house.to("one", sink.url)
        async with rtmp.encoder(house.port) as encoder:
            encoder.transport.write(messages.control(messages.SET_CHUNK_SIZE, 0x7FFFFFFF))
            large = Message(VIDEO, 0, b"\x17\x01\0\0\0" + bytes(3 << 20))
            encoder.transport.write(messages.head(*large[:2], len(large.payload)) + large.payload)
            await until(lambda: sink.messages == [large])
            encoder.transport.write(messages.head(VIDEO, 40, 11 << 20))
            await until(encoder.lost.done)

    assert "longer than" in house.gone[0][1]


async def test_data_of_any_kind_passes(house: House) -> None:
    show = [
        *rtmp.opening(),
        Message(DATA, 0, b"\x00\x01\x02\x03"),
        Message(DATA, 5, amf.encode("onTextData", {"text": "hello"})),
        *rtmp.frames(0.2),
    ]
    async with rtmp.sink_server() as sink:
        house.to("one", sink.url)
        async with rtmp.encoder(house.port) as encoder:
            await encoder.send_all(show)
            await until(lambda: len(sink.messages) >= len(show))

    assert sink.messages == show


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (lambda _one: False, ["no picture", "no sound"]),
        (lambda one: one.kind == AUDIO, ["no picture"]),
        (lambda one: one.kind == VIDEO, ["no sound"]),
        (lambda one: one.payload[0] != 0x17, ["No keyframe"]),
        (lambda _one: True, []),
    ],
)
async def test_what_an_encoder_leaves_out_is_told(
    kept: Callable[[Message], bool], told: list[str]
) -> None:
    pace = msgspec.structs.replace(QUICK, lack_s=1.0)
    async with House.open(pace=pace) as house, rtmp.encoder(house.port) as encoder:

        def notices() -> tuple[str, ...]:
            return house.stream().figures().notices

        async def show() -> None:
            number = 0
            while True:
                parts = [one for one in rtmp.frames(1, first=number) if kept(one)]
                await encoder.send_paced(parts, speed=4)
                await asyncio.sleep(0.01)
                number += 25

        showing = asyncio.create_task(show())
        await until(lambda: house.stream().figures().publishing_for_s > 2)
        await until(lambda: all(any(one in said for said in notices()) for one in told))
        await until(lambda: len(notices()) == len(told))
        showing.cancel()


@pytest.mark.parametrize(
    "show",
    [
        [],
        [one for one in rtmp.frames(1) if one.kind == AUDIO],
        [one for one in rtmp.frames(1) if one.payload[0] == 0x27],
        [Message(VIDEO, 0, b""), Message(AUDIO, 0, b""), Message(VIDEO, 0, b"\x97")],
    ],
)
async def test_incomplete_streams_harm_nobody(house: House, show: list[Message]) -> None:
    async with rtmp.sink_server() as sink:
        house.to("one", sink.url)
        async with rtmp.encoder(house.port, "bad") as bad, rtmp.encoder(house.port) as good:
            await bad.send_all(show)
            await good.send_all([*rtmp.opening(), *rtmp.frames(1)])
            await until(lambda: any(one.messages == good.sent for one in sink.sinks), bound_s=30)
            assert house.stream("bad").figures().is_publishing


async def test_garbage_from_strangers_ends_their_connection_only(house: House) -> None:
    async with rtmp.encoder(house.port) as encoder:
        for data in (b"GET / HTTP/1.1\r\n\r\n", b"\x03" + bytes(3072) + b"\xff" * 100):
            reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
            writer.write(data)
            with contextlib.suppress(ConnectionError):
                await reader.read()
            writer.close()
        await encoder.send_all(rtmp.opening())
        await until(lambda: house.stream().figures().received_bytes > 0)

    assert not house.asked[1:]
