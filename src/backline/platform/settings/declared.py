"""How options are declared: one by one, and a domain's together with its process."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from backline.platform.settings.parsing import Parse

PREFIX: Final = "BACKLINE_"


class Option(msgspec.Struct, frozen=True):
    """One option. `default` is used as it is; `shown` is what the documentation calls it.

    `parse` turns text into the value or raises ValueError with what is wrong, as in "isn't …".
    `flag` is its name for `backline up`, where it has one.
    """

    name: str
    parse: Parse
    default: Any
    help: str
    shown: str | None = None
    is_secret: bool = False
    flag: str | None = None

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return PREFIX + self.name

    @property
    def field(self) -> str:
        """Its name in `Settings`, or in the Struct of its domain."""
        return self.name.lower()


class Process(msgspec.Struct, frozen=True):
    """A domain's own process, called as the domain is: `backline live`; `up` starts it, too.

    `metrics_port` names the option with the port of its metrics; `ports` those with the ports that
    it listens on at `BACKLINE_HOST`: where it has some and all are 0, `up` does without it.
    `ends_s` is how long it may take to end.
    """

    name: str
    help: str
    metrics_port: str | None = None
    ports: tuple[str, ...] = ()
    ends_s: float = 4.0


class Argument(msgspec.Struct, frozen=True):
    """What a command is given: a word in its place, or with dashes (`--force`) a flag.

    A flag that is followed by a word says in `takes` what that is; left out, it is None.
    """

    name: str
    help: str
    takes: str | None = None


class Command(msgspec.Struct, frozen=True):
    """A command of a domain's, under its name: `backline concerts venues import FILE`.

    `words` are all of them. `module` is loaded when the command is run; its `run(database,
    settings, given)` is awaited with an open database and the arguments by their names, and gives
    what is to be printed. What it raises as a `BacklineError` or an `OSError` is told to people.
    """

    words: tuple[str, ...]
    help: str
    module: str
    arguments: Sequence[Argument] = ()


class Options(msgspec.Struct, frozen=True):
    """What a domain can be set to: its table, and the Struct with a field for each option.

    `commands` stand here, too, since they have to be known before anything else is loaded. `demo`
    is what `up --demo` sets of it (names of options and texts), unless the environment does.
    """

    kind: type[msgspec.Struct]
    table: Sequence[Option]
    process: Process | None = None
    commands: Sequence[Command] = ()
    demo: Mapping[str, str] = {}


def markdown(table: Sequence[Option]) -> str:
    """The table of `docs/settings.md`."""
    lines = ["| variable | default | what it is |", "| --- | --- | --- |"]
    for option in table:
        words = option.help + (" Secret: never logged or shown." if option.is_secret else "")
        lines.append(f"| `{option.variable}` | {_default(option)} | {words} |")
    return "\n".join(lines) + "\n"


def _default(option: Option) -> str:
    if option.shown is not None:
        return f"`{option.shown}`" if option.shown[0].isdigit() else option.shown
    return f"`{option.default}`" if option.default not in (None, ()) else "none"
