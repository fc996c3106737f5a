"""What an encoder says arrives at every destination as it was said."""

import pytest

from backline.live.rtmp.messages import AUDIO, VIDEO
from tests.support import rtmp
from tests.support.relaying import House
from tests.support.waiting import until


async def test_three_destinations_hear_all_of_a_show(house: House) -> None:
    async with rtmp.sink_server() as one, rtmp.sink_server() as two, rtmp.sink_server() as three:
        for name, sink in (("one", one), ("two", two), ("three", three)):
            house.to(name, sink.url)
        async with rtmp.encoder(house.port) as encoder:
            await encoder.send_all([*rtmp.opening(), *rtmp.frames(4)])
            for sink in (one, two, three):
                await until(lambda sink=sink: len(sink.messages) >= len(encoder.sent))

    for sink in (one, two, three):
        assert sink.messages == encoder.sent
        assert (sink.sinks[0].app, sink.sinks[0].stream_key) == ("app", "a-secret")
    assert house.gone == [] or house.gone[0][0] == "a-stream-key"


@pytest.mark.parametrize("at_ms", [20_000_000, 0xFFFFFF - 500, 0xFFFFFFFF - 500])
async def test_long_timestamps_arrive_as_they_were(house: House, at_ms: int) -> None:
    show = [*rtmp.opening(at_ms), *rtmp.frames(2, at_ms=at_ms, kbps=30_000)]
    show = [one._replace(timestamp_ms=one.timestamp_ms % (1 << 32)) for one in show]
    async with rtmp.sink_server() as sink:
        house.to("one", sink.url)
        async with rtmp.encoder(house.port) as encoder:
            await encoder.send_all(show)
            await until(lambda: len(sink.messages) >= len(show))

    assert sink.messages == show


async def test_the_end_is_heard_by_everybody(house: House) -> None:
    async with rtmp.sink_server() as sink:
        house.to("one", sink.url)
        async with rtmp.encoder(house.port) as encoder:
            await encoder.send_all([*rtmp.opening(), *rtmp.frames(1)])
            encoder.finish()
            await until(lambda: house.gone)
            assert house.gone == [("a-stream-key", "The encoder ended the show.")]
            await house.stream().end("Over.")
        await until(lambda: sink.sinks[0].is_lost)

    assert sink.messages == encoder.sent
    assert sink.sinks[0].is_finished
    assert house.relay.streams == {}
    assert [change.state for change in house.changes] == ["connecting", "live", "idle"]


async def test_one_that_is_added_later_begins_at_a_keyframe_with_what_it_needs(
    house: House,
) -> None:
    async with rtmp.sink_server() as one, rtmp.sink_server() as later:
        house.to("one", one.url)
        async with rtmp.encoder(house.port) as encoder:
            await encoder.send_all([*rtmp.opening(), *rtmp.frames(1.5)])
            await until(lambda: len(one.messages) >= len(encoder.sent))
            house.stream().add(house.to("later", later.url), house.changes.append)
            await house.is_in("live", "later")
            await encoder.send_all(rtmp.frames(2, first=38))
            await until(lambda: len(one.messages) >= len(encoder.sent))
            await until(lambda: later.messages and later.messages[-1] == encoder.sent[-1])

    assert one.messages == encoder.sent
    assert [message.payload for message in later.messages[:3]] == [
        message.payload for message in rtmp.opening()
    ]
    keyframe = encoder.sent.index(later.messages[3])
    assert later.messages[3].payload[0] == 0x17
    assert later.messages[3:] == encoder.sent[keyframe:]


async def test_destinations_are_switched_without_touching_others(house: House) -> None:
    async with rtmp.sink_server() as one, rtmp.sink_server() as two:
        house.to("one", one.url)
        house.to("two", two.url)
        async with rtmp.encoder(house.port) as encoder:
            await encoder.send_all([*rtmp.opening(), *rtmp.frames(1)])
            await until(lambda: len(two.messages) >= len(encoder.sent))
            house.stream().switch("two", is_on=False)
            await until(lambda: two.sinks[0].is_lost)
            assert house.fares("two").state == "idle"
            assert two.sinks[0].is_finished
            await encoder.send_all(rtmp.frames(1, first=25))
            house.stream().switch("two", is_on=True)
            await house.is_in("live", "two")
            await encoder.send_all(rtmp.frames(1, first=50))
            await until(lambda: len(two.sinks[1].messages) > 3)
            house.stream().remove("two")
            await encoder.send_all(rtmp.frames(1, first=75))
            await until(lambda: len(one.messages) >= len(encoder.sent))

    assert one.messages == encoder.sent
    assert len(one.sinks) == 1
    assert len(two.sinks) == 2
    assert two.sinks[1].messages[3].payload[0] == 0x17


async def test_the_same_spec_again_changes_nothing(house: House) -> None:
    async with rtmp.sink_server() as sink:
        spec = house.to("one", sink.url)
        async with rtmp.encoder(house.port) as encoder:
            await encoder.send_all([*rtmp.opening(), *rtmp.frames(1)])
            await house.is_in("live", "one")
            house.stream().add(spec, house.changes.append)
            await encoder.send_all(rtmp.frames(1, first=25))
            await until(lambda: len(sink.messages) >= len(encoder.sent))

    assert len(sink.sinks) == 1
    assert sink.messages == encoder.sent


async def test_a_stream_of_sound_alone(house: House) -> None:
    show = [one for one in [*rtmp.opening(), *rtmp.frames(1)] if one.kind != VIDEO]
    async with rtmp.sink_server() as one, rtmp.sink_server() as later:
        house.to("one", one.url)
        async with rtmp.encoder(house.port) as encoder:
            await encoder.send_all(show)
            await until(lambda: len(one.messages) >= len(show))
            house.stream().add(house.to("later", later.url), house.changes.append)
            await house.is_in("live", "later")
            more = [one for one in rtmp.frames(1, first=25) if one.kind == AUDIO]
            await encoder.send_all(more)
            await until(lambda: later.messages and later.messages[-1] == more[-1])

    assert one.messages == encoder.sent


async def test_what_is_seen_of_a_stream(house: House) -> None:
    async with rtmp.sink_server() as sink:
        house.to("one", sink.url)
        async with rtmp.encoder(house.port) as encoder:
            await encoder.send_all([*rtmp.opening(), *rtmp.frames(4, gop_ms=2_000)])
            await until(lambda: len(sink.messages) >= len(encoder.sent))
            await until(lambda: house.stream().figures().bitrate_kbps > 0)
            seen, sent = house.stream().figures(), house.fares("one")

    assert (seen.video_codec, seen.audio_codec) == ("H.264", "AAC")
    assert (seen.width, seen.height, seen.keyframe_interval_ms) == (640, 360, 2_000)
    assert seen.received_bytes == sum(len(one.payload) for one in encoder.sent)
    assert sent.sent_bytes > seen.received_bytes
    assert (sent.state, sent.dropped_frames, sent.reconnects) == ("live", 0, 0)
