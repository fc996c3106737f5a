"""Limits on how often things are asked for. Domains declare them; nothing else here is theirs."""

from backline.platform.limits.limiter import Limiter, open_limiter
from backline.platform.limits.policies import Limit, Policy, Rules, assemble

__all__ = ["Limit", "Limiter", "Policy", "Rules", "assemble", "open_limiter"]
