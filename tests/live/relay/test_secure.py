"""RTMPS in both directions."""

import ssl
from pathlib import Path

import pytest

from backline.live.rtmp.faults import Turned
from tests.support import rtmp
from tests.support.relaying import House
from tests.support.smtp import certificate
from tests.support.waiting import until


@pytest.fixture
def both(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's side of TLS, and that of a client who trusts it."""
    server, trusted = certificate(tmp_path)
    return server, ssl.create_default_context(cafile=str(trusted))


async def test_a_destination_is_told_the_name_that_is_wanted(
    both: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    server, client = both
    names: list[str | None] = []
    server.sni_callback = lambda _socket, name, _context: names.append(name)
    async with House.open(client_tls=client) as house, rtmp.sink_server(ssl=server) as sink:
        house.to("one", f"rtmps://localhost:{sink.port}/app")
        async with rtmp.encoder(house.port) as encoder:
            await encoder.send_all([*rtmp.opening(), *rtmp.frames(2)])
            await until(lambda: sink.messages[-1:] == encoder.sent[-1:])

    assert sink.messages == encoder.sent
    assert names == ["localhost"]


async def test_a_certificate_that_nobody_vouches_for(
    both: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    server, _client = both
    async with House.open() as house, rtmp.sink_server(ssl=server) as sink:
        house.to("one", f"rtmps://localhost:{sink.port}/app")
        async with rtmp.encoder(house.port):
            await until(lambda: house.fares("one").last_error)
            error = str(house.fares("one").last_error)

    assert error.startswith("The certificate of localhost isn't valid")


async def test_a_destination_without_tls(house: House) -> None:
    async with rtmp.sink_server() as sink:
        house.to("one", f"rtmps://localhost:{sink.port}/app")
        async with rtmp.encoder(house.port):
            await until(lambda: house.fares("one").last_error)
            error = str(house.fares("one").last_error)

    assert f"localhost doesn't speak TLS on port {sink.port}" in error


async def test_encoders_come_by_rtmps(both: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server, client = both
    async with House.open(server_tls=server) as house, rtmp.sink_server() as sink:
        house.to("one", sink.url)
        async with rtmp.encoder(house.port, ssl=client, server_hostname="localhost") as encoder:
            await encoder.send_all([*rtmp.opening(), *rtmp.frames(2, kbps=20_000)])
            await until(lambda: len(sink.messages) >= len(encoder.sent))

    assert sink.messages == encoder.sent


async def test_a_refusal_is_heard_over_rtmps(
    both: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    server, client = both
    async with House.open(server_tls=server) as house:
        house.refusal = "Not with this one."
        with pytest.raises(Turned, match="Not with this one"):
            async with rtmp.encoder(house.port, ssl=client, server_hostname="localhost"):
                pass
