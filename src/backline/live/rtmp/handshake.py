"""The handshake (RTMP 1.0 §5.2), simple and with digests; it works on bytes alone.

The digests are what Flash's players and servers added. Encoders that send them expect them back;
they keep nobody out, since their keys are known to everybody.
"""

import hmac
import os
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from backline.live.rtmp.faults import ProtocolFault

VERSION: Final = 3
PART_BYTES: Final = 1536
_DIGEST_BYTES: Final = 32
_PLAYER: Final = b"Genuine Adobe Flash Player 001"
_SERVER: Final = b"Genuine Adobe Flash Media Server 001"
_MAGIC: Final = bytes.fromhex("f0eec24a8068bee82e00d0d1029e7e576eec5d2d29806fab93b8e636cfeb31ae")
# Where the four bytes stand whose sum says where the digest is, and where its range begins.
_SCHEMES: Final = ((772, 776), (8, 12))
_OUR_VERSION: Final = bytes((4, 5, 0, 1))


class ServerHandshake:
    """The server's half: `feed` it what arrives until it `is_done`.

    `feed` returns the bytes that belong to what comes after the handshake.
    """

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._had = bytearray()
        self._answered = False
        self.is_done = False

    def feed(self, data: bytes | bytearray | memoryview) -> bytes:
        """Take what has arrived.

        Raises:
            ProtocolFault: it doesn't begin as RTMP does.
        """
        self._had += data
        if self._had and self._had[0] != VERSION:
            raise ProtocolFault("What arrives doesn't begin as RTMP does.")
        if not self._answered and len(self._had) > PART_BYTES:
            self._answered = True
            self._send(_answer(bytes(self._had[1 : 1 + PART_BYTES])))
        # The client's echo of our part isn't looked at: some send it changed.
        if len(self._had) <= 2 * PART_BYTES:
            return b""
        self.is_done = True
        rest = bytes(self._had[1 + 2 * PART_BYTES :])
        self._had.clear()
        return rest


class ClientHandshake:
    """The client's half, the simple one: `begin`, then `feed` what arrives until it `is_done`."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._had = bytearray()
        self.is_done = False

    def begin(self) -> None:
        """Send our version and our part."""
        self._send(bytes((VERSION,)) + _clock() + bytes(4) + os.urandom(PART_BYTES - 8))

    def feed(self, data: bytes | bytearray | memoryview) -> bytes:
        """Take what has arrived; what belongs to what comes after is returned.

        Raises:
            ProtocolFault: it doesn't begin as RTMP does.
        """
        before = len(self._had)
        self._had += data
        if self._had and self._had[0] != VERSION:
            raise ProtocolFault("What the other side answers isn't RTMP.")
        if before <= PART_BYTES < len(self._had):
            self._send(bytes(self._had[1 : 1 + PART_BYTES]))
        if len(self._had) <= 2 * PART_BYTES:
            return b""
        self.is_done = True
        rest = bytes(self._had[1 + 2 * PART_BYTES :])
        self._had.clear()
        return rest


def _answer(asked: bytes) -> bytes:
    """S0, S1 and S2 for a client's C1: with digests if it has one, else plain."""
    for scheme in _SCHEMES if asked[4:8] != bytes(4) else ():
        at = digest_at(asked, scheme)
        theirs = asked[at : at + _DIGEST_BYTES]
        if hmac.compare_digest(theirs, digest_of(asked, at, _PLAYER)):
            return bytes((VERSION,)) + _signed_part(scheme) + _signed_echo(theirs)
    ours = _clock() + bytes(4) + os.urandom(PART_BYTES - 8)
    return bytes((VERSION,)) + ours + asked


def digest_at(part: bytes, scheme: tuple[int, int]) -> int:
    """Where in a part its digest begins."""
    pointer, base = scheme
    return sum(part[pointer : pointer + 4]) % 728 + base


def digest_of(part: bytes, at: int, key: bytes) -> bytes:
    """The digest of a part, without the place of the digest itself."""
    return hmac.digest(key, part[:at] + part[at + _DIGEST_BYTES :], sha256)


def _signed_part(scheme: tuple[int, int]) -> bytes:
    part = _clock() + _OUR_VERSION + os.urandom(PART_BYTES - 8)
    at = digest_at(part, scheme)
    return part[:at] + digest_of(part, at, _SERVER) + part[at + _DIGEST_BYTES :]


def _signed_echo(theirs: bytes) -> bytes:
    key = hmac.digest(_SERVER + _MAGIC, theirs, sha256)
    noise = os.urandom(PART_BYTES - _DIGEST_BYTES)
    return noise + hmac.digest(key, noise, sha256)


def _clock() -> bytes:
    return (int(time.monotonic() * 1000) & 0xFFFFFFFF).to_bytes(4, "big")
