"""The targets of fuzzing with some thousands of inputs, the same in every run."""

import random

import pytest

from tests.live.rtmp.targets import SEEDS, TARGETS
from tests.support.chance import chance

COUNT = 1_500
MOST_CHANGES = 6
LONGEST = 400

pytestmark = pytest.mark.draws


def changed(source: random.Random) -> bytes:
    """A seed, or two that were joined, with some of its bytes changed, gone or doubled."""
    data = bytearray(b"".join(source.choices(SEEDS, k=source.randint(1, 2)))[:LONGEST])
    for _ in range(source.randint(0, MOST_CHANGES)):
        at = source.randrange(len(data) + 1)
        match source.randrange(4):
            case 0:
                data[at : at + 1] = source.randbytes(1)
            case 1:
                del data[at : at + source.randint(1, 8)]
            case 2:
                data[at:at] = data[at : at + source.randint(1, 8)]
            case _:
                data[at : at + 4] = source.choice((b"\xff" * 4, b"\x7f\xff\xff\xff", bytes(4)))
    return bytes(data)


@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes_are_read_or_refused(name: str) -> None:
    source = chance("targets", name)

    for _ in range(COUNT):
        data = changed(source)
        try:
            TARGETS[name](data)
        except Exception as fault:
            fault.add_note(f"{name}({data!r})")
            raise
