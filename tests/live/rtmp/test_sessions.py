"""A server's half and a client's half, spoken with directly."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backline.live.rtmp import amf, commands, messages
from backline.live.rtmp.chunks import ChunkReader
from backline.live.rtmp.faults import ProtocolFault, Turned
from backline.live.rtmp.handshake import ServerHandshake
from backline.live.rtmp.publishing import ClientSession, Step
from backline.live.rtmp.serving import ServerSession


class Encoder:
    """A session with its handshake done, whose answers are read."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.ends: list[str] = []
        self.media: list[tuple[int, int, bytes]] = []
        self.answers: list[commands.Command] = []
        self.controls: list[tuple[int, bytes]] = []
        self._reader = ChunkReader(self._heard)
        self._shaking = True
        self.session = ServerSession(
            self._take, lambda app, key: self.asked.append((app, key)), self.ends.append
        )
        self.session.receive(b"\x03" + bytes(2 * 1536))
        self._shaking = False
        self.session.receive(messages.control(messages.SET_CHUNK_SIZE, 65_536))

    def _take(self, data: bytes) -> None:
        if not self._shaking:
            self._reader.read(data)

    def _heard(self, kind: int, _when: int, _stream: int, payload: bytearray) -> None:
        if kind == messages.COMMAND:
            self.answers.append(commands.read(kind, payload))
        else:
            self.controls.append((kind, bytes(payload)))

    def say(self, *values: "amf.Value | dict[str, amf.Value]") -> None:
        self.session.receive(messages.command(*values, chunk_bytes=65_536))

    def publish(self, key: str = "a-key") -> None:
        self.say("connect", 1.0, {"app": "live", "tcUrl": "rtmp://here/live"})
        self.say("releaseStream", 2.0, None, key)
        self.say("FCPublish", 3.0, None, key)
        self.say("createStream", 4.0, None)
        self.say("publish", 5.0, None, key, "live")

    def accept(self) -> None:
        self.session.accept(lambda kind, when, body: self.media.append((kind, when, bytes(body))))


def test_an_encoder_publishes() -> None:
    encoder = Encoder()

    encoder.publish("a-key?bandwidthtest=true")
    encoder.accept()
    encoder.session.receive(messages.message(messages.VIDEO, b"\x17\x01frame"))

    assert encoder.asked == [("live", "a-key")]
    assert [(one.name, one.transaction) for one in encoder.answers] == [
        ("_result", 1.0),
        ("_result", 2.0),
        ("_result", 3.0),
        ("_result", 4.0),
        ("onStatus", 0.0),
    ]
    assert encoder.answers[-1].fields(1)["code"] == "NetStream.Publish.Start"
    assert encoder.media == [(messages.VIDEO, 0, b"\x17\x01frame")]


def test_a_key_may_stand_in_the_address() -> None:
    encoder = Encoder()

    encoder.say("connect", 1.0, {"app": "live/a-key?x=y"})
    encoder.say("publish", 2.0, None, "", "live")

    assert encoder.asked == [("live", "a-key")]


def test_the_transaction_is_echoed_whatever_it_is() -> None:
    encoder = Encoder()

    encoder.say("connect", 7.0, {"app": "live"})
    encoder.say("createStream", 99.0, None)

    assert [one.transaction for one in encoder.answers] == [7.0, 99.0]
    assert encoder.answers[1].arguments == [None, 1.0]


def test_a_refusal_says_why() -> None:
    encoder = Encoder()
    encoder.publish()

    encoder.session.refuse("This stream key isn't known here.")
    encoder.session.receive(messages.message(messages.VIDEO, b"\x17\x01frame"))

    said = encoder.answers[-1].fields(1)
    assert said["level"] == "error"
    assert said["description"] == "This stream key isn't known here."
    assert encoder.media == []


def test_what_comes_before_the_answer_is_kept() -> None:
    encoder = Encoder()
    encoder.publish()
    encoder.session.receive(messages.message(messages.AUDIO, b"\xaf\x00\x12\x10"))

    encoder.accept()

    assert encoder.media == [(messages.AUDIO, 0, b"\xaf\x00\x12\x10")]


@pytest.mark.parametrize("kind", [messages.AUDIO, messages.DATA])
def test_media_before_publish_is_refused(kind: int) -> None:
    encoder = Encoder()
    encoder.say("connect", 1.0, {"app": "live"})

    with pytest.raises(ProtocolFault):
        encoder.session.receive(messages.message(kind, b"\xaf\x00"))


