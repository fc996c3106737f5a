"""Which names this server answers to, and which origins may call it from a browser."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec

from backline.platform.settings import Settings

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class Origins(msgspec.Struct, frozen=True):
    """`hosts` as in the Host header without a port, lower case; `cors` origins as browsers send.

    `own` are the origins of our own pages; a cookie-authenticated write must come from one.
    """

    hosts: frozenset[str]
    own: frozenset[str]
    cors: frozenset[str]

    def knows_host(self, host: str | None) -> bool:
        """Whether a Host header names this server."""
        return host is not None and host_without_port(host) in self.hosts

    def may_write_by_cookie(self, origin: str | None, fetch_site: str | None) -> bool:
        """Whether a request that a cookie authenticates comes from our own pages.

        Browsers send Origin with every POST; a request with neither header isn't a browser's.
        """
        if origin is not None:
            return origin in self.own or origin in self.cors
        return fetch_site in (None, "same-origin", "none")


def own_origins(settings: Settings) -> Origins:
    """Those of an installation."""
    return origins_of(
        public_url=settings.public_url,
        host=settings.host,
        port=settings.port,
        allowed_hosts=settings.allowed_hosts,
        cors_origins=settings.cors_origins,
    )


def origins_of(
    *,
    public_url: str | None,
    host: str,
    port: int,
    allowed_hosts: Sequence[str],
    cors_origins: Sequence[str],
) -> Origins:
    """Work the names out of the settings."""
    hosts = {name.lower() for name in (*_LOOPBACK, *allowed_hosts)}
    own = {f"http://{name}:{port}" for name in _LOOPBACK}
    if host not in ("0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        name = f"[{host}]" if ":" in host else host
        hosts.add(name.lower())
        own.add(f"http://{name}:{port}")
    if public_url:
        parts = urlsplit(public_url)
        hosts.add(host_without_port(parts.netloc))
        own.add(f"{parts.scheme}://{parts.netloc}")
    return Origins(frozenset(hosts), frozenset(own), frozenset(cors_origins))


def host_without_port(host: str) -> str:
    """`Example.org:8000` -> `example.org`; `[::1]:80` -> `[::1]`."""
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]
