"""The arithmetic of a sliding window, which processes and Redis count alike.

Windows begin at multiples of their length since 1970, so that all clocks agree on them. What the
one before has seen counts in proportion to how much of it the last `window_s` still cover.
"""

import math

import msgspec

from backline.platform.limits.policies import Policy
from backline.platform.limits.standing import Standing

_A_MOMENT_S = 0.001  # past the very moment, so that whoever comes then isn't refused


class Window(msgspec.Struct, frozen=True):
    """How many requests the window of this number and the one before have seen."""

    number: int
    current: int
    previous: int

    def at(self, now_s: float, window_s: int) -> "Window":
        """The same counts as the window of this moment has them."""
        number = int(now_s // window_s)
        if number == self.number:
            return self
        return Window(number, 0, self.current if number == self.number + 1 else 0)

    def counted(self) -> "Window":
        """With one request more."""
        return Window(self.number, self.current + 1, self.previous)


def allowance(policy: Policy, window: Window, passed: float) -> Standing:
    """How a key stands with its window, of which that part has passed, before this request."""
    quota, length_s = policy.quota, policy.window_s
    left = quota - window.current - math.floor(window.previous * (1 - passed))
    if left > 0:
        return Standing(policy, True, left - 1, length_s, 0.0)
    if window.current < quota:  # until enough of the window before has gone by
        wait = 1 - (quota - window.current) / window.previous - passed
    else:  # until this window is over, and enough of it has gone by as well
        wait = 1 - passed + 1 - quota / window.current
    return Standing(policy, False, 0, length_s, max(wait, 0.0) * length_s + _A_MOMENT_S)
