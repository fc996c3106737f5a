"""What is told of a request that was counted, or refused."""

import msgspec

from backline.platform.limits.policies import Policy


class Standing(msgspec.Struct, frozen=True):
    """How a key stands with a policy, after it was counted if it was `allowed`."""

    policy: Policy
    allowed: bool
    remaining: int
    reset_s: float
    retry_after_s: float
