"""The table of contents of accounts."""

from backline.accounts import (
    api_tokens_web,
    figures,
    instance_web,
    jobs,
    recovery_web,
    second_factor_web,
    sessions_web,
    web,
)
from backline.accounts.recovery import FORGOT, Forgot
from backline.accounts.registration import REGISTERED, Registered
from backline.platform.cache import Cached
from backline.platform.domain import Domain
from backline.platform.jobs import Job, Schedule
from backline.platform.limits import Limit, Policy

_PRUNE = "accounts.prune"
_HOUR_S, _MINUTE_S = 3600, 60
# Every page load refreshes, and a household or an office has one address.
_FACTOR = Policy("second-factor", 20, 15 * _MINUTE_S, "user", "window")
_REFRESH = Policy("refresh", 300, _MINUTE_S, "address")

DOMAIN = Domain(
    name="accounts",
    routes=[
        *instance_web.ROUTES,
        *web.ROUTES,
        *recovery_web.ROUTES,
        *sessions_web.ROUTES,
        *api_tokens_web.ROUTES,
        *second_factor_web.ROUTES,
    ],
    count=figures.count,
    caches=[Cached("/users/me", "profile", 3600, ("user:{user}",))],
    limits=[
        Limit(Policy("register", 20, _HOUR_S, "address", "window"), "POST", "/auth/register"),
        Limit(Policy("setup", 20, _HOUR_S, "address", "window"), "POST", "/auth/setup"),
        Limit(Policy("forgot", 10, _HOUR_S, "address", "window"), "POST", "/auth/forgot"),
        Limit(Policy("reset", 20, _HOUR_S, "address", "window"), "POST", "/auth/reset"),
        Limit(Policy("verify", 20, _HOUR_S, "address", "window"), "POST", "/auth/verify"),
        Limit(Policy("verify-again", 5, _HOUR_S, "user", "window"), "POST", "/users/me/verify"),
        Limit(_FACTOR, "POST", "/users/me/totp"),
        Limit(_FACTOR, "POST", "/users/me/totp/"),
        Limit(_REFRESH, "POST", "/auth/refresh", instead=True),
        Limit(_REFRESH, "POST", "/auth/logout", instead=True),
    ],
    jobs=[
        Job(_PRUNE, jobs.prune),
        Job(REGISTERED, jobs.registered, Registered),
        Job(FORGOT, jobs.forgot, Forgot),
    ],
    schedules=[Schedule(_PRUNE, every_s=3600)],
)
