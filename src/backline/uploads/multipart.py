"""A `multipart/form-data` body with one file (RFC 7578), pushed into staging as it arrives.

The file's bytes never gather in memory or in a temporary file of their own; what the file is,
others find out.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import cast

import msgspec
import multipart  # pyright: ignore[reportMissingTypeStubs]
from multipart import (  # pyright: ignore[reportMissingTypeStubs]
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
)

from backline.platform.errors import BacklineError, FieldFault, Invalid, TooLarge, Unsupported
from backline.platform.storage import Staged, Staging
from backline.uploads.names import as_text, clean_filename

_MAX_BOUNDARY_CHARACTERS = 70  # RFC 2046 §5.1.1
_MAX_HEADER_BYTES = 4096
_MAX_FIELDS = 16
_MAX_FIELD_BYTES = 4096
# What may stand around the file: other fields, headers, boundaries.
_AROUND_BYTES = _MAX_FIELDS * 2 * _MAX_FIELD_BYTES

_options_of = cast(
    "Callable[[str], tuple[str, dict[str, str]]]",
    multipart.parse_options_header,  # pyright: ignore[reportUnknownMemberType]
)

OnBytes = Callable[[int], Awaitable[None]]
_Event = MultipartSegment | bytes | bytearray | None


class Received(msgspec.Struct, frozen=True):
    """What came: the staged file, its name and type as the sender gave them, other fields."""

    staged: Staged
    filename: str
    content_type: str
    fields: dict[str, str]


async def receive_file(
    chunks: AsyncIterator[bytes],
    content_type: str | None,
    staging: Staging,
    *,
    limit_bytes: int,
    name: str = "file",
    on_bytes: OnBytes | None = None,
) -> Received:
    """Take in a body that has exactly one file, in the field `name`.

    `on_bytes` hears how many of the file's bytes there are before more of them are staged; what
    it raises ends the reception. If anything fails, or the client goes away, nothing stays in
    staging.

    Raises:
        Unsupported: the body isn't `multipart/form-data`.
        Invalid: it is broken, or has no file, or more than one.
        TooLarge: the file has more than `limit_bytes`, or too much stands around it.
        DiskFull: the disk is full or below its floor.
        ClientGone: the body ended before its end.
    """
    reception = _Reception(staging, name, limit_bytes, on_bytes)
    parser = PushMultipartParser(
        _boundary_of(content_type),
        max_header_size=_MAX_HEADER_BYTES,
        max_segment_count=_MAX_FIELDS,
        header_charset="latin1",  # any byte: what they are is found out by `_given`
    )
    try:
        await reception.take_all(_events(parser, _bounded(chunks, limit_bytes + _AROUND_BYTES)))
        return reception.received()
    except ParserLimitReached as fault:
        error: BacklineError = TooLarge("The form has too many parts, or too long headers.")
        await reception.give_up()
        raise error from fault
    except MultipartError as fault:
        await reception.give_up()
        raise Invalid("The form's body is broken: it isn't multipart/form-data.") from fault
    except BaseException:
        await reception.give_up()
        raise


class _Reception:
    """What has come of one form so far."""

    def __init__(
        self, staging: Staging, name: str, limit_bytes: int, on_bytes: OnBytes | None
    ) -> None:
        self._staging, self._name, self._limit_bytes = staging, name, limit_bytes
        self._on_bytes = on_bytes
        self._segment: MultipartSegment | None = None
        self._staged: Staged | None = None
        self._fields: dict[str, str] = {}

    async def take_all(self, events: AsyncIterator[_Event]) -> None:
        async for event in events:
            if not isinstance(event, MultipartSegment):
                continue
            name = _given(event.name or "")
            if name != self._name:
                self._fields[name] = await _text(name, events)
            elif self._segment is not None:
                raise Invalid("One file at a time, please.", _fault(self._name, "came twice"))
            elif event.filename is None:
                raise _no_file(self._name)
            else:
                self._segment = event
                body = _told(_body(events), self._on_bytes)
                self._staged = await self._staging.stage(body, limit_bytes=self._limit_bytes)

    def received(self) -> Received:
        if self._staged is None or self._segment is None:
            raise _no_file(self._name)
        if self._staged.size_bytes == 0:
            raise Invalid("The file is empty.", _fault(self._name, "has no bytes"))
        return Received(
            self._staged,
            clean_filename(_given(self._segment.filename or "")),
            (self._segment.content_type or "application/octet-stream")[:100],
            self._fields,
        )

    async def give_up(self) -> None:
        if self._staged is not None:
            await self._staging.discard(self._staged.id)


def _boundary_of(content_type: str | None) -> str:
    kind, options = _options_of(content_type or "")
    if kind != "multipart/form-data":
        raise Unsupported("Send the file as multipart/form-data, in the field `file`.")
    boundary = options.get("boundary", "")
    printable = boundary.isascii() and boundary.isprintable()
    if not (printable and 0 < len(boundary) <= _MAX_BOUNDARY_CHARACTERS):
        raise Invalid("The header Content-Type lacks a boundary of 1 to 70 characters.")
    return boundary


async def _bounded(chunks: AsyncIterator[bytes], limit_bytes: int) -> AsyncIterator[bytes]:
    taken = 0
    async for chunk in chunks:
        taken += len(chunk)
        if taken > limit_bytes:
            raise TooLarge("The form is larger than what is taken.")
        yield chunk


async def _events(
    parser: PushMultipartParser, chunks: AsyncIterator[bytes]
) -> AsyncIterator[_Event]:
    async for chunk in chunks:
        for event in parser.parse(chunk):
            yield event
    parser.close()  # raises if the last boundary hasn't come


async def _body(events: AsyncIterator[_Event]) -> AsyncIterator[bytes]:
    """The chunks of the segment that has just begun."""
    async for event in events:
        if event is None:
            return
        if isinstance(event, bytes | bytearray):
            yield bytes(event)


async def _told(chunks: AsyncIterator[bytes], on_bytes: OnBytes | None) -> AsyncIterator[bytes]:
    total = 0
    async for chunk in chunks:
        total += len(chunk)
        if on_bytes is not None:
            await on_bytes(total)
        yield chunk


async def _text(name: str, events: AsyncIterator[_Event]) -> str:
    value = bytearray()
    async for chunk in _body(events):
        value += chunk
        if len(value) > _MAX_FIELD_BYTES:
            raise TooLarge(f"A form's field may have {_MAX_FIELD_BYTES} bytes.")
    try:
        text = value.decode()
    except UnicodeDecodeError as fault:
        raise Invalid("A form's field isn't UTF-8.", _fault(name, "isn't UTF-8")) from fault
    if "\0" in text:
        raise Invalid("A form's field holds a NUL byte.", _fault(name, "holds a NUL byte"))
    return text


def _given(header: str) -> str:
    return as_text(header.encode("latin1"))


def _no_file(name: str) -> Invalid:
    return Invalid(f"The form has no file in its field `{name}`.", _fault(name, "is missing"))


def _fault(name: str, detail: str) -> FieldFault:
    return FieldFault(name[:100], detail)
