"""What live shows can be set to, and the process that takes them in."""

from pathlib import Path
from typing import Final

import msgspec

from backline.platform.settings import Option, Options, Process, parsing


class LiveOptions(msgspec.Struct, frozen=True):
    """Its values."""

    rtmp_port: int
    rtmps_port: int
    rtmps_certificate: Path | None
    rtmps_key: Path | None
    live_host: str | None
    allow_private_destinations: bool
    live_drain_s: int
    live_metrics_port: int
    previews: int
    preview_memory_mb: int
    preview_host: str | None
    preview_port: int
    ladders: int | None


def _yes_or_no(given: str) -> bool:
    return parsing.one_of("true", "false")(given) == "true"


OPTIONS: Final = Options(
    LiveOptions,
    (
        Option(
            "RTMP_PORT",
            parsing.port_or_off,
            1935,
            "The port at which encoders publish live shows, on the address `BACKLINE_HOST`; 0 "
            "turns it off. See [live](live.md).",
            flag="rtmp-port",
        ),
        Option(
            "RTMPS_PORT",
            parsing.port_or_off,
            0,
            "The same over TLS; 0 turns it off. Needs the two below.",
        ),
        Option(
            "RTMPS_CERTIFICATE",
            parsing.path,
            None,
            "The file with the certificate for RTMPS and its chain (PEM).",
        ),
        Option("RTMPS_KEY", parsing.path, None, "The file with its private key (PEM)."),
        Option(
            "LIVE_HOST",
            parsing.host,
            None,
            "The host that encoders are told to connect to, where it isn't that of the pages.",
            "the host of `BACKLINE_PUBLIC_URL`",
        ),
        Option(
            "ALLOW_PRIVATE_DESTINATIONS",
            _yes_or_no,
            False,
            "Whether people may relay to addresses of your own networks and of this machine: "
            "`true` or `false`.",
            "`false`",
        ),
        Option(
            "LIVE_DRAIN_S",
            parsing.between(0, 86_400),
            0,
            "How many seconds `backline live` lets running shows go on after it was told to end. "
            "It takes no new ones meanwhile.",
        ),
        Option(
            "LIVE_METRICS_PORT",
            parsing.port_or_off,
            9466,
            "The port of `/metrics` of `live`; 0 turns it off.",
        ),
        Option(
            "PREVIEWS",
            parsing.between(0, 1_000),
            16,
            "How many shows each `backline live` gives a preview of at a time; 0 turns previews "
            "off.",
        ),
        Option(
            "PREVIEW_MEMORY_MB",
            parsing.between(16, 65_536),
            256,
            "How many megabytes the previews of a `backline live` may take together. Each has an "
            "equal share; it should hold the bytes of some 16 s. Where a project has its previews "
            "made in smaller sizes, those take up to half of that share besides.",
        ),
        Option(
            "PREVIEW_HOST",
            parsing.host,
            None,
            "The host by which `serve` reaches this `backline live` for previews.",
            "`BACKLINE_HOST`, or the machine's own address where that is all of them",
        ),
        Option(
            "PREVIEW_PORT",
            parsing.between(0, 65_535),
            0,
            "The port for that, on the address `BACKLINE_HOST`, or on the loopback address where "
            "the database is reached by a Unix socket alone; 0 takes a free one.",
        ),
        Option(
            "LADDERS",
            parsing.between(0, 256),
            None,
            "Of how many shows at a time each `work` makes the previews in smaller sizes, for "
            "projects that chose so; each takes about a processor core. 0 turns that off here. "
            "See [live](live.md#smaller-sizes).",
            "half of `BACKLINE_WORKERS`, at least 1",
        ),
    ),
    Process(
        "live",
        "take live shows in and relay them (needs a database)",
        metrics_port="LIVE_METRICS_PORT",
        ports=("RTMP_PORT", "RTMPS_PORT"),
        ends_s=8.0,
    ),
)
