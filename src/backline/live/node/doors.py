"""The ports of a node: opened when they can be, tried again while another program has them."""

import asyncio
import ssl
from collections.abc import Callable
from typing import Final

import structlog

from backline.live.node.node import Node
from backline.live.options import LiveOptions
from backline.live.relay import Ingest, listen
from backline.platform.settings import Settings

_log = structlog.get_logger()
_AGAIN_S: Final = 5.0
_FIRST_FREE_PORT: Final = 1024


class Doors:
    """The ingests of a node, by the names of their options."""

    def __init__(self, settings: Settings, node: Node) -> None:
        self._host, self._options, self._node = settings.host, settings.of(LiveOptions), node
        self._open: dict[str, Ingest] = {}

    async def keep_open(self) -> None:
        """Open what isn't, and say why that can't be, until cancelled."""
        tries: dict[str, tuple[int, Callable[[], ssl.SSLContext | None]]] = {
            "RTMP_PORT": (self._options.rtmp_port, lambda: None),
            "RTMPS_PORT": (self._options.rtmps_port, self._tls),
        }
        told: str | None = None
        while True:
            faults = [
                fault
                for name, (port, tls) in tries.items()
                if port and name not in self._open
                for fault in [await self._try(name, port, tls)]
                if fault is not None
            ]
            fault = " ".join(faults) or None
            if fault != told:
                told = fault
                self._node.say("ready" if self._open else "faulty", fault)
                if fault is not None:
                    _log.warning("encoders_cannot_connect", reason=fault)
            if fault is None:
                return
            await asyncio.sleep(_AGAIN_S)

    async def _try(
        self, name: str, port: int, tls: Callable[[], ssl.SSLContext | None]
    ) -> str | None:
        """Open one port; what is in the way."""
        try:
            context = await asyncio.to_thread(tls)
        except (OSError, ValueError) as fault:  # what is wrong with a certificate is an OSError
            return f"RTMPS can't be offered: {fault}. Look at BACKLINE_RTMPS_CERTIFICATE and _KEY."
        try:
            node = self._node
            self._open[name] = await listen(
                self._host, port, node.authorise, on_gone=node.gone, tls=context
            )
        except PermissionError:
            return (
                f"BACKLINE_{name} is {port}, and ports below {_FIRST_FREE_PORT} are root's. "
                "Choose a higher one."
            )
        except OSError as fault:
            return (
                f"Port {port} on {self._host} can't be used ({fault.strerror or fault}). End what "
                f"uses it, or choose another one with BACKLINE_{name}."
            )
        _log.info("encoders_may_connect", host=self._host, port=port, tls=context is not None)
        return None

    def _tls(self) -> ssl.SSLContext:
        certificate, key = self._options.rtmps_certificate, self._options.rtmps_key
        if certificate is None or key is None:
            raise ValueError("it needs a certificate and its key")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        return context

    def drain(self) -> None:
        """Let nobody else in."""
        for ingest in self._open.values():
            ingest.drain()

    async def close(self) -> None:
        """Send everybody away."""
        for ingest in self._open.values():
            await ingest.close()
