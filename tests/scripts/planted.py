"""What `test_fuzzing.py` runs by itself; pytest collects a file of this name only when told to."""

import os
import zlib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.support.chance import chance


def is_a_fault(number: int) -> bool:
    """One number of three thousand; none that could be guessed from this text."""
    return zlib.crc32(str(number).encode()) % 3_001 == 5


@given(number=st.integers(), words=st.text())
def test_drawn(number: int, words: str) -> None:
    with Path(os.environ["DRAWN"]).open("a") as drawn:
        drawn.write(f"{number} {words!r} {chance(words).random()}\n")


@given(number=st.integers(0, 1 << 32))
def test_fault(number: int) -> None:
    assert not is_a_fault(number)
