"""Our relay alone: every stream goes to the ports that are named. `relay.py PORT SINK_PORT…`.

At SIGTERM it says on one line what it knows of its streams, and ends.
"""

import asyncio
import json
import signal
import ssl
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

import uvloop

from backline.live.relay import (
    Accepted,
    DestinationSpec,
    IngestLimits,
    Publish,
    Relay,
    listen,
)

LIMITS = IngestLimits(connections=10_000, connections_per_address=10_000)


async def main(port: int, sinks: list[int], secure: tuple[str, str] | None) -> None:
    """Relay until SIGTERM."""
    tls = server_tls = None
    scheme = "rtmp"
    if secure is not None:
        tls, server_tls = contexts(*secure)
        scheme = "rtmps"
    relay = Relay(allow_private=True, tls=tls)

    async def authorise(asked: Publish) -> Accepted:
        stream = relay.stream(asked.stream_key)
        for number, sink in enumerate(sinks):
            url = f"{scheme}://localhost:{sink}/app" if secure else f"rtmp://127.0.0.1:{sink}/app"
            stream.add(DestinationSpec(str(number), url, asked.stream_key), lambda _change: None)
        return Accepted(stream)

    await listen("127.0.0.1", port, authorise, limits=LIMITS, tls=server_tls)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
    fares = [one for stream in relay.streams.values() for one in stream.destinations()]
    told = {
        "streams": len(relay.streams),
        "live": sum(one.state == "live" for one in fares),
        "dropped_frames": sum(one.dropped_frames for one in fares),
        "reconnects": sum(one.reconnects for one in fares),
        "errors": sorted({one.last_error for one in fares if one.last_error})[:5],
    }
    print(json.dumps(told), flush=True)


def contexts(public: str, private: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A client that trusts the certificate, and a server that shows it."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(public, private)
    return ssl.create_default_context(cafile=public), server


if __name__ == "__main__":
    options = [one for one in sys.argv[1:] if one.isdigit()]
    files = [one for one in sys.argv[1:] if not one.isdigit()]
    uvloop.run(
        main(
            int(options[0]),
            [int(one) for one in options[1:]],
            (files[0], files[1]) if files else None,
        )
    )
