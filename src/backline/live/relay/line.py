"""One connection to a destination: bytes in both directions, and why it ended."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Sequence
from typing import Final, cast

from backline.live.relay.places import Place, addresses_of
from backline.live.rtmp.faults import ProtocolFault, Turned
from backline.live.rtmp.messages import Payload
from backline.live.rtmp.publishing import ClientSession

# What may wait in the process besides the backlog, and from where on more is asked for.
_HIGH_BYTES: Final = 256 << 10
_LOW_BYTES: Final = 64 << 10
# What may wait in the kernel without having been sent: so a lag is seen where it can be counted.
_UNSENT_BYTES: Final = 128 << 10
_TCP_NOTSENT_LOWAT: Final = 25
# After so long without an acknowledgement of TCP's the kernel gives a connection up.
_UNANSWERED_MS: Final = 30_000
_KEY_HINT: Final = "perhaps the stream key is wrong, or something else publishes with it"


class Line(asyncio.Protocol):
    """A connection on which a stream is published; `ended` says why it is over.

    `accepted` is done when media may follow. `on_room` is called when more can be written.
    """

    def __init__(
        self,
        place: Place,
        stream_key: str,
        codecs: tuple[str, ...],
        on_room: Callable[[], None],
    ) -> None:
        loop = asyncio.get_running_loop()
        self.accepted: asyncio.Future[None] = loop.create_future()
        self.ended: asyncio.Future[Turned] = loop.create_future()
        self.is_paused = self.has_ended = False
        self.stream_id = 0
        self.offered_bytes = 0
        self._on_room = on_room
        self._deadline: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport | None = None
        self._session = ClientSession(
            self._say,
            self._accept,
            app=place.app,
            tc_url=place.tc_url,
            stream_key=stream_key,
            codecs=codecs,
        )

    @property
    def step(self) -> str:
        """What the destination has to do next, in words."""
        return self._session.step.value

    @property
    def waiting_bytes(self) -> int:
        """What has been written here and hasn't reached the kernel."""
        return self._transport.get_write_buffer_size() if self._transport else 0

    @property
    def delivered_bytes(self) -> int:
        """What the kernel has taken."""
        return self.offered_bytes - self.waiting_bytes

    @property
    def acknowledged_bytes(self) -> int:
        """What the destination has confirmed; many never do."""
        return self._session.acknowledged_bytes

    def write(self, data: Payload) -> None:
        """Send bytes, or keep them for when there is room."""
        if self._transport is not None and not self.has_ended:
            self.offered_bytes += len(data)
            self._transport.write(data)

    def write_all(self, datas: Sequence[Payload]) -> None:
        """Send several, in one go."""
        if self._transport is not None and not self.has_ended:
            self.offered_bytes += sum(map(len, datas))
            self._transport.writelines(datas)

    def finish(self, within_s: float) -> None:
        """Say goodbye, and close as soon as everything has been sent, or the time is over."""
        if self._transport is not None and not self.has_ended:
            self._session.finish()
            self._transport.close()
            self._deadline = asyncio.get_running_loop().call_later(within_s, self.abort)

    def abort(self) -> None:
        """End it now."""
        if self._transport is not None:
            self._transport.abort()

    def give_up(self, why: Turned) -> None:
        """End it now, for a reason."""
        if not self.has_ended:
            self.has_ended = True
            self.ended.set_result(why)
            self.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to speak."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(_HIGH_BYTES, _LOW_BYTES)
        connection = transport.get_extra_info("socket")
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.IPPROTO_TCP, _TCP_NOTSENT_LOWAT, _UNSENT_BYTES)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNANSWERED_MS)
        self._session.begin()

    def data_received(self, data: bytes) -> None:
        """Hear what the destination says."""
        try:
            self._session.receive(data)
        except ProtocolFault:
            self.give_up(Turned("What the destination answers isn't RTMP.", final=False))
        except Turned as said:
            self.give_up(said)

    def pause_writing(self) -> None:
        """No more for now."""
        self.is_paused = True

    def resume_writing(self) -> None:
        """There is room again."""
        self.is_paused = False
        self._on_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        if self._deadline is not None:
            self._deadline.cancel()
        if exc is not None:
            reason = f"The connection broke: {_words(exc)}."
        elif self.accepted.done():
            reason = "The destination closed the connection."
        else:
            reason = f"The destination closed the connection before it accepted; {_KEY_HINT}."
        self.give_up(Turned(reason, final=False))

    def _say(self, data: bytes) -> None:
        self.write(data)

    def _accept(self, stream_id: int) -> None:
        self.stream_id = stream_id
        if not self.accepted.done():
            self.accepted.set_result(None)


async def open_line(
    make: Callable[[], Line],
    place: Place,
    *,
    allow_private: bool,
    tls: ssl.SSLContext | None,
    within_s: float,
) -> Line:
    """Connect to one of the addresses that the name has now; RTMPS says the name (SNI).

    Raises:
        Turned: none of them could be connected to.
    """
    try:
        async with asyncio.timeout(within_s):
            addresses = await addresses_of(place.host, place.port, allow_private=allow_private)
            return await _first_of(addresses, make, place, tls)
    except TimeoutError:
        reason = f"{place.host} didn't answer within {within_s:g} s."
        raise Turned(reason, final=False) from None


async def _first_of(
    addresses: list[str], make: Callable[[], Line], place: Place, tls: ssl.SSLContext | None
) -> Line:
    loop = asyncio.get_running_loop()
    name = place.host if place.is_secure else None
    fault: Exception | None = None
    for address in addresses:
        try:
            _, line = await loop.create_connection(
                make,
                address,
                place.port,
                ssl=tls if place.is_secure else None,
                server_hostname=name,
            )
        except (OSError, ValueError) as one:  # TLS takes not every name
            fault = one
        else:
            return line
    if isinstance(fault, ssl.SSLCertVerificationError):
        words = f"The certificate of {place.host} isn't valid: {fault.verify_message}."
    elif isinstance(fault, ssl.SSLError) or (
        place.is_secure and isinstance(fault, ConnectionResetError)
    ):
        words = f"{place.host} doesn't speak TLS on port {place.port}."
    else:
        words = f"{place.host} can't be connected to: {_words(fault)}."
    raise Turned(words, final=False) from fault


def _words(fault: BaseException | None) -> str:
    text = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault or "")
    return text.rstrip(".") or type(fault).__name__
