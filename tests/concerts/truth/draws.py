"""Chance by name: the same draws for the same seed, whatever else is drawn before or after."""

import math
import random
from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


class Draw(random.Random):
    """A source of chance that nobody else draws from."""

    def happens(self, share: float) -> bool:
        """True in `share` of all cases."""
        return self.random() < share

    def one(self, weights: Mapping[T, float]) -> T:
        """One of the keys, as often as its weight says."""
        return self.choices(list(weights), list(weights.values()))[0]

    def count(self, mean: float) -> int:
        """How often something happens that happens `mean` times on average (Poisson)."""
        left, number = self.random(), 0
        part = running = math.exp(-mean)
        while left > running and number < 10 * mean + 20:
            number += 1
            part *= mean / number
            running += part
        return number

    def hex(self, digits: int) -> str:
        """An id of so many hexadecimal digits."""
        return f"{self.getrandbits(4 * digits):0{digits}x}"


def draw(*name: object) -> Draw:
    """The source of this name; the seed is the name's first part."""
    return Draw("/".join(map(str, name)))
