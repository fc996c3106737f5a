"""The parameters of a call: of the address and of a form in the body, read one by one."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from backline.audio.subsonic.faults import Code, Refused

_MOST = 50_000
_LARGEST = 2**53


class Params:
    """What was asked, each parameter with all its values."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def get(self, name: str) -> str | None:
        """The first value of a parameter, as it came."""
        return self._values[name][0] if name in self._values else None

    def text(self, name: str, default: str | None = None) -> str:
        """A value, without space around it.

        Raises:
            Refused: it is missing, and there is no default.
        """
        said = self.get(name)
        if said is not None:
            return said.strip()
        if default is None:
            raise Refused(Code.MISSING, f"The parameter '{name}' is missing.")
        return default

    def many(self, name: str) -> Sequence[str]:
        """All values of a parameter, in their order."""
        return self._values.get(name, ())

    def number(self, name: str, default: int | None = None, *, least: int = 0) -> int:
        """A whole number.

        Raises:
            Refused: it is missing without a default, isn't a number, or is too small.
        """
        text = self.text(name, None if default is None else str(default))
        return self._number(name, text, least)

    def numbers(self, name: str, *, least: int = 0) -> list[int]:
        """All values of a parameter as whole numbers.

        Raises:
            Refused: one isn't a number, or is too small.
        """
        return [self._number(name, text.strip(), least) for text in self.many(name)]

    def count(self, name: str, default: int, most: int) -> int:
        """How many things are wanted; more than `most` is `most`, as the protocol has it."""
        return min(self.number(name, default), most)

    def flag(self, name: str, *, default: bool) -> bool:
        """`true` or `false`.

        Raises:
            Refused: something else.
        """
        said = self.text(name, "true" if default else "false").lower()
        if said not in ("true", "false"):
            raise Refused(Code.OTHER, f"The parameter '{name}' is either true or false.")
        return said == "true"

    def _number(self, name: str, text: str, least: int) -> int:
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 16):  # noqa: PLR2004
            raise Refused(Code.OTHER, f"The parameter '{name}' is a whole number.")
        if not least <= int(text) <= _LARGEST:
            raise Refused(Code.OTHER, f"The parameter '{name}' is {least} or more.")
        return int(text)


def parse(query: bytes, form: bytes = b"") -> Params:
    """Read what the address says, and after it what a form says.

    Raises:
        Refused: it is too much, or holds a NUL.
    """
    values: dict[str, list[str]] = {}
    for encoded in (query, form):
        try:
            pairs = parse_qsl(
                encoded.decode("utf-8", "replace"),
                keep_blank_values=True,
                errors="replace",
                max_num_fields=_MOST,
            )
        except ValueError:
            raise Refused(Code.OTHER, f"A call has {_MOST} parameters at the most.") from None
        for name, value in pairs:
            values.setdefault(name, []).append(value)
    if any("\0" in value for said in values.values() for value in said):
        raise Refused(Code.OTHER, "A parameter holds a NUL.")
    return Params(values)
