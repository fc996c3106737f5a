"""Tracks in other codings, made while they are listened to: MP3 and Opus.

Nothing is kept: encoding runs some fifty times faster than music, and what was never whole can't
be served later. What is read is the best rendition, or the original in its folder where there is
none yet. Each listener has a confined process, which ends with them.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
import structlog

from backline.audio import originals, transcoding_sql
from backline.audio.covers import prefix
from backline.audio.engine.fragments import needed_from
from backline.audio.engine.transcode import (
    Feed,
    Fragments,
    Target,
    WholeFile,
    limits_of,
    transcoding_arguments,
    whole_file,
)
from backline.audio.folders import files_sql
from backline.audio.folders.files_sql import Original
from backline.audio.models import TrackRow
from backline.audio.options import AudioOptions
from backline.audio.places import Places
from backline.platform.confined import Confinement, ConfinementFault, Printing
from backline.platform.database import Read
from backline.platform.errors import Conflict, NotFound, Unavailable
from backline.platform.host.beneath import open_beneath
from backline.platform.shared import Platform
from backline.platform.storage import Storage

_log = structlog.get_logger()
_BEST: Final = "high"
_MOST_PLAYLIST_BYTES: Final = 4 << 20
_UNREADY: Final = "This track can't be converted yet. Have it prepared first, or play its original."


class Rendition(msgspec.Struct, frozen=True):
    """The best rendition of a track, beneath a prefix of the storage."""

    prefix: str
    size_bytes: int
    playlist_bytes: int
    feed: Fragments


class InFolder(msgspec.Struct, frozen=True):
    """The original of a track that has no renditions yet."""

    original: Original
    feed: WholeFile


Source = Rendition | InFolder


async def source_of(read: Read, row: TrackRow) -> Source:
    """What a track is converted from, for whoever may listen to it.

    Raises:
        Conflict: there is nothing yet that it could be.
    """
    if row.has_renditions and row.generation is not None:
        details = await transcoding_sql.details(read, row.owner_id, row.id)
        if details is not None:
            sizes = details.sizes
            feed = Fragments(details.sample_rate_hz, details.channels, details.duration_s)
            where = prefix(row.owner_id, row.id, row.generation)
            return Rendition(where, sizes[f"{_BEST}.m4a"], sizes[f"{_BEST}.m3u8"], feed)
    if row.folder_id is not None:
        original = await files_sql.original(read, row.owner_id, row.id)
        if original is None:
            raise Conflict("The file of this track isn't in its folder any more.")
        duration_s = row.duration_ms / 1000 if row.duration_ms else None
        whole = whole_file(row.content_type, original.codec, duration_s)
        if whole is not None:
            return InFolder(original, whole)
    raise Conflict(row.error or _UNREADY)


class Listening:
    """A track as it is being converted: `read` until there is nothing more."""

    def __init__(self, printed: Printing, feeding: "asyncio.Task[None] | None") -> None:
        self._printed, self._feeding = printed, feeding

    async def read(self) -> bytes:
        """What was made since; nothing at the end of the track, and only there.

        Raises:
            Unavailable: it can't be made to its end.
        """
        try:
            data = await self._printed.read()
            if data:
                return data
            await self._check_fed()
            done = await self._printed.end()
        except ConfinementFault as fault:
            _log.warning("transcode_failed", reason=fault.reason, tail=fault.tail[-500:])
            raise _failed() from fault
        if done.returncode:
            _log.warning("transcode_failed", code=done.returncode, tail=done.stderr_tail[-500:])
            raise _failed()
        return b""

    async def _check_fed(self) -> None:
        """See that an end of what was made is no end of what could be read."""
        if self._feeding is not None:
            try:
                await self._feeding
            except NotFound as fault:
                _log.warning("transcode_failed", reason=fault.detail)
                raise _failed() from fault


class Transcoder:
    """Converts tracks for the listeners of this process, `most` at a time."""

    def __init__(
        self,
        confinement: Confinement,
        storage: Storage,
        ffmpeg: Path,
        folders: tuple[Path, ...],
        most: int,
    ) -> None:
        self._confinement, self._storage, self._ffmpeg = confinement, storage, ffmpeg
        self._folders = folders
        self._places = Places(most)

    @asynccontextmanager
    async def listening(
        self, person_id: UUID, source: Source, wanted: Target, offset_s: float = 0.0
    ) -> AsyncGenerator[Listening]:
        """A track from a moment on, for as long as the `async with` runs.

        Raises:
            TooMany: this person listens to as many as one may.
            Unavailable: the process has no place, or the bytes can't be read.
            NotFound: the original has changed, or is gone.
        """
        argv = transcoding_arguments(self._ffmpeg, source.feed, wanted, offset_s)
        async with self._places.taken(person_id):
            if isinstance(source, Rendition):
                async with self._of_rendition(argv, source, offset_s) as heard:
                    yield heard
            else:
                async with self._of_original(argv, source) as heard:
                    yield heard

    @asynccontextmanager
    async def _of_rendition(
        self, argv: list[str], source: Rendition, offset_s: float
    ) -> AsyncGenerator[Listening]:
        header_bytes, start = await self._needed(source, offset_s)
        ours, theirs = socket.socketpair()
        with theirs:
            _, writer = await asyncio.open_unix_connection(sock=ours)
            try:
                async with self._program(argv, source.feed, theirs.fileno()) as printed:
                    theirs.close()
                    parts = ((0, header_bytes), (start, source.size_bytes))
                    feeding = asyncio.create_task(self._fed(writer, source, parts))
                    try:
                        yield Listening(printed, feeding)
                    finally:
                        feeding.cancel()
                        await asyncio.wait([feeding])
                        if not feeding.cancelled():
                            feeding.exception()  # looked at, or asyncio would log it as forgotten
            finally:
                writer.close()

    async def _needed(self, source: Rendition, offset_s: float) -> tuple[int, int]:
        """Up to where the header goes, and from where on the rest is needed."""
        if not offset_s:
            return 0, 0
        size_bytes = min(source.playlist_bytes, _MOST_PLAYLIST_BYTES)
        key = f"{source.prefix}/{_BEST}.m3u8"
        parts = [part async for part in self._storage.open_range(key, 0, size_bytes)]
        needed = needed_from(b"".join(parts).decode(), offset_s)
        return needed.header_bytes, needed.start

    async def _fed(
        self, writer: asyncio.StreamWriter, source: Rendition, parts: tuple[tuple[int, int], ...]
    ) -> None:
        """Give the program its bytes, as fast as it takes them."""
        key = f"{source.prefix}/{_BEST}.m4a"
        try:
            with contextlib.suppress(ConnectionError):  # it has what it needs, or has ended
                for start, end in parts:
                    if start == end:
                        continue
                    async for piece in self._storage.open_range(key, start, end):
                        writer.write(piece)
                        await writer.drain()
        finally:
            writer.close()

    @asynccontextmanager
    async def _of_original(self, argv: list[str], source: InFolder) -> AsyncGenerator[Listening]:
        original = source.original
        if not originals.is_open(original.root, self._folders):
            raise NotFound("Its folder isn't open any more. The operator names those that are.")
        descriptor = await asyncio.to_thread(_opened, original)
        try:
            async with self._program(argv, source.feed, descriptor) as printed:
                yield Listening(printed, None)
        finally:
            os.close(descriptor)

    @asynccontextmanager
    async def _program(
        self, argv: list[str], feed: Feed, descriptor: int
    ) -> AsyncGenerator[Printing]:
        limits = limits_of(feed)
        try:
            async with self._confinement.reading(argv, limits=limits, stdin=descriptor) as printed:
                yield printed
        except ConfinementFault as fault:
            raise _failed() from fault


def transcoder(platform: Platform) -> Transcoder | None:
    """The transcoder of a server; None where it has no confined processes, or is told to have none.

    It lives as long as the process.
    """
    most = platform.settings.of(AudioOptions).transcodes
    if platform.confinement is None or not most:
        return None
    return Transcoder(
        platform.confinement,
        platform.storage,
        platform.settings.ffmpeg_path,
        platform.settings.of(AudioOptions).music_folders,
        most,
    )


def _opened(original: Original) -> int:
    try:
        descriptor = open_beneath(original.root, original.path.split(b"/"))
    except OSError:
        raise NotFound("The file isn't in its folder at the moment.") from None
    known = os.fstat(descriptor)
    if (known.st_size, known.st_mtime_ns) != (original.size_bytes, original.mtime_ns):
        os.close(descriptor)
        raise NotFound("The file has changed in its folder. The next scan reads it anew.")
    return descriptor


def _failed() -> Unavailable:
    return Unavailable(
        "This track can't be converted at the moment. Try again, or play its original.",
        retry_after_s=30,
    )
