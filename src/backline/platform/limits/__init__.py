"""Limits on how often things are asked for. Domains declare them; nothing else here is theirs."""

from backline.platform.limits.layer import Limited
from backline.platform.limits.limiter import Limiter
from backline.platform.limits.policies import API, Limit, Policy, Rules, assemble
from backline.platform.limits.shared import SharedLimits

__all__ = ["API", "Limit", "Limited", "Limiter", "Policy", "Rules", "SharedLimits", "assemble"]
