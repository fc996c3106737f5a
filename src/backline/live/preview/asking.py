"""How others ask a node for a piece of a preview: one line there, one line and the bytes back.

Workers ask for what they make smaller, too, and bring what they made: bytes follow their line. Each
line is signed by the installation's secret: whoever else reaches the port gets nothing.
"""

import asyncio
import contextlib
import hashlib
import hmac
import time
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from backline.live.preview.pieces import Made, Piece
from backline.platform.errors import Unavailable
from backline.platform.secrets import Secrets

LONGEST_LINE: Final = 2_048
PIECE_TYPE: Final = "application/msgpack"
MOST_MADE_BYTES: Final = 32 << 20
_PURPOSE: Final = "live-preview"
_ANSWER_S: Final = 20.0
_MOST_BYTES: Final = 64 << 20
# How far the clocks of two machines may be apart.
_APART_S: Final = 300


class Asked(msgspec.Struct, frozen=True):
    """A piece of a show's preview by its name.

    With `after` it is the segment that a worker makes next; with `size`, what it made, which
    follows: so many bytes with this SHA-256.
    """

    project_id: UUID
    show_id: UUID
    name: str = ""
    after: int | None = None
    size: int = 0
    digest: str = ""


class Found(NamedTuple):
    """A piece of a preview."""

    body: bytes
    content_type: str


class Missing(NamedTuple):
    """Why there is none, in words for people; `is_for_good` where waiting wouldn't help."""

    reason: str
    is_for_good: bool


class _Signed(msgspec.Struct, frozen=True):
    """What is asked for, by whom the secret is known."""

    asked: str  # an `Asked` as JSON
    at_s: int
    key: str
    mac: str


class _Head(msgspec.Struct, frozen=True):
    """What comes back: so many bytes of a type, or why there are none."""

    size: int = 0
    content_type: str = ""
    reason: str = ""
    is_for_good: bool = False


def read(secrets: Secrets, line: bytes) -> Asked | None:
    """What a line asks for; None where it isn't signed by our secret, or was long ago.

    Raises:
        MsgspecError: it is no such line.
    """
    signed = msgspec.json.decode(line, type=_Signed)
    key = secrets.keys(_PURPOSE).get(signed.key)
    if key is None or abs(time.time() - signed.at_s) > _APART_S:
        return None
    mac = _mac(key.secret, signed.asked, signed.at_s)
    if not hmac.compare_digest(mac.encode(), signed.mac.encode()):
        return None
    return msgspec.json.decode(signed.asked, type=Asked)


def answer(found: Found | Missing) -> tuple[bytes, bytes]:
    """The line that goes back, and what follows it."""
    if isinstance(found, Missing):
        head, body = _Head(reason=found.reason, is_for_good=found.is_for_good), b""
    else:
        head, body = _Head(len(found.body), found.content_type), found.body
    return msgspec.json.encode(head) + b"\n", body


async def ask(secrets: Secrets, at: str, asked: Asked, body: bytes = b"") -> Found | Missing:
    """Ask the node at `host:port` for a piece; `body` is what follows the line.

    Raises:
        Unavailable: it doesn't answer.
    """
    host, _, port = at.rpartition(":")
    try:
        async with asyncio.timeout(_ANSWER_S):
            reader, writer = await asyncio.open_connection(host.strip("[]"), int(port))
            try:
                writer.write(_signed(secrets, asked))
                writer.write(body)
                await writer.drain()
                head = msgspec.json.decode(await reader.readline(), type=_Head)
                if head.reason:
                    return Missing(head.reason, head.is_for_good)
                if not 0 < head.size <= _MOST_BYTES:
                    raise ValueError("it answers something else")
                return Found(await reader.readexactly(head.size), head.content_type)
            finally:
                with contextlib.suppress(OSError):
                    writer.close()
    except (OSError, EOFError, TimeoutError, ValueError, msgspec.MsgspecError) as fault:
        raise Unavailable(
            "The server that has this show doesn't answer for its preview.", retry_after_s=2
        ) from fault


async def following(
    secrets: Secrets, at: str, of: tuple[UUID, UUID], after: int
) -> Piece | Missing:
    """The segment that a worker makes next, of a project and a show; waits for one for a while.

    Raises:
        Unavailable: the node doesn't answer.
    """
    found = await ask(secrets, at, Asked(*of, after=after))
    if isinstance(found, Missing):
        return found
    try:
        return msgspec.msgpack.decode(found.body, type=Piece)
    except msgspec.MsgspecError as fault:
        raise Unavailable("The server that has this show answers something else.") from fault


async def bring(secrets: Secrets, at: str, of: tuple[UUID, UUID], made: Made) -> None:
    """Give a node what was made of a segment.

    Raises:
        Unavailable: the node doesn't answer.
    """
    body = msgspec.msgpack.encode(made)
    digest = hashlib.sha256(body).hexdigest()
    await ask(secrets, at, Asked(*of, size=len(body), digest=digest), body)


def made_of(asked: Asked, body: bytes) -> Made:
    """What a worker brings.

    Raises:
        ValueError: it isn't what its line says.
    """
    if hashlib.sha256(body).hexdigest() != asked.digest:
        raise ValueError("It isn't what was signed.")
    return msgspec.msgpack.decode(body, type=Made)


def _signed(secrets: Secrets, asked: Asked) -> bytes:
    key, at_s = secrets.signing_key(_PURPOSE), int(time.time())
    text = msgspec.json.encode(asked).decode()
    line = _Signed(text, at_s, key.id, _mac(key.secret, text, at_s))
    return msgspec.json.encode(line) + b"\n"


def _mac(secret: bytes, asked: str, at_s: int) -> str:
    return hmac.new(secret, f"{at_s}\n{asked}".encode(), hashlib.sha256).hexdigest()
