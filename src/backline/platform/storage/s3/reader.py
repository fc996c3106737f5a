"""An open file in S3, read in pieces: a few are under way before they are wanted, never more."""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Final, Self

import obstore

from backline.platform.errors import Unavailable
from backline.platform.storage.s3.calls import Client

PIECE_BYTES: Final = 1 << 20
_FIRST_BYTES: Final = 256 * 1024
_AHEAD: Final = 2


class _Piece:
    """A part of the file on its way here."""

    def __init__(self, start: int, end: int, task: asyncio.Task[bytes]) -> None:
        self.start, self.end, self.task = start, end, task

    def drop(self) -> None:
        """Do without it."""
        self.task.cancel()
        self.task.add_done_callback(_looked_at)


class S3Reader:
    """A file that is open for reading; end it with `close` or `async with`.

    Pieces begin small, so that the first bytes are there soon, and grow to `piece_bytes`. Up to
    two beyond the one that is read are fetched ahead, as far as `end`: a client that takes its
    time holds no connection to S3, and three pieces at most.
    """

    def __init__(
        self,
        client: Client,
        path: str,
        size_bytes: int,
        *,
        end: int | None = None,
        piece_bytes: int = PIECE_BYTES,
    ) -> None:
        self._client, self._path = client, path
        self.size_bytes = size_bytes
        self._end = min(end, size_bytes) if end is not None else 0
        self._piece_bytes = piece_bytes
        self._next_bytes = min(2 * _FIRST_BYTES, piece_bytes)
        self._pieces: deque[_Piece] = deque()

    @classmethod
    async def open(
        cls, client: Client, path: str, start: int, end: int, *, piece_bytes: int = PIECE_BYTES
    ) -> Self:
        """Open a file with its bytes from `start` on: one request, which also tells its size.

        Raises:
            NotFound: there is no such file.
            OutOfRange: it ends before `start`.
            Unavailable: S3 doesn't answer.
        """
        stop = min(end, start + _FIRST_BYTES)
        size_bytes, data = await client.call("open", lambda: get_part(client, path, start, stop))
        made = cls(client, path, size_bytes, end=end, piece_bytes=piece_bytes)
        first = asyncio.get_running_loop().create_task(_given(data))
        made._pieces.append(_Piece(start, start + len(data), first))
        return made

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    async def read(self, offset: int, size_bytes: int) -> bytes:
        """Up to `size_bytes` from `offset`; nothing past the end.

        Raises:
            NotFound: the file was removed meanwhile.
            Unavailable: S3 doesn't answer.
        """
        if offset >= self.size_bytes:
            return b""
        while self._pieces and not self._pieces[0].start <= offset < self._pieces[0].end:
            self._pieces.popleft().drop()
        if not self._pieces:
            reach = offset + (size_bytes if offset >= self._end else self._piece_bytes)
            self._fetch(offset, min(reach, self.size_bytes))
        piece = self._pieces[0]
        self._fetch_ahead()
        try:
            data = await piece.task
        except BaseException:
            self.close()  # the next one begins anew
            raise
        at = offset - piece.start
        return data[at : at + size_bytes]

    def close(self) -> None:
        """Let go of what is under way; again is allowed."""
        while self._pieces:
            self._pieces.popleft().drop()

    def _fetch_ahead(self) -> None:
        while len(self._pieces) <= _AHEAD and self._pieces[-1].end < self._end:
            start = self._pieces[-1].end
            self._fetch(start, min(start + self._next_bytes, self._end))
            self._next_bytes = min(2 * self._next_bytes, self._piece_bytes)

    def _fetch(self, start: int, end: int) -> None:
        task = asyncio.get_running_loop().create_task(self._part(start, end))
        self._pieces.append(_Piece(start, end, task))

    async def _part(self, start: int, end: int) -> bytes:
        _, data = await self._client.call(
            "read", lambda: get_part(self._client, self._path, start, end)
        )
        if len(data) != end - start:
            raise Unavailable("The storage cut a file off. Please try again shortly.")
        return data


async def get_part(client: Client, path: str, start: int, end: int) -> tuple[int, bytes]:
    """The whole file's size, and the bytes of a part of it; to be used in `Client.call`."""
    answer = await obstore.get_async(client.store, path, options={"range": (start, end)})
    return answer.meta["size"], bytes(await answer.bytes_async())


async def _given(data: bytes) -> bytes:
    return data


def _looked_at(task: asyncio.Task[bytes]) -> None:
    with suppress(asyncio.CancelledError):
        task.exception()  # or asyncio would log it as forgotten
