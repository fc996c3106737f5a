"""The table of contents of accounts."""

from backline.accounts import jobs, web
from backline.platform.cache import Cached
from backline.platform.domain import Domain
from backline.platform.jobs import Job, Schedule

_PRUNE = "accounts.prune"

DOMAIN = Domain(
    name="accounts",
    routes=web.ROUTES,
    caches=[Cached("/users/me", "profile", 3600, ("user:{user}",))],
    jobs=[Job(_PRUNE, jobs.prune)],
    schedules=[Schedule(_PRUNE, every_s=3600)],
)
