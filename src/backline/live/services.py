"""What handlers and jobs of live shows work with in a process."""

from urllib.parse import urlsplit

import msgspec

from backline.live.keys import LiveKeys, live_keys
from backline.live.models import Ingest
from backline.live.options import LiveOptions
from backline.live.sql import shows as sql
from backline.platform.database import Read
from backline.platform.errors import Unavailable
from backline.platform.settings import Settings
from backline.platform.shared import Platform

APP = "live"  # rtmp://host/<app>/<stream key>
_DEFAULT_PORTS = {"rtmp": 1935, "rtmps": 443}


class LiveServices(msgspec.Struct, frozen=True):
    """The keys, and where encoders publish; None where they can't."""

    keys: LiveKeys
    rtmp: str | None
    rtmps: str | None


def live_services(platform: Platform) -> LiveServices:
    """The services of a process."""
    options = platform.settings.of(LiveOptions)
    host = _host(platform.settings, options)
    return LiveServices(
        live_keys(platform.secrets),
        _address("rtmp", host, options.rtmp_port),
        _address("rtmps", host, options.rtmps_port),
    )


async def ingest(read: Read, services: LiveServices) -> Ingest:
    """Where encoders publish, and what is in their way."""
    fault: str | None = None
    if services.rtmp is None and services.rtmps is None:
        fault = "Live shows are turned off on this server: BACKLINE_RTMP_PORT is 0."
    elif await sql.ready_nodes(read) == 0:
        fault = await sql.node_fault(read) or (
            "No server takes shows in just now: `backline live` doesn't run, or has just begun."
        )
    return Ingest(services.rtmp, services.rtmps, fault)


async def check(platform: Platform) -> None:
    """See that somebody takes shows in.

    Raises:
        Unavailable: nobody does.
    """
    async with platform.database.read() as read:
        told = await ingest(read, live_services(platform))
    if told.fault is not None:
        raise Unavailable(told.fault)


def _host(settings: Settings, options: LiveOptions) -> str:
    named = urlsplit(settings.public_url or "").hostname
    host = options.live_host or named or settings.host
    return f"[{host}]" if ":" in host else host


def _address(scheme: str, host: str, port: int) -> str | None:
    if port == 0:
        return None
    shown = "" if port == _DEFAULT_PORTS[scheme] else f":{port}"
    return f"{scheme}://{host}{shown}/{APP}"