def test_the_encoder_says_that_it_has_finished() -> None:
    encoder = Encoder()
    encoder.publish()
    encoder.accept()

    encoder.say("FCUnpublish", 6.0, None, "a-key")
    encoder.say("deleteStream", 7.0, None, 1.0)

    assert encoder.ends == ["The encoder ended the show."]


def test_playing_is_refused() -> None:
    encoder = Encoder()
    encoder.say("connect", 1.0, {"app": "live"})

    encoder.say("play", 2.0, None, "a-key")

    assert encoder.answers[-1].fields(1)["code"] == "NetStream.Play.Failed"
    assert len(encoder.ends) == 1


def test_commands_in_the_wrapping_of_amf3() -> None:
    encoder = Encoder()
    wrapped = b"\x00" + amf.encode("connect", 1.0, {"app": "live", "objectEncoding": 3.0})

    encoder.session.receive(messages.message(messages.COMMAND_AMF3, wrapped))

    assert encoder.answers[0].fields(1)["objectEncoding"] == 3.0


def test_data_in_the_wrapping_of_amf3_is_unwrapped() -> None:
    encoder = Encoder()
    encoder.publish()
    encoder.accept()

    encoder.session.receive(messages.message(messages.DATA_AMF3, b"\x00" + amf.encode("onText")))

    assert encoder.media == [(messages.DATA, 0, amf.encode("onText"))]


def test_an_aggregate_is_taken_apart() -> None:
    encoder = Encoder()
    encoder.publish()
    encoder.accept()

    def tag(kind: int, when: int, body: bytes) -> bytes:
        time = (when & 0xFFFFFF).to_bytes(3, "big") + bytes((when >> 24,))
        head = bytes((kind,)) + len(body).to_bytes(3, "big") + time + bytes(3)
        return head + body + (11 + len(body)).to_bytes(4, "big")

    held = tag(9, 0x1000000, b"\x17\x01a") + tag(8, 0x1000017, b"\xaf\x01b")
    encoder.session.receive(messages.head(22, 500, len(held)) + held)

    assert encoder.media == [(9, 500, b"\x17\x01a"), (8, 523, b"\xaf\x01b")]


def test_a_torn_aggregate_is_refused() -> None:
    encoder = Encoder()
    encoder.publish()
    encoder.accept()

    with pytest.raises(ProtocolFault):
        encoder.session.receive(
            messages.message(messages.AGGREGATE, b"\x09\x00\x00\xff" + bytes(9))
        )


def test_pings_and_windows_are_answered() -> None:
    encoder = Encoder()
    encoder.say("connect", 1.0, {"app": "live"})
    encoder.controls.clear()

    encoder.session.receive(messages.user_control(messages.PING, 77))
    encoder.session.receive(messages.control(messages.WINDOW_SIZE, 2_000))
    encoder.session.receive(messages.message(messages.ABORT, bytes(4)) * 130)

    pong, ack = encoder.controls
    assert pong == (messages.USER_CONTROL, b"\x00\x07\x00\x00\x00\x4d")
    assert ack == (messages.ACKNOWLEDGEMENT, encoder.session.received_bytes.to_bytes(4, "big"))


def test_four_bytes_of_timecode_pass() -> None:
    encoder = Encoder()
    encoder.publish()
    encoder.accept()

    encoder.session.receive(messages.message(messages.DATA, b"\x00\x01\x02\x03"))

    assert encoder.media == [(messages.DATA, 0, b"\x00\x01\x02\x03")]


