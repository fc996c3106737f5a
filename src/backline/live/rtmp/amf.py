"""AMF0 (Action Message Format): what commands and descriptions are written in, within bounds.

What nobody needs here (references, AMF3 values, XML as a tree) isn't read. Dates are numbers.
"""

import struct
from collections.abc import Iterable, Mapping
from typing import Final

from backline.live.rtmp.faults import ProtocolFault

Value = float | bool | str | None | list["Value"] | dict[str, "Value"]
"""Numbers are floats, objects and ECMA arrays are dicts; undefined and null are None."""

MOST_DEEP: Final = 8
MOST_VALUES: Final = 2_000

_NUMBER: Final = struct.Struct(">d")
_LENGTH: Final = struct.Struct(">H")
_LONG: Final = struct.Struct(">I")
_END: Final = b"\x00\x00\x09"


class TooMuch(ProtocolFault):
    """More values, or deeper ones, than anybody needs."""


def decode(data: bytes | bytearray | memoryview, *, most: int = MOST_VALUES) -> list[Value]:
    """All values that follow each other in a message.

    Raises:
        TooMuch: more than `most` values, or more than eight deep.
        ProtocolFault: it isn't AMF0.
    """
    reader = _Reader(data, most)
    found: list[Value] = []
    while reader.at < len(data):
        found.append(reader.value(0))
    return found


def encode(*values: "Value | Mapping[str, Value]") -> bytes:
    """Values one after the other, as a message's payload. Integers are written as numbers."""
    out = bytearray()
    for value in values:
        _write(out, value)
    return bytes(out)


class _Reader:
    """A place in a message, and how many values are still allowed."""

    def __init__(self, data: bytes | bytearray | memoryview, most: int) -> None:
        self._data = memoryview(data)
        self._most = self._left = most
        self.at = 0

    def value(self, depth: int) -> Value:
        """The value that begins here."""
        if depth > MOST_DEEP:
            raise TooMuch(f"Values are more than {MOST_DEEP} deep.")
        self._left -= 1
        if self._left < 0:
            raise TooMuch(f"There are more than {self._most:,} values.")
        marker = self._take(1)[0]
        if marker in _SCALARS:
            return self._scalar(marker)
        if marker == 0x03:
            return self._pairs(depth)
        if marker == 0x08:
            self._take(4)  # how many there are, which is only a hint
            return self._pairs(depth)
        if marker == 0x10:
            self._text(self._number(_LENGTH))
            return self._pairs(depth)
        if marker == 0x0A:
            count = self._number(_LONG)
            if count > self._left:
                raise TooMuch(f"There are more than {self._most:,} values.")
            return [self.value(depth + 1) for _ in range(count)]
        raise ProtocolFault(f"AMF0 has no value that begins with {marker:#04x}.")

    def _scalar(self, marker: int) -> Value:
        if marker == 0x00:
            return float(_NUMBER.unpack(self._take(8))[0])
        if marker == 0x01:
            return self._take(1)[0] != 0
        if marker == 0x02:
            return self._text(self._number(_LENGTH))
        if marker in {0x0C, 0x0F}:
            return self._text(self._number(_LONG))
        if marker == 0x0B:
            date_ms = float(_NUMBER.unpack(self._take(8))[0])
            self._take(2)
            return date_ms
        return None

    def _pairs(self, depth: int) -> dict[str, Value]:
        """Names and values up to the end marker."""
        found: dict[str, Value] = {}
        while bytes(self._data[self.at : self.at + 3]) != _END:
            name = self._text(self._number(_LENGTH))
            found[name] = self.value(depth + 1)
        self.at += 3
        return found

    def _number(self, size: struct.Struct) -> int:
        return int(size.unpack(self._take(size.size))[0])

    def _text(self, length: int) -> str:
        return str(self._take(length), "utf-8", "replace")

    def _take(self, count: int) -> memoryview:
        part = self._data[self.at : self.at + count]
        if len(part) < count:
            raise ProtocolFault("An AMF0 value ends in its middle.")
        self.at += count
        return part


# Number, boolean, string, null, undefined, date, long string, unsupported, XML as text.
_SCALARS: Final = frozenset({0x00, 0x01, 0x02, 0x05, 0x06, 0x0B, 0x0C, 0x0D, 0x0F})


def _write(out: bytearray, value: "Value | Mapping[str, Value]") -> None:
    if value is None:
        out.append(0x05)
    elif isinstance(value, bool):
        out += b"\x01\x01" if value else b"\x01\x00"
    elif isinstance(value, str):
        _write_text(out, value)
    elif isinstance(value, Mapping):
        out.append(0x03)
        _write_pairs(out, value.items())
    elif isinstance(value, list):
        out.append(0x0A)
        out += _LONG.pack(len(value))
        for one in value:
            _write(out, one)
    else:
        out.append(0x00)
        out += _NUMBER.pack(value)


def _write_text(out: bytearray, value: str) -> None:
    text = value.encode()
    if len(text) > 0xFFFF:
        out.append(0x0C)
        out += _LONG.pack(len(text))
    else:
        out.append(0x02)
        out += _LENGTH.pack(len(text))
    out += text


def _write_pairs(out: bytearray, pairs: "Iterable[tuple[str, Value]]") -> None:
    for name, value in pairs:
        text = name.encode()[:0xFFFF]
        out += _LENGTH.pack(len(text))
        out += text
        _write(out, value)
    out += _END
