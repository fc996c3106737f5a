"""The stream's description (`onMetaData`): its two forms, and what can be told from it."""

from typing import Final, NamedTuple

from backline.live.rtmp import amf
from backline.live.rtmp.messages import Payload

MOST_BYTES: Final = 65_536
_MOST_PIXELS = 100_000
_SET: Final = amf.encode("@setDataFrame")
_NAME: Final = amf.encode("onMetaData")


class Description(NamedTuple):
    """A description as servers want it, and as players do; and what it says."""

    for_servers: Payload
    for_players: Payload
    says: dict[str, amf.Value]


def read(payload: Payload) -> Description | None:
    """The description that a data message holds; None if it is another message.

    Raises:
        ProtocolFault: it is one, but too large or torn.
    """
    inner = payload.removeprefix(_SET)
    if not inner.startswith(_NAME):
        return None
    if len(payload) > MOST_BYTES:
        raise amf.TooMuch(f"It has more than {MOST_BYTES:,} bytes.")
    values = amf.decode(inner)
    said = values[1] if len(values) > 1 else None
    is_set = len(inner) < len(payload)
    return Description(
        for_servers=payload if is_set else _SET + inner,
        for_players=inner,
        says=said if isinstance(said, dict) else {},
    )


def size(description: Description) -> tuple[int, int] | None:
    """Width and height in pixels, if it tells them."""
    width, height = (description.says.get(name) for name in ("width", "height"))
    if not isinstance(width, float) or not isinstance(height, float):
        return None
    is_usual = 0 < width < _MOST_PIXELS and 0 < height < _MOST_PIXELS
    return (int(width), int(height)) if is_usual else None