class Destination:
    """A client's half that is answered by hand."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, int, int, bytes]] = []
        self.accepted: list[int] = []
        self._shake: ServerHandshake | None = ServerHandshake(self._answer)
        self._reader = ChunkReader(lambda *one: self.heard.append((*one[:3], bytes(one[3]))))
        self._waiting: list[bytes] = []
        self.session = ClientSession(
            self._take,
            self.accepted.append,
            app="live2",
            tc_url="rtmp://there/live2",
            stream_key="s3cret",
        )
        self.session.begin()
        while self._waiting:
            self.session.receive(self._waiting.pop(0))

    def _answer(self, data: bytes) -> None:
        self._waiting.append(data)

    def _take(self, data: bytes) -> None:
        if self._shake is not None:
            self._shake.feed(data)
            if self._shake.is_done:
                self._shake = None
        else:
            self._reader.read(data)

    def say(self, *values: "amf.Value | dict[str, amf.Value]") -> None:
        self.session.receive(messages.command(*values, chunk_bytes=128))

    @property
    def commands(self) -> list[list[amf.Value]]:
        return [amf.decode(body) for kind, _, _, body in self.heard if kind == messages.COMMAND]

    def go_on_to_publish(self, stream_id: float = 1.0) -> None:
        self.say("_result", 1.0, {}, commands.status("status", "x", "y"))
        self.say("_result", 4.0, None, stream_id)


def test_a_destination_is_asked_in_the_usual_order() -> None:
    destination = Destination()

    destination.go_on_to_publish(5.0)
    destination.say("onStatus", 0.0, None, commands.status("status", "NetStream.Publish.Start", ""))

    assert [kind for kind, *_ in destination.heard] == [messages.SET_CHUNK_SIZE] + [
        messages.COMMAND
    ] * 5
    assert {when for _, when, _, _ in destination.heard} == {0}
    assert [one[0] for one in destination.commands] == [
        "connect",
        "releaseStream",
        "FCPublish",
        "createStream",
        "publish",
    ]
    assert destination.commands[-1][2:] == [None, "s3cret", "live"]
    assert destination.heard[-1][2] == 5
    assert destination.accepted == [5]


def test_answers_that_nobody_waits_for_do_no_harm() -> None:
    destination = Destination()

    destination.say("onBWDone", 0.0, None)
    destination.say("_result", 1.0, {}, {})
    destination.say("_error", 2.0, None, commands.status("error", "x", "unknown"))
    destination.say("onFCPublish", 0.0, None, {})
    destination.say("_result", 3.0, None)
    destination.say("_result", 4.0, None, 1.0)

    assert destination.session.step is Step.PUBLISH


@pytest.mark.parametrize(
    ("code", "words", "final"),
    [
        ("NetStream.Publish.BadName", "Stream key invalid", True),
        ("NetStream.Publish.BadName", "Already publishing", False),
        ("NetStream.Publish.Denied", "No", True),
        ("NetStream.Failed", "Try later", False),
    ],
)
def test_a_destination_says_no_in_its_own_words(code: str, words: str, final: bool) -> None:
    destination = Destination()
    destination.go_on_to_publish()

    with pytest.raises(Turned, match=f"{words} \\({code}\\)") as caught:
        destination.say("onStatus", 0.0, None, commands.status("error", code, words))

    assert caught.value.final is final


def test_a_refusal_does_not_tell_the_key() -> None:
    destination = Destination()

    with pytest.raises(Turned) as caught:
        destination.say("_error", 1.0, None, commands.status("error", "x", "No stream s3cret\r\n!"))

    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_goodbye() -> None:
    destination = Destination()
    destination.go_on_to_publish()

    destination.session.finish()

    assert [one[0] for one in destination.commands[-2:]] == ["FCUnpublish", "deleteStream"]


def test_acknowledgements_are_counted_past_a_wrap() -> None:
    destination = Destination()

    for number in (1_000, 0x7FFFFFF0, 0xC0000000, 0xFFFFFFF0, 50):
        destination.session.receive(messages.control(messages.ACKNOWLEDGEMENT, number))

    assert destination.session.acknowledged_bytes == (1 << 32) + 50


@given(st.lists(st.binary(max_size=200), max_size=10))
def test_any_answers_are_read_or_refused(datas: list[bytes]) -> None:
    destination = Destination()

    with suppress(ProtocolFault, Turned):
        for data in datas:
            destination.session.receive(data)


KINDS = st.sampled_from([1, 2, 3, 4, 5, 6, 8, 9, 15, 17, 18, 20, 22])
NAMES = st.sampled_from(["connect", "createStream", "publish", "play", "deleteStream", "x"])


@given(
    st.lists(
        st.tuples(KINDS, st.binary(max_size=80))
        | st.tuples(st.just(20), NAMES.map(lambda name: amf.encode(name, 1.0, {"app": "a"}, "k"))),
        max_size=12,
    )
)
def test_any_messages_are_read_or_refused(said: list[tuple[int, bytes]]) -> None:
    encoder = Encoder()

    with suppress(ProtocolFault):
        for kind, payload in said:
            encoder.session.receive(messages.message(kind, payload, 1, 65_536))
            if encoder.asked and not encoder.media:
                encoder.accept()
