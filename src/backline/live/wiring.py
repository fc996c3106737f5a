"""The table of contents of live shows."""

from backline.accounts import UserDeleted
from backline.live import demo, figures, jobs, previews, web
from backline.live.changes import TOPIC
from backline.live.ladder import ladders
from backline.live.node.role import live
from backline.live.options import LiveOptions
from backline.live.services import check, live_services
from backline.platform.cache import Cached
from backline.platform.domain import Domain, Once
from backline.platform.front.health import Check
from backline.platform.jobs import Job, Schedule, Subscription
from backline.platform.shared import Platform

_END_LOST, _PURGE, _RESEAL = "live.end-lost", "live.purge", "live.reseal"
_PURGE_OWNER = "live.purge-owner"
_MINE = "live-projects:{user}"
_ONE = ("live-project:{live_project_id}", _MINE)
_PROJECT = "/live/projects/{live_project_id:uuid}"


def checks(platform: Platform) -> dict[str, Check]:
    """Whether shows can be taken in, where they are."""
    options = platform.settings.of(LiveOptions)
    is_on = options.rtmp_port or options.rtmps_port
    return {"live": lambda: check(platform)} if is_on else {}


DOMAIN = Domain(
    name="live",
    routes=web.ROUTES,
    provides={"live": Once(live_services)},
    services=live_services,
    role=live,
    beside=ladders.keep_making,
    caches=[
        Cached("/live/projects", "live-projects", 300, (_MINE,)),
        Cached("/live/status", "live-statuses", 1, (_MINE,)),
        Cached(_PROJECT, "live-project", 300, _ONE),
        Cached(f"{_PROJECT}/destinations", "live-destinations", 300, _ONE),
        Cached(f"{_PROJECT}/status", "live-status", 1, _ONE),
    ],
    jobs=[
        Job(_END_LOST, jobs.end_lost),
        Job(_PURGE, jobs.purge),
        Job(_RESEAL, jobs.reseal, timeout_s=3600.0),
        Job(_PURGE_OWNER, jobs.purge_owner, UserDeleted, max_attempts=10),
    ],
    schedules=[
        Schedule(_END_LOST, every_s=60),
        Schedule(_PURGE, every_s=3600),
        Schedule(_RESEAL, daily_at="04:20"),
    ],
    subscriptions=[Subscription(UserDeleted, _PURGE_OWNER)],
    topics={TOPIC: "live:read"},
    gives={previews.KIND: previews.give},
    confined=["backline.live.ladder.transcoding"],
    checks=checks,
    count=figures.count,
    demo=demo.add,
)
