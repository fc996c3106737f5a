"""What toys can be set to."""

from typing import Final

import msgspec

from backline.platform.settings import (
    Argument,
    Command,
    Option,
    Options,
    Process,
    parsing,
)


class ToyOptions(msgspec.Struct, frozen=True):
    """Its values."""

    toy_limit: int
    toy_metrics_port: int


OPTIONS: Final = Options(
    ToyOptions,
    (
        Option(
            "TOY_LIMIT", parsing.between(1, 9), 3, "How many toys a person has.", flag="toy-limit"
        ),
        Option("TOY_METRICS_PORT", parsing.between(0, 65_535), 0, "Figures of the toys."),
    ),
    Process("toy", "play with toys", metrics_port="TOY_METRICS_PORT", ends_s=10.0),
    (
        Command(
            ("toybox", "rename"),
            "put a word before the names of all toys",
            "backline.toy.renaming",
            (Argument("prefix", "the word"), Argument("--loudly", "in capitals")),
        ),
    ),
)
