"""Where a node gives the previews of its shows to `serve`, and what it calls that place."""

import asyncio
import socket
from typing import Final
from urllib.parse import urlsplit

import msgspec
import structlog

from backline.live.node.previews import Previews
from backline.live.options import LiveOptions
from backline.live.preview.asking import (
    LONGEST_LINE,
    MOST_MADE_BYTES,
    Asked,
    Found,
    Missing,
    answer,
    made_of,
    read,
)
from backline.platform.secrets import Secrets
from backline.platform.settings import Settings

_log = structlog.get_logger()
_HEAR_S: Final = 5.0
_SEND_S: Final = 20.0
_MOST_AT_ONCE: Final = 128  # those that wait for what they make smaller among them
_EVERY_ADDRESS: Final = ("0.0.0.0", "::")  # noqa: S104  # compared with, not listened at
# Of TEST-NET-1: nothing is sent there, but the way there begins at our own address.
_ELSEWHERE: Final = ("192.0.2.1", 9)


class PreviewDoor:
    """The node's side: a server that answers with what `previews` have."""

    def __init__(self, previews: Previews, secrets: Secrets) -> None:
        self._previews, self._secrets = previews, secrets
        self._server: asyncio.Server | None = None
        self._here: set[asyncio.Task[None]] = set()

    async def open(self, host: str, port: int) -> int:
        """Listen; the port.

        Raises:
            OSError: nobody can listen there.
        """
        self._server = await asyncio.start_server(self._serve, host, port, limit=LONGEST_LINE)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Listen no more, and let go of whoever is there."""
        if self._server is not None:
            self._server.close()
        for task in list(self._here):
            task.cancel()
        while self._here:
            await asyncio.wait(list(self._here))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        try:
            if task is not None and len(self._here) < _MOST_AT_ONCE:
                self._here.add(task)
                await self._answer(reader, writer)
        except (OSError, EOFError, TimeoutError, ValueError, msgspec.MsgspecError):
            pass  # they have gone, or never were ours
        except asyncio.CancelledError:
            pass  # the node ends
        finally:
            if task is not None:
                self._here.discard(task)
            if writer.transport.get_write_buffer_size() > LONGEST_LINE:
                writer.transport.abort()
            else:
                writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(_HEAR_S):
            line = await reader.readline()
        asked = read(self._secrets, line)
        if asked is None:
            return
        found = await self._found(asked, reader)
        async with asyncio.timeout(_SEND_S):
            writer.writelines(answer(found))
            await writer.drain()

    async def _found(self, asked: Asked, reader: asyncio.StreamReader) -> Found | Missing:
        of = (asked.project_id, asked.show_id)
        if asked.after is not None:
            return await self._previews.following(*of, asked.after)
        if not asked.size:
            return await self._previews.file(*of, asked.name)
        if asked.size > MOST_MADE_BYTES:
            raise ValueError("That is too much.")
        async with asyncio.timeout(_SEND_S):
            body = await reader.readexactly(asked.size)
        return self._previews.keep(*of, made_of(asked, body))

    async def open_as(self, settings: Settings) -> str | None:
        """Listen as the settings say: `host:port` by which others come, None where they can't."""
        options = settings.of(LiveOptions)
        if options.previews == 0:
            return None
        # A database that only this machine reaches has its `serve` here, too.
        is_alone = options.preview_host is None and not urlsplit(settings.database_dsn).hostname
        listened = "127.0.0.1" if is_alone else settings.host
        try:
            port = await self.open(listened, options.preview_port)
        except OSError as fault:
            _log.warning("previews_unreachable", port=options.preview_port, reason=fault.strerror)
            return None
        host = options.preview_host or listened
        host = _own_address() if host in _EVERY_ADDRESS else host
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _own_address() -> str:
    """This machine's address among those that it can reach."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(_ELSEWHERE)
        except OSError:
            return "127.0.0.1"
        return str(way.getsockname()[0])
