"""The table of contents of uploads."""

from backline.platform.domain import Domain, Once
from backline.platform.jobs import Job, Schedule
from backline.platform.limits import Limit
from backline.uploads import jobs, web
from backline.uploads.intake import takers_of
from backline.uploads.limits import UPLOADS

_SWEEP = "uploads.sweep"

DOMAIN = Domain(
    name="uploads",
    routes=web.ROUTES,
    scopes=lambda declared: list(dict.fromkeys(one.scope for one in declared.takes.values())),
    provides={"takers": Once(takers_of)},
    services=lambda platform: platform.staging,
    limits=[
        Limit(UPLOADS, "", "/uploads", instead=True),
        Limit(UPLOADS, "", "/uploads/", instead=True),
    ],
    jobs=[Job(_SWEEP, jobs.sweep, timeout_s=4 * 3600.0)],
    schedules=[Schedule(_SWEEP, daily_at="03:30")],
)
