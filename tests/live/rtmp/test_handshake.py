"""The handshake in both forms, however it is cut."""

import hmac
import os
from contextlib import suppress
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backline.live.rtmp import handshake
from backline.live.rtmp.faults import ProtocolFault
from backline.live.rtmp.handshake import ClientHandshake, ServerHandshake, digest_at, digest_of

PLAYER = b"Genuine Adobe Flash Player 001"
SERVER = b"Genuine Adobe Flash Media Server 001"
SERVER_TAIL = bytes.fromhex("f0eec24a8068bee82e00d0d1029e7e576eec5d2d29806fab93b8e636cfeb31ae")
SCHEMES = [(8, 12), (772, 776)]


def signed(scheme: tuple[int, int]) -> tuple[bytes, bytes]:
    """A player's part with its digest, and the digest."""
    part = bytes(4) + bytes((128, 0, 7, 2)) + os.urandom(1528)
    at = digest_at(part, scheme)
    digest = digest_of(part, at, PLAYER)
    return part[:at] + digest + part[at + 32 :], digest


@pytest.mark.parametrize("step", [1, 100, 1537, 5_000])
def test_our_two_halves_understand_each_other(step: int) -> None:
    to_server, to_client = bytearray(), bytearray()
    client, server = ClientHandshake(to_server.extend), ServerHandshake(to_client.extend)
    client.begin()

    rests: list[bytes] = []
    while not (client.is_done and server.is_done):
        part, to_server = to_server[:step], to_server[step:]
        client._send = to_server.extend
        rests.append(server.feed(part))
        part, to_client = to_client[:step], to_client[step:]
        server._send = to_client.extend
        rests.append(client.feed(part))

    assert b"".join(rests) == b""


def test_what_follows_is_given_back() -> None:
    server = ServerHandshake(lambda _data: None)

    rest = server.feed(b"\x03" + bytes(1536) + bytes(1536) + b"connect")

    assert (server.is_done, rest) == (True, b"connect")


def test_a_plain_part_is_echoed() -> None:
    sent = bytearray()
    part = bytes(8) + os.urandom(1528)

    ServerHandshake(sent.extend).feed(b"\x03" + part)

    assert len(sent) == 1 + 2 * 1536
    assert sent[0] == 3
    assert sent[1537:] == part


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_digest_is_answered_with_digests(scheme: tuple[int, int]) -> None:
    sent = bytearray()
    part, digest = signed(scheme)

    ServerHandshake(sent.extend).feed(b"\x03" + part)

    ours, echo = bytes(sent[1:1537]), bytes(sent[1537:])
    at = digest_at(ours, scheme)
    assert ours[at : at + 32] == digest_of(ours, at, SERVER)
    key = hmac.digest(SERVER + SERVER_TAIL, digest, sha256)
    assert echo[-32:] == hmac.digest(key, echo[:-32], sha256)


def test_other_protocols_are_refused() -> None:
    for half in (ServerHandshake, ClientHandshake):
        with pytest.raises(ProtocolFault):
            half(lambda _data: None).feed(b"GET / HTTP/1.1\r\n")


@given(st.lists(st.binary(max_size=4_000), max_size=6))
def test_any_bytes_end_or_are_refused(datas: list[bytes]) -> None:
    for half in (ServerHandshake, ClientHandshake):
        one = half(lambda _data: None)
        with suppress(ProtocolFault):
            for data in (b"\x03", *datas):
                if one.is_done:
                    break
                one.feed(data)
            assert len(one._had) <= 2 * handshake.PART_BYTES
