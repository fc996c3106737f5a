"""What a node and a worker hand each other for a ladder: a segment, and what was made of it."""

import msgspec


class Piece(msgspec.Struct, frozen=True):
    """A segment as the encoder sent it, and the file that has to be read before."""

    number: int
    duration_ms: int
    opening: bytes
    body: bytes


class Rung(msgspec.Struct, frozen=True):
    """The same in another size, by the same clock; `width` is 0 where there is no picture."""

    name: str
    width: int
    height: int
    fps: float
    codecs: str
    opening: bytes
    body: bytes


class Made(msgspec.Struct, frozen=True):
    """All that was made of a segment."""

    number: int
    rungs: list[Rung]
