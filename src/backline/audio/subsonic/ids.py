"""The ids that clients see: which kind of thing, and which one (`tr-…`, `al-…`, `ar-…`, `pl-…`)."""

from typing import Final, Literal
from uuid import UUID

from backline.platform.errors import NotFound

Kind = Literal["tr", "al", "ar", "pl"]
_KINDS: Final[dict[str, Kind]] = {"tr": "tr", "al": "al", "ar": "ar", "pl": "pl"}
_HEX_LENGTH: Final = 32


def shown(kind: Kind, one: UUID) -> str:
    """An id as clients keep it."""
    return f"{kind}-{one.hex}"


def parse(said: str) -> tuple[Kind, UUID]:
    """What an id names.

    Raises:
        NotFound: nothing of ours.
    """
    name, _, rest = said.partition("-")
    kind = _KINDS.get(name)
    if kind is not None and len(rest) == _HEX_LENGTH:
        try:
            return kind, UUID(hex=rest)
        except ValueError:
            pass
    raise NotFound("There is nothing with this id.")


def of(kind: Kind, said: str) -> UUID:
    """Which thing of a kind an id names.

    Raises:
        NotFound: it names another kind, or nothing.
    """
    found, one = parse(said)
    if found != kind:
        raise NotFound("There is nothing with this id.")
    return one
