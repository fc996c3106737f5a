"""Chance that is the same in every run, until `scripts/fuzz` gives another seed.

Tests of `hypothesis` need nothing of this: their profiles stand in `tests/conftest.py`. A test
that draws by itself carries the marker `draws`, so that `scripts/fuzz` finds it.
"""

import os
import random

IS_FUZZING = "FUZZ_SEED" in os.environ
SEED = int(os.environ.get("FUZZ_SEED", "1"))


def chance(*name: object) -> random.Random:
    """A source of chance that nobody else draws from, one for each name."""
    return random.Random(f"{SEED} {name}")  # noqa: S311  # repeatable on purpose
